"""The lines of a file that may bind a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from itertools import chain

from ssot_lint.kinds import word
from ssot_lint.syntax.outline import SPACE, Outline

_STAR = re.compile(r"\*(?<=[t\s]\*)(?=[ \t\f]*+(?:[\\\r\n;#]|\Z))")
_IMPORT = re.compile(rf"\bimport{SPACE}*\Z")
_USED = re.compile(r"\w+[ \t]*[.(\[]")
_BESIDE = " \t\f\n,"
_DEFINING = ("import", "def", "class", "type")
_DEFINED = re.compile(rf"\b(?:(?:def|class|type){SPACE}+|import\b(?:[^\n;#(\\]|\\\r?\n)*)\Z")
_WORD = re.compile(r"\w+")
_PLAIN_IMPORT = re.compile(
    r"from[ \t]+[\w.]+[ \t]+import[ \t]+(?P<names>\w+(?>(?:[ \t]*,[ \t]*\w+)*)"
    r"|\(\s*\w+(?>(?:\s*,\s*\w+)*)\s*,?\s*\))[ \t]*(?:\#[^\n]*)?\s*\Z"
)
_ELSEWHERE = re.compile(r"\b(?:global|nonlocal)\b")


def binding_lines(outline: Outline, names: Collection[str], skipped: Container[int] = ()) -> Iterator[int]:
    """The lines in which one of `names` may be bound, or all names of a module, without those that are skipped."""
    text = outline.text

    def may_bind(offset: int) -> bool:
        if not _USED.match(text, offset):
            return True
        if text[offset - 1 : offset] not in _BESIDE:
            return False
        before = text[outline.line_at(offset) : offset]
        return any(word in before for word in _DEFINING) and _DEFINED.search(before) is not None

    def is_imported(offset: int) -> bool:
        return _IMPORT.search(text, outline.line_at(offset), offset) is not None

    named = outline.offsets(re.compile(word(names)), skipped=skipped, where=may_bind)
    stars = outline.offsets(_STAR, skipped=skipped, where=is_imported)
    return map(outline.line_at, chain(named, stars))


def bind_elsewhere(outline: Outline, lines: Iterable[int]) -> bool:
    """Whether one of the lines says that a name is bound in another scope than the one it stands in."""
    return any(_ELSEWHERE.search(outline.text, *outline.bounds(line)) for line in lines)


def imported_first(outline: Outline, names: Collection[str], offsets: Iterable[int]) -> bool:
    """Whether plain imports at module level bind what stands at the offsets, in front of all of it, and nothing else
    binds one of `names`.
    """
    lines = set(binding_lines(outline, names))
    imports = [_PLAIN_IMPORT.match(outline.text, *outline.bounds(line)) for line in lines]
    bound = {name for found in imports if found is not None for name in _WORD.findall(found["names"])}
    uses = [offset for offset in offsets if outline.line_at(offset) not in lines]
    return (
        None not in imports
        and all(outline.line_at(use) > max(lines, default=0) for use in uses)
        and bound.issuperset(match[0] for use in uses if (match := _WORD.match(outline.text, use)))
    )
