"""Finds calls of one generator, with the same arguments, that each use another part of what it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.calls import GeneratorCall, argument_names, generator_calls
from ssot_lint.detectors.merging import merge
from ssot_lint.detectors.values import Refusal
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.kinds.repeated_generation import Params
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.flow import on_one_path
from ssot_lint.syntax.tree import Tree


def find(tree: Tree, params: Params, context: Context) -> Iterator[Sighting]:
    contract = context.contract
    if contract is None:
        return
    workshop = Workshop(tree, context.text)
    for group in _groups(tree, contract):
        if len(group) > 1:
            yield from _sightings(tree, group, workshop, context)


def _sightings(
    tree: Tree, group: Sequence[GeneratorCall], workshop: Workshop, context: Context
) -> Iterator[Sighting]:
    """The second and every later call, each with the fix of all."""
    row = tree.span(group[0].node).start.row
    name = group[0].generator.name
    message = f"`{name}` was called with the same arguments on row {row}; one call makes all"
    fix, reason = None, None
    if context.with_fixes:
        try:
            fix = merge(tree, group, workshop, context)
        except Refusal as refusal:
            reason = str(refusal)
    for call in group[1:]:
        related = tuple(other.node for other in group if other is not call)
        yield Sighting(call.node, message, fix, reason, related)


def _groups(tree: Tree, contract: Contract) -> list[list[GeneratorCall]]:
    """Calls that could each have taken their part from the first of them, in the order of the text."""
    groups: list[list[GeneratorCall]] = []
    calls = [call for call in generator_calls(tree, contract) if tree.function(call.node) is not None]
    for call in sorted(calls, key=lambda item: tree.span(item.node).start):
        group = next((group for group in groups if _belongs(tree, call, group)), None)
        if group is None:
            groups.append([call])
        else:
            group.append(call)
    return groups


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
        bindings = start.scope.redirected.get(name, start.scope).bindings.get(name, ())
        if any(start.time <= binding.place.time < end.time for binding in bindings):
            return True
    between = tree.span(first.node).end, tree.span(call.node).start
    return any(
        between[0] <= tree.span(target).start < between[1]
        for target in tree.scopes.stores
        if _root(target) in names
    )


def _root(node: cst.CSTNode) -> str | None:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    return node.value if isinstance(node, cst.Name) else None
