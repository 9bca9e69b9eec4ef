"""What a finding shows of its file: the row, and the statement by which it is known again."""

from __future__ import annotations

from functools import cached_property

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
        """The logical line around `row`, comments dropped and white space folded; of a long one the row only."""
        outline = self._outline
        if outline is None:
            return " ".join(self.row(row).split())
        statement = self._without_comments(outline, outline.line_at(self._starts[row - 1]))
        return statement if len(statement) <= _LONGEST_SNIPPET else " ".join(self.row(row).split())

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

    def _without_comments(self, outline: Outline, line: int) -> str:
        pieces = []
        at, end = outline.bounds(line)
        for stretch in outline.stretches(line):
            if stretch.region is Region.COMMENT:
                pieces.append(self._text[at : stretch.start])
                at = stretch.end
        pieces.append(self._text[at:end])
        return " ".join("".join(pieces).split())

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
