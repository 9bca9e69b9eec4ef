"""What the names of a module may stand for: values, bindings and the scopes that hold them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class External:
    """A module from outside the tree, or something in one, by its dotted name."""

    path: str


@dataclass(frozen=True, slots=True)
class InTree:
    """A module or package of the tree, by its dotted path from the tree's root."""

    module: str


class Special(Enum):
    OTHER = "something of no interest"
    UNBOUND = "no binding"


Value = External | InTree | Special
Values = frozenset[Value]
Env = dict[str, Values]

OTHER: Values = frozenset({Special.OTHER})
UNBOUND: Values = frozenset({Special.UNBOUND})
NOTHING: Values = frozenset()
BUILTINS = frozenset({"__import__", "getattr"})


class Kind(Enum):
    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    COMPREHENSION = "comprehension"


@dataclass(slots=True, eq=False)
class Scope:
    """A scope and its present bindings; `weak` are those that other scopes may make at any time."""

    kind: Kind
    parent: Scope | None
    locals: frozenset[str] = frozenset()
    outer: Mapping[str, Scope] = field(default_factory=dict)
    env: Env = field(default_factory=dict)
    weak: Env = field(default_factory=dict)
    exits: list[Env] = field(default_factory=list)
    deferred: list[Callable[[], None]] = field(default_factory=list)

    @property
    def module(self) -> Scope:
        return self.parent.module if self.parent else self

    @property
    def runner(self) -> Scope:
        """The nearest scope whose end is when the functions in this one run."""
        if self.parent and self.kind in (Kind.CLASS, Kind.COMPREHENSION):
            return self.parent.runner
        return self


def join(envs: Iterable[Env]) -> Env:
    """What may be bound where several paths meet."""
    paths = list(envs)
    if len(paths) == 1:
        return dict(paths[0])
    names = {name for env in paths for name in env}
    return {name: frozenset().union(*(env.get(name, UNBOUND) for env in paths)) for name in names}


class LocalNames(ast.NodeVisitor):
    """The names that one function's own statements bind, and those it declares `global` or `nonlocal`."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self._in_comprehension = False

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load) and not self._in_comprehension:
            self.bound.add(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.bound.add(node.target.id)
        self.visit(node.value)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.bound.add(node.name)
        for decorator in node.decorator_list:
            self.visit(decorator)
        outside = [*node.bases, *node.keywords] if isinstance(node, ast.ClassDef) else defaults(node.args)
        for part in outside:
            self.visit(part)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _definition

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in defaults(node.args):
            self.visit(default)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        before, self._in_comprehension = self._in_comprehension, True
        self.generic_visit(node)
        self._in_comprehension = before

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension

    def visit_alias(self, node: ast.alias) -> None:
        self.bound.add(node.asname or node.name.partition(".")[0])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._capture(node.name, node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._capture(node.name, node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._capture(node.name, node)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._capture(node.rest, node)

    def _capture(self, name: str | None, node: ast.AST) -> None:
        if name:
            self.bound.add(name)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.globals.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.nonlocals.update(node.names)


def defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *filter(None, arguments.kw_defaults)]


def parameters(arguments: ast.arguments) -> Iterator[str]:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg
    for star in (arguments.vararg, arguments.kwarg):
        if star:
            yield star.arg
