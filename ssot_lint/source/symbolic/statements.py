"""Statements, one function for each kind of syntax node; each says whether control comes out at its end."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from ssot_lint.source.module import imports_of
from ssot_lint.source.symbolic.builtins import item_of, items_of, need
from ssot_lint.source.symbolic.classes import dotted
from ssot_lint.source.symbolic.expressions import arguments_of, bind_target, operate, slot_of
from ssot_lint.source.symbolic.frame import Env, Frame, Machine, branched, merged, note
from ssot_lint.source.symbolic.text import repeated
from ssot_lint.source.symbolic.values import (
    NONE,
    UNKNOWN,
    Class,
    Function,
    Instance,
    Mapping,
    Number,
    Reference,
    Sequence,
    Text,
    Value,
    join,
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


def _if(machine: Machine, node: ast.If, frame: Frame) -> bool:
    verdict = machine.test(node.test, frame)
    branches = []
    for body, outcome in ((node.body, True), (node.orelse, False)):
        if verdict is not (not outcome):
            branches.append(_branch(machine, node.test, body, outcome, frame))
    return branched(frame, branches)


def _branch(
    machine: Machine, test: ast.expr, body: list[ast.stmt], outcome: bool, frame: Frame
) -> Callable[[], bool]:
    return lambda: machine.narrow(test, frame, outcome) and machine.run(body, frame)


def _for(machine: Machine, node: ast.For | ast.AsyncFor, frame: Frame) -> bool:
    given = machine.settled(machine.value(node.iter, frame))
    for atom in given:
        need(atom, frame)
    items = items_of(given)
    if items is None:
        return _loop(
            machine, node, frame, lambda: bind_target(machine, node.target, item_of(given), frame), False
        )
    breaks, frame.breaks = frame.breaks, []
    goes_on = True
    for item in items:
        bind_target(machine, node.target, item, frame)
        goes_on = _round(machine, node.body, frame)
        if not goes_on:
            break
    ends = [*frame.breaks, *([frame.env] if goes_on else [])]
    frame.breaks = breaks
    if ends:
        frame.env = merged(ends)
    return bool(ends) and machine.run(node.orelse, frame)


def _while(machine: Machine, node: ast.While, frame: Frame) -> bool:
    verdict = machine.test(node.test, frame)
    if verdict is False:
        return machine.run(node.orelse, frame)
    return _loop(machine, node, frame, lambda: None, verdict is True)


def _loop(
    machine: Machine,
    node: ast.For | ast.AsyncFor | ast.While,
    frame: Frame,
    start: Callable[[], None],
    endless: bool,
) -> bool:
    """One round stands for any number of them; what it changes is then known only roughly."""
    before = dict(frame.env)
    breaks, frame.breaks = frame.breaks, []
    start()
    frame.loops += 1
    goes_on = _round(machine, node.body, frame)
    frame.loops -= 1
    ends = list(frame.breaks)
    frame.breaks = breaks
    if not endless:
        ends.extend([before, *([frame.env] if goes_on else [])])
    if not ends:
        return False
    frame.env = _widened(before, merged(ends))
    return machine.run(node.orelse, frame)


def _round(machine: Machine, body: list[ast.stmt], frame: Frame) -> bool:
    continues, frame.continues = frame.continues, []
    ends = [frame.env] if machine.run(body, frame) else []
    ends.extend(frame.continues)
    frame.continues = continues
    if ends:
        frame.env = merged(ends)
    return bool(ends)


def _widened(before: Env, after: Env) -> Env:
    return {name: _widen(before.get(name), value) for name, value in after.items()}


def _widen(before: Value | None, after: Value) -> Value:
    if before is None or before is after or len(before) != 1:
        return after
    first = before[0]
    if isinstance(first, Text):
        grown = tuple(repeated(first, a) if isinstance(a, Text) else a for a in after if a != first)
        return join(grown or after)
    if any(isinstance(atom, Number) for atom in after):
        return tuple(Number(a.kind, 0, None, a.integral) if isinstance(a, Number) else a for a in after)
    return after


def _break(machine: Machine, node: ast.Break, frame: Frame) -> bool:
    frame.breaks.append(frame.env)
    return False


def _continue(machine: Machine, node: ast.Continue, frame: Frame) -> bool:
    frame.continues.append(frame.env)
    return False


def _with(machine: Machine, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
    for item in node.items:
        if isinstance(item.context_expr, ast.Call):
            arguments_of(machine, item.context_expr, frame)
        if item.optional_vars is not None:
            bind_target(machine, item.optional_vars, UNKNOWN, frame)
    return machine.run(node.body, frame)


def _try(machine: Machine, node: ast.Try, frame: Frame) -> bool:
    before = dict(frame.env)
    done = machine.run(node.body, frame)
    after = frame.env
    branches: list[Callable[[], bool]] = (
        [lambda: _resume(frame, after) and machine.run(node.orelse, frame)] if done else []
    )
    for handler in node.handlers:
        branches.append(_handler(machine, handler, merged([before, after]), frame))
    goes_on = branched(frame, branches)
    return machine.run(node.finalbody, frame) and goes_on


def _resume(frame: Frame, env: Env) -> bool:
    frame.env = dict(env)
    return True


def _handler(machine: Machine, node: ast.ExceptHandler, env: Env, frame: Frame) -> Callable[[], bool]:
    def branch() -> bool:
        _resume(frame, env)
        if node.name:
            frame.env[node.name] = UNKNOWN
        return machine.run(node.body, frame)

    return branch


def _match(machine: Machine, node: ast.Match, frame: Frame) -> bool:
    subject = machine.value(node.subject, frame)
    branches = [_case(machine, node.subject, subject, case, frame) for case in node.cases]
    wildcard = any(case.guard is None and _is_wildcard(case.pattern) for case in node.cases)
    return branched(frame, branches if wildcard else [*branches, lambda: True])


def _case(
    machine: Machine, node: ast.expr, subject: Value, case: ast.match_case, frame: Frame
) -> Callable[[], bool]:
    def branch() -> bool:
        for name in _captures(case.pattern):
            frame.env[name] = subject if _is_wildcard(case.pattern) else UNKNOWN
        conditions = [*_compared(node, case.pattern), *([case.guard] if case.guard else [])]
        for condition in conditions:
            if machine.test(condition, frame) is False or not machine.narrow(condition, frame, True):
                return False
        return machine.run(case.body, frame)

    return branch


def _compared(subject: ast.expr, pattern: ast.pattern) -> list[ast.expr]:
    """The condition that a literal pattern stands for."""
    if not isinstance(pattern, ast.MatchValue):
        return []
    return [ast.copy_location(ast.Compare(subject, [ast.Eq()], [pattern.value]), pattern)]


def _is_wildcard(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _captures(pattern: ast.pattern) -> list[str]:
    names = [getattr(node, "name", None) or getattr(node, "rest", None) for node in ast.walk(pattern)]
    return [name for name in names if isinstance(name, str)]


def _raise(machine: Machine, node: ast.Raise, frame: Frame) -> bool:
    return False


def _assert(machine: Machine, node: ast.Assert, frame: Frame) -> bool:
    machine.test(node.test, frame)
    return machine.narrow(node.test, frame, True)


def _function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> bool:
    frame.env[node.name] = (Function(node, frame.module, frame.definer, outer=frame),)
    return True


def _class(machine: Machine, node: ast.ClassDef, frame: Frame) -> bool:
    frame.env[node.name] = (Class(node, frame.module),)
    return True


def _import(machine: Machine, node: ast.Import | ast.ImportFrom, frame: Frame) -> bool:
    for name, found in imports_of(node, frame.module.package):
        frame.env[name] = (Reference(found.origin, frame.module.is_near),)
    return True


def _declare(machine: Machine, node: ast.Global | ast.Nonlocal, frame: Frame) -> bool:
    frame.declared.update(node.names)
    return True


def _delete(machine: Machine, node: ast.Delete, frame: Frame) -> bool:
    for target in node.targets:
        frame.env.pop(dotted(target), None)
    return True


_STATEMENTS: dict[type[ast.stmt], Execute] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Global: _declare,
    ast.Nonlocal: _declare,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Delete: _delete,
}
