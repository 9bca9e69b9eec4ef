"""Items and slices."""

from __future__ import annotations

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.classes import member, members
from ssot_lint.source.symbolic.frame import Machine
from ssot_lint.source.symbolic.iteration import item_of
from ssot_lint.source.symbolic.text import blurred, drop, drop_end, head, length_of, part, tail
from ssot_lint.source.symbolic.unions import freshness, join, strongest, taint
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Atom,
    Class,
    Fresh,
    Mapping,
    Member,
    Opaque,
    Record,
    Reference,
    Sequence,
    Text,
    Value,
    constant_int,
    constant_text,
)
from ssot_lint.source.symbolic.writing import opaque_text


def item(machine: Machine, value: Value, key: Value) -> Value:
    """`value[key]`."""
    return join(*(_item(machine, atom, key) for atom in value))


def sliced(value: Value, lower: Value | None, upper: Value | None, *, has_step: bool) -> Value:
    """`value[lower:upper]`."""
    return join(*(_sliced(atom, lower, upper, has_step) for atom in value))


def _item(machine: Machine, atom: Atom, key: Value) -> Value:
    match atom:
        case Sequence():
            return _element(atom, key)
        case Record(values=values):
            index = constant_int(key)
            return values[index][1] if index is not None and -len(values) <= index < len(values) else UNKNOWN
        case Mapping():
            return _entry(atom, key)
        case Text():
            return (_character(atom, key),)
        case Class():
            name = constant_text(key)
            found = member(machine, atom, name) if name is not None else None
            return (found,) if found else members(machine, atom) or (atom,)
        case Argument(name):
            return (Opaque(name, taint(key)),)
        case Reference():
            return (atom,)
        case _:
            label = atom.label if isinstance(atom, Opaque) else ""
            return (Opaque(label, strongest((freshness(atom), taint(key)))),)


def _element(sequence: Sequence, key: Value) -> Value:
    index, items = constant_int(key), sequence.items
    from_end = sequence.shape == "split"
    if index is not None and items is not None and -len(items) <= index < (0 if from_end else len(items)):
        return items[index]
    if from_end:
        return sequence.element
    anything = join(sequence.element, *(items or ()))
    kind = taint(key)
    if kind is None:
        return anything or UNKNOWN
    lengths = [length_of(each) for each in anything if isinstance(each, Text)]
    highs = [high for _, high in lengths if high is not None]
    longest = max(highs, default=None) if len(highs) == len(anything) else None
    return (part(kind, "any", min((low for low, _ in lengths), default=0), longest),)


def _entry(mapping: Mapping, key: Value) -> Value:
    entries = dict(mapping.entries)
    found: list[Value] = []
    for atom in key:
        name = f"{atom.owner.node.name}.{atom.name}" if isinstance(atom, Member) else constant_text((atom,))
        if name is None:
            return join(*entries.values(), mapping.rest) or UNKNOWN
        found.append(entries.get(name, mapping.rest))
    return join(*found) or UNKNOWN


def _character(text: Text, key: Value) -> Text:
    index, kind = constant_int(key), taint(key)
    if kind is None and index is not None:
        cut = head(drop(text, index), 1) if index >= 0 else head(tail(text, -index), 1)
        return cut if length_of(cut)[1] == 1 else part(PartKind.UNKNOWN, "", 1, 1)
    kind = kind or freshness(text)
    return part(kind or PartKind.UNKNOWN, "any" if kind else "", 1, 1)


def _sliced(atom: Atom, lower: Value | None, upper: Value | None, has_step: bool) -> Value:
    start = 0 if lower is None else constant_int(lower)
    stop = constant_int(upper)
    if isinstance(atom, Argument):
        atom = part(PartKind.PARAMETER, atom.name, 0, None)
    if isinstance(atom, Opaque):
        atom = opaque_text(atom, atom.label)
    match atom:
        case Text() if start is None or has_step or (upper is not None and stop is None):
            kind = freshness(atom)
            return (part(kind or PartKind.UNKNOWN, "any" if kind else "", 0, length_of(atom)[1]),)
        case Text():
            return (_cut(atom, start or 0, stop),)
        case Fresh(what="bytes", length=length):
            known = lower is None and stop is not None and stop > 0 and not has_step
            return (Fresh("bytes", atom.kind, min(length, stop or 0) if known and length else None),)
        case Sequence(shape="list" | "tuple" as shape, items=tuple() as items) if (
            start is not None and (upper is None or stop is not None) and not has_step
        ):
            return (Sequence(shape, items[start:stop]),)
        case Sequence():
            return (Sequence("list", None, item_of((atom,))),)
        case _:
            return (Opaque("", freshness(atom)),)


def _cut(text: Text, start: int, stop: int | None) -> Text:
    if start < 0 and stop is None:
        return tail(text, -start)
    if start < 0:
        return blurred(text)
    if stop is not None and stop < 0:
        return drop(drop_end(text, -stop), start)
    return drop(head(text, stop) if stop is not None else text, start)
