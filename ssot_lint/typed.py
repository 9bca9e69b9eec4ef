"""Reads a TOML table into a frozen dataclass, whose annotations are the schema; all problems come at once.

A field `prefix_parameter: str | None = None` reads the key `prefix-parameter`; a field without a default is
required. Annotations may be str, int, bool, float, Path, Enum, Literal, Any, `tuple[X, ...]` (an array),
`Mapping[str, X]` (a table with free keys), another dataclass (a table with fixed keys) and unions of these.
`Annotated[X, "text"]` documents a field, `Annotated[X, Shape(…)]` holds its strings to a regular expression.
A `ValueError` that a dataclass raises while it is built is a problem of its table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from ssot_lint.errors import Problem


class DataclassLike(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Restricts the strings of a field to those that `regex` matches in full; `example` is one of them."""

    regex: str
    example: str


@dataclass(frozen=True, slots=True)
class OtherKeys:
    """Marks the field, a mapping, that takes all keys of the table that are no field's and look like none."""


@dataclass(frozen=True, slots=True)
class TomlField:
    """A field as TOML sees it: its key in the table, its name in Python, its evaluated type and its notes."""

    key: str
    name: str
    type: object
    default: object
    doc: str
    shape: Shape | None
    takes_others: bool


REQUIRED: object = object()
T = TypeVar("T", bound=DataclassLike)

_NAMES: Mapping[object, tuple[str, str]] = {
    str: ("a string", "strings"),
    Path: ("a string", "strings"),
    int: ("an integer", "integers"),
    float: ("a number", "numbers"),
    bool: ("true or false", "booleans"),
}


def read_table(
    cls: type[T], table: Mapping[str, object], file: str, key: str, problems: list[Problem]
) -> T | None:
    """The table as an instance of `cls`, or None after adding to `problems` each thing that is wrong.

    `file` and `key` (the dotted key of the table itself, empty for a whole file) are what the problems name.
    """
    return _Reader(file, problems).table(cls, table, key)


@cache
def toml_fields(cls: type[DataclassLike]) -> tuple[TomlField, ...]:
    """The fields of `cls` that a table may set."""
    return tuple(_toml_fields(cls))


def _toml_fields(cls: type[DataclassLike]) -> Iterator[TomlField]:
    hints = get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        if not field.init:
            continue
        hint = hints[field.name]
        annotated = get_origin(hint) is Annotated
        type_, *notes = get_args(hint) if annotated else (hint,)
        yield TomlField(
            field.name.replace("_", "-"),
            field.name,
            type_,
            _default(field),
            doc=next((note for note in notes if isinstance(note, str)), ""),
            shape=next((note for note in notes if isinstance(note, Shape)), None),
            takes_others=any(isinstance(note, OtherKeys) for note in notes),
        )


def members(annotation: object) -> tuple[object, ...]:
    """The alternatives of a union but None, which TOML cannot write; any other annotation stands alone."""
    if get_origin(annotation) not in (Union, UnionType):
        return (annotation,)
    return tuple(member for member in get_args(annotation) if member is not NoneType)


