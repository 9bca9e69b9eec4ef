"""Methods and attributes of what is built in: strings, bytes, UUIDs, dates, digests, lists and dicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ssot_lint.source.contract import Part, PartKind
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.numbers import SECONDS
from ssot_lint.source.symbolic.text import (
    concat,
    literal,
    part,
)
from ssot_lint.source.symbolic.text_methods import text_method
from ssot_lint.source.symbolic.unions import freshness, join, strongest, taint
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Arguments,
    Atom,
    Fresh,
    Mapping,
    Method,
    Number,
    Opaque,
    Sequence,
    Text,
    Value,
    constant_text,
)
from ssot_lint.source.symbolic.writing import ISO, date_text

TextMethod: TypeAlias = Callable[[Text, Arguments], Value]

COUNTING = ("incr", "increment", "nextval", "next_val")
"""Methods of something unknown that can only mean a counter."""

_UUID_NUMBERS = {"int": 128, "time_low": 32, "time_mid": 16, "time_hi_version": 16, "node": 48, "time": 60}
_SAME_DATE = ("replace", "astimezone", "date", "time", "utctimetuple", "timetuple", "isocalendar")


def built_in_attribute(atom: Atom, name: str) -> Value | None:
    """An attribute of something built in; `None` if it is none that is known."""
    match atom:
        case Fresh(what="uuid", kind=kind):
            return _uuid_attribute(kind, name)
        case Fresh(what="object") if name in ("str", "hex"):
            return (part(atom.kind, "any", atom.length or 0, atom.length),)
        case Fresh() | Text() | Number() | Sequence() | Mapping():
            return (Method(atom, name),)
        case _:
            return None


def call_method(machine: Machine, receiver: Atom, name: str, arguments: Arguments, frame: Frame) -> Value:
    """What a method of something built in returns."""
    match receiver:
        case Text():
            return text_method(machine, receiver, name, arguments, frame)
        case Fresh():
            return _fresh_method(receiver, name, arguments)
        case Sequence():
            return _sequence_method(receiver, name)
        case Mapping():
            return _mapping_method(receiver, name, arguments)
        case Number() if name in ("total_seconds", "timestamp"):
            return (receiver,)
        case _:
            return (Opaque("", strongest((freshness(receiver), taint(*arguments.all)))),)


def argument_method(name: str, method: str) -> Value:
    """A string method of a parameter: what keeps its head is still the parameter."""
    if method in ("split", "rsplit", "splitlines", "partition", "rpartition"):
        return (Sequence("list", None, (Opaque(name),)),)
    if method in COUNTING:
        return (Number(PartKind.COUNTER, 0, None),)
    if method in _KEEP_ARGUMENT:
        return (part(PartKind.PARAMETER, name, 0, None),)
    return (Opaque(f"{name}.{method}"),)


_KEEP_ARGUMENT = (
    "lower",
    "upper",
    "strip",
    "lstrip",
    "rstrip",
    "casefold",
    "title",
    "capitalize",
    "encode",
    "removesuffix",
)


def _uuid_attribute(kind: PartKind, name: str) -> Value:
    if name == "hex":
        return (Text((Part(kind, "hex" if kind is not PartKind.UNKNOWN else "uuid.hex", 32, 32),)),)
    if name == "urn":
        return (concat([literal("urn:uuid:"), part(kind, "uuid", 36, 36)]),)
    if name in ("bytes", "bytes_le"):
        return (Fresh("bytes", kind, 16),)
    if name in _UUID_NUMBERS:
        return (Number(kind, 0, 2 ** _UUID_NUMBERS[name] - 1),)
    if name == "fields":
        return (Sequence("tuple", None, (Number(kind, 0, 2**48 - 1),)),)
    return (Opaque(f"uuid.{name}", freshness(Fresh("uuid", kind, 36))),)


def _fresh_method(receiver: Fresh, name: str, arguments: Arguments) -> Value:
    match receiver.what, name:
        case "datetime", "timestamp":
            return (Number(PartKind.TIMESTAMP, *SECONDS, integral=False),)
        case "datetime", "isoformat" | "to_iso8601_string":
            return (Text((ISO,)),)
        case "datetime", "strftime":
            pattern = constant_text(arguments.get(0, "format"))
            return (Opaque("", PartKind.TIMESTAMP) if pattern is None else date_text(pattern),)
        case "datetime", _ if name in _SAME_DATE:
            return (receiver,)
        case "bytes", "hex":
            return (_hex_of(receiver),)
        case "digest", "hexdigest":
            return (_hex_of(receiver),)
        case "digest", "digest":
            return (Fresh("bytes", receiver.kind, receiver.length),)
        case "iterator", "__next__":
            return (Number(PartKind.COUNTER, 0, None),)
        case "object", "__str__" | "hex":
            return (part(receiver.kind, "any", receiver.length or 0, receiver.length),)
        case _:
            return (Opaque("", freshness(receiver)),)


def _hex_of(receiver: Fresh) -> Text:
    length = None if receiver.length is None else 2 * receiver.length
    return part(receiver.kind, "hex", length or 0, length)


def _sequence_method(receiver: Sequence, name: str) -> Value:
    if name == "copy":
        return (receiver,)
    if name in ("pop", "popleft"):
        return join(receiver.element, *(receiver.items or ())) or UNKNOWN
    return UNKNOWN


def _mapping_method(receiver: Mapping, name: str, arguments: Arguments) -> Value:
    values = join(*(value for _, value in receiver.entries), receiver.rest) or UNKNOWN
    if name in ("get", "pop", "setdefault"):
        default = arguments.get(1) or ()
        key = constant_text(arguments.get(0))
        entry = next((value for known, value in receiver.entries if known == key), None)
        if key is not None and not receiver.rest:
            return entry if entry is not None else default or UNKNOWN
        return join(entry if entry is not None else values, default)
    if name == "values":
        return (Sequence("list", None, values),)
    if name == "keys":
        return (Sequence("list", tuple((literal(key),) for key, _ in receiver.entries)),)
    if name == "items":
        pairs = tuple((Sequence("tuple", ((literal(key),), value)),) for key, value in receiver.entries)
        return (
            Sequence("list", None if receiver.rest else pairs, ((Sequence("tuple", (UNKNOWN, values)),))),
        )
    return (receiver,) if name == "copy" else UNKNOWN
