"""Assignment: to names, attributes, items, and to several of them at once."""

from __future__ import annotations

import ast

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.iteration import item_of
from ssot_lint.source.symbolic.unions import join
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Atom,
    Mapping,
    Number,
    Record,
    Sequence,
    Value,
    constant_int,
    constant_text,
)


def bind_target(machine: Machine, target: ast.expr, value: Value, frame: Frame) -> None:
    """Assign a value to a name, an attribute, an item or several of them."""
    match target:
        case ast.Name(id=name):
            frame.env[name] = _stored(name, value, frame) if name in frame.declared else value
        case ast.Attribute(attr=name):
            frame.env[dotted(target)] = _stored(name, value, frame)
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            _store_item(name, constant_text(machine.value(key, frame)), value, frame)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for each, part in zip(targets, _unpacked(value, len(targets)), strict=True):
                bind_target(machine, each, part, frame)
        case ast.Starred(value=inner):
            bind_target(machine, inner, (Sequence("list", None, item_of(value)),), frame)


def _stored(name: str, value: Value, frame: Frame) -> Value:
    """A counter that is set to a number, at the start or where it overflows, is still a counter."""
    if name in frame.module.counted and constant_int(value) is not None:
        return (Number(PartKind.COUNTER, 0, None),)
    return value


def slot_of(target: ast.expr) -> str:
    """The name under which an assignment keeps a value; empty if it has none."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            return key
        case _:
            return ""


def _store_item(name: str, key: str | None, value: Value, frame: Frame) -> None:
    atoms: list[Atom] = []
    for atom in frame.env.get(name, ()):
        if isinstance(atom, Mapping):
            entries = dict(atom.entries)
            if key is None:
                atom = Mapping(atom.entries, join(atom.rest, value))
            else:
                atom = Mapping(tuple((entries | {key: value}).items()), atom.rest)
        atoms.append(atom)
    frame.env[name] = tuple(atoms)


def _unpacked(value: Value, count: int) -> list[Value]:

    rows: list[tuple[Value, ...]] = []
    for atom in value:
        match atom:
            case Sequence(shape=shape, items=tuple() as items) if len(items) == count and shape != "split":
                rows.append(items)
            case Record(values=values) if len(values) == count:
                rows.append(tuple(each for _, each in values))
            case _:
                rows.append((item_of((atom,)),) * count)
    return [join(*column) for column in zip(*rows, strict=True)] if rows else [UNKNOWN] * count