def choices(annotation: object) -> tuple[object, ...] | None:
    """The values that an Enum or a Literal allows, None for any other annotation."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(member.value for member in annotation)
    return None


def dotted(key: str, part: str) -> str:
    """`part` appended to a dotted key, quoted where TOML would quote it."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", part):
        part = '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{key}.{part}" if key else part


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """A clause that suggests the known word nearest to `word`, empty if none is near."""
    from difflib import get_close_matches

    near = get_close_matches(str(word), sorted(map(str, known)), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


class _Reader:
    """Reads the tables of one file; what a method returns after it has added a problem means nothing."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems

    def table(self, cls: type[T], table: Mapping[str, object], key: str) -> T | None:
        before = len(self._problems)
        known = {field.key: field for field in toml_fields(cls) if not field.takes_others}
        free = next((field.name for field in toml_fields(cls) if field.takes_others), None)
        values: dict[str, Any] = {}
        for name, value in table.items():
            if field := known.get(name):
                values[field.name] = self._field(field, value, dotted(key, name))
            elif free and not did_you_mean(name, known):
                values.setdefault(free, {})[name] = value
            else:
                self._bad(dotted(key, name), f"unknown key{did_you_mean(name, known)}")
        for name, field in known.items():
            if name not in table and field.default is REQUIRED:
                self._bad(dotted(key, name), "is missing")
        return self._build(cls, values, key) if len(self._problems) == before else None

    def _build(self, cls: type[T], values: Mapping[str, object], key: str) -> T | None:
        try:
            return cls(**values)
        except ValueError as error:
            self._bad(key, str(error))
            return None

    def _field(self, field: TomlField, value: object, key: str) -> object:
        before = len(self._problems)
        result = self._value(field.type, value, key)
        if field.shape and len(self._problems) == before:
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and not re.fullmatch(field.shape.regex, text):
                    self._bad(key, f"must look like {_show(field.shape.example)}, not {_show(text)}")
        return result

    def _value(self, annotation: object, value: object, key: str) -> object:
        for member in members(annotation):
            if _fits(member, value):
                return self._member(member, value, key)
        allowed = [choice for member in members(annotation) for choice in choices(member) or ()]
        hint = did_you_mean(value, allowed) if isinstance(value, str) else ""
        self._bad(key, f"must be {_describe(annotation)}, not {_show(value)}{hint}")
        return None

    def _member(self, annotation: object, value: Any, key: str) -> object:
        """Reads a value whose outermost type is known to fit."""
        if get_origin(annotation) is tuple:
            item = get_args(annotation)[0]
            return tuple(self._value(item, each, f"{key}[{i}]") for i, each in enumerate(value))
        if get_origin(annotation) is Mapping:
            item = get_args(annotation)[1]
            return {name: self._value(item, each, dotted(key, name)) for name, each in value.items()}
        if is_dataclass(annotation):
            return self.table(cast("type[DataclassLike]", annotation), value, key)
        if isinstance(annotation, type) and issubclass(annotation, (Enum, Path, float)):
            return annotation(value)
        return value

    def _bad(self, key: str, message: str) -> None:
        self._problems.append(Problem(self._file, key, message))


def _default(field: Field[Any]) -> object:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return REQUIRED if field.default is MISSING else field.default


def _fits(annotation: object, value: object) -> bool:
    """Whether the outermost type of a value is the one that an annotation, no union, asks for."""
    allowed = choices(annotation)
    if allowed is not None:
        return any(type(value) is type(each) and value == each for each in allowed)
    origin = get_origin(annotation)
    if origin is tuple:
        return isinstance(value, list)
    if origin is Mapping or is_dataclass(annotation):
        return isinstance(value, Mapping)
    if annotation is float:
        return type(value) in (int, float)
    if annotation in _NAMES:
        return type(value) is (str if annotation is Path else annotation)
    if annotation in (Any, object):
        return True
    raise TypeError(f"no table can be read into {annotation!r}")


def _describe(annotation: object) -> str:
    return " or ".join(map(_describe_member, members(annotation)))


def _describe_member(annotation: object) -> str:
    allowed = choices(annotation)
    if allowed is not None:
        return ("one of " if len(allowed) > 1 else "") + ", ".join(map(_show, allowed))
    if get_origin(annotation) is tuple:
        return f"an array of {_describe_items(get_args(annotation)[0])}"
    return _NAMES[annotation][0] if annotation in _NAMES else "a table"


def _describe_items(annotation: object) -> str:
    return " or ".join(map(_describe_item, members(annotation)))


def _describe_item(annotation: object) -> str:
    if annotation in _NAMES:
        return _NAMES[annotation][1]
    return _describe_member(annotation).replace("a table", "tables").replace("an array", "arrays")


def _show(value: object) -> str:
    """A value as TOML writes it; arrays and tables only by their kind."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        from json import dumps

        return dumps(value if len(value) <= 60 else value[:57] + "...", ensure_ascii=False)
    return str(value)
