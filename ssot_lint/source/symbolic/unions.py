"""Unions: joining the possibilities of a value, and what all or any of them are sure to hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile
from typing import TypeVar

from ssot_lint.source.contract import FRESH, Part, PartKind
from ssot_lint.source.symbolic.values import (
    Atom,
    Fresh,
    Instance,
    Mapping,
    Number,
    Opaque,
    Sequence,
    Text,
    Value,
)

LIMIT = 64
"""Alternatives that are told apart; more are folded into one that is only as good as the worst of them."""


T = TypeVar("T")


def join(*values: Value) -> Value:
    """The union of values without duplicates, in order; beyond `LIMIT` it is one opaque atom."""
    if len(values) == 1 and len(values[0]) < 2:
        return values[0]
    atoms = distinct([atom for value in values for atom in value])
    if len(atoms) <= LIMIT:
        return atoms
    texts = [atom for atom in atoms if isinstance(atom, Text)]
    if len(texts) == len(atoms):
        return (folded(texts),)
    return (Opaque("", weakest(freshness(atom) for atom in atoms)),)


def distinct(items: list[T]) -> tuple[T, ...]:
    """The items without duplicates, in order."""
    if len(items) < 2:
        return tuple(items)
    if len(items) == 2:
        # By far the most frequent case, and comparing is much cheaper than hashing.
        return (items[0],) if items[0] == items[1] else (items[0], items[1])
    return tuple(dict.fromkeys(items))


def folded(texts: list[Text]) -> Text:
    """One text that stands for any of several: their common head, and a part that promises what all keep."""
    heads = takewhile(lambda parts: len(set(parts)) == 1, zip(*(text.parts for text in texts), strict=False))
    head = tuple(parts[0] for parts in heads)
    rests = [text.parts[len(head) :] for text in texts]
    kind = weakest(strongest(part.kind for part in rest) for rest in rests)
    lengths = [[part.max_length for part in rest] for rest in rests]
    known = [[length for length in row if length is not None] for row in lengths]
    bounded = all(len(row) == len(rest) for row, rest in zip(known, rests, strict=True))
    least = min(sum(part.min_length for part in rest) for rest in rests)
    longest = max(sum(row) for row in known) if bounded else None
    rest = Part(kind or PartKind.UNKNOWN, "any" if kind else "", least, longest)
    return Text((*head, *([rest] if longest != 0 else [])), texts[0].origin)


def freshness(atom: Atom) -> PartKind | None:
    """The strongest fresh kind in an atom, looking at texts, numbers and objects, not into containers."""
    if isinstance(atom, Text):
        return strongest([part.kind for part in atom.parts])
    if isinstance(atom, (Number, Fresh)):
        return atom.kind if atom.kind in FRESH else None
    return atom.fresh if isinstance(atom, Opaque) else None


def steady(name: str, value: Value) -> Value:
    """A variable that may hold an instance holds none of another kind where only its own name is known."""
    if not any(isinstance(atom, Instance) for atom in value):
        return value
    own = name.rpartition(".")[2]
    return tuple(a for a in value if not (isinstance(a, Opaque) and a.label.rpartition(".")[2] == own))


def taint(*values: Value) -> PartKind | None:
    """The strongest fresh kind that is in one of the values, whichever of its possibilities it is."""
    return strongest(weakest(freshness(atom) for atom in value) for value in values)


def kept(value: Value) -> Value:
    """A value that was made once, at import or in `__init__`: whoever reads it gets the same again."""
    return tuple(_kept(atom) for atom in value)


def _kept(atom: Atom) -> Atom:
    match atom:
        case Text(parts) if freshness(atom):
            return replace(atom, parts=tuple(_kept_part(part) for part in parts))
        case Number():
            return replace(atom, kind=PartKind.UNKNOWN) if atom.kind is not PartKind.COUNTER else atom
        case Fresh(what=what) if what != "iterator":
            return replace(atom, kind=PartKind.UNKNOWN)
        case Opaque(label=label):
            return Opaque(label)
        case Sequence(items=items, element=element):
            stale = None if items is None else tuple(kept(item) for item in items)
            return replace(atom, items=stale, element=kept(element))
        case Mapping(entries, rest):
            return Mapping(tuple((key, kept(value)) for key, value in entries), kept(rest))
        case _:
            return atom


def _kept_part(part: Part) -> Part:
    return replace(part, kind=PartKind.UNKNOWN, text="") if part.kind in FRESH else part


def strongest(kinds: Iterable[PartKind | None]) -> PartKind | None:
    """Of the kinds the one that says most for uniqueness: random, then counter, then timestamp."""
    present = [FRESH.index(kind) for kind in kinds if kind in FRESH]
    return FRESH[max(present)] if present else None


def weakest(kinds: Iterable[PartKind | None]) -> PartKind | None:
    """The kind that every one of them guarantees; `None` if one of them is not fresh."""
    ranks = [FRESH.index(kind) if kind in FRESH else -1 for kind in kinds]
    return FRESH[min(ranks)] if ranks and min(ranks) >= 0 else None
