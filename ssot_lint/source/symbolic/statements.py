"""Statements, one function for each kind of syntax node; each says whether control comes out at its end."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from ssot_lint.source.module import imports_of
from ssot_lint.source.symbolic.assignment import bind_target, slot_of
from ssot_lint.source.symbolic.calls import arguments_of
from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.control import (
    run_break,
    run_continue,
    run_for,
    run_if,
    run_match,
    run_try,
    run_while,
    run_with,
)
from ssot_lint.source.symbolic.frame import Frame, Machine, note
from ssot_lint.source.symbolic.iteration import item_of, need
from ssot_lint.source.symbolic.operators import operate
from ssot_lint.source.symbolic.unions import join
from ssot_lint.source.symbolic.values import (
    NONE,
    Class,
    Function,
    Instance,
    Mapping,
    Reference,
    Sequence,
    Value,
)

Execute: TypeAlias = Callable[[Machine, Any, Frame], bool]

_GROWING = ("append", "add", "appendleft", "insert")


def run(machine: Machine, body: list[ast.stmt], frame: Frame) -> bool:
    """Run statements; false when control does not come out at their end."""
    for statement in body:
        handler = _STATEMENTS.get(type(statement))
        if handler is not None and not handler(machine, statement, frame):
            return False
    return True


def _assign(machine: Machine, node: ast.Assign, frame: Frame) -> bool:
    value = machine.value(node.value, frame)
    for target in node.targets:
        if frame.top:
            note(frame, slot_of(target), value, node.value)
            _note_each(target, node.value, value, frame)
        bind_target(machine, target, value, frame)
    return True


def _note_each(target: ast.expr, node: ast.expr, value: Value, frame: Frame) -> None:
    """`a, b = x, y` keeps each of the values under a name of its own."""
    if not (isinstance(target, ast.Tuple) and isinstance(node, ast.Tuple)):
        return
    for atom in value:
        if isinstance(atom, Sequence) and atom.items is not None and len(atom.items) == len(target.elts):
            for each, element, item in zip(target.elts, node.elts, atom.items, strict=False):
                note(frame, slot_of(each), item, element)


def _annotated(machine: Machine, node: ast.AnnAssign, frame: Frame) -> bool:
    if node.value is not None:
        value = machine.value(node.value, frame)
        note(frame, slot_of(node.target), value, node.value)
        bind_target(machine, node.target, value, frame)
    return True


def _augmented(machine: Machine, node: ast.AugAssign, frame: Frame) -> bool:
    value = machine.value(node.value, frame)
    target = node.target
    if isinstance(target, ast.Name) and target.id not in frame.declared and target.id in frame.env:
        before = frame.env[target.id]
        frame.env[target.id] = operate(machine, type(node.op).__name__, before, value, frame)
    elif isinstance(target, ast.Attribute):
        frame.env.pop(dotted(target), None)
    return True


def _expression(machine: Machine, node: ast.Expr, frame: Frame) -> bool:
    value = node.value.value if isinstance(node.value, ast.Await) else node.value
    if not isinstance(value, ast.Call):
        if not isinstance(value, ast.Constant):
            machine.value(value, frame)
        return True
    func = value.func
    if isinstance(func, ast.Attribute) and func.attr == "__init__":
        return _base_init(machine, value, func, frame)
    # What the call itself does is of no interest, only what is handed to it: never follow loggers and such.
    arguments = arguments_of(machine, value, frame)
    if isinstance(func, ast.Attribute):
        for atom in machine.value(func.value, frame) if isinstance(func.value, ast.Name) else ():
            need(atom, frame)
        if isinstance(func.value, ast.Name) and func.value.id in frame.env and arguments.positional:
            _grow(func.value.id, func.attr, arguments.positional[-1], frame)
    return True


def _base_init(machine: Machine, call: ast.Call, func: ast.Attribute, frame: Frame) -> bool:
    arguments = arguments_of(machine, call, frame)
    for atom in machine.value(func, frame):
        if isinstance(atom, Function) and atom.definer is not None and isinstance(frame.receiver, Instance):
            attributes = machine.initialised(Class(atom.definer.node, atom.definer.module), arguments, frame)
            frame.env.update({f"self.{name}": value for name, value in attributes.items()})
    return True


def _grow(name: str, method: str, value: Value, frame: Frame) -> None:
    atoms = frame.env[name]
    if method in ("extend", "update"):
        grown = [_extended(atom, value) for atom in atoms]
    elif method in _GROWING:
        grown = [_appended(atom, value, frame.loops > 0) for atom in atoms]
    else:
        return
    frame.env[name] = tuple(dict.fromkeys(grown))


def _appended(atom: Any, value: Value, is_repeated: bool) -> Any:
    if not isinstance(atom, Sequence):
        return atom
    if atom.items is not None and not is_repeated:
        return Sequence(atom.shape, (*atom.items, value))
    return Sequence(atom.shape, None, join(atom.element, *(atom.items or ()), value))


def _extended(atom: Any, value: Value) -> Any:
    if isinstance(atom, Mapping):
        entries = dict(atom.entries)
        for other in value:
            entries.update(other.entries if isinstance(other, Mapping) else ())
        return Mapping(tuple(entries.items()), atom.rest)
    if isinstance(atom, Sequence):
        return Sequence(atom.shape, None, join(atom.element, *(atom.items or ()), item_of(value)))
    return atom


def _return(machine: Machine, node: ast.Return, frame: Frame) -> bool:
    value = NONE if node.value is None else machine.value(node.value, frame)
    note(frame, frame.name, value, node.value)
    frame.returns.append(value)
    return False


def _raise(_machine: Machine, _node: ast.Raise, _frame: Frame) -> bool:
    return False


def _assert(machine: Machine, node: ast.Assert, frame: Frame) -> bool:
    machine.test(node.test, frame)
    return machine.narrow(node.test, frame, True)


def _function(_machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> bool:
    frame.env[node.name] = (Function(node, frame.module, frame.definer, outer=frame),)
    return True


def _class(_machine: Machine, node: ast.ClassDef, frame: Frame) -> bool:
    frame.env[node.name] = (Class(node, frame.module),)
    return True


def _import(_machine: Machine, node: ast.Import | ast.ImportFrom, frame: Frame) -> bool:
    for name, found in imports_of(node, frame.module.package):
        frame.env[name] = (Reference(found.origin, frame.module.is_near),)
    return True


def _declare(machine: Machine, node: ast.Global | ast.Nonlocal, frame: Frame) -> bool:
    for name in node.names:
        frame.env.setdefault(name, machine.name(name, frame))
        frame.declared.add(name)
    return True


def _delete(_machine: Machine, node: ast.Delete, frame: Frame) -> bool:
    for target in node.targets:
        frame.env.pop(dotted(target), None)
    return True


_STATEMENTS: dict[type[ast.stmt], Execute] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.If: run_if,
    ast.For: run_for,
    ast.AsyncFor: run_for,
    ast.While: run_while,
    ast.With: run_with,
    ast.AsyncWith: run_with,
    ast.Try: run_try,
    ast.TryStar: run_try,
    ast.Match: run_match,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Global: _declare,
    ast.Nonlocal: _declare,
    ast.Break: run_break,
    ast.Continue: run_continue,
    ast.Delete: _delete,
}
