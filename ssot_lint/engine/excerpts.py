"""What a finding shows of its file: the row, and the statement by which it is known again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from ssot_lint.engine.normal_form import normal_form
from ssot_lint.syntax.lexer import LexError, Region
from ssot_lint.syntax.outline import Outline

if TYPE_CHECKING:
    from ssot_lint.syntax.positions import Layout

_LONGEST_SNIPPET = 160

_Comment = tuple[int, int]
"""The offsets at which a comment begins and ends."""


class Excerpts:
    """Pieces of one file's text; `outline` is its outline where there is one already."""

    def __init__(self, text: str, outline: Outline | None = None) -> None:
        self._text = text
        self._given = outline
        self._statements: dict[int, tuple[str, Sequence[_Comment]]] = {}

    def row(self, row: int) -> str:
        """The row without its line end."""
        start = self._starts[row - 1]
        end = self._text.find("\n", start)
        return self._text[start : end if end >= 0 else None].rstrip("\r")

    def snippet(self, row: int) -> str:
        """The logical line around `row` without comments, in normal form; of a long one the row only."""
        outline = self._outline
        if outline is None:
            return normal_form(self.row(row))
        start = self._starts[row - 1]
        statement, comments = self._statement(outline, outline.line_at(start))
        if len(statement) <= _LONGEST_SNIPPET:
            return statement
        return self._code(start, start + len(self.row(row)), comments)

    def layout(self) -> Layout:
        """The whole text, as it is."""
        from ssot_lint.syntax.positions import Layout

        outline = self._outline
        lines = outline.lines() if outline is not None else ()
        return Layout(
            self._text,
            [outline.head(line) for line in lines if not outline.is_blank(line)]
            if outline is not None
            else [],
        )

    def _statement(self, outline: Outline, line: int) -> tuple[str, Sequence[_Comment]]:
        """The code of a logical line, and where its comments are; found once, as a table may have many rows."""
        if line not in self._statements:
            is_commented = "#" in self._text[slice(*outline.bounds(line))]
            stretches = outline.stretches(line) if is_commented else ()
            comments = [(each.start, each.end) for each in stretches if each.region is Region.COMMENT]
            self._statements[line] = self._code(*outline.bounds(line), comments), comments
        return self._statements[line]

    def _code(self, start: int, end: int, comments: Sequence[_Comment]) -> str:
        """What stands between these offsets, without the comments and in normal form."""
        pieces, at = [], start
        for comment in comments[bisect_left(comments, (start, 0)) : bisect_left(comments, (end, 0))]:
            pieces.append(self._text[at : comment[0]])
            at = comment[1]
        pieces.append(self._text[at:end])
        return normal_form("".join(pieces))

    @cached_property
    def _outline(self) -> Outline | None:
        try:
            return self._given or Outline(self._text)
        except LexError:
            return None

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(row) + 1 for row in self._text.split("\n")[:-1]), initial=0))
