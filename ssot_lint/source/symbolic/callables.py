"""Calling what a value may be, and handing a function its arguments."""

from __future__ import annotations

import ast

from ssot_lint.source.contract import ParameterKind, PartKind
from ssot_lint.source.signature import read_parameters
from ssot_lint.source.symbolic.builtins import call_builtin
from ssot_lint.source.symbolic.classes import functional_shape
from ssot_lint.source.symbolic.frame import Env, Frame, Machine
from ssot_lint.source.symbolic.iteration import need
from ssot_lint.source.symbolic.known import known_call
from ssot_lint.source.symbolic.methods import COUNTING, call_method
from ssot_lint.source.symbolic.objects import construct, make_record
from ssot_lint.source.symbolic.unions import freshness, join, strongest, taint
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Arguments,
    Atom,
    Class,
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
    Value,
    constant_text,
)

_NAMED_TUPLES = ("collections.namedtuple", "typing.NamedTuple")
_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)


def call_atom(machine: Machine, atom: Atom, arguments: Arguments, frame: Frame) -> Value:
    """What calling one possibility returns."""
    match atom:
        case Function():
            return machine.function(atom, arguments, frame)
        case Class():
            return construct(machine, atom, arguments, frame)
        case Reference(name):
            return _call_reference(machine, name, arguments, frame)
        case Shape():
            return (make_record(machine, atom, arguments, None),)
        case Method(receiver, name):
            return call_method(machine, receiver, name, arguments, frame)
        case Partial(callee, first):
            return machine.call(callee, _combined(first, arguments), frame)
        case Instance():
            return machine.call(machine.attribute((atom,), "__call__", frame), arguments, frame)
        case _:
            need(atom, frame)
            return _call_unknown(atom, arguments)


def self_argument(function: Function) -> Env:
    """The name of `self` or `cls` with what the function is bound to; empty for one that is not bound."""
    if function.receiver is None:
        return {}
    arguments = function.node.args
    return {argument.arg: (function.receiver,) for argument in [*arguments.posonlyargs, *arguments.args][:1]}


def bound_arguments(machine: Machine, function: Function, arguments: Arguments) -> Env:
    """The names with which a function starts when it is called so; a call that does not fit is made to."""
    env = self_argument(function)
    positional, keywords = list(arguments.positional), dict(arguments.keywords)
    unknown = UNKNOWN if arguments.more else ()
    for argument, kind, default in read_parameters(function.node, bound=function.receiver is not None):
        name = argument.arg
        if kind is ParameterKind.VAR_POSITIONAL:
            env[name] = (Sequence("tuple", None if arguments.more else tuple(positional), unknown),)
        elif kind is ParameterKind.VAR_KEYWORD:
            env[name] = (Mapping(tuple(keywords.items()), unknown),)
        elif kind in _BY_POSITION and positional:
            env[name] = positional.pop(0)
        elif name in keywords:
            env[name] = keywords.pop(name)
        else:
            env[name] = _default(machine, function, name, default, arguments.more)
    return env


def _default(machine: Machine, function: Function, name: str, default: ast.expr | None, more: bool) -> Value:
    if default is None:
        return (Opaque(name),)
    value = machine.once(default, Frame(function.module, scope=function.definer))
    return join(value, (Opaque(name),) if more else ())


def _combined(first: Arguments, later: Arguments) -> Arguments:
    keywords = dict(first.keywords) | dict(later.keywords)
    return Arguments(
        (*first.positional, *later.positional), tuple(keywords.items()), first.more or later.more
    )


def _call_reference(machine: Machine, name: str, arguments: Arguments, frame: Frame) -> Value:
    if name in _NAMED_TUPLES:
        shape = functional_shape(constant_text(arguments.get(0)) or "", arguments.get(1))
        return UNKNOWN if shape is None else (shape,)
    settled = Arguments(
        tuple(machine.settled(value) for value in arguments.positional),
        tuple((keyword, machine.settled(value)) for keyword, value in arguments.keywords),
        arguments.more,
    )
    found = known_call(name, settled)
    if found is None and "." not in name:
        found = call_builtin(machine, name, settled, frame)
    return found if found is not None else (Opaque(name, taint(*settled.all)),)


def _call_unknown(atom: Atom, arguments: Arguments) -> Value:
    match atom:
        case Argument(label) | Opaque(label):
            if label.rpartition(".")[2] in COUNTING:
                return (Number(PartKind.COUNTER, 0, None),)
        case _:
            label = ""
    return (Opaque(label, strongest((freshness(atom), taint(*arguments.all)))),)
