"""Which names are sure to be bound where they are used: definite assignment over a syntax tree."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from ssot_lint.fixing.frames import (
    ALWAYS_BOUND,
    Frame,
    Kind,
    State,
    UnboundUse,
    may_swallow,
    meet,
    typing_only,
)
from ssot_lint.fixing.module import Definition, Function, Module, children, walk
from ssot_lint.fixing.scopes import COMPREHENSIONS, Comprehension, bound_name, header_expressions, parameters

_GLOBAL = re.compile(r"(?:^|[;:])[ \t\f]*global[ \t\f\\]", re.MULTILINE)


class Flow:
    """The code that a module runs when it is loaded, and the definitions that it is told to `follow`.

    `unbound` counts the uses that are not sure to be bound; `before` has the state in front of each
    statement, `frames` the scope that it runs in, `at_end` the state of the module when it is loaded.
    Conditions are taken to be independent of each other.
    """

    def __init__(self, module: Module) -> None:
        self.unbound: Counter[UnboundUse] = Counter()
        self.before: dict[ast.stmt, State] = {}
        self.frames: dict[ast.stmt, Frame] = {}
        self._rebound = _declared_global(module)
        self._module_names = set(self._rebound)
        self._has_star = False
        self._not_followed: dict[Definition, tuple[State, Frame]] = {}
        self._waiting: list[tuple[Function, Frame]] = []
        self._breaks: list[list[State]] = []
        self.at_end = self._block(module.tree.body, frozenset(), Frame.of_module(module.tree, self._rebound))
        self._run_waiting()

    def follow(self, wanted: Callable[[ast.stmt], bool]) -> Flow:
        """Go into the definitions that are wanted, and all that is inside of functions; returns itself."""
        found = [node for node in self._not_followed if wanted(node)]
        while found:
            for node in found:
                state, frame = self._not_followed.pop(node)
                self._enter(node, state, frame)
            self._run_waiting()
            found = [node for node in self._not_followed if wanted(node)]
        return self

    def may_be_rebound(self, name: str) -> bool:
        """Whether a function may assign the module's `name`."""
        return name in self._rebound

    def _run_waiting(self) -> None:
        while self._waiting:
            self._body(*self._waiting.pop())

    def _body(self, node: Function, frame: Frame) -> None:
        state = frozenset(argument.arg for argument in parameters(node.args))
        state |= {parameter.name for parameter in getattr(node, "type_params", ())}
        if isinstance(node, ast.Lambda):
            self._expression(node.body, state, frame)
        else:
            self._block(node.body, state, frame)

    def _block(self, body: Iterable[ast.stmt], state: State, frame: Frame) -> State:
        for statement in body:
            self.before[statement] = state
            self.frames[statement] = frame
            state = self._statement(statement, state, frame)
        return state

    def _statement(self, node: ast.stmt, state: State, frame: Frame) -> State:
        special = _STATEMENTS.get(type(node))
        if special is not None:
            return special(self, node, state, frame)
        state = self._children(node, state, frame)
        return None if isinstance(node, (ast.Return, ast.Raise)) else state

    def _bind(self, names: Iterable[str], state: State, frame: Frame) -> State:
        if state is None:
            return None
        if frame.kind is Kind.MODULE:
            self._module_names.update(names)
        return state.union(names)

    def _assign(self, node: ast.Assign, state: State, frame: Frame) -> State:
        return self._expressions((node.value, *node.targets), state, frame)

    def _annotated_assign(self, node: ast.AnnAssign, state: State, frame: Frame) -> State:
        if frame.kind is not Kind.FUNCTION:
            state = self._expression(node.annotation, state, frame)
        if node.value is None:
            return state if isinstance(node.target, ast.Name) else self._expression(node.target, state, frame)
        return self._expressions((node.value, node.target), state, frame)

    def _augmented_assign(self, node: ast.AugAssign, state: State, frame: Frame) -> State:
        if isinstance(node.target, ast.Name):
            self._use(node.target.id, state, frame)
        return self._expressions((node.value, node.target), state, frame)

    def _import(self, node: ast.Import | ast.ImportFrom, state: State, frame: Frame) -> State:
        names = {bound_name(alias, is_from=isinstance(node, ast.ImportFrom)) for alias in node.names}
        self._has_star |= "*" in names
        return self._bind(names - {"*"}, state, frame)

    def _define(self, node: Definition, state: State, frame: Frame) -> State:
        if frame.kind is Kind.FUNCTION:
            state = self._enter(node, state, frame)
        else:
            self._not_followed[node] = state, frame
        return self._bind((node.name,), state, frame)

    def _enter(self, node: Definition, state: State, frame: Frame) -> State:
        state = self._expressions(header_expressions(node), state, frame)
        if isinstance(node, ast.ClassDef):
            inside = None if state is None else frozenset[str]()
            self._block(node.body, inside, frame.open(Kind.CLASS, node, state))
        else:
            named = None if state is None else state | {node.name}
            self._waiting.append((node, frame.open(Kind.FUNCTION, node, named)))
        return state

    def _if(self, node: ast.If, state: State, frame: Frame) -> State:
        state = self._expression(node.test, state, frame)
        skipped = typing_only(node.test)
        body = self._block(node.body, None if skipped is True else state, frame)
        return meet(body, self._block(node.orelse, None if skipped is False else state, frame))

    def _while(self, node: ast.While, state: State, frame: Frame) -> State:
        state = self._expression(node.test, state, frame)
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        return self._loop(node, state, None if endless else state, frame)

    def _for(self, node: ast.For | ast.AsyncFor, state: State, frame: Frame) -> State:
        state = self._expression(node.iter, state, frame)
        return self._loop(node, self._expression(node.target, state, frame), state, frame)

    def _loop(
        self, node: ast.While | ast.For | ast.AsyncFor, inside: State, exhausted: State, frame: Frame
    ) -> State:
        self._breaks.append([])
        self._block(node.body, inside, frame)
        breaks = self._breaks.pop()
        return meet(self._block(node.orelse, exhausted, frame), *breaks)

    def _break(self, _node: ast.Break, state: State, _frame: Frame) -> State:
        if self._breaks:
            self._breaks[-1].append(state)
        return None

    def _continue(self, _node: ast.Continue, _state: State, _frame: Frame) -> State:
        return None

    def _with(self, node: ast.With | ast.AsyncWith, state: State, frame: Frame) -> State:
        for item in node.items:
            state = self._children(item, state, frame)
        end = self._block(node.body, state, frame)
        return meet(state, end) if any(may_swallow(item.context_expr) for item in node.items) else end

    def _try(self, node: ast.Try, state: State, frame: Frame) -> State:
        end = self._block(node.orelse, self._block(node.body, state, frame), frame)
        end = meet(end, *(self._handler(handler, state, frame) for handler in node.handlers))
        at_last = self._block(node.finalbody, state, frame)
        if end is None or at_last is None or state is None:
            return None
        return end | (at_last - state)

    def _handler(self, node: ast.ExceptHandler, state: State, frame: Frame) -> State:
        if node.type is not None:
            state = self._expression(node.type, state, frame)
        if node.name is None:
            return self._block(node.body, state, frame)
        end = self._block(node.body, self._bind((node.name,), state, frame), frame)
        return None if end is None else end - {node.name}

    def _match(self, node: ast.Match, state: State, frame: Frame) -> State:
        state = self._expression(node.subject, state, frame)
        ends = []
        for case in node.cases:
            inside = self._pattern(case.pattern, state, frame)
            inside = inside if case.guard is None else self._expression(case.guard, inside, frame)
            ends.append(self._block(case.body, inside, frame))
        last = node.cases[-1]
        catches_all = (
            isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and not last.guard
        )
        return meet(*ends) if catches_all else meet(state, *ends)

    def _pattern(self, pattern: ast.pattern, state: State, frame: Frame) -> State:
        for node in walk(pattern):
            if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name is not None:
                state = self._bind((node.name,), state, frame)
            elif isinstance(node, ast.MatchMapping) and node.rest is not None:
                state = self._bind((node.rest,), state, frame)
            elif isinstance(node, ast.Name):
                self._use(node.id, state, frame)
        return state

    def _children(self, node: ast.AST, state: State, frame: Frame) -> State:
        return self._expressions(children(node), state, frame)

    def _expressions(self, nodes: Iterable[ast.AST], state: State, frame: Frame) -> State:
        for node in nodes:
            state = self._expression(node, state, frame)
        return state

    def _expression(self, node: ast.AST, state: State, frame: Frame) -> State:
        special = _EXPRESSIONS.get(type(node))
        if special is not None:
            return special(self, node, state, frame)
        return self._children(node, state, frame)

    def _constant(self, _node: ast.Constant, state: State, _frame: Frame) -> State:
        return state

    def _walrus(self, node: ast.NamedExpr, state: State, frame: Frame) -> State:
        self._bind((node.target.id,), state, frame.holder)
        return self._expressions((node.value, node.target), state, frame)

    def _lambda(self, node: ast.Lambda, state: State, frame: Frame) -> State:
        state = self._expressions(header_expressions(node), state, frame)
        self._waiting.append((node, frame.open(Kind.FUNCTION, node, state)))
        return state

    def _name(self, node: ast.Name, state: State, frame: Frame) -> State:
        if isinstance(node.ctx, ast.Store):
            return self._bind((node.id,), state, frame)
        if isinstance(node.ctx, ast.Del):
            return None if state is None else state - {node.id}
        self._use(node.id, state, frame)
        return state

    def _choice(self, node: ast.BoolOp | ast.IfExp, state: State, frame: Frame) -> State:
        """Only the first operand is sure to be evaluated."""
        first, *rest = node.values if isinstance(node, ast.BoolOp) else (node.test, node.body, node.orelse)
        after = inner = self._expression(first, state, frame)
        for operand in rest:
            end = self._expression(operand, inner, frame)
            inner = end if isinstance(node, ast.BoolOp) else after
        return after

    def _comprehension(self, node: Comprehension, state: State, frame: Frame) -> State:
        state = self._expression(node.generators[0].iter, state, frame)
        inner = frame.open(Kind.COMPREHENSION, node, state)
        names: State = None if state is None else frozenset()
        for index, generator in enumerate(node.generators):
            outer = (generator.iter,) if index else ()
            names = self._expressions((*outer, generator.target, *generator.ifs), names, inner)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        self._expressions(parts, names, inner)
        return state

    def _use(self, name: str, state: State, frame: Frame) -> None:
        if not self._is_bound(name, state, frame):
            self.unbound[UnboundUse(frame.symbol, name)] += 1

    def _is_bound(self, name: str, state: State, frame: Frame) -> bool:
        scope, there, runs_now = frame.owner(name, state)
        if state is None or there is None:
            return True
        if scope.parent is not None:
            return name in there
        if name in ALWAYS_BOUND or self._has_star:
            return True
        return name in (there if runs_now else self._module_names)


