"""What a finding shows of its file: the row, and the statement by which it is known again."""

from __future__ import annotations

from functools import cached_property

from ssot_lint.engine.normal_form import normal_form
from ssot_lint.syntax.lexer import LexError, Region
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.positions import Layout

_LONGEST_SNIPPET = 160


class Excerpts:
    """Pieces of one file's text; `outline` is its outline where there is one already."""

    def __init__(self, text: str, outline: Outline | None = None) -> None:
        self._text = text
        self._given = outline

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
        line = outline.line_at(start)
        statement = self._code(outline, line, outline.bounds(line))
        if len(statement) <= _LONGEST_SNIPPET:
            return statement
        return self._code(outline, line, (start, start + len(self.row(row))))

    def layout(self) -> Layout:
        """The whole text, as it is."""
        outline = self._outline
        lines = range(len(outline)) if outline is not None else ()
        return Layout(
            self._text,
            [outline.head(line) for line in lines if not outline.is_blank(line)]
            if outline is not None
            else [],
        )

    def _code(self, outline: Outline, line: int, within: tuple[int, int]) -> str:
        """What stands within these offsets of the logical line, without comments and in normal form."""
        pieces = []
        at, end = within
        for stretch in outline.stretches(line):
            if stretch.region is Region.COMMENT and at <= stretch.start < end:
                pieces.append(self._text[at : stretch.start])
                at = stretch.end
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
        starts = [0]
        while at := self._text.find("\n", starts[-1]) + 1:
            starts.append(at)
        return starts
