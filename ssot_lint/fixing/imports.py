"""The imports that a module has, and what a name surely stands for at a place of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise

from ssot_lint.fixing.flow import Flow
from ssot_lint.fixing.frames import Frame, may_swallow, typing_only
from ssot_lint.fixing.module import DEFINITIONS, Module, blocks, path_to, walk
from ssot_lint.fixing.scopes import bound_name, inner_names, own_expressions

_MISSING = frozenset({"ImportError", "ModuleNotFoundError"})
_ANY = frozenset({"Exception", "BaseException"})


class Guard(Enum):
    """Why an import may not have run although the code around it has."""

    MISSING = "is imported in a `try` that expects it to be missing"
    TYPING = "is imported for type checkers only"
    BRANCH = "is imported under a condition"


@dataclass(frozen=True, slots=True, eq=False)
class ImportedName:
    """A name that one part of an import statement binds.

    `target` is the dotted name of what it is bound to, `loads` that of the module or member which is
    imported: of `import a.b`, `a` and `a.b`. `path` has the statements around the import, outermost first.
    """

    name: str
    target: str
    loads: str
    statement: ast.Import | ast.ImportFrom
    alias: ast.alias
    path: tuple[ast.stmt, ...]

    @property
    def row(self) -> int:
        return self.statement.lineno

    @property
    def is_top_level(self) -> bool:
        """Whether the import stands at module level, in no block."""
        return not self.path

    @property
    def scopes(self) -> list[ast.stmt]:
        """The definitions around it, outermost first."""
        return [outer for outer in self.path if isinstance(outer, DEFINITIONS)]

    @property
    def guard(self) -> Guard | None:
        """What may keep it from running, or from succeeding, in its own scope."""
        found = None
        for outer, inner in pairwise((*self.path, self.statement)):
            if isinstance(outer, DEFINITIONS):
                found = None
            elif isinstance(outer, ast.Try) and self._may_be_missing(outer, inner):
                return Guard.MISSING
            elif isinstance(outer, ast.If) and inner in outer.body and typing_only(outer.test):
                return Guard.TYPING
            elif not isinstance(outer, (ast.With, ast.AsyncWith)):
                found = Guard.BRANCH
            elif any(may_swallow(item.context_expr) for item in outer.items):
                return Guard.MISSING
        return found

    def _may_be_missing(self, outer: ast.Try, inner: ast.stmt) -> bool:
        """Whether the name is imported in hope, or in place of an import that failed."""
        if inner in outer.body:
            return _expects_missing(outer)
        hoped = (node for node in outer.body if isinstance(node, (ast.Import, ast.ImportFrom)))
        return any((alias.asname or alias.name) == self.name for node in hoped for alias in node.names)


def _expects_missing(node: ast.Try) -> bool:
    """Whether the author expects an import to fail: that is caught by name, or nothing else can fail."""
    caught = {name for handler in node.handlers for name in _caught(handler)}
    only_imports = all(isinstance(item, (ast.Import, ast.ImportFrom, ast.Assign)) for item in node.body)
    return bool(caught & _MISSING) or (only_imports and bool(caught & _ANY))


def _caught(handler: ast.ExceptHandler) -> Iterator[str]:
    if handler.type is None:
        yield "Exception"
    else:
        yield from (getattr(node, "id", getattr(node, "attr", "")) for node in walk(handler.type))


def imported_names(module: Module, package: Sequence[str]) -> list[ImportedName]:
    """Every name that an import in `module` binds, star imports as the name `*`, in the order of the text."""
    if "import" not in module.text:
        return []
    return [name for path, node in _statements(module.tree, ()) for name in _names(node, path, package)]


def _statements(
    node: ast.AST, path: tuple[ast.stmt, ...]
) -> Iterator[tuple[tuple[ast.stmt, ...], ast.Import | ast.ImportFrom]]:
    for block in blocks(node):
        for statement in block:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                yield path, statement
            elif not isinstance(statement, (ast.Expr, ast.Assign, ast.Return)):
                yield from _statements(statement, (*path, statement))


def _names(
    node: ast.Import | ast.ImportFrom, path: tuple[ast.stmt, ...], package: Sequence[str]
) -> Iterator[ImportedName]:
    is_from = isinstance(node, ast.ImportFrom)
    base = imported_module(node, package) if isinstance(node, ast.ImportFrom) else ""
    for alias in node.names:
        name = bound_name(alias, is_from=is_from)
        loads = f"{base}.{alias.name}" if base else alias.name
        target = loads if is_from or alias.asname else name
        yield ImportedName(name, target, loads, node, alias, path)


def imported_module(node: ast.ImportFrom, package: Sequence[str]) -> str:
    """The dotted name of the module behind `from`; one above the top package keeps a leading dot."""
    if not node.level:
        return node.module or ""
    if node.level > len(package):
        return f".{node.module or ''}"
    base = package[: len(package) - node.level + 1]
    return ".".join((*base, node.module) if node.module else base)


class Places:
    """What names stand for at places of one module; `flow` must have followed the functions asked about."""

    def __init__(self, module: Module, flow: Flow, package: Sequence[str]) -> None:
        self.module = module
        self.imports = imported_names(module, package)
        self._flow = flow
        self._by_alias: dict[ast.AST, ImportedName] = {item.alias: item for item in self.imports}

    def at(self, offset: int) -> Place | None:
        """The place at an offset or behind the white space there; None if no statement stands on that row."""
        text = self.module.text
        while offset < len(text) and text[offset] in " \t\f":
            offset += 1
        path = path_to(self.module.tree, self.module.rows.row(offset), offset, self.module)
        return Place(self, path, self._flow) if path and path[-1] in self._flow.frames else None

    def of(self, statement: ast.stmt) -> Place | None:
        """The place of a statement that the flow has followed."""
        return self.at(self.module.start(statement))

    @cached_property
    def module_frame(self) -> Frame:
        return next(iter(self._flow.frames.values())).module

    def may_be_rebound(self, name: str) -> bool:
        """Whether a function may assign the module's `name`."""
        return self._flow.may_be_rebound(name)

    def in_module(self, name: str) -> list[ImportedName | None]:
        """What binds `name` at module level, but for type checkers only; None for all that is no import."""
        bound = (self._by_alias.get(node) for node in self.module_frame.names.bound.get(name, ()))
        return [item for item in bound if item is None or item.guard is not Guard.TYPING]

    def binders(self, frame: Frame, name: str) -> list[ImportedName | None]:
        if frame.parent is None:
            return self.in_module(name)
        return [self._by_alias.get(node) for node in frame.names.bound.get(name, ())]


