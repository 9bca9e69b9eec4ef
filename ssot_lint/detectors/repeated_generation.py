"""Finds calls of one generator, with the same arguments, that each use another part of what it makes."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.calls import GeneratorCall, argument_names, generator_calls
from ssot_lint.kinds.repeated_generation import Params
from ssot_lint.syntax.flow import on_one_path
from ssot_lint.syntax.tree import Tree


def find(tree: Tree, params: Params, context: Context) -> Iterator[Sighting]:
    contract = context.contract
    if contract is None:
        return
    groups: list[list[GeneratorCall]] = []
    calls = [call for call in generator_calls(tree, contract) if tree.function(call.node) is not None]
    for call in sorted(calls, key=lambda item: tree.span(item.node).start):
        group = next((group for group in groups if _belongs(tree, call, group)), None)
        if group is None:
            groups.append([call])
            continue
        group.append(call)
        row = tree.span(group[0].node).start.row
        yield Sighting(
            call.node,
            f"`{call.generator.name}` was called with the same arguments on row {row}; one call makes all",
        )


def _belongs(tree: Tree, call: GeneratorCall, group: list[GeneratorCall]) -> bool:
    """Whether `call` could have taken its part from the first call of the group."""
    first = group[0]
    if call.arguments is None or not call.slots or not first.slots:
        return False
    if first.generator is not call.generator or first.arguments != call.arguments:
        return False
    if any(not call.slots.isdisjoint(other.slots) for other in group):
        return False
    return on_one_path(tree, first.node, call.node) and not _rebound(tree, first, call)


def _rebound(tree: Tree, first: GeneratorCall, call: GeneratorCall) -> bool:
    """Whether an argument may have another value at the second call."""
    assert call.arguments is not None
    names = argument_names(call.arguments)
    start, end = tree.scopes.places[first.node], tree.scopes.places[call.node]
    for name in names:
        bindings = start.scope.bindings.get(name, ())
        if any(start.time <= binding.place.time < end.time for binding in bindings):
            return True
    between = tree.span(first.node).end, tree.span(call.node).start
    return any(
        between[0] <= tree.span(target).start < between[1]
        for target in _stored_into(tree)
        if _root(target) in names
    )


def _stored_into(tree: Tree) -> Iterator[cst.BaseExpression]:
    for kind in (cst.Attribute, cst.Subscript):
        for node in tree.nodes(kind):
            parent = tree.parent(node)
            if (
                isinstance(parent, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign))
                and _target(parent) is node
            ):
                yield node


def _target(parent: cst.AssignTarget | cst.AugAssign | cst.AnnAssign) -> cst.CSTNode:
    return parent.target


def _root(node: cst.BaseExpression) -> str | None:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    return node.value if isinstance(node, cst.Name) else None
