"""Finds calls of, and references to, functions that only the source may use, through every spelling."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.slots import no_id_slot
from ssot_lint.kinds.forbidden_call import Params
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.names import literal_text
from ssot_lint.syntax.tree import Tree


def find(tree: Tree, params: Params, context: Context) -> Iterator[Sighting]:
    sightings = _sightings(tree, params, context.contract)
    if not context.with_fixes:
        return sightings
    from ssot_lint.detectors.replacing import replaced  # takes time to load

    return replaced(sightings, tree, context)


def _sightings(tree: Tree, params: Params, contract: Contract | None) -> Iterator[Sighting]:
    forbidden = frozenset(params.calls)
    for node, names in _references(tree, forbidden):
        found = sorted(names & forbidden)
        if found and node not in tree.scopes.annotations:
            yield Sighting(node, _message(tree, node, found[0], contract))


def _references(tree: Tree, forbidden: frozenset[str]) -> Iterator[tuple[cst.BaseExpression, frozenset[str]]]:
    """The expressions that could name a forbidden function, with the names that they may have.

    A name that an assignment made an alias is left out: its function was named, and found, in that assignment.
    """
    tails = {name.rpartition(".")[2] for name in forbidden}
    bound = _imported_as(tree, forbidden) | tails
    for name in tree.nodes(cst.Name):
        if name.value in bound:
            yield name, tree.names.imported(name)
    for attribute in tree.nodes(cst.Attribute):
        if attribute.attr.value in tails and attribute not in tree.scopes.stores:
            yield attribute, tree.names.resolve(attribute)
    for call in tree.nodes(cst.Call):
        if len(call.args) > 1 and _plain_text(call.args[1].value) in tails and _is_getattr(tree, call):
            yield call, tree.names.resolve(call)


def _imported_as(tree: Tree, forbidden: frozenset[str]) -> set[str]:
    imports = [item for item in tree.scopes.imports if item.imported is not None]
    names = {item.name for item in imports if tree.names.canonical(item.imported or "") in forbidden}
    tree.names.want_uses(names)
    return names


def _plain_text(node: cst.BaseExpression) -> str | None:
    """The text of a string that is written as it reads; None if it is put together, or has escapes."""
    if not isinstance(node, cst.SimpleString):
        return None
    text = literal_text(node)
    return text if text is not None and text in node.value else None


def _is_getattr(tree: Tree, call: cst.Call) -> bool:
    return tree.names.is_builtin(call.func, "getattr")


def _message(tree: Tree, node: cst.BaseExpression, name: str, contract: Contract | None) -> str:
    parent = tree.parent(node)
    verb = "called" if isinstance(parent, cst.Call) and parent.func is node else "referred to"
    message = f"`{name}` is {verb} outside the source of truth"
    other = no_id_slot(tree, node)
    if other is not None:
        return f"{message}; this is {other}, no place for an ID"
    if contract is None or not contract.sources:
        return message
    source = contract.sources[0]
    return f"{message}; make the ID with `{source.symbol or source.target}`"
