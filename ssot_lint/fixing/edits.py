"""Edits to one text: positions and offsets, many edits as one, and two rounds of them as a single one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from ssot_lint.model import Edit, Position, Span


class Change(NamedTuple):
    """Replace the characters from offset `start` up to `end` by `content`."""

    start: int
    end: int
    content: str


class ConflictError(ValueError):
    """Two changes that cannot both be made."""

    def __init__(self, first: Change, second: Change) -> None:
        super().__init__("two edits change the same place")
        self.first = first
        self.second = second


class Rows:
    """Positions of a text as offsets and back; rows end with a line feed or with both of CR LF."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts = [0]
        while at := text.find("\n", self.starts[-1]) + 1:
            self.starts.append(at)

    def offset(self, position: Position) -> int:
        """The offset of a position; raises `ValueError` for one that the text does not have."""
        row, column = position.row - 1, position.column - 1
        if not 0 <= row < len(self.starts) or column < 0 or self.starts[row] + column > self.end(row + 1):
            raise ValueError(f"row {position.row}, column {position.column} is outside of the file")
        return self.starts[row] + column

    def position(self, offset: int) -> Position:
        row = bisect_right(self.starts, offset)
        return Position(row, offset - self.starts[row - 1] + 1)

    def row(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def end(self, row: int) -> int:
        """The offset behind the last character of `row`, from 1, in front of its line end."""
        if row == len(self.starts):
            return len(self._text)
        end = self.starts[row] - 1
        return end - 1 if end > self.starts[row - 1] and self._text[end - 1] == "\r" else end

    def behind(self, row: int) -> int:
        """The offset behind the line end of `row`, from 1."""
        return self.starts[row] if row < len(self.starts) else len(self._text)

    def line(self, row: int) -> str:
        """The text of `row`, from 1, without its line end."""
        return self._text[self.starts[row - 1] : self.end(row)]


class Shift:
    """How changes, sorted and without conflict, move what they leave in place."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self._ends = [change.end for change in changes]
        self._moves = [
            0,
            *accumulate(len(change.content) - (change.end - change.start) for change in changes),
        ]

    def moved(self, offset: int) -> int:
        """Where the character at an offset of the old text is in the new one, if no change replaces it."""
        return offset + self._moves[bisect_right(self._ends, offset)]

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Where the contents of the changes stand in the new text."""
        for change, move in zip(self.changes, self._moves, strict=False):
            yield change.start + move, change.start + move + len(change.content)

    def touches(self, start: int, end: int) -> bool:
        """Whether a change covers, or stands at the border of, part of the old text."""
        index = bisect_left(self._ends, start)
        return index < len(self.changes) and self.changes[index].start <= end

    def covers(self, start: int, end: int) -> bool:
        """Whether one change covers all of a part of the old text."""
        index = bisect_left(self._ends, end)
        return index < len(self.changes) and self.changes[index].start <= start


def line_end(text: str, offset: int) -> str:
    """The line end that new lines at `offset` need: that of its row, or of the nearest row that has one."""
    at = text.find("\n", offset)
    if at < 0:
        at = text.rfind("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def to_change(edit: Edit, text: str, rows: Rows) -> Change:
    """An edit by offsets, with line ends as the file has them; raises `ValueError` if it lies outside."""
    start, end = rows.offset(edit.span.start), rows.offset(edit.span.end)
    if end < start:
        raise ValueError("an edit ends before it starts")
    content = edit.content.replace("\r\n", "\n").replace("\n", line_end(text, start))
    return Change(start, end, content)


def to_edits(changes: Iterable[Change], rows: Rows) -> tuple[Edit, ...]:
    """Changes as edits of the text that `rows` tells of."""
    return tuple(
        Edit(Span(rows.position(change.start), rows.position(change.end)), change.content)
        for change in changes
    )


def combine(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes in order, equal ones once; raises `ConflictError` where two of them disagree."""
    ordered = sorted(set(changes))
    for first, second in pairwise(ordered):
        both_insert = first.start == first.end == second.start == second.end
        if second.start < first.end or both_insert:
            raise ConflictError(first, second)
    return tuple(ordered)


def apply(text: str, changes: Iterable[Change]) -> str:
    """`text` with all changes made; raises `ConflictError` as `combine` does."""
    return "".join(
        piece if isinstance(piece, str) else text[piece[0] : piece[1]]
        for piece in _pieces(len(text), combine(changes))
    )


def compose(length: int, first: Sequence[Change], second: Sequence[Change]) -> tuple[Change, ...]:
    """One round of changes to a text of `length` that does what `first`, then `second` do.

    `second` changes the text that `first` leaves.
    """
    pieces = list(_pieces(length, combine(first)))
    middle = sum(len(piece) if isinstance(piece, str) else piece[1] - piece[0] for piece in pieces)
    result: list[str | tuple[int, int]] = []
    for outer in _pieces(middle, combine(second)):
        result.extend([outer] if isinstance(outer, str) else _cut(pieces, *outer))
    return tuple(_as_changes(result, length))


def _pieces(length: int, changes: Sequence[Change]) -> Iterator[str | tuple[int, int]]:
    """What a changed text is made of: new strings, and ranges of the old text."""
    at = 0
    for change in changes:
        yield at, change.start
        yield change.content
        at = change.end
    yield at, length


def _cut(pieces: Iterable[str | tuple[int, int]], start: int, end: int) -> Iterator[str | tuple[int, int]]:
    """The part from `start` up to `end` of the text that the pieces make."""
    at = 0
    for piece in pieces:
        length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        low, high = max(start - at, 0), min(end - at, length)
        if low < high:
            yield piece[low:high] if isinstance(piece, str) else (piece[0] + low, piece[0] + high)
        at += length


def _as_changes(pieces: Iterable[str | tuple[int, int]], length: int) -> Iterator[Change]:
    at, content = 0, ""
    for piece in [*pieces, (length, length)]:
        if isinstance(piece, str):
            content += piece
        elif piece[0] < piece[1] or piece[0] == length:
            if content or at < piece[0]:
                yield Change(at, piece[0], content)
            at, content = piece[1], ""