class Place:
    """A place in a module, from which names are looked up."""

    def __init__(self, places: Places, path: Sequence[ast.stmt], flow: Flow) -> None:
        self._places = places
        self._flow = flow
        self.path = tuple(path)
        self.statement = path[-1]
        self.frame = flow.frames[self.statement]
        self._state = flow.before[self.statement]
        self._inner = inner_names(own_expressions(self.statement))

    @property
    def runs_at_import(self) -> bool:
        return self.frame.owner("", self._state)[2]

    def is_shadowed(self, name: str) -> bool:
        """Whether a scope inside the module binds `name` here."""
        scope, _, _ = self.frame.owner(name, self._state)
        return name in self._inner or scope.parent is not None

    def meaning(self, name: str) -> str | None:
        """The dotted name that imports surely bind `name` to here; None if nothing is sure."""
        if name in self._inner:
            return None
        scope, state, runs_now = self.frame.owner(name, self._state)
        found = self._places.binders(scope, name)
        targets = {item.target for item in found if item is not None}
        if scope.parent is None:
            state = state if runs_now else self._flow.at_end
            if self._flow.may_be_rebound(name) or self._hidden_by_star(found):
                return None
        if None in found or len(targets) != 1 or state is None or name not in state:
            return None
        return targets.pop()

    def _hidden_by_star(self, found: Sequence[ImportedName | None]) -> bool:
        """Whether a later star import may bind the name anew."""
        first = min((item.row for item in found if item is not None), default=0)
        return any(item.name == "*" and item.row > first for item in self._places.imports)
