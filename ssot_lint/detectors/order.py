"""In which order, and whether at all, the parts of one statement are evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from ssot_lint.syntax.scopes import children
from ssot_lint.syntax.tree import Tree

_EFFECTS = (
    cst.Call,
    cst.Await,
    cst.Yield,
    cst.NamedExpr,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.GeneratorExp,
)
_CONSTANTS = frozenset({"None", "True", "False"})
_TESTS = (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual)


def is_first_effect(statement: cst.CSTNode, node: cst.CSTNode, besides: Collection[cst.CSTNode] = ()) -> bool:
    """Whether `statement` evaluates nothing before `node` that could do something, `besides` aside."""
    leaves = {node, *besides}
    for inner in _evaluated(statement, leaves):
        if inner is node:
            return True
        if isinstance(inner, _EFFECTS) and inner not in leaves:
            return False
    return False


def _evaluated(node: cst.CSTNode, leaves: Collection[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The nodes in the order in which they have their values; what is inside of `leaves` is left out."""
    if node not in leaves and not isinstance(node, cst.Lambda):
        for child in _in_order(node):
            yield from _evaluated(child, leaves)
    yield node


def _in_order(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(node, (cst.Assign, cst.AnnAssign)):
        if node.value is not None:
            yield node.value
        yield from (child for child in children(node) if child is not node.value)
    else:
        yield from children(node)


def is_eager(tree: Tree, node: cst.CSTNode, statement: cst.CSTNode) -> bool:
    """Whether `node` is evaluated each time that `statement` is."""
    inner = node
    for outer in tree.ancestors(node):
        if _is_optional(inner, outer):
            return False
        if outer is statement:
            return True
        inner = outer
    return node is statement


def _is_optional(inner: cst.CSTNode, outer: cst.CSTNode) -> bool:
    match outer:
        case cst.BooleanOperation(right=right):
            return inner is right
        case cst.IfExp(test=test):
            return inner is not test
        case cst.Comparison(comparisons=[_, *later]):
            return inner in later
        case cst.Assert(msg=message):
            return inner is message
        case cst.Lambda() | cst.ListComp() | cst.SetComp() | cst.DictComp() | cst.GeneratorExp():
            return True
    return False


def tested_names(test: cst.BaseExpression) -> frozenset[str] | None:
    """The variables that a condition looks at; None if it may do more than that."""
    match test:
        case cst.Name(name):
            return frozenset({name}) - _CONSTANTS
        case cst.SimpleString() | cst.Integer() | cst.Float():
            return frozenset()
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return tested_names(inner)
        case cst.BooleanOperation(left=left, right=right):
            return _union(left, right)
        case cst.Comparison(
            left=left, comparisons=[cst.ComparisonTarget(operator=operator, comparator=right)]
        ):
            return _union(left, right) if isinstance(operator, _TESTS) else None
    return None


def _union(left: cst.BaseExpression, right: cst.BaseExpression) -> frozenset[str] | None:
    first, second = tested_names(left), tested_names(right)
    return None if first is None or second is None else first | second
