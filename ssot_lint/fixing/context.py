"""What the transaction of a file must know of the project around it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from ssot_lint.source.contract import Contract


def _no_cycle(_module: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class FileContext:
    """A file's place in its project.

    `path` is relative to the project's root, with forward slashes; `package` the package that relative
    imports start from. `target_python` is the oldest version that must be able to read the result.
    `first_party` are the top-level packages and modules of the project. `exported` are the names that other
    modules take from this one, by import or by a string such as that of `mock.patch`; None if nobody knows,
    which keeps every import of an `__init__.py`. `cycle` tells the chain of modules that an import of a
    module would close, if it closes one.
    """

    path: str
    package: tuple[str, ...]
    contract: Contract | None
    target_python: tuple[int, int] = (3, 11)
    first_party: Collection[str] = frozenset()
    exported: Collection[str] | None = None
    cycle: Callable[[str], Collection[str] | None] = field(default=_no_cycle)
    line_length: int = 88

    def is_exported(self, name: str) -> bool:
        if self.exported is None:
            return self.path.rpartition("/")[2].startswith("__init__.")
        return name in self.exported
