"""Expressions, one function for each kind of syntax node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.calls import call, is_super
from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.containers import comprehension, dict_display, sequence_display
from ssot_lint.source.symbolic.frame import Frame, Machine, note
from ssot_lint.source.symbolic.iteration import item_of, need
from ssot_lint.source.symbolic.objects import super_attribute
from ssot_lint.source.symbolic.operators import binary, boolean, condition, conditional, unary
from ssot_lint.source.symbolic.subscripts import item, sliced
from ssot_lint.source.symbolic.text import (
    literal,
    product_of,
)
from ssot_lint.source.symbolic.values import UNKNOWN, Constant, Function, Number, Text, Value, constant_text

Evaluate: TypeAlias = Callable[[Machine, Any, Frame], Value]


def _constant(_machine: Machine, node: ast.Constant, frame: Frame) -> Value:
    known = frame.module.constants.get(node)
    if known is None:
        known = frame.module.constants[node] = _constant_value(node, frame)
    return known


def _constant_value(node: ast.Constant, frame: Frame) -> Value:
    value = node.value
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        return (literal(value, (frame.module.file, node.lineno)),)
    if value is None or isinstance(value, (bool, int, float)):
        return (Constant(value),)
    return UNKNOWN


def _name(machine: Machine, node: ast.Name, frame: Frame) -> Value:
    return machine.name(node.id, frame)


def _attribute(machine: Machine, node: ast.Attribute, frame: Frame) -> Value:
    stored = frame.env.get(dotted(node))
    if stored is not None:
        return stored
    if is_super(node.value):
        return super_attribute(machine, node.attr, frame)
    value = machine.value(node.value, frame)
    for atom in value:
        need(atom, frame)
    return machine.attribute(value, node.attr, frame)


def _joined(machine: Machine, node: ast.JoinedStr, frame: Frame) -> Value:
    pieces = [_piece(machine, piece, frame) for piece in node.values]
    texts = product_of(pieces) if pieces else (literal(""),)
    origin = (frame.module.file, node.lineno)
    # Before Python 3.12 the parts of an f-string have no row of their own.
    return tuple(text if text.origin else Text(text.parts, origin) for text in texts)


def _piece(machine: Machine, node: ast.expr, frame: Frame) -> tuple[Text, ...]:
    if not isinstance(node, ast.FormattedValue):
        return machine.strings(machine.value(node, frame), frame)
    spec = constant_text(machine.value(node.format_spec, frame)) if node.format_spec else ""
    return machine.strings(machine.value(node.value, frame), frame, "?" if spec is None else spec)


def _subscript(machine: Machine, node: ast.Subscript, frame: Frame) -> Value:
    stored = dotted(node.value).rpartition(".")[2]
    value = machine.settled(machine.value(node.value, frame))
    for atom in value:
        need(atom, frame)
    if isinstance(node.slice, ast.Slice):
        bounds = [
            None if end is None else machine.value(end, frame) for end in (node.slice.lower, node.slice.upper)
        ]
        return sliced(value, bounds[0], bounds[1], has_step=node.slice.step is not None)
    key = machine.value(node.slice, frame)
    if stored in frame.module.counted_items and not any(isinstance(atom, Text) for atom in value):
        return (Number(PartKind.COUNTER, 0, None),)
    return item(machine, value, key)


def _named(machine: Machine, node: ast.NamedExpr, frame: Frame) -> Value:
    value = machine.value(node.value, frame)
    note(frame, node.target.id, value, node.value)
    frame.env[node.target.id] = value
    return value


def _lambda(_machine: Machine, node: ast.Lambda, frame: Frame) -> Value:
    return (Function(node, frame.module, frame.definer, outer=frame),)


def _inner(machine: Machine, node: ast.Await | ast.Starred, frame: Frame) -> Value:
    return machine.value(node.value, frame)


def _yield(machine: Machine, node: ast.Yield, frame: Frame) -> Value:
    frame.yields.append(machine.value(node.value, frame) if node.value else UNKNOWN)
    return UNKNOWN


def _yield_from(machine: Machine, node: ast.YieldFrom, frame: Frame) -> Value:
    frame.yields.append(item_of(machine.value(node.value, frame)))
    return UNKNOWN


EXPRESSIONS: dict[type[ast.expr], Evaluate] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.JoinedStr: _joined,
    ast.BinOp: binary,
    ast.BoolOp: boolean,
    ast.IfExp: conditional,
    ast.Compare: condition,
    ast.UnaryOp: unary,
    ast.Call: call,
    ast.Subscript: _subscript,
    ast.Tuple: sequence_display,
    ast.List: sequence_display,
    ast.Set: sequence_display,
    ast.Dict: dict_display,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.NamedExpr: _named,
    ast.Lambda: _lambda,
    ast.Await: _inner,
    ast.Starred: _inner,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
}
"""What each kind of expression evaluates to."""
