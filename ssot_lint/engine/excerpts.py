"""What a finding shows of its file: the row, and the statement by which it is known again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from ssot_lint.engine.normal_form import normal_form, shortest
from ssot_lint.model import Position, Span
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
        self._statements: dict[int, tuple[str | None, Sequence[_Comment]]] = {}
        self._last = 0, 1

    def span(self, start: int, end: int) -> Span:
        """Found soonest if asked for in the order of the text."""
        first = self._position(start)
        is_row = self._text.find("\n", start, end) < 0
        return Span(first, Position(first.row, first.column + end - start) if is_row else self._position(end))

    def offset(self, position: Position) -> int:
        return self._starts[position.row - 1] + position.column - 1

    def row(self, offset: int) -> str:
        """The row around `offset`, without its line end."""
        end = self._text.find("\n", offset)
        return self._text[self._row_start(offset) : end if end >= 0 else None].rstrip("\r")

    def snippet(self, offset: int) -> str:
        """The logical line around `offset` without comments, in normal form; of a long one the row only."""
        outline = self._outline
        if outline is None:
            return normal_form(self.row(offset))
        statement, comments = self._statement(outline, outline.line_at(offset))
        if statement is not None:
            return statement
        start = self._row_start(offset)
        return normal_form(self._code(start, start + len(self.row(offset)), comments))

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

    def _position(self, offset: int) -> Position:
        start, row = self._last if self._last[0] <= offset else (0, 1)
        row += self._text.count("\n", start, offset)
        self._last = offset, row
        return Position(row, offset - self._text.rfind("\n", 0, offset))

    def _row_start(self, offset: int) -> int:
        return self._text.rfind("\n", 0, offset) + 1

    def _statement(self, outline: Outline, line: int) -> tuple[str | None, Sequence[_Comment]]:
        """A logical line in normal form, None for a long one, and where its comments are; found once, as a table
        may have many rows.
        """
        if line not in self._statements:
            start, end = outline.bounds(line)
            comments: Sequence[_Comment] = ()
            if self._text.find("#", start, end) >= 0:
                stretches = outline.stretches(line)
                comments = [(each.start, each.end) for each in stretches if each.region is Region.COMMENT]
            self._statements[line] = _if_short(self._code(start, end, comments)), comments
        return self._statements[line]

    def _code(self, start: int, end: int, comments: Sequence[_Comment]) -> str:
        """What stands between these offsets, without the comments."""
        pieces, at = [], start
        for comment in comments[bisect_left(comments, (start, 0)) : bisect_left(comments, (end, 0))]:
            pieces.append(self._text[at : comment[0]])
            at = comment[1]
        return "".join((*pieces, self._text[at:end]))

    @cached_property
    def _outline(self) -> Outline | None:
        try:
            return self._given or Outline(self._text)
        except LexError:
            return None

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(row) + 1 for row in self._text.split("\n")[:-1]), initial=0))


def _if_short(code: str) -> str | None:
    """The normal form, which is no longer than the code; None for a long one."""
    if len(code) > _LONGEST_SNIPPET and shortest(code) > _LONGEST_SNIPPET:
        return None
    snippet = normal_form(code)
    return snippet if len(snippet) <= _LONGEST_SNIPPET else None
