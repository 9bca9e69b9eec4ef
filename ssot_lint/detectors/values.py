"""The ID that a call of a raw generator ends up in: made a string, cut, put behind a prefix."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from ssot_lint.detectors.strings import Builder, builder
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.scopes import children
from ssot_lint.syntax.tree import Tree

_BUILDING = (cst.FormattedString, cst.ConcatenatedString, cst.BinaryOperation, cst.Call)


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """Why there is no fix; the text completes "there is no fix because …"."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The expression that makes an ID from a raw one.

    `is_text` tells whether it is a string by then, `cut_to` to how many characters it was cut, `parts` how it
    was built where it was built of several.
    """

    node: cst.BaseExpression
    is_text: bool
    cut_to: int | None = None
    parts: Builder | None = None


def made_id(tree: Tree, callee: cst.BaseExpression) -> Made:
    """The whole expression around a raw generator; raises Refusal where it is not the making of one ID."""
    call = tree.parent(callee)
    if not isinstance(call, cst.Call) or call.func is not callee:
        raise Refusal("the generator itself is handed on, not an ID")
    if call.args:
        raise Refusal("the call takes arguments that the source does not know")
    made = Made(call, is_text=False)
    while True:
        larger = _step(tree, made)
        if larger is None:
            return made
        made = larger


def _step(tree: Tree, made: Made) -> Made | None:
    """The expression around `made` if it only goes on making the same ID."""
    outer = tree.parent(made.node)
    if isinstance(outer, cst.Arg) and outer.keyword is None and not outer.star:
        call = tree.parent(outer)
        if isinstance(call, cst.Call) and tree.names.is_builtin(call.func, "str") and len(call.args) == 1:
            return Made(call, True, made.cut_to, made.parts)
    if isinstance(outer, cst.Attribute):
        return _attribute(tree, made, outer)
    if isinstance(outer, cst.Subscript) and outer.value is made.node:
        return _slice(made, outer)
    if isinstance(outer, cst.FormattedStringExpression) and (
        outer.conversion or outer.format_spec is not None
    ):
        raise Refusal("the value is formatted")
    built = _enclosing_builder(tree, made.node)
    return None if built is None else _built(made, *built)


def _attribute(tree: Tree, made: Made, attribute: cst.Attribute) -> Made:
    name = attribute.attr.value
    if not made.is_text and name == "hex":
        return Made(attribute, True)
    call = tree.parent(attribute)
    if made.is_text and name == "replace" and isinstance(call, cst.Call) and call.func is attribute:
        texts = [literal_text(argument.value) for argument in call.args]
        if texts == ["-", ""]:
            return Made(call, True, made.cut_to, made.parts)
    raise Refusal(f"the value is processed further, by `.{name}`")


def _slice(made: Made, subscript: cst.Subscript) -> Made:
    match subscript.slice:
        case [cst.SubscriptElement(slice=cst.Slice(lower=None, upper=cst.Integer(value=digits), step=None))]:
            if made.is_text and made.parts is None:
                return Made(subscript, True, int(digits, 0))
    raise Refusal("a part is cut out of the value")


def _enclosing_builder(tree: Tree, node: cst.BaseExpression) -> tuple[cst.BaseExpression, Builder] | None:
    """The outermost expression that builds a text with `node` as one of its values."""
    found = None
    for outer in tree.ancestors(node):
        if isinstance(outer, (cst.BaseStatement, cst.BaseSmallStatement, cst.Lambda)):
            break
        if isinstance(outer, _BUILDING):
            parts = builder(outer)
            if parts is not None and node in parts.values:
                found = (outer, parts)
    return found


def _built(made: Made, node: cst.BaseExpression, parts: Builder) -> Made:
    if parts.values[-1] is not made.node or parts.texts[-1]:
        raise Refusal("the value is followed by more text")
    if made.parts is not None:
        raise Refusal("the text is put together in several steps")
    return Made(node, True, made.cut_to, parts)


def is_cut(node: cst.CSTNode) -> bool:
    """Whether a slice stands anywhere in the expression."""
    return isinstance(node, cst.Slice) or any(is_cut(child) for child in children(node))
