"""Questions to other modules, apart from the code that asks them so that LibCST is not needed to hold one."""

from __future__ import annotations

from typing import NamedTuple


class Query(NamedTuple):
    """What does `module` bind `name` to, for those who import it, or everything in it if `by_star`?"""

    module: str
    name: str
    by_star: bool = False
