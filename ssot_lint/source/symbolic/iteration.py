"""What iterating over a value gives, item by item where the items are known."""

from __future__ import annotations

from ssot_lint.source.symbolic.frame import Frame
from ssot_lint.source.symbolic.text import (
    literal,
)
from ssot_lint.source.symbolic.unions import freshness, join
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Atom,
    Constant,
    Fresh,
    Mapping,
    Number,
    Opaque,
    Sequence,
    Text,
    Value,
)

UNROLLED = 64
"""Rounds of a loop or `range()` that are gone through one by one."""


def need(atom: Atom, frame: Frame) -> None:
    """Note that a parameter is used where it must not be `None`."""
    if isinstance(atom, Argument) and atom.nullable:
        frame.observed.needed.add(atom.name)
    elif isinstance(atom, Constant) and atom.value is None and atom.of:
        frame.observed.needed.add(atom.of)


def item_of(value: Value) -> Value:
    """What iterating over a value gives, whatever the round."""
    found = []
    for atom in value:
        match atom:
            case Sequence(items=items, element=element):
                found.append(join(element, *(items or ())))
            case Mapping(entries=entries):
                found.append(tuple(literal(key) for key, _ in entries) or UNKNOWN)
            case Text():
                found.append((Opaque("", freshness(atom)),))
            case Fresh(what="iterator", kind=kind):
                found.append((Number(kind, 0, None),))
            case Fresh(what="bytes"):
                found.append((Number(atom.kind, 0, 255),))
            case Argument(name):
                found.append((Opaque(name),))
            case _:
                found.append((Opaque("", freshness(atom)),))
    return join(*found) or UNKNOWN


def items_of(value: Value) -> tuple[Value, ...] | None:
    """The items that iterating over a value gives, when they are known and few."""
    match value:
        case (Sequence(shape=shape, items=tuple() as items),) if shape != "split" and len(items) <= UNROLLED:
            return items
        case (Mapping(entries=entries, rest=()),) if len(entries) <= UNROLLED:
            return tuple((literal(key),) for key, _ in entries)
        case _:
            return None


def chosen(shape: str, items: list[tuple[Value, bool | None]]) -> Value:
    """The lists that remain when each item is kept, dropped or, where that is open, either."""
    lists: list[tuple[Value, ...]] = [()]
    for item, verdict in items:
        kept = [(*each, item) for each in lists] if verdict is not False else []
        lists = kept + (lists if verdict is not True and len(kept) < 16 else [])
    return tuple(Sequence(shape, each) for each in lists)
