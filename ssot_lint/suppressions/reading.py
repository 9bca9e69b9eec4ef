"""A file's suppressions: which rows each of them covers, and how to remove it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from ssot_lint.model import Position, Span
from ssot_lint.suppressions import MARK
from ssot_lint.suppressions.grammar import Pragma, PragmaError, find, read
from ssot_lint.suppressions.model import Malformed, Place, Suppression, Suppressions
from ssot_lint.syntax.lexer import Region
from ssot_lint.syntax.outline import Outline

_BLANK = " \t\f"
_DEFINED = re.compile(r"(?:(?:async[ \t\f]+)?def|class)[ \t\f]+(\w+)")


def parse(text: str) -> Suppressions:
    """The suppressions in a file's text; raises `LexError` if it cannot be cut into statements."""
    mark = MARK.decode()
    if mark not in text:
        return Suppressions()
    return _Reader(text).read()


class Rows:
    """The rows of a text, from 1, and the offsets at which they begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def start(self, row: int) -> int:
        return self._starts[row - 1]

    def offset(self, position: Position) -> int:
        return self.start(position.row) + position.column - 1

    def line(self, row: int) -> str:
        """The row without its line end."""
        end = self._text.find("\n", self.start(row))
        return self._text[self.start(row) : end if end >= 0 else None].rstrip("\r")

    def has(self, row: int, line: str) -> bool:
        """Whether that row is there and is that line."""
        return row <= len(self._starts) and self.line(row) == line.rstrip("\r\n")

    def position(self, offset: int) -> Position:
        row = self.at(offset)
        return Position(row, offset - self.start(row) + 1)

    def span(self, start: int, end: int) -> Span:
        return Span(self.position(start), self.position(end))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._outline = Outline(text)
        self._rows = Rows(text)

    def read(self) -> Suppressions:
        found = [
            self._one(comment, comment.start + start, comment.start + end)
            for comment in self._comments()
            for start, end in find(self._text[comment.start : comment.stop])
            # Behind the beginning of a comment row stands code that is commented out, or an explanation.
            if start == 0 or not self._is_alone(comment)
        ]
        return Suppressions(
            tuple(each for each in found if isinstance(each, Suppression)),
            tuple(each for each in found if isinstance(each, Malformed)),
        )

    def _comments(self) -> Iterator[range]:
        """The comments with a mark in them, without blanks at the end."""
        mark = MARK.decode()
        at = self._text.find(mark)
        while at >= 0:
            line = self._outline.line_at(at)
            for stretch in self._outline.stretches(line):
                if stretch.region is Region.COMMENT and mark in self._text[stretch.start : stretch.end]:
                    length = len(self._text[stretch.start : stretch.end].rstrip())
                    yield range(stretch.start, stretch.start + length)
            at = self._text.find(mark, self._outline.bounds(line)[1])

    def _is_alone(self, comment: range) -> bool:
        """Whether the comment has a row to itself."""
        return not self._before(comment.start).strip(_BLANK)

    def _before(self, offset: int) -> str:
        return self._text[self._rows.start(self._rows.at(offset)) : offset]

    def _one(self, comment: range, start: int, end: int) -> Suppression | Malformed:
        place = self._place(start, end)
        try:
            pragma = read(self._text[start:end])
            if pragma.whole_file and self._outline.bounds(self._outline.line_at(start))[0] != start:
                raise PragmaError("ignore-file stands on a row by itself, outside of all blocks")
        except PragmaError as error:
            return Malformed(place, str(error))
        return Suppression(
            place=place,
            rules=pragma.rules,
            rows=self._covered(pragma, comment),
            whole_file=pragma.whole_file,
            until=pragma.until,
            reason=pragma.reason,
            names=self._rows.span(start + pragma.names[0], start + pragma.names[1]),
            removal=self._rows.span(*self._removed(comment, start, end)),
        )

    def _place(self, start: int, end: int) -> Place:
        span = self._rows.span(start, end)
        snippet = " ".join(self._text[start:end].split())
        return Place(
            span, self._symbol(self._outline.line_at(start)), snippet, self._rows.line(span.start.row)
        )

    def _symbol(self, line: int) -> str:
        headers = [line, *self._outline.ancestors(line)]
        defined = (_DEFINED.match(self._text, self._outline.head(header)) for header in headers)
        return ".".join(reversed([match[1] for match in defined if match]))

    def _covered(self, pragma: Pragma, comment: range) -> range:
        if pragma.whole_file:
            return range(1, self._rows.at(len(self._text)) + 1)
        begin, end = self._outline.bounds(self._outline.line_at(comment.start))
        first, last = self._rows.at(begin), self._rows.at(end - 1)
        on_edge = self._rows.at(comment.start) in (first, last) and not self._is_alone(comment)
        return range(first, last + 1) if on_edge else range(0)

    def _removed(self, comment: range, start: int, end: int) -> tuple[int, int]:
        """The pragma and the blanks before it; on a row by itself those behind it, or else the whole row."""
        before = self._before(start)
        if end == comment.stop:
            end = _skip_blanks(self._text, end)
        if before.strip(_BLANK):
            return start - len(before) + len(before.rstrip(_BLANK)), end
        if end < comment.stop:
            return start, _skip_blanks(self._text, end)
        newline = self._text.find("\n", end)
        return start - len(before), newline + 1 if newline >= 0 else len(self._text)


def _skip_blanks(text: str, offset: int) -> int:
    while text[offset : offset + 1] in (" ", "\t", "\f"):
        offset += 1
    return offset
