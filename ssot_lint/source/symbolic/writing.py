"""Values written out as text: f-strings, `str()`, `%`, `.format()` and `strftime`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ssot_lint.source.contract import Part, PartKind
from ssot_lint.source.symbolic import numbers
from ssot_lint.source.symbolic.classes import enumeration_kind
from ssot_lint.source.symbolic.frame import Frame, Machine
from ssot_lint.source.symbolic.text import head, literal, padded, part, product_of
from ssot_lint.source.symbolic.unions import distinct, freshness, taint
from ssot_lint.source.symbolic.values import (
    Argument,
    Arguments,
    Atom,
    Constant,
    Fresh,
    Function,
    Instance,
    Mapping,
    Member,
    Number,
    Opaque,
    Sequence,
    Text,
    Value,
    constant_text,
)

_DIRECTIVES = {
    "Y": 4,
    "m": 2,
    "d": 2,
    "H": 2,
    "I": 2,
    "M": 2,
    "S": 2,
    "f": 6,
    "j": 3,
    "y": 2,
    "s": 10,
    "U": 2,
    "W": 2,
}
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_WIDTH = re.compile(r"(?:.?[<>^=])?0?(?P<width>\d+)?(?:\.(?P<precision>\d+))?s?")
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<spec>[-+ #0]*\d*(?:\.\d+)?)(?P<type>[a-zA-Z%])")
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}!:]*)(?:![rsa])?(?::(?P<spec>[^{}]*))?\}")

ISO = Part(PartKind.TIMESTAMP, "iso", 19, 32)


def strings(machine: Machine, value: Value, frame: Frame, spec: str = "") -> tuple[Text, ...]:
    """A value as `format()` writes it, one text for each possibility."""
    texts: list[Text] = []
    for atom in value:
        if isinstance(atom, Text) and not spec:
            texts.append(atom)
        else:
            texts.extend(_written(machine, atom, frame, spec))
    return distinct(texts)


def _written(machine: Machine, atom: Atom, frame: Frame, spec: str) -> Iterator[Text]:
    match atom:
        case Text():
            yield _aligned(atom, spec)
        case Number():
            yield numbers.written(atom, spec)
        case Constant(value):
            yield numbers.written_constant(value, spec)
        case Argument(name):
            yield _aligned(part(PartKind.PARAMETER, name, 0, None), spec)
        case Fresh():
            yield fresh_text(atom, spec)
        case Member(owner, name, value):
            plain = enumeration_kind(owner) == "Enum"
            yield from (
                [literal(f"{owner.node.name}.{name}")] if plain else machine.strings(value, frame, spec)
            )
        case Instance():
            yield from _by_its_own_method(machine, atom, frame)
        case Opaque(label):
            yield opaque_text(atom, label)
        case _:
            yield part(PartKind.UNKNOWN, "", 0, None)


def _by_its_own_method(machine: Machine, instance: Instance, frame: Frame) -> tuple[Text, ...]:
    methods = machine.attribute((instance,), "__str__", frame)
    if not any(isinstance(method, Function) for method in methods):
        return (part(PartKind.UNKNOWN, "", 0, None),)
    result = machine.call(methods, Arguments(), frame)
    texts = tuple(atom for atom in result if isinstance(atom, Text))
    return texts or (opaque_text(Opaque("", taint(result)), ""),)


def opaque_text(atom: Atom, label: str) -> Text:
    """A text of unknown length that is as fresh as the atom it is made from."""
    kind = freshness(atom)
    return part(kind or PartKind.UNKNOWN, "any" if kind else label, 0, None)


def fresh_text(atom: Fresh, spec: str = "") -> Text:
    """An object that holds something fresh, as `format()` writes it."""
    match atom.what:
        case "uuid" if atom.kind is not PartKind.UNKNOWN:
            return _aligned(part(atom.kind, "uuid", 36, 36), spec)
        case "uuid":
            return part(PartKind.UNKNOWN, "uuid", 36, 36)
        case "datetime":
            return date_text(spec) if spec else Text((ISO,))
        case "object" if atom.kind is not PartKind.UNKNOWN:
            return part(atom.kind, "any", atom.length or 0, atom.length)
        case _:
            return part(atom.kind, "", 0, None)


def date_text(pattern: str) -> Text:
    """The current time as `strftime(pattern)` writes it: one timestamp, a literal head apart."""
    start = pattern.index("%") if "%" in pattern else len(pattern)
    pattern, before = pattern[start:], literal(pattern[:start])
    if not pattern:
        return before
    lengths = [
        _DIRECTIVES.get(match[1], 1 if match[1] == "%" else None) for match in _DIRECTIVE.finditer(pattern)
    ]
    plain = len(_DIRECTIVE.sub("", pattern))
    known = [length for length in lengths if length is not None]
    total = plain + sum(known)
    longest = total if len(known) == len(lengths) else None
    return Text((*before.parts, Part(PartKind.TIMESTAMP, pattern, total, longest)), before.origin)


def percent(machine: Machine, template: Text, value: Value, frame: Frame) -> tuple[Text, ...] | None:
    """`template % value`; `None` when the template is not known."""
    pattern = constant_text((template,))
    if pattern is None:
        return None
    taken = iter(_positional(value))
    pieces: list[tuple[Text, ...]] = []
    for chunk, match in _chunks(_PERCENT, pattern):
        pieces.append((literal(chunk, template.origin),))
        if match is None:
            continue
        if match["type"] == "%":
            pieces.append((literal("%"),))
            continue
        given = _entry(value, match["name"]) if match["name"] else next(taken, (Opaque(),))
        spec = match["spec"] + match["type"] if match["type"] in "xXobdfeEgG" else ""
        pieces.append(machine.strings(given, frame, spec) or (literal(""),))
    return product_of(pieces)


def braces(machine: Machine, template: Text, arguments: Arguments, frame: Frame) -> tuple[Text, ...] | None:
    """`template.format(...)`; `None` when the template is not known."""
    pattern = constant_text((template,))
    if pattern is None:
        return None
    index = 0
    pieces: list[tuple[Text, ...]] = []
    for chunk, match in _chunks(_FIELD, pattern):
        pieces.append((literal(chunk, template.origin),))
        if match is None:
            continue
        if match["name"] is None:
            pieces.append((literal(match[0][0]),))
            continue
        name, *attributes = match["name"].split(".")
        position = int(name) if name.isdigit() else index if not name else len(arguments.positional)
        index += not name
        value = arguments.get(position, name) or (Opaque(match["name"]),)
        for attribute in attributes:
            value = machine.attribute(value, attribute, frame)
        pieces.append(machine.strings(value, frame, match["spec"] or ""))
    return product_of(pieces)


def _chunks(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    end = 0
    for match in pattern.finditer(text):
        yield text[end : match.start()], match
        end = match.end()
    yield text[end:], None


def _positional(value: Value) -> tuple[Value, ...]:
    match value:
        case (Sequence(shape="tuple", items=tuple() as items),):
            return items
        case _:
            return (value,)


def _entry(value: Value, name: str) -> Value:
    for atom in value:
        if isinstance(atom, Mapping):
            return next((entry for key, entry in atom.entries if key == name), atom.rest) or (Opaque(name),)
    return (Opaque(name),)


def _aligned(text: Text, spec: str) -> Text:
    if not spec:
        return text
    match = _WIDTH.fullmatch(spec)
    if match is None:
        return opaque_text(Opaque("", freshness(text)), "")
    if match["precision"]:
        text = head(text, int(match["precision"]))
    return padded(text, int(match["width"])) if match["width"] else text
