"""Strings that an expression puts together, whatever the spelling: texts with values between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import Formatter

import libcst as cst

from ssot_lint.syntax.names import literal_text


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """A value in the text; `is_plain` if what stands there is its `str()`."""

    value: cst.BaseExpression
    is_plain: bool = True


Piece = str | _Field

_PERCENT = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<type>[diouxXeEfFgGcrsa%])"
)


@dataclass(frozen=True, slots=True, eq=False)
class Builder:
    """`texts` stand around `values`, so there is one more of them; `head` is the literal that comes first, if
    one does.

    `nested` are the expressions inside that are only steps of the same building, `formatted` the values of
    which something else than their `str()` becomes a part, or of which it cannot be told.
    """

    head: cst.BaseExpression | None
    texts: tuple[str, ...]
    values: tuple[cst.BaseExpression, ...]
    nested: tuple[cst.BaseExpression, ...]
    formatted: frozenset[cst.BaseExpression] = frozenset()


def builder(node: cst.BaseExpression) -> Builder | None:
    """How `node` builds a string with a value in it; None if it does not."""
    nested: list[cst.BaseExpression] = []
    pieces = _pieces(node, nested)
    if pieces is None:
        return None
    texts = [""]
    fields: list[_Field] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts[-1] += piece
        else:
            fields.append(piece)
            texts.append("")
    values = [field.value for field in fields]
    if not values or (not any(texts) and not isinstance(node, cst.FormattedString)):
        return None
    formatted = frozenset(field.value for field in fields if not field.is_plain)
    return Builder(_head(node) if texts[0] else None, tuple(texts), tuple(values), tuple(nested), formatted)


def _head(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The string literal with which the built text begins."""
    match node:
        case cst.SimpleString() | cst.FormattedString():
            return node
        case cst.ConcatenatedString() | cst.BinaryOperation():
            return _head(node.left)
        case cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name("format"))):
            return _head(receiver)
        case cst.Call(func=cst.Attribute(attr=cst.Name("join"))):
            items = _joined(node)
            return _head(items[0]) if items else None
    return None


def _pieces(node: cst.BaseExpression, nested: list[cst.BaseExpression]) -> Sequence[Piece] | None:
    match node:
        case cst.SimpleString():
            text = literal_text(node)
            return None if text is None else [text]
        case cst.FormattedString():
            return [_formatted(part) for part in node.parts]
        case cst.ConcatenatedString():
            return _sequence((node.left, node.right), nested)
        case cst.BinaryOperation(operator=cst.Add()):
            return _sequence((node.left, node.right), nested)
        case cst.BinaryOperation(operator=cst.Modulo()):
            return _percent(node, nested)
        case cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name("format"))):
            return _format(node, receiver, nested)
        case cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name("join"))):
            return _join(node, receiver, nested)
    return None


def _formatted(part: cst.BaseFormattedStringContent) -> Piece:
    if isinstance(part, cst.FormattedStringExpression):
        is_plain = part.conversion is None and part.format_spec is None and part.equal is None
        return _Field(part.expression, is_plain)
    text = cst.ensure_type(part, cst.FormattedStringText).value
    return text.replace("{{", "{").replace("}}", "}")


def _sequence(operands: Iterable[cst.BaseExpression], nested: list[cst.BaseExpression]) -> list[Piece]:
    pieces: list[Piece] = []
    for operand in operands:
        inner = _pieces(operand, nested)
        if inner is None:
            pieces.append(_Field(operand))
        else:
            nested.append(operand)
            pieces.extend(inner)
    return pieces


def _percent(node: cst.BinaryOperation, nested: list[cst.BaseExpression]) -> list[Piece] | None:
    template = literal_text(node.left)
    if template is None:
        return None
    nested.append(node.left)
    right = node.right
    values = [item.value for item in right.elements] if isinstance(right, cst.Tuple) else [right]
    pieces: list[Piece] = []
    at = 0
    for match in _PERCENT.finditer(template):
        pieces.append(template[at : match.start()])
        at = match.end()
        if match["type"] == "%":
            pieces.append("%")
        elif match["key"] is not None:
            pieces.append(_Field(right, is_plain=False))
        elif values:
            pieces.append(_Field(values.pop(0), is_plain=match[0] == "%s"))
        else:
            return None
    pieces.append(template[at:])
    return pieces


def _format(
    node: cst.Call, receiver: cst.BaseExpression, nested: list[cst.BaseExpression]
) -> list[Piece] | None:
    template = literal_text(receiver)
    if template is None or any(argument.star for argument in node.args):
        return None
    nested.append(receiver)
    positional = [argument.value for argument in node.args if argument.keyword is None]
    named = {argument.keyword.value: argument.value for argument in node.args if argument.keyword}
    pieces: list[Piece] = []
    used: list[cst.BaseExpression] = []
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return None
    count = 0
    for text, name, form, conversion in fields:
        pieces.append(text)
        if name is None:
            continue
        key = re.split(r"[.\[]", name, maxsplit=1)[0] or str(count)
        count += not name
        value = positional[int(key)] if key.isdigit() and int(key) < len(positional) else named.get(key)
        if value is None:
            return None
        used.append(value)
        is_plain = not form and not conversion and (not name or name.isidentifier() or name.isdigit())
        pieces.append(_Field(value, is_plain))
    if sorted(map(id, used)) != sorted(map(id, (*positional, *named.values()))):
        pieces = [replace(piece, is_plain=False) if isinstance(piece, _Field) else piece for piece in pieces]
    return pieces


def _join(
    node: cst.Call, receiver: cst.BaseExpression, nested: list[cst.BaseExpression]
) -> list[Piece] | None:
    separator = literal_text(receiver)
    items = _joined(node)
    if separator is None or not items:
        return None
    pieces: list[Piece] = []
    for index, item in enumerate(items):
        pieces += [separator] if index else []
        pieces += _sequence([item], nested)
    return pieces


def _joined(node: cst.Call) -> list[cst.BaseExpression]:
    """The items of the list or tuple that is joined; empty if they are not written out."""
    if len(node.args) != 1 or not isinstance(node.args[0].value, (cst.List, cst.Tuple)):
        return []
    elements = node.args[0].value.elements
    return (
        []
        if any(isinstance(item, cst.StarredElement) for item in elements)
        else [item.value for item in elements]
    )
