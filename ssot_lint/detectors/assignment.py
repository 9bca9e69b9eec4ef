"""Which uses of a local name come before it is bound, on one way through its function or on all of them.

Where it cannot be told, the name is taken to be bound: a loop is taken to run, a `with` to end normally, an
import to succeed, and a call that looks as if it did not come back is taken not to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag

import libcst as cst

from ssot_lint.detectors.independence import is_independent
from ssot_lint.syntax.scopes import Scope, ScopeKind, children
from ssot_lint.syntax.tree import Tree

_CLAUSES = (
    cst.BaseSmallStatement,
    cst.BaseCompoundStatement,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.MatchCase,
)
_LOOPS = (cst.For, cst.While)
_BLOCKS = (
    cst.BaseSuite,
    cst.Else,
    cst.If,
    cst.Finally,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.MatchCase,
)
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
_LEAVES = re.compile(
    r"(?:^|_)(?:exit|quit|abort|skip|fail|xfail|die|fatal|raise|reraise|bail|panic|terminate)(?:_|[A-Z]|$)"
)
_QUIET = frozenset(
    """append bool critical debug dict error exception float frozenset get getattr hasattr id info int
    isinstance items keys len list log max min monotonic now perf_counter print repr round set sorted str sum
    time tuple type utcnow uuid4 values warn warning""".split()  # noqa: SIM905 - a table of words
)
"""Calls that are not reckoned to raise anything."""


class State(Flag):
    """What may hold for the name at a place; nothing, if the place is never reached."""

    NOWHERE = 0
    UNBOUND = 1
    BOUND = 2


@dataclass(frozen=True, slots=True, eq=False)
class EarlyUse:
    """A use of the name; `always` if no way there binds it."""

    node: cst.Name
    always: bool


def early_uses(tree: Tree, scope: Scope, name: str, binders: Iterable[cst.CSTNode]) -> list[EarlyUse]:
    """The first uses of a name of a function's scope that only the statements `binders` bind."""
    function = cst.ensure_type(scope.node, cst.FunctionDef)
    walk = _Walk(tree, scope, name, set(binders))
    walk.suite(function.body, State.UNBOUND)
    return [
        EarlyUse(use, state is State.UNBOUND)
        for use, state in walk.found
        if state is State.UNBOUND
        or all(is_independent(tree, function, use, binder) for binder in walk.binders)
    ]


