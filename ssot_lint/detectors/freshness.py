"""Whether an expression gives another value each time it is evaluated: a UUID, the time, something random."""

from __future__ import annotations

import libcst as cst

from ssot_lint.kinds.literal_prefix import FRESH_CALLS, FRESH_MODULES
from ssot_lint.syntax.scopes import ScopeKind, children
from ssot_lint.syntax.tree import Tree

_MAX_STEPS = 6


def is_fresh(tree: Tree, node: cst.CSTNode, steps: int = _MAX_STEPS) -> bool:
    """Whether a part of `node` is fresh, directly or through names that the function around it binds."""
    if isinstance(node, cst.Call) and any(map(_is_fresh_name, tree.names.resolve(node.func))):
        return True
    if isinstance(node, cst.Name):
        return node.value not in ("self", "cls") and steps > 0 and _is_bound_to_fresh(tree, node, steps - 1)
    if isinstance(node, (cst.Attribute, cst.Arg)):
        return is_fresh(tree, node.value, steps)
    if isinstance(node, cst.Lambda):
        return False
    return any(is_fresh(tree, child, steps) for child in children(node))


def _is_fresh_name(name: str) -> bool:
    return name in FRESH_CALLS or name.partition(".")[0] in FRESH_MODULES


def _is_bound_to_fresh(tree: Tree, node: cst.Name, steps: int) -> bool:
    place = tree.scopes.places.get(node)
    if place is None:
        return False
    at_module_level = place.scope.kind is ScopeKind.MODULE
    return any(
        binding.value is not None
        and (at_module_level or binding.place.scope.kind is not ScopeKind.MODULE)
        and is_fresh(tree, binding.value, steps)
        for binding in tree.names.bindings(node)
    )
