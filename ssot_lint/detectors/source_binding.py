"""Finds names of the source that are used where no import has bound them."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.assignment import clause_of, early_uses, last_name
from ssot_lint.detectors.importing import LocalImports
from ssot_lint.detectors.values import Refusal
from ssot_lint.kinds.source_binding import Params, objects, symbols
from ssot_lint.model import Applicability, Edit, Fix
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.scopes import Binding, Place, Scope, ScopeKind
from ssot_lint.syntax.spelling import named
from ssot_lint.syntax.tree import Tree

_EXPECTED = re.compile(r"\b(?:NameError|UnboundLocalError)\b")
_BOUND_BY_CODE = re.compile(r"\b(?:globals|exec)[ \t]*\(|\b__builtins__\b|\bbuiltins\.\w+[ \t]*=(?!=)")


def find(tree: Tree, _params: Params, context: Context) -> Iterator[Sighting]:
    is_stub = context.path.endswith(".pyi")
    if context.contract is None or is_stub or _EXPECTED.search(context.text):
        return
    finder = _Finder(tree, context, context.contract)
    yield from finder.local_names()
    yield from finder.module_names()


class _Finder:
    def __init__(self, tree: Tree, context: Context, contract: Contract) -> None:
        self._tree = tree
        self._context = context
        self._symbols = symbols(contract)
        self._objects = objects(contract)
        self._statements = dict(_aliases(tree))
        imported = {item.name for item in tree.scopes.imports if self._is_of_source(item)}
        tree.names.want_uses(imported)
        self._names = imported | self._symbols.keys()

    def local_names(self) -> Iterator[Sighting]:
        """Uses that come before the import in the same function that makes the name a local one."""
        for scope in self._tree.scopes.all:
            if scope.kind is ScopeKind.FUNCTION and isinstance(scope.node, cst.FunctionDef):
                for name in sorted(self._names & scope.bindings.keys()):
                    yield from self._in_function(scope, name)

    def module_names(self) -> Iterator[Sighting]:
        """Uses of what the module imports later, for type checkers only, or not at all."""
        for node in self._tree.nodes(cst.Name):
            if node.value not in self._names or node in self._tree.scopes.annotations:
                continue
            scope = _owner(self._tree.scopes.places[node].scope, node.value)
            if scope is None:
                yield from self._nowhere(node)
            elif scope.kind is ScopeKind.MODULE:
                yield from self._in_module(node, scope.bindings.get(node.value, ()))

    def _in_function(self, scope: Scope, name: str) -> Iterator[Sighting]:
        bindings = scope.bindings[name]
        imports = [item for item in bindings if self._is_of_source(item)]
        binders = self._binders(scope, bindings)
        if not imports or binders is None:
            return
        local = LocalImports(self._tree, scope, name, bindings, self._statements)
        for use in early_uses(self._tree, scope, name, binders):
            import_ = f"the import on row {self._row(imports[0])}, which makes the name a local one,"
            message = (
                f"`{name}` is unbound here: {import_} comes later"
                if use.always
                else f"`{name}` may be unbound here: {import_} is not on every way that leads here"
            )
            yield self._sighting(use.node, message, partial(local.fix, self._context))

    def _binders(self, scope: Scope, bindings: Sequence[Binding]) -> list[cst.CSTNode] | None:
        """The statements of the function that bind a name; None if it gets values in other ways too."""
        binders = []
        for binding in bindings:
            statement = self._statements.get(binding.node) or clause_of(self._tree, binding.node)
            is_plain = self._tree.function(statement) is scope.node and not isinstance(statement, cst.Del)
            if not is_plain or isinstance(binding.node, cst.Param):
                return None
            binders.append(statement)
        return binders

    def _nowhere(self, node: cst.Name) -> Iterator[Sighting]:
        name = node.value
        is_given = self._tree.scopes.module.stars or hasattr(builtins, name)
        if name not in self._symbols or is_given or _BOUND_BY_CODE.search(self._context.text):
            return
        message = f"`{name}` is unbound: nothing in this module imports it"
        is_class = name[:1].isupper()
        applicability = Applicability.SAFE if is_class else Applicability.UNSAFE
        yield self._sighting(node, message, lambda: self._import(node, self._symbols[name], applicability))

    def _in_module(self, node: cst.Name, bindings: Sequence[Binding]) -> Iterator[Sighting]:
        imports = [item for item in bindings if self._is_of_source(item)]
        if not imports:
            return
        if all(map(self._is_for_typing, bindings)):
            if self._is_typing_block(node):
                return
            target = self._tree.names.canonical(imports[0].imported or "")
            row = self._row(imports[0])
            message = f"`{node.value}` is unbound when this runs: row {row} imports it for type checkers only"
            yield self._sighting(node, message, lambda: self._import(node, target, Applicability.SAFE))
        elif _runs_before(self._tree.scopes.places[node], bindings):
            row = self._row(imports[0])
            message = f"`{node.value}` is unbound here: the module imports it later, on row {row}"
            yield self._sighting(node, message, _refuse_to_move)

    def _is_of_source(self, binding: Binding) -> bool:
        return binding.imported is not None and self._tree.names.canonical(binding.imported) in self._objects

    def _is_for_typing(self, binding: Binding) -> bool:
        statement = self._statements.get(binding.node)
        if statement is None or binding.place.block.parent is None:
            return False
        return self._is_typing_block(statement)

    def _is_typing_block(self, node: cst.CSTNode) -> bool:
        """Whether only type checkers look at the code around `node`."""
        self._tree.names.want_uses({"TYPE_CHECKING"})
        inner = node
        for outer in self._tree.ancestors(node):
            if isinstance(outer, cst.If) and outer.body is inner and last_name(outer.test) == "TYPE_CHECKING":
                return True
            inner = outer
        return False

    def _row(self, binding: Binding) -> int:
        return self._tree.span(self._statements[binding.node]).start.row

    def _import(self, node: cst.Name, target: str, applicability: Applicability) -> Fix:
        name = target.rpartition(".")[2]
        return Fix(
            applicability, f"Import `{name}` at the top", (Edit(self._tree.span(node), named(target)),)
        )

    def _sighting(self, node: cst.CSTNode, message: str, fix: Callable[[], Fix]) -> Sighting:
        if not self._context.with_fixes:
            return Sighting(node, message)
        try:
            return Sighting(node, message, fix())
        except Refusal as refusal:
            return Sighting(node, message, reason=str(refusal))


def _aliases(tree: Tree) -> Iterator[tuple[cst.CSTNode, cst.Import | cst.ImportFrom]]:
    """Each alias in an import, with its statement."""
    for plain in tree.nodes(cst.Import):
        yield from ((alias, plain) for alias in plain.names)
    for statement in tree.nodes(cst.ImportFrom):
        if not isinstance(statement.names, cst.ImportStar):
            yield from ((alias, statement) for alias in statement.names)


def _refuse_to_move() -> Fix:
    raise Refusal("the import may have to stand behind other code")


def _owner(scope: Scope | None, name: str) -> Scope | None:
    """The scope that a name belongs to where code in `scope` uses it; None if it is bound nowhere."""
    first = True
    while scope is not None:
        if name in scope.redirected:
            return scope.redirected[name]
        if name in scope.bindings and (first or scope.kind is not ScopeKind.CLASS):
            return scope
        first, scope = False, scope.parent
    return None


def _runs_before(place: Place, bindings: Sequence[Binding]) -> bool:
    """Whether a place is sure to be reached before any of the module's bindings."""
    here: Place | None = place
    while here is not None and here.scope.kind is not ScopeKind.MODULE:
        is_later = here.scope.kind is ScopeKind.FUNCTION or isinstance(here.scope.node, cst.GeneratorExp)
        here = None if is_later else here.scope.opened_at
    if here is None:
        return False
    block = here.block
    return all(
        binding.place.time > here.time
        and (binding.place.block.parent is None or not binding.place.block.encloses(block))
        for binding in bindings
    )
