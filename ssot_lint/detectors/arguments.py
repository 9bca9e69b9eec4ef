"""The arguments with which one call can make what was made one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from ssot_lint.detectors.generation import is_at_hand
from ssot_lint.detectors.pieces import Group, Piece, entries, is_used_in
from ssot_lint.detectors.strings import builder
from ssot_lint.detectors.values import Refusal
from ssot_lint.kinds.piecewise_generation import spellings
from ssot_lint.source.contract import Parameter, ParameterKind
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.scopes import ScopeKind
from ssot_lint.syntax.tree import Tree

_BY_NAME = (ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY)


def arguments_for(tree: Tree, group: Group) -> str:
    """The arguments of the group's generator as code; raises Refusal where a required one is not at hand.

    That is what the calls and dicts that get the IDs have under the parameter's name, or else the variable of
    that name. Other arguments are given where they were a part of the IDs.
    """
    codes = []
    parts = {_root(value) for piece in group.pieces for value in piece.others}
    for parameter in group.generator.parameters:
        if parameter.required or (parameter.name in parts and parameter.kind in _BY_NAME):
            code = _argument(tree, group, parameter)
            by_keyword = parameter.kind is ParameterKind.KEYWORD_ONLY or not parameter.required
            codes.append((f"{parameter.name}={code}" if by_keyword else code, code))
    names = {code for _, code in codes}
    for value in (value for piece in group.pieces for value in piece.others):
        if _root(value) not in names:
            raise Refusal(f"`{tree.code(value)}` would no longer be part of it")
    return ", ".join(argument for argument, _ in codes)


def _argument(tree: Tree, group: Group, parameter: Parameter) -> str:
    first = group.pieces[0]
    given = list(_given(tree, group, parameter))
    codes = {tree.code(value) for value in given}
    if len(codes) > 1:
        raise Refusal(f"the IDs are for several `{parameter.name}`s")
    if given and literal_text(given[0]) is not None:
        return codes.pop()
    name = codes.pop() if codes else parameter.name
    if given and not isinstance(given[0], cst.Name):
        raise Refusal(f"`{name}` may not be the same each time")
    if not _is_at_hand(tree, first.node, replace(parameter, name=name)):
        raise Refusal(f"`{name}` is not surely at hand for `{group.generator.name}`")
    for value in given:
        if _is_rebound(tree, name, first.node, value):
            raise Refusal(f"`{name}` is changed while the IDs are made")
    return name


def _given(tree: Tree, group: Group, parameter: Parameter) -> Iterator[cst.BaseExpression]:
    """What stands under the parameter's name beside the IDs, wherever they are handed on or put together."""
    names = spellings(parameter.name)
    holders: list[cst.CSTNode] = [*tree.nodes(cst.Call), *tree.nodes(cst.Dict)]
    for holder in holders:
        if any(_gets(tree, holder, piece) for piece in group.pieces):
            yield from (value for name, value in entries(holder) if name in names)


def _gets(tree: Tree, holder: cst.CSTNode, piece: Piece) -> bool:
    in_function = tree.function(holder) is tree.function(piece.node)
    return holder is piece.holder or (in_function and is_used_in(piece, holder))


def _is_at_hand(tree: Tree, node: cst.BaseExpression, parameter: Parameter) -> bool:
    """Whether a variable is surely bound at `node`, and surely not None if it must not be."""
    if is_at_hand(tree, node, parameter):
        return True
    place = tree.scopes.places[node]
    bindings = tree.names.bindings_at(parameter.name, place)
    if len(bindings) != 1 or bindings[0].place.scope is not place.scope:
        return False
    value = bindings[0].value
    is_text = value is not None and (literal_text(value) is not None or builder(value) is not None)
    at = bindings[0].place
    is_sure = at.time < place.time and at.block.encloses(place.block)
    return is_text and is_sure and place.scope.kind is ScopeKind.FUNCTION


def _is_rebound(tree: Tree, name: str, first: cst.CSTNode, last: cst.CSTNode) -> bool:
    start, end = tree.scopes.places[first], tree.scopes.places[last]
    bindings = start.scope.bindings.get(name, ())
    return any(start.time <= binding.place.time < end.time for binding in bindings)


def _root(node: cst.BaseExpression) -> str | None:
    """The variable that a value is, or is cut out of."""
    while isinstance(node, cst.Subscript):
        node = node.value
    return node.value if isinstance(node, cst.Name) else None
