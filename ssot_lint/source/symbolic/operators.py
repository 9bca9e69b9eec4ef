"""Operators: arithmetic, concatenation, conditions, and what may decide between two values."""

from __future__ import annotations

import ast

from ssot_lint.source.symbolic import numbers
from ssot_lint.source.symbolic.conditions import truth_of
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.iteration import need
from ssot_lint.source.symbolic.text import (
    literal,
    product_of,
)
from ssot_lint.source.symbolic.unions import freshness, join, strongest, taint
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Atom,
    Constant,
    Member,
    Number,
    Opaque,
    Sequence,
    Text,
    Value,
)
from ssot_lint.source.symbolic.writing import percent


def binary(machine: Machine, node: ast.BinOp, frame: Frame) -> Value:
    left, right = machine.value(node.left, frame), machine.value(node.right, frame)
    return operate(machine, type(node.op).__name__, left, right, frame)


def operate(machine: Machine, operator: str, left: Value, right: Value, frame: Frame) -> Value:
    """`left operator right`, where the operator is the name of its `ast` class."""
    left, right = machine.settled(left), machine.settled(right)
    results = [_operate(machine, operator, one, other, frame) for one in left for other in right]
    return join(*results)


def _operate(machine: Machine, operator: str, left: Atom, right: Atom, frame: Frame) -> Value:
    if operator == "Mod" and isinstance(left, Text):
        texts = percent(machine, left, (right,), frame)
        return texts if texts is not None else (Opaque("", taint((left, right))),)
    need(left, frame)
    need(right, frame)
    match left, right:
        case ((Number() | Constant(value=int() | float())), (Number() | Constant(value=int() | float()))):
            result = numbers.arithmetic(operator, left, right)
            return UNKNOWN if result is None else (result,)
        case (Text() | Member(), _) | (_, Text() | Member()) if operator == "Add":
            return product_of([machine.strings((left,), frame), machine.strings((right,), frame)])
        case Sequence(items=tuple() as one), Sequence(items=tuple() as other) if operator == "Add":
            return (Sequence(left.shape, (*one, *other)),)
        case Text(), Constant(value=int() as count) if operator == "Mult" and 0 <= count <= 256:
            return product_of([(left,)] * count) if count else (literal(""),)
        case _:
            return (Opaque(_label(left, right), strongest((freshness(left), freshness(right)))),)


def _label(left: Atom, right: Atom) -> str:
    names = [
        atom.name if isinstance(atom, Argument) else atom.label
        for atom in (left, right)
        if isinstance(atom, (Argument, Opaque))
    ]
    return names[0] if len(names) == 1 else ""


def boolean(machine: Machine, node: ast.BoolOp, frame: Frame) -> Value:
    is_or = isinstance(node.op, ast.Or)
    before, kept = frame.env, []
    frame.env = dict(before)
    for index, operand in enumerate(node.values):
        value = machine.value(operand, frame)
        if index == len(node.values) - 1:
            kept.append(value)
            break
        stays = tuple(atom for atom in value if truth_of(atom) is not (not is_or))
        kept.append(tuple(Argument(a.name, False) if isinstance(a, Argument) and is_or else a for a in stays))
        if all(truth_of(atom) is is_or for atom in value) or not machine.narrow(operand, frame, not is_or):
            break
    frame.env = before
    return join(*kept)


def conditional(machine: Machine, node: ast.IfExp, frame: Frame) -> Value:
    verdict = machine.test(node.test, frame)
    before, kept = frame.env, []
    for branch, outcome in ((node.body, True), (node.orelse, False)):
        frame.env = dict(before)
        if verdict is not (not outcome) and machine.narrow(node.test, frame, outcome):
            kept.append(machine.value(branch, frame))
    frame.env = before
    return join(*kept)


def condition(machine: Machine, node: ast.expr, frame: Frame) -> Value:
    verdict = machine.test(node, frame)
    return UNKNOWN if verdict is None else (Constant(verdict),)


def unary(machine: Machine, node: ast.UnaryOp, frame: Frame) -> Value:
    if isinstance(node.op, ast.Not):
        return condition(machine, node, frame)
    value = machine.value(node.operand, frame)
    match value:
        case (Constant(value=int() | float() as number),) if isinstance(node.op, ast.USub):
            return (Constant(-number),)
        case _:
            return (Opaque("", taint(value)),)
