"""Whether a column or field can hold an ID of the source, as far as the same file says what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from ssot_lint.detectors.generation import NewCall
from ssot_lint.detectors.roles import Slot
from ssot_lint.detectors.values import Refusal

_STRINGS = r"(?:N?VARCHAR2?|CHAR|String|Unicode|CharField|StringField|varchar|char|character varying)"
_STRING_TYPE = re.compile(_STRINGS)
_MOST_KEPT = 64
_UUID_TYPE = re.compile(r"UUID|Uuid|GUID|Guid|UNIQUEIDENTIFIER")
_LENGTHS = frozenset({"length", "max_length"})
_PATTERNS = frozenset({"pattern", "regex"})
# Each stands behind a name; a pattern that begins with a literal is found many times faster than one that
# begins with a boundary.
_DECLARED = (
    r"\b[\"'`]?\s*+(?::[^=\n]*)?=\s*+[\w.]*(?:Column|column|Field)\((?:[^()]|\([^()]*\))*?"
    rf"\b{_STRINGS}\(\s*(?:length\s*=\s*)?(\d+)"
)
_DECLARED_IN_SQL = rf"\b[\"'`]?\s++{_STRINGS}\s*\((\d+)"
_IS_UUID = r"\b[\"'`]?\s+(?:Nullable\()?UUID\b"


def check_type(slot: Slot, text: str) -> None:
    """Raises Refusal where the place is there for a UUID, or for values of some pattern."""
    if slot.name and _is_uuid(slot.name, text):
        raise Refusal(f"a column `{slot.name}` holds a UUID")
    if slot.annotation is not None and (_names_uuid(slot.annotation) or _says_uuid(slot.annotation)):
        raise Refusal("the place is declared to hold a UUID")
    if any(map(_names_uuid, slot.calls)):
        raise Refusal("the column holds a UUID")
    if any(argument.keyword and argument.keyword.value in _PATTERNS for argument in _arguments(slot)):
        raise Refusal("the place is declared to hold values of some pattern")


def check_length(slot: Slot, call: NewCall, text: str) -> None:
    """Raises Refusal where a column is too short for the longest ID that the call can make."""
    declared = _declared_lengths(slot.name, text) if slot.name else ()
    for limit in (*_lengths(slot), *declared):
        if limit is None:
            raise Refusal("the length of the column is not known")
        if call.longest is None:
            raise Refusal(f"the column holds {limit} characters, and nothing bounds the length of an ID")
        if call.longest > limit:
            raise Refusal(f"the column holds {limit} characters, and an ID can have {call.longest}")


def _names_uuid(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Name):
        return _UUID_TYPE.search(node.value) is not None
    return not isinstance(node, cst.Lambda) and any(map(_names_uuid, node.children))


def _says_uuid(annotation: cst.BaseExpression) -> bool:
    """Whether an annotation is written as a text, and for a UUID."""
    return isinstance(annotation, cst.SimpleString) and _UUID_TYPE.search(annotation.value) is not None


def _lengths(slot: Slot) -> Iterator[int | None]:
    """The most characters of the place; None for a length that is not written out."""
    for argument in _arguments(slot):
        if argument.keyword is not None and argument.keyword.value in _LENGTHS:
            yield _number(argument.value)
    for call in _calls(slot):
        name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        if isinstance(name, cst.Name) and _STRING_TYPE.fullmatch(name.value):
            yield from (_number(argument.value) for argument in call.args[:1] if argument.keyword is None)


def _number(node: cst.BaseExpression) -> int | None:
    return int(node.value, 0) if isinstance(node, cst.Integer) else None


@lru_cache(_MOST_KEPT)
def _is_uuid(name: str, text: str) -> bool:
    """Whether a column of that name is declared to hold a UUID."""
    return "UUID" in text and re.search(_behind(name, _IS_UUID), text) is not None


@lru_cache(_MOST_KEPT)
def _declared_lengths(name: str, text: str) -> tuple[int, ...]:
    """The lengths of columns of that name that are declared elsewhere in the file."""
    patterns = (_behind(name, pattern) for pattern in (_DECLARED, _DECLARED_IN_SQL))
    return tuple(int(length) for pattern in patterns for length in re.findall(pattern, text))


def _behind(name: str, pattern: str) -> str:
    """What finds a pattern behind a name that is a word."""
    literal = re.escape(name)
    return rf"{literal}(?<=\b{literal}){pattern}"


def _arguments(slot: Slot) -> Iterator[cst.Arg]:
    for call in _calls(slot):
        yield from call.args


def _calls(slot: Slot) -> Iterator[cst.Call]:
    """The calls that declare the place: those around the value, and those in them and in the annotation."""
    for node in (*slot.calls, *([slot.annotation] if slot.annotation else ())):
        yield from _calls_in(node)


def _calls_in(node: cst.CSTNode) -> Iterator[cst.Call]:
    if isinstance(node, cst.Lambda):
        return
    if isinstance(node, cst.Call):
        yield node
    for child in node.children:
        yield from _calls_in(child)
