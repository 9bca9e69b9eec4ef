"""The interpreter: puts its parts together and keeps them from running away."""

from __future__ import annotations

import ast

from ssot_lint.source.contract import PartKind
from ssot_lint.source.library import Library
from ssot_lint.source.module import Bound, Import, Module
from ssot_lint.source.signature import read_parameters
from ssot_lint.source.symbolic import conditions, expressions, statements, writing
from ssot_lint.source.symbolic.builtins import call_builtin
from ssot_lint.source.symbolic.classes import body_of, decorators, functional_shape
from ssot_lint.source.symbolic.frame import Env, Frame, Observed
from ssot_lint.source.symbolic.iteration import need
from ssot_lint.source.symbolic.known import CALLS, known_call, known_constant
from ssot_lint.source.symbolic.methods import COUNTING, call_method
from ssot_lint.source.symbolic.objects import attribute_of, construct, find_method, make_record, opened
from ssot_lint.source.symbolic.values import (
    NONE,
    UNKNOWN,
    Argument,
    Arguments,
    Atom,
    Class,
    Constant,
    Function,
    Instance,
    Mapping,
    Method,
    Number,
    Opaque,
    Partial,
    Reference,
    Sequence,
    Shape,
    Text,
    Value,
    constant_text,
    freshness,
    join,
    strongest,
    taint,
)

_DEPTH = 12
_WORK, _WORK_IN_ALL = 3_000, 30_000
"""Expressions that are looked at for one function, and for one source; a source of truth of 600 lines needs about
a thousand. What would take more is not known, rather than slow."""

_HOPS = 4
_OPAQUE_RESULTS = ("contextmanager", "asynccontextmanager", "overload", "abstractmethod")


