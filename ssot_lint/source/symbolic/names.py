"""What names stand for: locally, in the module, among the built-ins, and behind imports into the tree."""

from __future__ import annotations

import ast

from ssot_lint.source.contract import PartKind
from ssot_lint.source.library import Library
from ssot_lint.source.module import Bound, Import, Module
from ssot_lint.source.symbolic.classes import body_of
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.known import CALLS, known_constant
from ssot_lint.source.symbolic.objects import opened
from ssot_lint.source.symbolic.unions import join, steady
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Atom,
    Class,
    Constant,
    Function,
    Number,
    Opaque,
    Reference,
    Value,
)

_HOPS = 4


class Names:
    """Looks names up, remembering what they stand for."""

    def __init__(self, machine: Machine, library: Library) -> None:
        self._machine = machine
        self._library = library
        self._known: dict[tuple[Module, str], Value] = {}
        self._followed: dict[str, Value | None] = {}

    def local(self, name: str, frame: Frame) -> Value:
        """A name as a frame sees it, in the order in which Python looks."""
        if name in frame.env:
            return frame.env[name]
        if frame.scope is not None and name in body_of(frame.scope):
            return self._bound(body_of(frame.scope)[name][-1], frame.module, frame.scope)
        outer = frame.outer
        while outer is not None:
            if name in outer.env:
                return _counted(name, outer.env[name], frame.module)
            outer = outer.outer
        return self.in_module(frame.module, name)

    def in_module(self, module: Module, name: str) -> Value:
        """A name at the top level of a module, or among the built-in functions."""
        key = module, name
        if key not in self._known:
            # While it is being found out it may be anything: a definition may go round in a circle.
            self._known[key] = UNKNOWN
            self._known[key] = self._in_module(module, name)
        return self._known[key]

    def settled(self, value: Value) -> Value:
        """The value with references followed into the tree, where they lead there."""
        for atom in value:
            if type(atom) is Reference:
                break
        else:
            return value
        return join(*(self._target(atom) if isinstance(atom, Reference) else (atom,) for atom in value))

    def _in_module(self, module: Module, name: str) -> Value:
        bounds = module.bindings.get(name)
        if bounds is None:
            return self._unbound(module, name)
        value = opened(join(*(self._bound(bound, module, None) for bound in bounds)))
        value = _counted(name, value, module)
        is_counter = any(isinstance(atom, Number) for atom in value)
        return (
            steady(name, join(value, (Opaque(name),))) if name in module.rebound and not is_counter else value
        )

    def _unbound(self, module: Module, name: str) -> Value:
        for star in module.stars:
            reference = Reference(f"{star.module}.{name}", module.is_near)
            followed = self._target(reference)
            if reference.name in CALLS or followed != (reference,):
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
                return self._machine.once(bound, Frame(module, scope=scope))

    def _target(self, reference: Reference) -> Value:
        name = reference.name
        if name in CALLS or "." not in name:
            return (reference,)
        constant = known_constant(name)
        if constant is not None or not reference.is_near:
            return constant or (reference,)
        if name not in self._followed:
            self._followed[name] = None
            self._followed[name] = self._in_tree(name)
        return self._followed[name] or (reference,)

    def _in_tree(self, name: str) -> Value | None:
        for _ in range(_HOPS):
            module_name, names = self._library.split(name)
            module = self._library.delegate(module_name) if module_name and names else None
            if module is None or names[0] not in module.bindings:
                return None
            bound = module.bindings[names[0]][-1]
            if not isinstance(bound, Import):
                value = self.in_module(module, names[0])
                for attribute in names[1:]:
                    value = self._machine.attribute(value, attribute, Frame(module))
                return value
            name = ".".join([bound.origin, *names[1:]])
            if name in CALLS:
                return (Reference(name),)
        return None


def _counted(name: str, value: Value, module: Module) -> Value:
    """A number that some function of the module increments is a counter."""
    numeric = all(isinstance(atom, (Constant, Number)) and not _is_flag(atom) for atom in value)
    return (Number(PartKind.COUNTER, 0, None),) if name in module.counted and value and numeric else value


def _is_flag(atom: Atom) -> bool:
    return isinstance(atom, Constant) and (atom.value is None or isinstance(atom.value, bool))
