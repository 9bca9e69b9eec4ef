"""Control flow: branches, loops, exceptions."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ssot_lint.source.symbolic.assignment import bind_target
from ssot_lint.source.symbolic.calls import arguments_of
from ssot_lint.source.symbolic.frame import Env, Frame, Machine, branched, merged
from ssot_lint.source.symbolic.iteration import item_of, items_of, need
from ssot_lint.source.symbolic.text import (
    repeated,
)
from ssot_lint.source.symbolic.unions import join
from ssot_lint.source.symbolic.values import UNKNOWN, Number, Text, Value


def run_if(machine: Machine, node: ast.If, frame: Frame) -> bool:
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


def run_for(machine: Machine, node: ast.For | ast.AsyncFor, frame: Frame) -> bool:
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


def run_while(machine: Machine, node: ast.While, frame: Frame) -> bool:
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
    """A first round shows what changes, a second what that leads to after any number of rounds."""
    before, seen = dict(frame.env), len(frame.returns)
    ends = _one_round(machine, node.body, frame, start)
    del frame.returns[seen:]
    frame.env = _widened(before, merged([before, *ends]))
    entered = dict(frame.env)
    ends = _one_round(machine, node.body, frame, start, keep_going=not endless)
    if not endless:
        ends.append(entered)
    if not ends:
        return False
    frame.env = _widened(before, merged(ends))
    return machine.run(node.orelse, frame)


def _one_round(
    machine: Machine,
    body: list[ast.stmt],
    frame: Frame,
    start: Callable[[], None],
    *,
    keep_going: bool = True,
) -> list[Env]:
    """The names as they are wherever a round breaks out of its loop, or ends if that can end the loop."""
    breaks, frame.breaks = frame.breaks, []
    start()
    frame.loops += 1
    goes_on = _round(machine, body, frame)
    frame.loops -= 1
    ends = [*frame.breaks, *([frame.env] if goes_on and keep_going else [])]
    frame.breaks = breaks
    return ends


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


def run_break(_machine: Machine, _node: ast.Break, frame: Frame) -> bool:
    frame.breaks.append(frame.env)
    return False


def run_continue(_machine: Machine, _node: ast.Continue, frame: Frame) -> bool:
    frame.continues.append(frame.env)
    return False


def run_with(machine: Machine, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
    for item in node.items:
        if isinstance(item.context_expr, ast.Call):
            arguments_of(machine, item.context_expr, frame)
        if item.optional_vars is not None:
            bind_target(machine, item.optional_vars, UNKNOWN, frame)
    return machine.run(node.body, frame)


def run_try(machine: Machine, node: ast.Try, frame: Frame) -> bool:
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


def run_match(machine: Machine, node: ast.Match, frame: Frame) -> bool:
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
