"""An abstract interpreter over the stdlib's `ast`: what every name of a module may stand for, step by step.

It shares no code with ssot-lint and works the other way round: it runs whole modules from top to bottom,
joins the branches where they meet, and runs the bodies of functions when the scope around them has ended.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from oracle.scopes import (
    BUILTINS,
    NOTHING,
    OTHER,
    UNBOUND,
    Env,
    External,
    InTree,
    Kind,
    LocalNames,
    Scope,
    Special,
    Value,
    Values,
    defaults,
    join,
    parameters,
)


class Modules(Protocol):
    """How a module's imports resolve."""

    def imported(self, name: str, level: int) -> Value:
        """The module that `from NAME import …` with `level` leading dots names."""

    def member(self, module: InTree, name: str) -> Values:
        """What a module of the tree binds `name` to."""

    def public(self, module: InTree) -> Mapping[str, Values]:
        """What `from MODULE import *` binds."""


def pairs_up(target: ast.Tuple | ast.List, values: int) -> bool:
    """Whether every name of an unpacking takes the value that stands at its place."""
    return len(target.elts) == values and not any(isinstance(part, ast.Starred) for part in target.elts)


class Interpreter:
    """Runs one module abstractly.

    `use(expression, value, is_callee)` is told of every expression that yields something external, perhaps
    more than once; where it returns true, the value is dealt with and not followed any further.
    """

    def __init__(self, modules: Modules, use: Callable[[ast.expr, External, bool], bool]) -> None:
        self._modules = modules
        self._use = use
        self._scope = Scope(Kind.MODULE, None)
        self._live = True
        self._handlers: list[Env] = []
        self._loops: list[tuple[list[Env], list[Env]]] = []
        self._callees: set[ast.expr] = set()

    def run(self, tree: ast.Module) -> Env:
        """The module's bindings when it has been imported."""
        module = self._scope
        while True:
            weak = dict(module.weak)
            module.env, module.exits, module.deferred, self._live = {}, [], [], True
            self._block(tree.body)
            self._finish(module)
            if weak == module.weak:
                return {
                    name: module.env.get(name, UNBOUND) | weak.get(name, NOTHING)
                    for name in module.env | weak
                }

    # Scopes

    def _finish(self, scope: Scope) -> None:
        """End a scope: its functions now see what it was left with."""
        if scope.exits or self._live:
            scope.env = join([*scope.exits, *([scope.env] if self._live else [])])
        weak: Env | None = None
        while weak != scope.weak:
            weak = dict(scope.weak)
            for body in scope.deferred:
                body()

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        saved = self._scope, self._live, self._handlers, self._loops
        self._scope, self._live, self._handlers, self._loops = scope, True, [], []
        try:
            yield
        finally:
            self._scope, self._live, self._handlers, self._loops = saved

    def _defer(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
        for default in defaults(node.args):
            self._eval(default)
        parent = self._scope
        parent.runner.deferred.append(lambda: self._function(node, parent))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, parent: Scope) -> None:
        names = LocalNames()
        body = node.body if isinstance(node.body, list) else [ast.Expr(node.body)]
        for statement in body:
            names.visit(statement)
        arguments = set(parameters(node.args))
        outer = dict.fromkeys(names.globals, parent.module)
        for name in names.nonlocals:
            if owner := self._owner(name, parent):
                outer[name] = owner
        scope = Scope(Kind.FUNCTION, parent, frozenset((names.bound | arguments) - outer.keys()), outer)
        scope.env = dict.fromkeys(arguments, OTHER)
        for name, owner in outer.items():
            scope.env[name] = owner.env.get(name, UNBOUND) | owner.weak.get(name, NOTHING)
        with self._inside(scope):
            self._block(body)
            self._finish(scope)

    def _owner(self, name: str, scope: Scope | None) -> Scope | None:
        while scope and not (scope.kind is Kind.FUNCTION and name in scope.locals):
            scope = scope.parent
        return scope

    def _lookup(self, name: str) -> Values:
        scope: Scope | None = self._scope
        while scope:
            reachable = scope is self._scope or scope.kind is not Kind.CLASS
            if scope.kind is Kind.MODULE or (
                reachable and (name in scope.locals or self._declares(scope, name))
            ):
                values = scope.env.get(name, UNBOUND) | scope.weak.get(name, NOTHING)
                if Special.UNBOUND not in values or scope.kind in (Kind.FUNCTION, Kind.COMPREHENSION):
                    return values - UNBOUND
                if scope.kind is Kind.CLASS:
                    outer = scope.module
                    below = outer.env.get(name, UNBOUND) | outer.weak.get(name, NOTHING)
                    return (values | below) - UNBOUND
                builtin: Values = frozenset({External(f"builtins.{name}")}) if name in BUILTINS else NOTHING
                return (values - UNBOUND) | builtin
            scope = scope.parent
        return NOTHING

    def _declares(self, scope: Scope, name: str) -> bool:
        return scope is self._scope and name in scope.outer

    def _bind(self, name: str, values: Values) -> None:
        scope = self._scope
        scope.env[name] = values
        for handler in self._handlers:
            handler[name] = handler.get(name, UNBOUND) | values
        if owner := scope.outer.get(name):
            owner.weak[name] = owner.weak.get(name, NOTHING) | (values - UNBOUND)

    # Statements

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        method = getattr(self, f"_stmt_{type(node).__name__}", None)
        if method:
            method(node)
        else:
            self._children(node)

    def _paths(self, paths: Iterable[Callable[[], None]]) -> None:
        """Run alternatives from the present state, and go on where the live ones meet."""
        start, was_live = self._scope.env, self._live
        ends: list[tuple[Env, bool]] = []
        for path in paths:
            self._scope.env, self._live = dict(start), was_live
            path()
            ends.append((self._scope.env, self._live))
        self._live = any(live for _, live in ends)
        self._scope.env = join(env for env, live in ends if live or not self._live)

    def _stmt_If(self, node: ast.If) -> None:
        self._eval(node.test)
        self._paths([lambda: self._block(node.body), lambda: self._block(node.orelse)])

    def _stmt_Match(self, node: ast.Match) -> None:
        self._eval(node.subject)
        self._paths([*(self._case(case) for case in node.cases), lambda: None])

    def _case(self, case: ast.match_case) -> Callable[[], None]:
        def run() -> None:
            self._pattern(case.pattern)
            if case.guard:
                self._eval(case.guard)
            self._block(case.body)

        return run

    def _pattern(self, pattern: ast.AST) -> None:
        for node in ast.walk(pattern):
            name = (
                getattr(node, "rest", None)
                if isinstance(node, ast.MatchMapping)
                else getattr(node, "name", None)
            )
            if name:
                self._bind(name, OTHER)
            if isinstance(node, ast.MatchValue):
                self._eval(node.value)

    def _stmt_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._eval(node.iter)
        self._loop(lambda: self._target(node.target, OTHER), node, endless=False)

    _stmt_AsyncFor = _stmt_For

    def _stmt_While(self, node: ast.While) -> None:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        self._loop(lambda: self._eval(node.test), node, endless)

    def _loop(
        self, head: Callable[[], object], node: ast.For | ast.AsyncFor | ast.While, endless: bool
    ) -> None:
        was_live = self._live
        entry = self._scope.env
        while True:
            breaks: list[Env] = []
            again: list[Env] = []
            self._scope.env, self._live = dict(entry), was_live
            head()
            self._loops.append((breaks, again))
            self._block(node.body)
            self._loops.pop()
            if self._live:
                again.append(self._scope.env)
            widened = join([entry, *again])
            if widened == entry:
                break
            entry = widened
        self._scope.env, self._live = dict(entry), was_live and not endless
        self._block(node.orelse)
        if breaks:
            self._scope.env = join([*breaks, *([self._scope.env] if self._live else [])])
            self._live = was_live

    def _stmt_Break(self, _node: ast.Break) -> None:
        if self._live and self._loops:
            self._loops[-1][0].append(dict(self._scope.env))
        self._live = False

    def _stmt_Continue(self, _node: ast.Continue) -> None:
        if self._live and self._loops:
            self._loops[-1][1].append(dict(self._scope.env))
        self._live = False

    def _stmt_Return(self, node: ast.Return) -> None:
        self._children(node)
        self._leave()

    def _stmt_Raise(self, node: ast.Raise) -> None:
        self._children(node)
        self._leave()

    def _leave(self) -> None:
        if self._live:
            self._scope.exits.append(dict(self._scope.env))
        self._live = False

    def _stmt_Try(self, node: ast.Try) -> None:
        anywhere = dict(self._scope.env)
        self._handlers.append(anywhere)
        was_live = self._live
        raised = dict(self._scope.env)
        self._handlers.append(raised)
        self._block(node.body)
        self._handlers.pop()
        after_body = self._scope.env, self._live
        paths: list[Callable[[], None]] = [lambda: self._resume(*after_body, node.orelse)]
        paths += [self._handler(handler, raised, was_live) for handler in node.handlers]
        self._paths(paths)
        self._handlers.pop()
        if node.finalbody:
            end = self._scope.env, self._live
            self._resume(join([anywhere, self._scope.env]), True, node.finalbody)
            self._resume(*end, node.finalbody)

    _stmt_TryStar = _stmt_Try

    def _resume(self, env: Env, live: bool, statements: list[ast.stmt]) -> None:
        self._scope.env, self._live = dict(env), live
        self._block(statements)

    def _handler(self, handler: ast.ExceptHandler, raised: Env, live: bool) -> Callable[[], None]:
        def run() -> None:
            self._scope.env, self._live = dict(raised), live
            if handler.type:
                self._eval(handler.type)
            if handler.name:
                self._bind(handler.name, OTHER)
            self._block(handler.body)
            if handler.name:
                self._bind(handler.name, UNBOUND)

        return run

    def _stmt_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self._eval(item.context_expr)
            if item.optional_vars:
                self._target(item.optional_vars, OTHER)
        self._block(node.body)

    _stmt_AsyncWith = _stmt_With

    def _stmt_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self._eval(decorator)
        self._defer(node)
        self._bind(node.name, OTHER)

    _stmt_AsyncFunctionDef = _stmt_FunctionDef

    def _stmt_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self._eval(part)
        names = LocalNames()
        for statement in node.body:
            names.visit(statement)
        declared = dict.fromkeys(names.globals, self._scope.module)
        with self._inside(Scope(Kind.CLASS, self._scope, frozenset(names.bound) - declared.keys(), declared)):
            self._block(node.body)
        self._bind(node.name, OTHER)

    def _stmt_Assign(self, node: ast.Assign) -> None:
        parts = [self._eval(part) for part in node.value.elts] if isinstance(node.value, ast.Tuple) else None
        values = OTHER if parts else self._eval(node.value)
        for target in node.targets:
            if parts and isinstance(target, ast.Tuple | ast.List) and pairs_up(target, len(parts)):
                for part, value in zip(target.elts, parts, strict=True):
                    self._target(part, value)
            else:
                self._target(target, values)

    def _stmt_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self._target(node.target, self._eval(node.value))
        elif not isinstance(node.target, ast.Name):
            self._eval(node.target)

    def _stmt_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._eval(node.target)
        self._eval(node.value)
        self._target(node.target, OTHER)

    def _stmt_TypeAlias(self, node: ast.AST) -> None:
        self._target(node.name, OTHER)  # type: ignore[attr-defined]

    def _stmt_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self._target(target, UNBOUND)

    def _stmt_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            head = alias.name.partition(".")[0]
            module = self._modules.imported(alias.name if alias.asname else head, 0)
            self._bind(alias.asname or head, frozenset({module}))

    def _stmt_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = self._modules.imported(node.module or "", node.level)
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias.asname or alias.name, self._member(module, alias.name))
            elif isinstance(module, InTree):
                for name, values in self._modules.public(module).items():
                    self._bind(name, values)
            elif module == External("uuid"):
                for name in (
                    "UUID",
                    "getnode",
                    "uuid1",
                    "uuid3",
                    "uuid4",
                    "uuid5",
                    "uuid6",
                    "uuid7",
                    "uuid8",
                ):
                    self._bind(name, self._member(module, name))

    def _target(self, target: ast.expr, values: Values) -> None:
        match target:
            case ast.Name():
                self._bind(target.id, values)
            case ast.Tuple() | ast.List():
                for part in target.elts:
                    self._target(part, OTHER)
            case ast.Starred():
                self._target(target.value, OTHER)
            case ast.Attribute() | ast.Subscript():
                self._children(target)

    # Expressions

    def _eval(self, node: ast.expr) -> Values:
        """What an expression may yield, without what `use` has dealt with."""
        method = getattr(self, f"_expr_{type(node).__name__}", None)
        if not method:
            self._children(node)
            return OTHER
        values: Values = method(node)
        called = node in self._callees
        return (
            frozenset(v for v in values if not (isinstance(v, External) and self._use(node, v, called)))
            or OTHER
        )

    def _children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._eval(child)
            elif not isinstance(child, ast.expr_context):
                self._children(child)

    def _member(self, owner: Value, name: str) -> Values:
        match owner:
            case External(path):
                return frozenset({External(f"{path}.{name}")})
            case InTree():
                return self._modules.member(owner, name)
        return OTHER

    def _members(self, owners: Values, name: str) -> Values:
        return NOTHING.union(*(self._member(owner, name) for owner in owners))

    def _expr_Name(self, node: ast.Name) -> Values:
        return self._lookup(node.id)

    def _expr_Attribute(self, node: ast.Attribute) -> Values:
        owners = self._eval(node.value)
        return self._members(owners, node.attr) if isinstance(node.ctx, ast.Load) else OTHER

    def _expr_Call(self, node: ast.Call) -> Values:
        self._callees.add(node.func)
        function = self._eval(node.func)
        arguments = [self._eval(argument) for argument in node.args]
        for keyword in node.keywords:
            self._eval(keyword.value)
        texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
        if External("builtins.getattr") in function and len(texts) > 1 and isinstance(texts[1], str):
            return self._members(arguments[0], texts[1])
        if function & {External("builtins.__import__"), External("importlib.import_module")}:
            named = [
                k.value.value for k in node.keywords if k.arg == "name" and isinstance(k.value, ast.Constant)
            ]
            name = next(iter([*texts, *named]), None)
            if isinstance(name, str) and name and not name.startswith("."):
                head = name if External("importlib.import_module") in function else name.partition(".")[0]
                return frozenset({self._modules.imported(head, 0)})
        return OTHER

    def _expr_NamedExpr(self, node: ast.NamedExpr) -> Values:
        values = self._eval(node.value)
        scope = self._scope
        while self._scope.kind is Kind.COMPREHENSION and self._scope.parent:
            self._scope = self._scope.parent
        name = node.target.id
        perhaps = NOTHING if scope is self._scope else self._scope.env.get(name, UNBOUND)
        self._bind(name, values | perhaps)
        self._scope = scope
        return values

    def _expr_IfExp(self, node: ast.IfExp) -> Values:
        self._eval(node.test)
        return self._eval(node.body) | self._eval(node.orelse)

    def _expr_BoolOp(self, node: ast.BoolOp) -> Values:
        return NOTHING.union(*(self._eval(part) for part in node.values))

    def _expr_Lambda(self, node: ast.Lambda) -> Values:
        self._defer(node)
        return OTHER

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Values:
        self._eval(node.generators[0].iter)
        names = LocalNames()
        for generator in node.generators:
            names.visit(generator.target)
        scope = Scope(
            Kind.COMPREHENSION, self._scope, frozenset(names.bound), env=dict.fromkeys(names.bound, OTHER)
        )
        outer, self._scope = self._scope, scope
        for position, generator in enumerate(node.generators):
            if position:
                self._eval(generator.iter)
            self._target(generator.target, OTHER)
            for condition in generator.ifs:
                self._eval(condition)
        for element in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self._eval(element)
        self._scope = outer
        return OTHER

    _expr_ListComp = _expr_SetComp = _expr_GeneratorExp = _expr_DictComp = _comprehension
