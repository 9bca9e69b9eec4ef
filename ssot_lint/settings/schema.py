"""A dataclass that `typed` reads -> the JSON Schema (2020-12) of its TOML table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, cast, get_args, get_origin

from ssot_lint.settings.options import Options
from ssot_lint.typed import REQUIRED, DataclassLike, Shape, TomlField, choices, members, toml_fields

_TYPES: Mapping[object, str] = {
    str: "string",
    Path: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
}


def settings_schema() -> dict[str, Any]:
    """The schema of the table `[tool.ssot-lint]`, which is also all of an ssot-lint.toml."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ssot-lint"}
    return head | table_schema(Options)


def table_schema(cls: type[DataclassLike]) -> dict[str, Any]:
    """The schema of the tables that `read_table` reads into `cls`."""
    known = [field for field in toml_fields(cls) if not field.takes_others]
    closed = len(known) == len(toml_fields(cls))
    schema: dict[str, Any] = {"type": "object"} | ({"additionalProperties": False} if closed else {})
    if required := [field.key for field in known if field.default is REQUIRED]:
        schema["required"] = required
    return schema | {"properties": {field.key: _field_schema(field) for field in known}}


def _field_schema(field: TomlField) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": field.doc} if field.doc else {}
    schema |= _schema(field.type, field.shape)
    if field.default is not REQUIRED and field.default is not None:
        schema["default"] = _plain(field.default)
    return schema


def _schema(annotation: object, shape: Shape | None = None) -> dict[str, Any]:
    alternatives = [_member_schema(member, shape) for member in members(annotation)]
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def _member_schema(annotation: object, shape: Shape | None) -> dict[str, Any]:
    allowed = choices(annotation)
    if allowed is not None:
        return {"enum": list(allowed)}
    if get_origin(annotation) is tuple:
        return {"type": "array", "items": _schema(get_args(annotation)[0], shape)}
    if get_origin(annotation) is Mapping:
        return {"type": "object", "additionalProperties": _schema(get_args(annotation)[1])}
    if is_dataclass(annotation):
        return table_schema(cast("type[DataclassLike]", annotation))
    if annotation not in _TYPES:
        return {}
    pattern = {"pattern": f"^({shape.regex})$"} if shape and annotation is str else {}
    return {"type": _TYPES[annotation]} | pattern


def _plain(default: object) -> object:
    """A default as JSON has it."""
    if isinstance(default, Enum):
        return default.value
    return list(default) if isinstance(default, tuple) else default
