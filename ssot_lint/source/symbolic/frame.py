"""What a running function has at hand, and what the interpreter's parts ask of one another."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from ssot_lint.source.module import Module
from ssot_lint.source.symbolic.unions import freshness, join, steady
from ssot_lint.source.symbolic.values import Arguments, Class, Function, Instance, Opaque, Text, Value

Env: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Written:
    """A fresh text that a function put into a `slot` (a variable, key, keyword; empty if into none).

    `callee` is the function whose call made it, `None` where it was put together on the spot.
    """

    text: Text
    slot: str
    callee: ast.AST | None


@dataclass(slots=True)
class Observed:
    """What was seen while one function ran.

    `needed` are the parameters that were taken apart where they could still be `None`; `callees` the function
    behind each call that the function itself makes.
    """

    needed: set[str] = field(default_factory=set)
    written: list[Written] = field(default_factory=list)
    callees: dict[ast.Call, ast.AST] = field(default_factory=dict)
    memo: dict[object, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Frame:
    """A function at work; `env` is replaced, never shared, when control flow splits.

    `scope` is the class whose body is being read, `definer` the class that holds the function. `observed` is
    handed down into the calls it makes, but only the frame at the `top` notes what it writes.
    """

    module: Module
    env: Env = field(default_factory=dict)
    outer: Frame | None = None
    scope: Class | None = None
    definer: Class | None = None
    receiver: Class | Instance | None = None
    observed: Observed = field(default_factory=Observed)
    name: str = ""
    top: bool = False
    depth: int = 0
    declared: set[str] = field(default_factory=set)
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    loops: int = 0
    breaks: list[Env] = field(default_factory=list)
    continues: list[Env] = field(default_factory=list)


class Machine(Protocol):
    """The interpreter, as its parts see it."""

    def value(self, node: ast.expr, frame: Frame) -> Value:
        """What an expression evaluates to."""

    def once(self, node: ast.expr, frame: Frame) -> Value:
        """What an expression that runs once, when the module is imported, leaves behind."""

    def name(self, name: str, frame: Frame) -> Value:
        """What a name stands for in a frame."""

    def settled(self, value: Value) -> Value:
        """The value with references followed into the tree, where they lead there."""

    def attribute(self, value: Value, name: str, frame: Frame) -> Value:
        """An attribute of a value."""

    def call(self, callee: Value, arguments: Arguments, frame: Frame) -> Value:
        """What a call returns."""

    def run(self, body: list[ast.stmt], frame: Frame) -> bool:
        """Run statements; false when control does not come out at their end."""

    def test(self, node: ast.expr, frame: Frame) -> bool | None:
        """Whether a condition holds; `None` when it may or may not."""

    def narrow(self, node: ast.expr, frame: Frame, outcome: bool) -> bool:
        """Keep in the frame only what agrees with a condition's outcome; false when nothing does."""

    def strings(self, value: Value, frame: Frame, spec: str = "") -> tuple[Text, ...]:
        """A value as `format()` writes it, one text for each possibility."""

    def function(self, function: Function, arguments: Arguments, frame: Frame) -> Value:
        """What a function of the user's code returns."""

    def initialised(self, cls: Class, arguments: Arguments | None, frame: Frame) -> Env:
        """The attributes that a class's `__init__` sets; without arguments, for any that may be given."""


def note(frame: Frame, slot: str, value: Value, node: ast.expr | None) -> None:
    """Remember which fresh texts the outermost function puts where."""
    if frame.top:
        callee = frame.observed.callees.get(node) if isinstance(node, ast.Call) else None
        for atom in value:
            if isinstance(atom, Text) and freshness(atom):
                frame.observed.written.append(Written(atom, slot, callee))


def merged(envs: list[Env]) -> Env:
    """The names of several branches; where they differ, each may hold."""
    first, *others = envs
    if not others:
        return first
    result = dict(first)
    for env in others:
        for name, value in env.items():
            known = result.get(name)
            if known is not value:
                result[name] = value if known is None else steady(name, join(known, value))
    return {name: _anywhere(name, value, envs) for name, value in result.items()}


def _anywhere(name: str, value: Value, envs: list[Env]) -> Value:
    """An attribute that only some branches assign is in the others whatever it was before."""
    if "." not in name or all(name in env for env in envs):
        return value
    return steady(name, join(value, (Opaque(name),)))


def branched(frame: Frame, branches: list[Callable[[], bool]]) -> bool:
    """Run each branch on a copy of the names; afterwards what any branch that came to its end has left."""
    before = frame.env
    ends: list[Env] = []
    for branch in branches:
        frame.env = dict(before)
        if branch():
            ends.append(frame.env)
    frame.env = merged(ends) if ends else dict(before)
    return bool(ends)
