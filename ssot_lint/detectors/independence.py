"""Whether code that is reached past a condition may be reached whichever way the condition went.

`if flag: import x` and later `if flag: x.use()` belong together. As soon as another test may have to do with
what decides, or with what was done then, the two are not independent.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ssot_lint.syntax.binder import dotted
from ssot_lint.syntax.scopes import children
from ssot_lint.syntax.tree import Tree

_STORES = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For)
_OUTCOMES = (cst.Comparison, cst.BooleanOperation, cst.UnaryOperation, cst.Name, cst.Attribute)
_ROUNDS = 2


def is_independent(tree: Tree, function: cst.FunctionDef, use: cst.CSTNode, binder: cst.CSTNode) -> bool:
    """Whether no test outside of what surrounds `binder`, but not `use`, has to do with it."""
    around_use = {use, *tree.ancestors(use)}
    way = [binder, *(outer for outer in tree.ancestors(binder))]
    guards = []
    for node in way:
        if node in around_use:
            break
        guards.append(node)
    outermost = guards[-1]
    links = _links(function)
    decisive = {name for guard in guards for test in _own_tests(guard) for name in _names(test)}
    decisive |= set(_stored(outermost))
    others = {name for test in _tests(function, outermost) for name in _names(test)}
    return not _meet(_closed(decisive, links), _closed(others, links))


def _tests(node: cst.CSTNode, without: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What decides anything inside of `node`, but for what is inside of `without`."""
    if node is without:
        return
    yield from _own_tests(node)
    for child in children(node):
        yield from _tests(child, without)


def _own_tests(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    match node:
        case cst.If(test=test) | cst.While(test=test) | cst.IfExp(test=test) | cst.Assert(test=test):
            yield test
        case cst.CompIf(test=test):
            yield test
        case cst.BooleanOperation(left=left):
            yield left
        case cst.Match(subject=subject):
            yield subject
        case cst.For(iter=iterated):
            yield iterated


def _names(node: cst.CSTNode) -> Iterator[str]:
    """The variables and attributes that an expression reads, by their dotted names; not what it calls."""
    if isinstance(node, cst.BaseExpression) and (name := dotted(node)) is not None:
        yield name
        return
    for child in children(node):
        if isinstance(node, cst.Call) and child is node.func:
            if isinstance(child, cst.Attribute):
                yield from _names(child.value)
        elif isinstance(node, cst.Arg):
            yield from _names(node.value)
            return
        else:
            yield from _names(child)


def _stored(node: cst.CSTNode) -> Iterator[str]:
    """The variables and attributes that are assigned inside of `node`."""
    if isinstance(node, _STORES):
        yield from _targets(node.target)
    for child in children(node):
        yield from _stored(child)


def _targets(node: cst.BaseExpression) -> Iterator[str]:
    if isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _targets(element.value)
        return
    while isinstance(node, cst.Subscript):
        node = node.value
    if (name := dotted(node)) is not None:
        yield name


def _links(node: cst.CSTNode) -> dict[str, set[str]]:
    """For each variable that keeps the outcome of a test, or something by another name, what it is about."""
    links: dict[str, set[str]] = {}
    if isinstance(node, cst.Assign) and isinstance(node.value, _OUTCOMES):
        names = set(_names(node.value))
        for target in node.targets:
            for name in _targets(target.target):
                links.setdefault(name, set()).update(names)
    for child in children(node):
        for name, found in _links(child).items():
            links.setdefault(name, set()).update(found)
    return links


def _closed(names: set[str], links: dict[str, set[str]]) -> set[str]:
    for _ in range(_ROUNDS):
        names = names.union(*(links.get(name, ()) for name in names))
    return names


def _meet(first: set[str], second: set[str]) -> bool:
    """Whether the two have a name in common, or one an object of which the other has an attribute."""
    return any(
        f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
        for one in first
        for other in second
    )
