"""Methods and attributes of what is built in: strings, bytes, UUIDs, dates, digests, lists and dicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ssot_lint.source.contract import Part, PartKind
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.numbers import SECONDS
from ssot_lint.source.symbolic.text import (
    blurred,
    concat,
    drop,
    drop_end,
    literal,
    map_literals,
    padded,
    part,
    product_of,
    split,
    strip_ends,
)
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Argument,
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
    constant_int,
    constant_text,
    freshness,
    join,
    strongest,
    taint,
)
from ssot_lint.source.symbolic.writing import ISO, braces, date_text

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
            return _text_method(machine, receiver, name, arguments, frame)
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


def argument_method(name: str, argument: Argument, method: str) -> Value:
    """A string method of a parameter: what keeps its head is still the parameter."""
    if method in ("split", "rsplit", "splitlines", "partition", "rpartition"):
        return (Sequence("list", None, (Opaque(name),)),)
    if method in COUNTING:
        return (Number(PartKind.COUNTER, 0, None),)
    if method in _KEEP_ARGUMENT:
        return (part(PartKind.PARAMETER, argument.name, 0, None),)
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


def _text_method(machine: Machine, text: Text, name: str, arguments: Arguments, frame: Frame) -> Value:
    if name == "join":
        return _join(machine, text, arguments, frame)
    if name in ("format", "format_map"):
        given = arguments if name == "format" else _spread(arguments)
        return braces(machine, text, given, frame) or (blurred(text),)
    method = _TEXT_METHODS.get(name)
    if method is not None:
        return method(text, arguments)
    if name in _CASES:
        return (map_literals(text, _CASES[name]),)
    if name in ("startswith", "endswith", "isdigit", "isalnum", "find", "index", "count"):
        return UNKNOWN
    return (Opaque("", freshness(text)),)


def _join(machine: Machine, separator: Text, arguments: Arguments, frame: Frame) -> Value:
    results: list[Text] = []
    for atom in arguments.get(0) or ():
        if isinstance(atom, Sequence) and atom.items is not None:
            pieces: list[tuple[Text, ...]] = []
            for item in atom.items:
                pieces.extend(
                    ((separator,), machine.strings(item, frame))
                    if pieces
                    else (machine.strings(item, frame),)
                )
            results.extend(product_of(pieces) if pieces else (literal(""),))
        else:
            element = atom.element if isinstance(atom, Sequence) else (atom,)
            kind = taint(element)
            results.append(part(kind or PartKind.UNKNOWN, "any" if kind else "", 0, None))
    return tuple(dict.fromkeys(results)) or UNKNOWN


def _spread(arguments: Arguments) -> Arguments:
    match arguments.get(0):
        case (Mapping(entries=entries, rest=rest),):
            return Arguments((), entries, bool(rest))
        case _:
            return Arguments(more=True)


def _replace(text: Text, arguments: Arguments) -> Value:
    old, new = constant_text(arguments.get(0)), constant_text(arguments.get(1))
    if old is None or new is None or not old:
        return (blurred(text),)
    pieces = []
    for piece in map_literals(text, lambda known: known.replace(old, new)).parts:
        dashed = piece.kind in (PartKind.RANDOM, PartKind.UNKNOWN) and piece.text == "uuid" and old == "-"
        length = 32 + 4 * len(new)
        alphabet = "any" if new else "hex"
        pieces.append(
            replace(piece, text=alphabet, min_length=length, max_length=length) if dashed else piece
        )
    return (replace(concat([Text(tuple(pieces))]), origin=text.origin),)


def _split(text: Text, arguments: Arguments) -> Value:
    separator = constant_text(arguments.get(0, "sep"))
    if not separator or arguments.get(1, "maxsplit") is not None:
        return (Sequence("list", None, (blurred(text),)),)
    pieces = split(text, separator)
    if all(sure for _, sure in pieces):
        return (Sequence("list", tuple((piece,) for piece, _ in pieces)),)
    # Only what stands behind the last uncertain piece can be counted, and only from the end.
    certain = []
    for piece, sure in reversed(pieces):
        if not sure:
            break
        certain.append(piece)
    return (Sequence("split", tuple((piece,) for piece in reversed(certain)), (blurred(text),)),)


def _strip(left: bool, right: bool) -> TextMethod:
    def method(text: Text, arguments: Arguments) -> Value:
        characters = constant_text(arguments.get(0))
        if characters is None and arguments.positional:
            return (text,)
        change = {(True, True): str.strip, (True, False): str.lstrip, (False, True): str.rstrip}[left, right]
        return (strip_ends(text, lambda known: change(known, characters), left=left, right=right),)

    return method


def _fill(text: Text, arguments: Arguments) -> Value:
    width = constant_int(arguments.get(0))
    return (padded(text, width) if width is not None else blurred(text),)


def _remove_prefix(text: Text, arguments: Arguments) -> Value:
    known = constant_text(arguments.get(0))
    first = text.parts[0] if text.parts else None
    if known and first is not None and first.kind is PartKind.LITERAL and first.text.startswith(known):
        return (drop(text, len(known)),)
    return (text,)


def _remove_suffix(text: Text, arguments: Arguments) -> Value:
    known = constant_text(arguments.get(0))
    last = text.parts[-1] if text.parts else None
    if known and last is not None and last.kind is PartKind.LITERAL and last.text.endswith(known):
        return (drop_end(text, len(known)),)
    return (text,)


def _same(text: Text, _: Arguments) -> Value:
    return (text,)


def _hex_of_bytes(text: Text, _: Arguments) -> Value:
    return (Opaque("", freshness(text)),)


_TEXT_METHODS: dict[str, TextMethod] = {
    "replace": _replace,
    "split": _split,
    "rsplit": _split,
    "strip": _strip(True, True),
    "lstrip": _strip(True, False),
    "rstrip": _strip(False, True),
    "zfill": _fill,
    "rjust": _fill,
    "ljust": _fill,
    "removeprefix": _remove_prefix,
    "removesuffix": _remove_suffix,
    "encode": _same,
    "decode": _same,
    "hex": _hex_of_bytes,
}
_CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "casefold": str.casefold,
    "title": str.title,
    "capitalize": str.capitalize,
}


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
