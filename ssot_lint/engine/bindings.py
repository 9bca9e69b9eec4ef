"""The lines of a file that may bind a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator

from ssot_lint.kinds import word
from ssot_lint.syntax.outline import SPACE, Outline

_STAR_IMPORT = rf"import{SPACE}*\*"
_USED = re.compile(r"\w+[ \t]*[.(\[]")
_DEFINED = re.compile(rf"\b(?:(?:def|class|type){SPACE}+|import\b(?:[^\n;#(\\]|\\\r?\n)*)\Z")
_ELSEWHERE = re.compile(r"\b(?:global|nonlocal)\b")


def binding_lines(outline: Outline, names: Collection[str], skipped: Container[int] = ()) -> Iterator[int]:
    """The lines in which one of `names` may be bound, or all names of a module, without those that are skipped."""
    text = outline.text

    def may_bind(offset: int) -> bool:
        if not _USED.match(text, offset):
            return True
        return _DEFINED.search(text, outline.bounds(outline.line_at(offset))[0], offset) is not None

    pattern = re.compile(rf"{word(names)}|{_STAR_IMPORT}")
    return map(outline.line_at, outline.offsets(pattern, skipped=skipped, where=may_bind))


def bind_elsewhere(outline: Outline, lines: Iterable[int]) -> bool:
    """Whether one of the lines says that a name is bound in another scope than the one it stands in."""
    return any(_ELSEWHERE.search(outline.text, *outline.bounds(line)) for line in lines)
