"""The order of imports that isort and Ruff share: by section, plain imports before `from`, by name."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import TypeAlias, TypeVar

_DIGITS = re.compile(r"(\d+)")
_T = TypeVar("_T")
Import: TypeAlias = ast.Import | ast.ImportFrom
Key: TypeAlias = tuple[tuple[bool, int, str], ...]
"""What names are sorted by, numbers in them by value."""


class Section(IntEnum):
    FUTURE = 0
    STANDARD_LIBRARY = 1
    THIRD_PARTY = 2
    FIRST_PARTY = 3
    LOCAL = 4


def module_of(node: Import) -> str:
    """The module that a statement imports from; of several, the first."""
    return "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name


def root_of(module: str) -> str:
    return module.partition(".")[0]


def section_of(module: str, first_party: Collection[str]) -> Section:
    root = root_of(module)
    if not root:
        return Section.LOCAL
    if root == "__future__":
        return Section.FUTURE
    if root in first_party:
        return Section.FIRST_PARTY
    return Section.STANDARD_LIBRARY if root in sys.stdlib_module_names else Section.THIRD_PARTY


def default_key(node: Import) -> Key:
    return (_rank(isinstance(node, ast.ImportFrom)), *natural(module_of(node)))


def mixed_key(node: Import) -> Key:
    """As with isort's `force_sort_within_sections`: by name alone."""
    return (*natural(module_of(node).lstrip(".")), _rank(isinstance(node, ast.ImportFrom)))


def key_in_use(nodes: Sequence[Import]) -> Callable[[Import], Key]:
    """The one of the two orders that the statements of a file keep better."""
    return min(default_key, mixed_key, key=lambda key: _inversions([key(node) for node in nodes]))


def _inversions(keys: Sequence[Key]) -> int:
    return sum(second < first for first, second in pairwise(keys))


def member_key(name: str) -> Key:
    """Constants, then classes, then the rest, each by name."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return (_rank(kind), *natural(name))


def natural(name: str) -> Key:
    parts = _DIGITS.split(name.lower())
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _rank(value: int) -> tuple[bool, int, str]:
    return False, value, ""


def predecessor(items: Sequence[_T], keys: Sequence[Key], new: Key) -> _T | None:
    """Behind which of `items` one with the key `new` belongs, None for before them all.

    In a list that is not sorted that is the last of those with the largest key that is not larger.
    """
    smaller = [(key, index) for index, key in enumerate(keys) if key <= new]
    return items[max(smaller)[1]] if smaller else None
