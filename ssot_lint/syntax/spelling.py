"""Dotted names in new code that is not yet in a file: how they are spelled depends on what the file imports."""

from __future__ import annotations

import re
from collections.abc import Callable

_OPEN, _CLOSE = "\ue000", "\ue001"
_NAMED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def named(dotted: str) -> str:
    """Stands in new code for the object `dotted`, however the file comes to spell it."""
    return f"{_OPEN}{dotted}{_CLOSE}"


def named_in(code: str) -> list[str]:
    """The dotted names that stand in `code`."""
    return _NAMED.findall(code)


def spell(code: str, spelling: Callable[[str], str]) -> str:
    """`code` with each dotted name as `spelling` gives it."""
    return _NAMED.sub(lambda match: spelling(match[1]), code)
