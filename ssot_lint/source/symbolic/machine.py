"""The interpreter: puts its parts together and keeps them from running away."""

from __future__ import annotations

import ast

from ssot_lint.source.library import Library
from ssot_lint.source.module import Module
from ssot_lint.source.symbolic import conditions, expressions, statements, writing
from ssot_lint.source.symbolic.callables import bound_arguments, call_atom, self_argument
from ssot_lint.source.symbolic.classes import decorators
from ssot_lint.source.symbolic.frame import Env, Frame, Observed
from ssot_lint.source.symbolic.names import Names
from ssot_lint.source.symbolic.objects import attribute_of, find_method, opened
from ssot_lint.source.symbolic.unions import join, kept
from ssot_lint.source.symbolic.values import (
    NONE,
    UNKNOWN,
    Arguments,
    Class,
    Function,
    Instance,
    Sequence,
    Text,
    Value,
)

_DEPTH = 12
_WORK, _WORK_IN_ALL, _WORK_AFTER = 3_000, 30_000, 200
"""Expressions that are looked at for one function and for one source, and for each function when the source
has used up its own; a source of truth of 600 lines needs about a thousand. What would take more is not known,
rather than slow."""

_OPAQUE_RESULTS = ("contextmanager", "asynccontextmanager", "overload", "abstractmethod")


class Interpreter:
    """Says what functions return, remembering what it has read for as long as one contract is learned."""

    def __init__(self, library: Library) -> None:
        self._names = Names(self, library)
        self._initialised: dict[Class, Env] = {}
        self._active: list[ast.AST] = []
        self._work = self._work_in_all = 0
        self._limit = _WORK

    def studied(self, function: Function, env: Env, observed: Observed) -> Value:
        """What a function of the source returns for the arguments in `env`; notes what it does on its way."""
        frame = _entered(function, self_argument(function) | env, Frame(function.module, observed=observed))
        frame.top = True
        self._limit = _WORK if self._work_in_all < _WORK_IN_ALL else _WORK_AFTER
        try:
            return self._finished(function, frame)
        except RecursionError:
            # Code that nests too deeply for this interpreter is too deep to say anything about it.
            return UNKNOWN
        finally:
            self._work_in_all += self._work
            self._work = 0

    def module_name(self, module: Module, name: str) -> Value:
        """What a name stands for at the top level of a module, or among the built-in functions."""
        return self._names.in_module(module, name)

    def value(self, node: ast.expr, frame: Frame) -> Value:
        self._work += 1
        handler = expressions.EXPRESSIONS.get(type(node))
        return handler(self, node, frame) if handler is not None and self._work <= self._limit else UNKNOWN

    def once(self, node: ast.expr, frame: Frame) -> Value:
        before, self._work = self._work, 0
        try:
            return kept(self.settled(self.value(node, frame)))
        finally:
            self._work += before

    def name(self, name: str, frame: Frame) -> Value:
        return self._names.local(name, frame)

    def settled(self, value: Value) -> Value:
        return self._names.settled(value)

    def attribute(self, value: Value, name: str, frame: Frame) -> Value:
        return join(*[attribute_of(self, atom, name, frame) for atom in value])

    def call(self, callee: Value, arguments: Arguments, frame: Frame) -> Value:
        return join(*[call_atom(self, atom, arguments, frame) for atom in self.settled(callee)])

    def run(self, body: list[ast.stmt], frame: Frame) -> bool:
        return statements.run(self, body, frame)

    def test(self, node: ast.expr, frame: Frame) -> bool | None:
        return conditions.test(self, node, frame)

    def narrow(self, node: ast.expr, frame: Frame, outcome: bool) -> bool:
        return conditions.narrow(self, node, frame, outcome)

    def strings(self, value: Value, frame: Frame, spec: str = "") -> tuple[Text, ...]:
        return writing.strings(self, self.settled(value), frame, spec)

    def function(self, function: Function, arguments: Arguments, frame: Frame) -> Value:
        if function.outer is not None:
            # What a nested function returns hangs on the names around it as well.
            return self._function(function, arguments, frame)
        key, memo = (function, arguments), frame.observed.memo
        if key not in memo:
            memo[key] = self._function(function, arguments, frame)
        return memo[key]

    def initialised(self, cls: Class, arguments: Arguments | None, frame: Frame) -> Env:
        if arguments is not None:
            return self._initialise(cls, arguments, frame)
        if cls not in self._initialised:
            self._initialised[cls] = {}
            self._initialised[cls] = self._initialise(cls, Arguments(more=True), Frame(cls.module))
        return self._initialised[cls]

    def _function(self, function: Function, arguments: Arguments, frame: Frame) -> Value:
        node = function.node
        if node in self._active:
            # A recursive call returns nothing that the other returns do not.
            return ()
        if frame.depth >= _DEPTH or not decorators(node).isdisjoint(_OPAQUE_RESULTS):
            return UNKNOWN
        env = bound_arguments(self, function, arguments)
        return self._finished(function, _entered(function, env, frame))

    def _finished(self, function: Function, frame: Frame) -> Value:
        node = function.node
        self._active.append(node)
        try:
            if isinstance(node, ast.Lambda):
                return self.value(node.body, frame)
            falls_off = self.run(node.body, frame)
        finally:
            self._active.pop()
        if frame.yields:
            return (Sequence("iterator", None, join(*frame.yields)),)
        return join(*frame.returns, NONE if falls_off else ())

    def _initialise(self, cls: Class, arguments: Arguments, frame: Frame) -> Env:
        found = find_method(self, cls, "__init__")
        if found is None or found[0] in self._active or frame.depth >= _DEPTH:
            return {}
        node, definer = found
        function = Function(node, definer.module, definer, Instance(cls, ()))
        inner = _entered(function, bound_arguments(self, function, arguments), frame)
        self._finished(function, inner)
        me = f"{next(iter(self_argument(function)), 'self')}."
        return {
            name.removeprefix(me): opened(each) for name, each in inner.env.items() if name.startswith(me)
        }


def _entered(function: Function, env: Env, frame: Frame) -> Frame:
    """A frame in which a function has its arguments and has not yet started."""
    return Frame(
        module=function.module,
        env=env,
        outer=function.outer,
        definer=function.definer,
        receiver=function.receiver,
        observed=frame.observed,
        name=getattr(function.node, "name", ""),
        depth=frame.depth + 1,
    )
