"""What is left of a statement, and its parts: what one of its items is decided on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_OPENING = ("(", "[", "{")
_MOST_PARTS = 50
"""Each part of a statement is as long as what its items have in common."""


@dataclass(slots=True)
class Statement:
    """What is left of a statement, in pieces, and where in the file each of them begins.

    Statements with the same `key` are alike piece by piece.
    """

    pieces: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return "\n".join(self.keys)

    @property
    def last(self) -> str:
        """The last piece that is no white space; empty if there is none."""
        return next((piece for piece in reversed(self.pieces) if piece != " "), "")

    def add(self, start: int, piece: str, key: str) -> None:
        self.pieces.append(piece)
        self.keys.append(key)
        self.starts.append(start)

    def cut(self, length: int) -> None:
        del self.pieces[length:], self.keys[length:], self.starts[length:]

    def extend(self, other: Statement, begin: int, end: int) -> None:
        """Take over pieces of another statement."""
        self.pieces += other.pieces[begin:end]
        self.keys += other.keys[begin:end]
        self.starts += other.starts[begin:end]


@dataclass(frozen=True, slots=True)
class Item:
    """The pieces of an item that is kept for the names in it alone, and what stands in its place without it.

    Where nothing needs to stand there, the comma in front is one of the pieces.
    """

    begin: int
    end: int
    blank: str

    def holds(self, other: Item) -> bool:
        return self.begin <= other.begin and other.end <= self.end


def parts_of(statement: Statement, items: Sequence[Item]) -> Iterator[Statement]:
    """A statement once for each of its innermost items, without the others; all of it where there are too many.

    In `items`, those in an item stand in front of it.
    """
    inner = [
        item
        for before, item in zip((None, *items), items, strict=False)
        if not (before and item.holds(before))
    ]
    if not 1 < len(inner) <= _MOST_PARTS:
        yield statement
        return
    for item in inner:
        yield _without(statement, [each for each in items if not each.holds(item)])


def _without(statement: Statement, items: Iterable[Item]) -> Statement:
    part = Statement()
    at = 0
    for item in sorted(items, key=lambda each: (each.begin, -each.end)):
        if item.begin >= at:
            _go_on(part, statement, at, item.begin)
            if item.blank:
                part.add(statement.starts[item.begin], item.blank, item.blank)
            at = item.end
    _go_on(part, statement, at, len(statement.pieces))
    return part


def _go_on(part: Statement, statement: Statement, begin: int, end: int) -> None:
    """Take over pieces, but no comma in front of the first item."""
    is_first = part.last in _OPENING and statement.pieces[begin] == ","
    part.extend(statement, begin + is_first, end)