class _Walk:
    def __init__(self, tree: Tree, scope: Scope, name: str, binders: set[cst.CSTNode]) -> None:
        self.found: list[tuple[cst.Name, State]] = []
        self.binders = binders
        self._uses: defaultdict[cst.CSTNode, list[cst.Name]] = defaultdict(list)
        for node in tree.nodes(cst.Name):
            if node.value == name and _runs_in(tree, node, scope):
                self._uses[clause_of(tree, node)].append(node)
        self._repeated = {
            outer for binder in binders for outer in tree.ancestors(binder) if isinstance(outer, _LOOPS)
        }
        self._breaks: list[State] = []
        self._raised: list[State] = []
        self._conditions: list[int] = []

    def suite(self, suite: cst.BaseSuite | cst.SimpleStatementLine, state: State) -> State:
        for statement in suite.body:
            if isinstance(statement, cst.SimpleStatementLine):
                state = self.suite(statement, state)
            else:
                state = self._statement(statement, state)
        return state

    def _statement(self, node: cst.CSTNode, state: State) -> State:
        match node:
            case cst.If():
                return self._if(node, state)
            case cst.While():
                return self._loop(node, self._clause(node, state), is_endless=_is_true(node.test))
            case cst.For():
                return self._loop(node, self._clause(node, state), is_endless=False)
            case cst.Try() | cst.TryStar():
                return self._try(node, state)
            case cst.With():
                return self.suite(node.body, self._clause(node, state))
            case cst.Match():
                return self._match(node, state)
        state = self._clause(node, state)
        match node:
            case cst.Return() | cst.Raise() | cst.Continue():
                return State.NOWHERE
            case cst.Break():
                self._breaks[-1] |= state
                return State.NOWHERE
            case cst.Expr(value=value) if _leaves(value):
                return State.NOWHERE
        return state

    def _clause(self, node: cst.CSTNode, state: State) -> State:
        """A statement without its blocks: first it uses names, then it binds them."""
        if self._raised and _may_raise(node):
            self._raised[-1] |= state
        uses = self._uses.get(node)
        if uses and State.UNBOUND in state:
            if not any(self._conditions):
                self.found.append((uses[0], state))
            state &= ~State.UNBOUND
        return State.BOUND if node in self.binders and state else state

    def _if(self, node: cst.If, state: State) -> State:
        state = self._clause(node, state)
        end = self._branch(node.body, state)
        otherwise = State.NOWHERE if _is_true(node.test) else state
        if isinstance(node.orelse, cst.If):
            return end | self._if(node.orelse, otherwise)
        return end | (otherwise if node.orelse is None else self._branch(node.orelse.body, otherwise))

    def _branch(self, suite: cst.BaseSuite, state: State) -> State:
        """A block that may be passed over in one round of a loop and not in another."""
        if not self._conditions:
            return self.suite(suite, state)
        self._conditions[-1] += 1
        state = self.suite(suite, state)
        self._conditions[-1] -= 1
        return state

    def _loop(self, node: cst.While | cst.For, state: State, is_endless: bool) -> State:
        self._breaks.append(State.NOWHERE)
        if node in self._repeated:
            self._conditions.append(0)
        end = self.suite(node.body, state)
        if node in self._repeated:
            self._conditions.pop()
        breaks = self._breaks.pop()
        if is_endless:
            return breaks
        end = end or state
        return end if node.orelse is None else self.suite(node.orelse.body, end) or breaks

    def _try(self, node: cst.Try | cst.TryStar, state: State) -> State:
        self._raised.append(State.NOWHERE)
        end = self.suite(node.body, state)
        raised = self._raised.pop()
        if node.orelse is not None:
            end = self.suite(node.orelse.body, end)
        for handler in node.handlers:
            caught = State.NOWHERE if _catches_imports(handler) else raised
            end |= self._branch(handler.body, self._clause(handler, caught))
        if node.finalbody is None:
            return end
        found = len(self.found)
        after = self.suite(node.finalbody.body, end)
        del self.found[found:]
        self.suite(node.finalbody.body, end | raised)
        return after

    def _match(self, node: cst.Match, state: State) -> State:
        state = self._clause(node, state)
        ends = [self._branch(case.body, self._clause(case, state)) for case in node.cases]
        end = state if not node.cases or not _catches_all(node.cases[-1]) else State.NOWHERE
        for each in ends:
            end |= each
        return end


def clause_of(tree: Tree, node: cst.CSTNode) -> cst.CSTNode:
    """The statement, or the clause of one, of which `node` is a part outside of its blocks."""
    return next((outer for outer in (node, *tree.ancestors(node)) if isinstance(outer, _CLAUSES)), node)


def _runs_in(tree: Tree, node: cst.Name, scope: Scope) -> bool:
    """Whether a name is looked up when the code of the function itself runs, and in the function's scope."""
    if node in tree.scopes.annotations:
        return False
    found: Scope | None = tree.scopes.places[node].scope
    while found is not None and found.kind is ScopeKind.COMPREHENSION and found is not scope:
        if isinstance(found.node, cst.GeneratorExp) or node.value in found.bindings:
            return False
        found = found.parent
    return found is scope


def _catches_imports(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """Whether a handler is there for imports that fail, and for nothing else."""
    if handler.type is None:
        return False
    types = (
        [item.value for item in handler.type.elements]
        if isinstance(handler.type, cst.Tuple)
        else [handler.type]
    )
    return all(last_name(item) in _IMPORT_ERRORS for item in types)


def _catches_all(case: cst.MatchCase) -> bool:
    pattern = case.pattern
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None and case.guard is None


def _is_true(test: cst.BaseExpression) -> bool:
    return (isinstance(test, cst.Name) and test.value == "True") or (
        isinstance(test, cst.Integer) and test.value != "0"
    )


def _leaves(node: cst.BaseExpression) -> bool:
    """Whether an expression statement is a call that may not come back."""
    node = node.expression if isinstance(node, cst.Await) else node
    return isinstance(node, cst.Call) and _LEAVES.search(last_name(node.func) or "") is not None


def _may_raise(node: cst.CSTNode) -> bool:
    """Whether a statement or the header of one may well raise an exception."""
    if isinstance(node, (cst.Raise, cst.Assert, cst.Await)):
        return True
    if isinstance(node, cst.Call) and last_name(node.func) not in _QUIET:
        return True
    inner = (child for child in children(node) if not isinstance(child, _BLOCKS))
    return any(map(_may_raise, inner))


def last_name(node: cst.BaseExpression) -> str | None:
    """The name behind the last dot of a plain dotted name."""
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else None
