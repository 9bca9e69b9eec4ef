"""Calls: which callable, with which arguments."""

from __future__ import annotations

import ast

from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.frame import Frame, Machine, note
from ssot_lint.source.symbolic.iteration import items_of, need
from ssot_lint.source.symbolic.methods import argument_method
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Arguments,
    Atom,
    Function,
    Mapping,
    Value,
    join,
)


def call(machine: Machine, node: ast.Call, frame: Frame) -> Value:
    callee, special = _callee(machine, node, frame)
    arguments = arguments_of(machine, node, frame)
    results = [argument_method(argument.name, argument, name) for argument, name in special]
    if frame.top:
        functions = (atom.node for atom in callee if isinstance(atom, Function))
        frame.observed.callees.update({node: function for function in functions})
    if callee:
        results.append(machine.call(callee, arguments, frame))
    value = join(*results) or UNKNOWN
    if node in frame.observed.callees:
        note(frame, "", value, node)
    return value


def _callee(machine: Machine, node: ast.Call, frame: Frame) -> tuple[Value, list[tuple[Argument, str]]]:
    func = node.func
    if not isinstance(func, ast.Attribute) or is_super(func.value) or dotted(func) in frame.env:
        return machine.settled(machine.value(func, frame)), []
    receiver = machine.value(func.value, frame)
    special: list[tuple[Argument, str]] = []
    others: list[Atom] = []
    for atom in receiver:
        need(atom, frame)
        if isinstance(atom, Argument):
            special.append((atom, func.attr))
        else:
            others.append(atom)
    return machine.settled(machine.attribute(tuple(others), func.attr, frame)) if others else (), special


def arguments_of(machine: Machine, node: ast.Call, frame: Frame) -> Arguments:
    """The arguments of a call, those behind `*` and `**` included as far as they are known."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    more = False
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            items = items_of(machine.value(argument.value, frame))
            more = more or items is None
            positional.extend(items or ())
        else:
            positional.append(machine.value(argument, frame))
    for keyword in node.keywords:
        value = machine.value(keyword.value, frame)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            note(frame, keyword.arg, value, keyword.value)
            continue
        for atom in value:
            keywords.update(atom.entries if isinstance(atom, Mapping) else ())
            more = more or not isinstance(atom, Mapping) or bool(atom.rest)
    return Arguments(tuple(positional), tuple(keywords.items()), more)


def is_super(node: ast.expr) -> bool:
    """Whether an expression is a call of `super`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