class Interpreter:
    """Says what functions return, remembering what it has read for as long as one contract is learned."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._globals: dict[tuple[Module, str], Value] = {}
        self._initialised: dict[Class, Env] = {}
        self._references: dict[str, Value | None] = {}
        self._active: list[ast.AST] = []
        self._work = self._work_in_all = 0

    def value(self, node: ast.expr, frame: Frame) -> Value:
        self._work += 1
        if self._work > _WORK:
            return UNKNOWN
        return expressions.evaluate(self, node, frame)

    def run(self, body: list[ast.stmt], frame: Frame) -> bool:
        return statements.run(self, body, frame)

    def test(self, node: ast.expr, frame: Frame) -> bool | None:
        return conditions.test(self, node, frame)

    def narrow(self, node: ast.expr, frame: Frame, outcome: bool) -> bool:
        return conditions.narrow(self, node, frame, outcome)

    def strings(self, value: Value, frame: Frame, spec: str = "") -> tuple[Text, ...]:
        return writing.strings(self, self.settled(value), frame, spec)

    def name(self, name: str, frame: Frame) -> Value:
        if name in frame.env:
            return frame.env[name]
        if frame.scope is not None and name in body_of(frame.scope):
            return self._bound(body_of(frame.scope)[name][-1], frame.module, frame.scope)
        outer = frame.outer
        while outer is not None:
            if name in outer.env:
                return _counted(name, outer.env[name], frame.module)
            outer = outer.outer
        return self.module_name(frame.module, name)

    def module_name(self, module: Module, name: str) -> Value:
        """What a name stands for at the top level of a module, or among the built-in functions."""
        key = module, name
        if key not in self._globals:
            # While it is being found out it may be anything: a definition may go round in a circle.
            self._globals[key] = UNKNOWN
            self._globals[key] = self._module_name(module, name)
        return self._globals[key]

    def attribute(self, value: Value, name: str, frame: Frame) -> Value:
        return join(*(attribute_of(self, atom, name, frame) for atom in value)) or UNKNOWN

    def settled(self, value: Value) -> Value:
        for atom in value:
            if type(atom) is Reference:
                break
        else:
            return value
        return join(*(self._followed(atom) if isinstance(atom, Reference) else (atom,) for atom in value))

    def call(self, callee: Value, arguments: Arguments, frame: Frame) -> Value:
        return join(*(self._call(atom, arguments, frame) for atom in self.settled(callee))) or UNKNOWN

    def function(self, function: Function, arguments: Arguments, frame: Frame) -> Value:
        key = (function, arguments) if function.outer is None else None
        memo = frame.observed.memo
        if key is None or key not in memo:
            result = self._function(function, arguments, frame)
            if key is None:
                return result
            memo[key] = result
        return memo[key]

    def initialised(self, cls: Class, arguments: Arguments | None, frame: Frame) -> Env:
        if arguments is not None:
            return self._initialise(cls, arguments, frame)
        if cls not in self._initialised:
            self._initialised[cls] = {}
            self._initialised[cls] = self._initialise(cls, None, Frame(cls.module))
        return self._initialised[cls]

    def studied(self, function: Function, env: Env, observed: Observed) -> Value:
        """What a function of the source returns for the arguments in `env`, noting what it does on its way."""
        frame = self.entered(function, env, Frame(function.module, observed=observed))
        frame.top = True
        self._work = 0 if self._work_in_all < _WORK_IN_ALL else _WORK
        try:
            return self.finished(function, frame)
        except RecursionError:
            # Code that nests too deeply for this interpreter is too deep to say anything about it.
            return UNKNOWN
        finally:
            self._work_in_all += self._work

    def entered(self, function: Function, env: Env, frame: Frame) -> Frame:
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

    def finished(self, function: Function, frame: Frame) -> Value:
        """Run a function in its frame; what it returns."""
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

    def _function(self, function: Function, arguments: Arguments, frame: Frame) -> Value:
        node = function.node
        if frame.depth >= _DEPTH or node in self._active:
            return UNKNOWN
        if not decorators(node).isdisjoint(_OPAQUE_RESULTS):
            return UNKNOWN
        env = self._bind(function, arguments)
        return self.finished(function, self.entered(function, env, frame))

    def _bind(self, function: Function, arguments: Arguments) -> Env:
        bound = function.receiver is not None
        env: Env = self_argument(function)
        rest = dict(arguments.keywords)
        positional = list(arguments.positional)
        for argument, kind, default in read_parameters(function.node, bound=bound):
            name = argument.arg
            if kind.startswith("positional") and positional:
                env[name] = positional.pop(0)
            elif kind == "var-positional":
                env[name] = (
                    Sequence(
                        "tuple",
                        None if arguments.more else tuple(positional),
                        UNKNOWN if arguments.more else (),
                    ),
                )
            elif kind == "var-keyword":
                env[name] = (Mapping(tuple(rest.items()), UNKNOWN if arguments.more else ()),)
            elif name in rest:
                env[name] = rest.pop(name)
            else:
                env[name] = self._default(function, name, default, arguments.more)
        return env

    def _default(self, function: Function, name: str, default: ast.expr | None, more: bool) -> Value:
        if default is None:
            return (Opaque(name),)
        frame = Frame(function.module, scope=function.definer)
        return join(self.value(default, frame), (Opaque(name),) if more else ())

    def _initialise(self, cls: Class, arguments: Arguments | None, frame: Frame) -> Env:
        found = find_method(self, cls, "__init__")
        if found is None or found[0] in self._active or frame.depth >= _DEPTH:
            return {}
        function = Function(found[0], found[1].module, found[1], Instance(cls, ()))
        env = self._bind(function, arguments or Arguments(more=True))
        inner = self.entered(function, env, frame)
        self.finished(function, inner)
        me = next(iter(self_argument(function)), "self")
        return {
            name[len(me) + 1 :]: opened(value)
            for name, value in inner.env.items()
            if name.startswith(f"{me}.")
        }

    def _call(self, atom: Atom, arguments: Arguments, frame: Frame) -> Value:
        match atom:
            case Function():
                return self.function(atom, arguments, frame)
            case Class():
                return construct(self, atom, arguments, frame)
            case Reference(name):
                return self._call_reference(name, arguments, frame)
            case Shape():
                return (make_record(self, atom, arguments, None),)
            case Method(receiver, name):
                return call_method(self, receiver, name, arguments, frame)
            case Partial(callee, first):
                keywords = dict(first.keywords) | dict(arguments.keywords)
                positional = (*first.positional, *arguments.positional)
                return self.call(
                    callee, Arguments(positional, tuple(keywords.items()), arguments.more), frame
                )
            case Instance():
                return self.call(self.attribute((atom,), "__call__", frame), arguments, frame)
            case _:
                need(atom, frame)
                label = (
                    atom.name
                    if isinstance(atom, Argument)
                    else atom.label
                    if isinstance(atom, Opaque)
                    else ""
                )
                if label.rpartition(".")[2] in COUNTING:
                    return (Number(PartKind.COUNTER, 0, None),)
                return (Opaque(label, strongest((freshness(atom), taint(*arguments.all)))),)

    def _call_reference(self, name: str, arguments: Arguments, frame: Frame) -> Value:
        if name.rpartition(".")[2] in ("namedtuple", "NamedTuple") and name.startswith(
            ("collections.", "typing.")
        ):
            shape = functional_shape(constant_text(arguments.get(0)) or "", arguments.get(1))
            return UNKNOWN if shape is None else (shape,)
        settled = Arguments(
            tuple(self.settled(value) for value in arguments.positional),
            tuple((keyword, self.settled(value)) for keyword, value in arguments.keywords),
            arguments.more,
        )
        found = known_call(name, settled)
        if found is None and "." not in name:
            found = call_builtin(self, name, settled, frame)
        return found if found is not None else (Opaque(name, taint(*settled.all)),)

    def _module_name(self, module: Module, name: str) -> Value:
        bounds = module.bindings.get(name)
        if bounds is None:
            return self._unbound(module, name)
        value = opened(join(*(self._bound(bound, module, None) for bound in bounds)))
        value = _counted(name, value, module)
        is_counter = any(isinstance(atom, Number) for atom in value)
        return join(value, (Opaque(name),)) if name in module.rebound and not is_counter else value

    def _unbound(self, module: Module, name: str) -> Value:
        for star in module.stars:
            qualified = f"{star.module}.{name}"
            if qualified in CALLS:
                return (Reference(qualified),)
            followed = self._followed(Reference(qualified, module.is_near))
            if not any(isinstance(atom, Reference) for atom in followed):
                return followed
        return (Reference(name),)

    def _bound(self, bound: Bound, module: Module, scope: Class | None) -> Value:
        match bound:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return (Function(bound, module, scope),)
            case ast.ClassDef():
                return (Class(bound, module),)
            case Import():
                return (Reference(bound.origin, module.is_near),)
            case _:
                return self.value(bound, Frame(module, scope=scope))

    def _followed(self, reference: Reference) -> Value:
        name = reference.name
        if name in CALLS or "." not in name:
            return (reference,)
        if name not in self._references:
            self._references[name] = None
            constant = known_constant(name)
            self._references[name] = constant if constant is not None else self._in_tree(name)
        found = self._references[name]
        return (reference,) if found is None or not (reference.is_near or known_constant(name)) else found

    def _in_tree(self, name: str) -> Value | None:
        for _ in range(_HOPS):
            module_name, names = self._library.split(name)
            module = self._library.delegate(module_name) if module_name and names else None
            if module is None or names[0] not in module.bindings:
                return None
            bound = module.bindings[names[0]][-1]
            if not isinstance(bound, Import):
                value = self.module_name(module, names[0])
                for attribute in names[1:]:
                    value = self.attribute(value, attribute, Frame(module))
                return value
            name = ".".join([bound.origin, *names[1:]])
            if name in CALLS:
                return (Reference(name),)
        return None


def self_argument(function: Function) -> Env:
    """The name of `self` or `cls` with what the function is bound to; empty for a function that is not bound."""
    arguments = function.node.args
    first = [*arguments.posonlyargs, *arguments.args][:1]
    return {argument.arg: (function.receiver,) for argument in first} if function.receiver is not None else {}


def _counted(name: str, value: Value, module: Module) -> Value:
    """A number that some function of the module increments is a counter."""
    numeric = all(isinstance(atom, (Constant, Number)) and not _is_flag(atom) for atom in value)
    return (Number(PartKind.COUNTER, 0, None),) if name in module.counted and value and numeric else value


def _is_flag(atom: Atom) -> bool:
    return isinstance(atom, Constant) and (atom.value is None or isinstance(atom.value, bool))