def _declared_global(module: Module) -> set[str]:
    """The names that functions of the module may assign with `global`."""
    if "global" not in module.text or not _GLOBAL.search(module.text):
        return set()
    return {name for node in walk(module.tree) if isinstance(node, ast.Global) for name in node.names}


_STATEMENTS: Mapping[type[ast.stmt], Callable[..., State]] = {
    ast.Assign: Flow._assign,
    ast.AnnAssign: Flow._annotated_assign,
    ast.AugAssign: Flow._augmented_assign,
    ast.Import: Flow._import,
    ast.ImportFrom: Flow._import,
    ast.FunctionDef: Flow._define,
    ast.AsyncFunctionDef: Flow._define,
    ast.ClassDef: Flow._define,
    ast.If: Flow._if,
    ast.While: Flow._while,
    ast.For: Flow._for,
    ast.AsyncFor: Flow._for,
    ast.Break: Flow._break,
    ast.Continue: Flow._continue,
    ast.With: Flow._with,
    ast.AsyncWith: Flow._with,
    ast.Try: Flow._try,
    ast.TryStar: Flow._try,
    ast.Match: Flow._match,
}
_EXPRESSIONS: Mapping[type[ast.AST], Callable[..., State]] = {
    ast.Constant: Flow._constant,
    ast.Name: Flow._name,
    ast.NamedExpr: Flow._walrus,
    ast.BoolOp: Flow._choice,
    ast.IfExp: Flow._choice,
    ast.Lambda: Flow._lambda,
    **dict.fromkeys(COMPREHENSIONS, Flow._comprehension),
}
