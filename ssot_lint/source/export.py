"""The contract as JSON and back, for the run-time library and other readers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ssot_lint.errors import InputError, Problem
from ssot_lint.source.contract import Contract, Source

VERSION = 1
"""Of the JSON's shape; a reader must refuse another one."""


def to_json(contract: Contract) -> dict[str, Any]:
    """The contract as JSON values: every field under its name, enumerations as their values."""
    return {"version": VERSION, "sources": [_plain(source) for source in contract.sources]}


def from_json(data: object, file: str) -> Contract:
    """The contract that `to_json` wrote; raises `InputError` naming `file` and every key that is wrong."""
    problems: list[Problem] = []
    if not isinstance(data, Mapping) or data.get("version") != VERSION:
        raise InputError(
            [Problem(file, "version", f"is not {VERSION}: this is no contract, or one of another version")]
        )
    sources = _read(tuple[Source, ...], data.get("sources"), "sources", file, problems)
    if problems:
        raise InputError(problems)
    return Contract(sources)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


def _read(kind: Any, value: Any, key: str, file: str, problems: list[Problem]) -> Any:
    if type(value) is kind:
        return value
    if get_origin(kind) is tuple:
        return _read_items(get_args(kind)[0], value, key, file, problems)
    if isinstance(kind, UnionType):
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if value is None else _read(inner, value, key, file, problems)
    if dataclasses.is_dataclass(kind):
        return _read_fields(kind, value, key, file, problems)
    if issubclass(kind, StrEnum):
        if value in tuple(kind):
            return kind(value)
        problems.append(Problem(file, key, f"must be one of {', '.join(kind)}"))
    else:
        problems.append(Problem(file, key, f"must be of type {kind.__name__}"))
    return value


def _read_items(kind: Any, value: Any, key: str, file: str, problems: list[Problem]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        problems.append(Problem(file, key, "must be an array"))
        return ()
    return tuple(_read(kind, item, f"{key}[{index}]", file, problems) for index, item in enumerate(value))


def _read_fields(kind: Any, value: Any, key: str, file: str, problems: list[Problem]) -> Any:
    hints = _hints(kind)
    names = [*hints]
    if not isinstance(value, Mapping) or set(value) != set(names):
        problems.append(Problem(file, key, f"must be an object with exactly the keys {', '.join(names)}"))
        return None
    before = len(problems)
    read = {name: _read(hints[name], value[name], f"{key}.{name}", file, problems) for name in names}
    return kind(**read) if len(problems) == before else None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """The type of each field by its name; working them out takes longer than reading a contract."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
