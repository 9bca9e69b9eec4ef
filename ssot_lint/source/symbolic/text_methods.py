"""Methods of strings and bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ssot_lint.source.contract import PartKind
from ssot_lint.source.symbolic.frame import Frame, Machine
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
from ssot_lint.source.symbolic.unions import freshness, taint
from ssot_lint.source.symbolic.values import (
    UNKNOWN,
    Arguments,
    Mapping,
    Opaque,
    Sequence,
    Text,
    Value,
    constant_int,
    constant_text,
)
from ssot_lint.source.symbolic.writing import braces

TextMethod: TypeAlias = Callable[[Text, Arguments], Value]


def text_method(machine: Machine, text: Text, name: str, arguments: Arguments, frame: Frame) -> Value:
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
