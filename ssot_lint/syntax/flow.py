"""Whether two places of one function are both reached in one pass through it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

from ssot_lint.syntax.scopes import ScopeKind
from ssot_lint.syntax.tree import Tree

_LOOPS = (cst.For, cst.While)
_SUITES = (cst.IndentedBlock, cst.SimpleStatementSuite)
_TRIES = (cst.Try, cst.TryStar)


def on_one_path(tree: Tree, first: cst.CSTNode, second: cst.CSTNode) -> bool:
    """Whether `second`, which comes later in the text, can run in the same pass as `first` and as often.

    False where in doubt: other scopes, other loops, exclusive branches, a fallback for a failure, an exit
    between.
    """
    if _scope(tree, first) is not _scope(tree, second) or _loops(tree, first) != _loops(tree, second):
        return False
    first_chain, second_chain = _chain(tree, first), _chain(tree, second)
    meeting = next((node for node in first_chain if node in set(second_chain)), tree.module)
    first_below, second_below = _below(first_chain, meeting), _below(second_chain, meeting)
    if first_below is None or second_below is None:
        return False
    return not _exclusive(meeting, first_below, second_below) and not _leaves(first_chain, meeting)


def _scope(tree: Tree, node: cst.CSTNode) -> object:
    place = tree.scopes.places.get(node)
    if place is None or place.scope.kind is ScopeKind.COMPREHENSION:
        return object()
    return place.scope


def _loops(tree: Tree, node: cst.CSTNode) -> list[cst.CSTNode]:
    """The loops of which each round evaluates `node`."""
    loops: list[cst.CSTNode] = []
    inner = node
    for outer in tree.ancestors(node):
        if isinstance(outer, (cst.FunctionDef, cst.Lambda)) and outer.body is inner:
            break
        once = (isinstance(outer, cst.For) and outer.iter is inner) or (
            isinstance(outer, _LOOPS) and outer.orelse is inner
        )
        if isinstance(outer, _LOOPS) and not once:
            loops.append(outer)
        inner = outer
    return loops


def _chain(tree: Tree, node: cst.CSTNode) -> list[cst.CSTNode]:
    return [node, *tree.ancestors(node)]


def _below(chain: Sequence[cst.CSTNode], meeting: cst.CSTNode) -> cst.CSTNode | None:
    """The child of `meeting` through which the chain goes up; None if the chain begins there."""
    below = None
    for node in chain:
        if node is meeting:
            return below
        below = node
    return below


def _exclusive(meeting: cst.CSTNode, first: cst.CSTNode, second: cst.CSTNode) -> bool:
    match meeting:
        case cst.If(body=body, orelse=orelse):
            return first is body and second is orelse
        case cst.IfExp(body=body, orelse=orelse):
            return {first, second} == {body, orelse}
        case cst.BooleanOperation() | cst.Match():
            return True
        case cst.Try() | cst.TryStar():
            handlers = set(meeting.handlers)
            return second in handlers or (first in handlers and second is meeting.orelse)
        case cst.For(body=body, orelse=orelse) | cst.While(body=body, orelse=orelse):
            return first is body and second is orelse
    return False


def _leaves(chain: Sequence[cst.CSTNode], meeting: cst.CSTNode) -> bool:
    """Whether what follows the start of `chain` always leaves the suites below `meeting`."""
    for inner, outer in pairwise(chain):
        if isinstance(inner, (cst.Return, cst.Raise)) and inner is not chain[0]:
            return True
        if inner is meeting:
            return False
        statements = outer.body if isinstance(outer, (*_SUITES, cst.Module)) and outer is not meeting else ()
        if inner in statements and any(map(_terminates, statements[list(statements).index(inner) :])):
            return True
    return False


def _terminates(statement: cst.CSTNode) -> bool:
    """Whether nothing behind `statement` in its suite is ever reached."""
    match statement:
        case cst.SimpleStatementLine(body=body):
            return any(map(_terminates, body))
        case cst.Return() | cst.Raise() | cst.Continue() | cst.Break():
            return True
        case cst.If(body=body, orelse=orelse):
            return orelse is not None and _suite_terminates(body) and _orelse_terminates(orelse)
        case cst.With(body=body):
            return _suite_terminates(body)
        case cst.Try() | cst.TryStar():
            return _try_terminates(statement)
        case cst.Match(cases=cases):
            return any(map(_matches_all, cases)) and all(_suite_terminates(case.body) for case in cases)
    return False


def _try_terminates(statement: cst.Try | cst.TryStar) -> bool:
    if statement.finalbody is not None and _suite_terminates(statement.finalbody.body):
        return True
    tried = [statement.body, *([statement.orelse.body] if statement.orelse is not None else ())]
    return any(map(_suite_terminates, tried)) and all(
        _suite_terminates(handler.body) for handler in statement.handlers
    )


def _matches_all(case: cst.MatchCase) -> bool:
    return case.guard is None and isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None


def _orelse_terminates(orelse: cst.If | cst.Else) -> bool:
    return _terminates(orelse) if isinstance(orelse, cst.If) else _suite_terminates(orelse.body)


def _suite_terminates(suite: cst.BaseSuite) -> bool:
    return any(map(_terminates, suite.body))
