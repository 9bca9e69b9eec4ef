"""The roles of the IDs that one function makes together."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ssot_lint.source.annotations import result_shape
from ssot_lint.source.contract import PartKind
from ssot_lint.source.results import Result
from ssot_lint.source.roles import is_short_for, role_of_name, role_of_prefix, roles_in_prose
from ssot_lint.source.symbolic.frame import Frame
from ssot_lint.source.symbolic.machine import Interpreter
from ssot_lint.source.symbolic.values import Function, Text


def roles_of_elements(machine: Interpreter, function: Function, result: Result) -> tuple[str, ...]:
    """By the names of what is returned, else by the docstring, else by what each ID begins with."""
    shape = result_shape(machine, getattr(function.node, "returns", None), Frame(function.module))
    fields = shape.fields if shape is not None and len(shape.fields) == len(result.names) else result.names
    heads = [_head(texts) for texts in result.elements]
    rows = zip(result.names, fields, heads, _documented(function, heads), strict=True)
    return tuple(
        role_of_name(name) or role_of_name(field) or told or role_of_prefix(head) or field or name
        for name, field, head, told in rows
    )


def _head(texts: tuple[Text, ...]) -> str:
    """The literal with which all of the texts begin that begin with one; empty if they differ."""
    firsts = {text.parts[0].text for text in texts if text.parts and text.parts[0].kind is PartKind.LITERAL}
    return firsts.pop() if len(firsts) == 1 else ""


def _documented(function: Function, heads: Sequence[str]) -> Sequence[str]:
    """The roles that the docstring lists, if each agrees with what its ID begins with; else none."""
    node = function.node
    text = None if isinstance(node, ast.Lambda) else ast.get_docstring(node)
    told = roles_in_prose(text or "", len(heads))
    agrees = all(not head or is_short_for(head, role) for head, role in zip(heads, told, strict=False))
    return told if told and agrees else [""] * len(heads)
