"""Calls: which callable, with which arguments."""

from __future__ import annotations

import ast

from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.frame import Frame, Machine, note
from ssot_lint.source.symbolic.iteration import items_of, need
from ssot_lint.source.symbolic.methods import argument_method
from ssot_lint.source.symbolic.unions import join
from ssot_lint.source.symbolic.values import Argument, Arguments, Function, Mapping, Value


def call(machine: Machine, node: ast.Call, frame: Frame) -> Value:
    """What a call returns; a call of a function of the user's code by the outermost one is noted."""
    callee, on_parameters = _callee(machine, node, frame)
    arguments = arguments_of(machine, node, frame)
    value = join(machine.call(callee, arguments, frame), on_parameters)
    functions = [atom.node for atom in callee if isinstance(atom, Function)]
    if frame.top and functions:
        frame.observed.callees[node] = functions[-1]
        note(frame, "", value, node)
    return value


def _callee(machine: Machine, node: ast.Call, frame: Frame) -> tuple[Value, Value]:
    """What is called, and what the call returns where it is that of a parameter's method."""
    func = node.func
    if not isinstance(func, ast.Attribute) or is_super(func.value) or dotted(func) in frame.env:
        return machine.settled(machine.value(func, frame)), ()
    receiver = machine.value(func.value, frame)
    for atom in receiver:
        need(atom, frame)
    on_parameters = (argument_method(a.name, func.attr) for a in receiver if isinstance(a, Argument))
    others = tuple(atom for atom in receiver if not isinstance(atom, Argument))
    return machine.settled(machine.attribute(others, func.attr, frame)), join(*on_parameters)


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
