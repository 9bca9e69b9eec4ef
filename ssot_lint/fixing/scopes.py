"""Which names a scope of a syntax tree binds, as chapter 4 of the language reference has it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ssot_lint.fixing.module import DEFINITIONS, children, walk

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
ScopeNode: TypeAlias = (
    ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | Comprehension
)

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


@dataclass(frozen=True, slots=True)
class ScopeNames:
    """The names that the code of a scope binds or deletes, each with the nodes that do it.

    `declared_global` are among them, but not the scope's own; what is declared `nonlocal` is left out.
    """

    bound: Mapping[str, Sequence[ast.AST]]
    declared_global: frozenset[str]

    def is_local(self, name: str) -> bool:
        return name in self.bound and name not in self.declared_global


def scope_names(scope: ScopeNode) -> ScopeNames:
    nodes = list(_own_nodes(scope))
    bound: dict[str, list[ast.AST]] = {}
    for name, node in _bindings(scope, nodes):
        bound.setdefault(name, []).append(node)
    for name in _declared(nodes, ast.Nonlocal):
        bound.pop(name, None)
    return ScopeNames(bound, frozenset(_declared(nodes, ast.Global)))


def _declared(nodes: Iterable[ast.AST], kind: type[ast.Global | ast.Nonlocal]) -> Iterator[str]:
    return (name for node in nodes if isinstance(node, kind) for name in node.names)


def _bindings(scope: ScopeNode, nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        yield from ((argument.arg, argument) for argument in parameters(scope.args))
    for parameter in getattr(scope, "type_params", ()):
        yield parameter.name, parameter
    if isinstance(scope, COMPREHENSIONS):
        for generator in scope.generators:
            yield from _targets(generator.target)
        return
    for node in nodes:
        if type(node) in _BINDERS:
            yield from _bound_by(node)


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None)


def header_expressions(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef,
) -> list[ast.expr]:
    """What a definition evaluates in the scope around it: decorators, defaults, bases, annotations."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
    arguments = node.args
    found = [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]
    if isinstance(node, ast.Lambda):
        return found
    annotations = [argument.annotation for argument in parameters(arguments)]
    return [
        *node.decorator_list,
        *found,
        *(item for item in (*annotations, node.returns) if item is not None),
    ]


def bound_name(alias: ast.alias, *, is_from: bool) -> str:
    """The name that one part of an import statement binds."""
    return alias.asname or (alias.name if is_from else alias.name.partition(".")[0])


def inner_names(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that lambdas and comprehensions under `nodes` bind."""
    scopes = (inner for node in nodes for inner in walk(node))
    return frozenset(
        name
        for scope in scopes
        if isinstance(scope, (ast.Lambda, *COMPREHENSIONS))
        for name in scope_names(scope).bound
    )


def own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """The parts of a statement that are no statements: all of a simple one, the header of others."""
    for child in children(statement):
        if isinstance(child, ast.ExceptHandler):
            yield from (item for item in (child.type,) if item is not None)
        elif isinstance(child, ast.match_case):
            yield from (item for item in (child.pattern, child.guard) if item is not None)
        elif not isinstance(child, ast.stmt):
            yield child


def _own_nodes(scope: ScopeNode) -> Iterator[ast.AST]:
    """The nodes that run in a scope itself, in no particular order."""
    stack: list[ast.AST] = list(_body(scope))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(_PARTS.get(type(node), children)(node))


def _body(scope: ScopeNode) -> Sequence[ast.AST]:
    if isinstance(scope, ast.Lambda):
        return [scope.body]
    if isinstance(scope, COMPREHENSIONS):
        return []
    return scope.body


def _comprehension_parts(node: Comprehension) -> Iterator[ast.AST]:
    """All but the targets: a walrus in them binds a name of the scope around the comprehension."""
    yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    for generator in node.generators:
        yield generator.iter
        yield from generator.ifs


def _bound_by(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id, node
    elif isinstance(node, DEFINITIONS):
        yield node.name, node
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            if alias.name != "*":
                yield bound_name(alias, is_from=isinstance(node, ast.ImportFrom)), alias
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name is not None:
            yield node.name, node
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield node.rest, node


def _targets(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    names = (item for item in walk(node) if isinstance(item, ast.Name))
    return ((name.id, name) for name in names if isinstance(name.ctx, ast.Store))


_BINDERS = frozenset(
    (
        *(*DEFINITIONS, ast.Name, ast.Import, ast.ImportFrom),
        *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    )
)
_PARTS: Mapping[type[ast.AST], Callable[..., Iterable[ast.AST]]] = {
    **dict.fromkeys((*DEFINITIONS, ast.Lambda), header_expressions),
    **dict.fromkeys(COMPREHENSIONS, _comprehension_parts),
}
"""What of a node runs in the scope that it stands in, where that is not all of it."""
