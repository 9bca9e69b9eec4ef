"""What an expression surely stands for, whichever way the program took."""

from __future__ import annotations

import libcst as cst

from ssot_lint.syntax.tree import Tree

_MAX_STEPS = 6


def certain(tree: Tree, node: cst.BaseExpression, steps: int = _MAX_STEPS) -> str | None:
    """The one dotted name that `node` has by imports and assignments; None if it may be anything else."""
    names = tree.names.resolve(node)
    return next(iter(names)) if len(names) == 1 and _is_sure(tree, node, steps) else None


def _is_sure(tree: Tree, node: cst.BaseExpression, steps: int) -> bool:
    while isinstance(node, (cst.Attribute, cst.Call)):
        node = node.value if isinstance(node, cst.Attribute) else node.func
    if not isinstance(node, cst.Name) or not steps:
        return False
    return all(
        binding.imported is not None
        or (binding.value is not None and certain(tree, binding.value, steps - 1) is not None)
        for binding in tree.names.bindings(node)
    )
