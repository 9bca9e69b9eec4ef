"""Python's built-in functions, as far as IDs are made with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ssot_lint.source.symbolic import numbers
from ssot_lint.source.symbolic.conditions import truth
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.iteration import UNROLLED, chosen, item_of, items_of, need
from ssot_lint.source.symbolic.text import concat, literal
from ssot_lint.source.symbolic.unions import freshness, join, taint
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
    Arguments,
    Atom,
    Constant,
    Fresh,
    Mapping,
    Number,
    Opaque,
    Sequence,
    Value,
    constant_int,
    constant_text,
)

Pure: TypeAlias = Callable[[Arguments], Value]
Builtin: TypeAlias = Callable[[Machine, Arguments, Frame], Value]

_NO_NONE = frozenset({"len", "int", "float", "abs", "round", "iter", "sum", "hex", "list", "tuple", "set"})
"""Built-in functions that raise when they are given `None`."""


def call_builtin(machine: Machine, name: str, arguments: Arguments, frame: Frame) -> Value | None:
    """What a built-in function returns; `None` if it is not one that matters."""
    if name in _NO_NONE:
        for atom in arguments.get(0) or ():
            need(atom, frame)
    if name in _PURE:
        return _PURE[name](arguments)
    return _BUILTINS[name](machine, arguments, frame) if name in _BUILTINS else None


def _str(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
    return machine.strings(arguments.get(0, "object") or (literal(""),), frame)


def _format(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
    spec = constant_text(arguments.get(1)) or ""
    return machine.strings(arguments.get(0) or UNKNOWN, frame, spec)


def _int(arguments: Arguments) -> Value:
    return join(*((_whole(atom),) for atom in arguments.get(0) or (Constant(0),)))


def _whole(atom: Atom) -> Atom:
    match atom:
        case Number() | Constant(value=int() | float()):
            return numbers.whole(atom)
        case Fresh(what="uuid", kind=kind):
            return Number(kind, 0, 2**128 - 1)
        case Argument(name):
            return Opaque(name)
        case Opaque():
            return atom
        case _:
            fresh = freshness(atom)
            return Number(fresh, 0, None) if fresh else Opaque()


def _based(spec: str, before: str) -> Builtin:
    def function(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
        texts = machine.strings(arguments.get(0) or UNKNOWN, frame, spec)
        return tuple(concat([literal(before), text]) for text in texts)

    return function


def _float(arguments: Arguments) -> Value:
    atoms = arguments.get(0) or UNKNOWN
    return tuple(Number(a.kind, a.low, a.high, False) if isinstance(a, Number) else a for a in atoms)


def _next(arguments: Arguments) -> Value:
    return item_of(arguments.get(0) or UNKNOWN)


def _same(arguments: Arguments) -> Value:
    return arguments.get(0) or UNKNOWN


def _sequence(shape: str) -> Pure:
    def function(arguments: Arguments) -> Value:
        given = arguments.get(0)
        if given is None:
            return (Sequence(shape, ()),)
        items = items_of(given)
        return (Sequence(shape, items, () if items is not None else item_of(given)),)

    return function


def _reversed(arguments: Arguments) -> Value:
    given = arguments.get(0) or UNKNOWN
    items = items_of(given)
    return (Sequence("list", items[::-1] if items is not None else None, () if items else item_of(given)),)


def _sorted(arguments: Arguments) -> Value:
    return (Sequence("list", None, item_of(arguments.get(0) or UNKNOWN)),)


def _range(arguments: Arguments) -> Value:
    bounds = [constant_int(value) for value in arguments.positional]
    known = [bound for bound in bounds if bound is not None]
    if known and len(known) == len(bounds) <= 3 and known[2:] != [0]:
        numbers_ = range(*known)
        if len(numbers_) <= UNROLLED:
            return (Sequence("list", tuple((Constant(number),) for number in numbers_)),)
    return (Sequence("list", None, (Opaque(),)),)


def _enumerate(arguments: Arguments) -> Value:
    given = arguments.get(0) or UNKNOWN
    items = items_of(given)
    if items is None:
        return (Sequence("list", None, (Sequence("tuple", (UNKNOWN, item_of(given))),)),)
    first = constant_int(arguments.get(1, "start")) or 0
    pairs = (((Constant(first + index),), item) for index, item in enumerate(items))
    return (Sequence("list", tuple((Sequence("tuple", pair),) for pair in pairs)),)


def _map(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
    callee, given = arguments.get(0) or UNKNOWN, arguments.get(1) or UNKNOWN
    items = items_of(given)
    if items is None:
        return (Sequence("list", None, machine.call(callee, Arguments((item_of(given),)), frame)),)
    return (Sequence("list", tuple(machine.call(callee, Arguments((item,)), frame) for item in items)),)


def _filter(arguments: Arguments) -> Value:
    check, given = arguments.get(0) or UNKNOWN, arguments.get(1) or UNKNOWN
    items = items_of(given)
    if items is None or check != (Constant(None),):
        return (Sequence("list", None, item_of(given)),)
    return chosen("list", [(item, truth(item)) for item in items])


def _divmod(arguments: Arguments) -> Value:
    fresh = taint(*arguments.all)
    result: Value = (Number(fresh, 0, None),) if fresh else UNKNOWN
    return (Sequence("tuple", (result, result)),)


def _getattr(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
    name = constant_text(arguments.get(1))
    if name is None:
        return (Opaque("", taint(*arguments.all)),)
    return join(machine.attribute(arguments.get(0) or UNKNOWN, name, frame), arguments.get(2) or ())


def _dict(arguments: Arguments) -> Value:
    rest: Value = UNKNOWN if arguments.positional or arguments.more else ()
    return (Mapping(arguments.keywords, rest),)


def _either(arguments: Arguments) -> Value:
    if len(arguments.positional) == 1:
        return item_of(arguments.positional[0])
    return join(*arguments.positional) or UNKNOWN


def _unknown(_: Arguments) -> Value:
    return UNKNOWN


_PURE: dict[str, Pure] = {
    "bytes": _same,
    "bytearray": _same,
    "int": _int,
    "round": _int,
    "float": _float,
    "abs": _same,
    "next": _next,
    "anext": _next,
    "iter": _same,
    "aiter": _same,
    "list": _sequence("list"),
    "tuple": _sequence("tuple"),
    "set": _sequence("list"),
    "frozenset": _sequence("list"),
    "reversed": _reversed,
    "sorted": _sorted,
    "range": _range,
    "enumerate": _enumerate,
    "filter": _filter,
    "divmod": _divmod,
    "dict": _dict,
    "min": _either,
    "max": _either,
    **dict.fromkeys(("len", "bool", "isinstance", "issubclass", "hasattr", "callable"), _unknown),
    **dict.fromkeys(("any", "all", "type", "sum"), _unknown),
}
_BUILTINS: dict[str, Builtin] = {
    "str": _str,
    "repr": _str,
    "format": _format,
    "hex": _based("x", "0x"),
    "oct": _based("o", "0o"),
    "bin": _based("b", "0b"),
    "map": _map,
    "getattr": _getattr,
}
