"""Containers written out, and comprehensions."""

from __future__ import annotations

import ast

from ssot_lint.source.symbolic.assignment import bind_target, slot_of
from ssot_lint.source.symbolic.frame import Frame, Machine, note
from ssot_lint.source.symbolic.iteration import chosen, item_of, items_of
from ssot_lint.source.symbolic.unions import join
from ssot_lint.source.symbolic.values import UNKNOWN, Mapping, Member, Sequence, Value, constant_text


def sequence_display(machine: Machine, node: ast.Tuple | ast.List | ast.Set, frame: Frame) -> Value:
    shape = "tuple" if isinstance(node, ast.Tuple) else "list"
    items: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = items_of(machine.value(element.value, frame))
            if inner is None:
                return (Sequence(shape, None, join(*items, item_of(machine.value(element.value, frame)))),)
            items.extend(inner)
        else:
            items.append(machine.value(element, frame))
    return (Sequence(shape, tuple(items), names=tuple(slot_of(element) for element in node.elts)),)


def dict_display(machine: Machine, node: ast.Dict, frame: Frame) -> Value:
    entries: dict[str, Value] = {}
    rest: Value = ()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = machine.value(value_node, frame)
        if key_node is None:
            for atom in value:
                entries.update(atom.entries if isinstance(atom, Mapping) else ())
                rest = join(rest, atom.rest if isinstance(atom, Mapping) else UNKNOWN)
            continue
        key = _key(machine, key_node, frame)
        if key is None:
            rest = join(rest, value)
        else:
            entries[key] = value
            note(frame, key, value, value_node)
    return (Mapping(tuple(entries.items()), rest),)


def _key(machine: Machine, node: ast.expr, frame: Frame) -> str | None:
    match machine.value(node, frame):
        case (Member(owner, name),):
            return f"{owner.node.name}.{name}"
        case value:
            return constant_text(value)


def comprehension(
    machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame
) -> Value:
    before = frame.env
    try:
        return _comprehended(machine, node, frame)
    finally:
        frame.env = before


def _comprehended(
    machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame
) -> Value:
    shape = "iterator" if isinstance(node, ast.GeneratorExp) else "list"
    first, *others = node.generators
    before = frame.env
    given = machine.settled(machine.value(first.iter, frame))
    items = items_of(given) if not others else None
    if items is not None:
        made: list[tuple[Value, bool | None]] = []
        for each in items:
            frame.env = dict(before)
            bind_target(machine, first.target, each, frame)
            made.append(_kept(machine, node.elt, first.ifs, frame))
        return chosen(shape, made)
    frame.env = dict(before)
    bind_target(machine, first.target, item_of(given), frame)
    for other in others:
        bind_target(machine, other.target, item_of(machine.value(other.iter, frame)), frame)
    return (Sequence(shape, None, _kept(machine, node.elt, first.ifs, frame)[0]),)


def _kept(
    machine: Machine, element: ast.expr, conditions: list[ast.expr], frame: Frame
) -> tuple[Value, bool | None]:
    sure = True
    for condition in conditions:
        verdict = machine.test(condition, frame)
        if verdict is False or not machine.narrow(condition, frame, True):
            return (), False
        sure = sure and verdict is True
    return machine.value(element, frame), True if sure else None
