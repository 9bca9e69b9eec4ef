"""The expressions that make an ID by hand for a variable, attribute, keyword or entry of a certain name."""

from __future__ import annotations

from collections.abc import Container, Iterator

import libcst as cst

from ssot_lint.detectors.rawness import RawValues
from ssot_lint.detectors.roles import unpacked
from ssot_lint.detectors.strings import builder
from ssot_lint.detectors.values import Made, is_cut
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.tree import Tree

_GETTERS = frozenset({"get", "setdefault"})
_TEXTS = frozenset({"secrets.token_hex", "secrets.token_urlsafe"})
_TEXT_FUNCTIONS = frozenset({"str", "hex"})
_TEXT_METHODS = frozenset({"isoformat", "strftime"})


def named_values(tree: Tree, names: Container[str]) -> Iterator[tuple[str, cst.BaseExpression, cst.CSTNode]]:
    """The values that are given to one of `names`: the name, the value, and what holds it.

    That is the assignment, or the call or dict whose keyword or key the name is.
    """
    for assign in tree.nodes(cst.Assign):
        name = _target_name(assign.targets[0].target) if len(assign.targets) == 1 else None
        if name in names:
            yield name or "", assign.value, assign
        for target, value in unpacked(assign):
            name = _target_name(target)
            if name in names:
                yield name or "", value, assign
    for annotated in tree.nodes(cst.AnnAssign):
        name = _target_name(annotated.target)
        if annotated.value is not None and name in names:
            yield name or "", annotated.value, annotated
    for argument in tree.nodes(cst.Arg):
        call = tree.parent(argument)
        if argument.keyword is not None and argument.keyword.value in names and call is not None:
            yield argument.keyword.value, argument.value, call
    for entry in tree.nodes(cst.DictElement):
        display, key = tree.parent(entry), _key(entry.key)
        if key in names and display is not None:
            yield key or "", entry.value, display


def maker(raws: RawValues, value: cst.BaseExpression) -> Made | None:
    """What makes the value where it is not there already: `x or …`, `d.get("x", …)`."""
    made = _made(raws, value)
    if made is not None:
        return made
    match value:
        case cst.BooleanOperation(operator=cst.Or(), right=right):
            return maker(raws, right)
        case cst.IfExp(body=body, orelse=orelse):
            return maker(raws, orelse) or maker(raws, body)
        case cst.Call(func=cst.Attribute(attr=cst.Name(name)), args=[_, cst.Arg(value=default)]):
            return maker(raws, default) if name in _GETTERS else None
    return None


def _made(raws: RawValues, node: cst.BaseExpression) -> Made | None:
    """The ID that an expression makes; None for a variable that only stands for one, and for all else."""
    if isinstance(node, cst.Name) or (isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name)):
        return None
    is_text = _is_text(raws, node)
    if not (is_text or _is_uuid(raws, node)) or raws.raw(node) is None:
        return None
    values = (binding.value for _, binding in raws.variables_in(node))
    parts = builder(node)
    is_short = is_cut(node) or any(value is not None and is_cut(value) for value in values)
    is_short = is_short or (parts is not None and bool(parts.formatted))
    return Made(node, is_text, 0 if is_short else None, parts)


def _is_text(raws: RawValues, node: cst.BaseExpression) -> bool:
    if builder(node) is not None:
        return True
    match node:
        case cst.Attribute(attr=cst.Name("hex")):
            return True
        case cst.Subscript(value=value):
            return _is_text(raws, value)
        case cst.Call(func=cst.Name(name)) if name in _TEXT_FUNCTIONS:
            return True
        case cst.Call(func=cst.Attribute(value=value, attr=cst.Name(name))) if not raws.names(node):
            return name in _TEXT_METHODS or _is_text(raws, value)
    return isinstance(node, cst.Call) and not _TEXTS.isdisjoint(raws.names(node))


def _is_uuid(raws: RawValues, node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and any(name.startswith("uuid.") for name in raws.names(node))


def _target_name(target: cst.BaseExpression) -> str | None:
    match target:
        case cst.Name(name) | cst.Attribute(attr=cst.Name(name)):
            return name
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
            return _key(key)
    return None


def _key(node: cst.BaseExpression) -> str | None:
    return literal_text(node) if isinstance(node, cst.SimpleString) else None
