"""Builds the scopes of a module in one walk over its LibCST tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import libcst as cst

from ssot_lint.syntax.scopes import Binding, Block, Place, Scope, ScopeKind, Scopes, children


def build(module: cst.Module, package: Sequence[str]) -> Scopes:
    """The scopes of `module`; `package` is its package's dotted name in parts, for relative imports."""
    binder = _Binder(module, tuple(package))
    binder.visit_all(module.body)
    return binder.scopes


def dotted(node: cst.BaseExpression) -> str | None:
    """The text of a plain dotted name; None for any other expression."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        base = dotted(node.value)
        return None if base is None else f"{base}.{node.attr.value}"
    return None


class _Binder:
    def __init__(self, module: cst.Module, package: tuple[str, ...]) -> None:
        scope = Scope(ScopeKind.MODULE, None, module, None)
        self.scopes = Scopes(scope, {}, {}, set(), all=[scope])
        self._package = package
        self._place = Place(scope, scope.body, 0)
        self._parent: cst.CSTNode = module
        self._in_annotation = False
        self._special: dict[type, Callable[..., None]] = {
            cst.FunctionDef: self._function,
            cst.Lambda: self._lambda,
            cst.ClassDef: self._class,
            cst.ListComp: self._comprehension,
            cst.SetComp: self._comprehension,
            cst.GeneratorExp: self._comprehension,
            cst.DictComp: self._comprehension,
            cst.NamedExpr: self._named_expression,
            cst.Assign: self._assign,
            cst.AnnAssign: self._annotated_assign,
            cst.AugAssign: self._augmented_assign,
            cst.For: self._for,
            cst.WithItem: self._with_item,
            cst.IndentedBlock: self._block,
            cst.SimpleStatementSuite: self._block,
            cst.MatchCase: self._match_case,
            cst.MatchAs: self._capture,
            cst.MatchStar: self._capture,
            cst.MatchMapping: self._match_mapping,
            cst.MatchKeywordElement: self._match_keyword,
            cst.ExceptHandler: self._except_handler,
            cst.ExceptStarHandler: self._except_handler,
            cst.Import: self._import,
            cst.ImportFrom: self._import_from,
            cst.Global: self._global,
            cst.Nonlocal: self._nonlocal,
            cst.Del: self._delete,
            cst.Attribute: self._attribute,
            cst.Arg: self._argument,
            cst.Annotation: self._annotation,
            cst.Call: self._call,
            cst.TypeAlias: self._type_alias,
        }

    def visit_all(self, nodes: Iterable[cst.CSTNode]) -> None:
        for node in nodes:
            self.visit(node)

    def visit(self, node: cst.CSTNode | None) -> None:
        if node is None:
            return
        scopes = self.scopes
        scopes.places[node] = self._place
        scopes.parents[node] = outer = self._parent
        if self._in_annotation:
            scopes.annotations.add(node)
        self._parent = node
        special = self._special.get(type(node))
        if special is not None:
            special(node)
        else:
            for child in children(node):
                self.visit(child)
        self._parent = outer

    def _bind(
        self,
        name: str,
        node: cst.CSTNode,
        imported: str | None = None,
        value: cst.BaseExpression | None = None,
    ) -> None:
        place = self._place
        scope = place.scope.redirected.get(name)
        if scope is None:
            scope, at = place.scope, place
        else:
            at = Place(scope, Block(scope.body), place.time)
        binding = Binding(name, at, node, imported, value)
        scope.bindings.setdefault(name, []).append(binding)
        if imported is not None:
            self.scopes.imports.append(binding)
        self._place = Place(place.scope, place.block, place.time + 1)

    def _bind_target(self, target: cst.CSTNode, value: cst.BaseExpression | None = None) -> None:
        """Bind the names in an assignment target; what else it evaluates is visited."""
        if isinstance(target, cst.Name):
            self.scopes.parents[target] = self._parent
            self._bind(target.value, target, value=value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            self.scopes.parents[target] = self._parent
            for element in target.elements:
                self._bind_target(element.value)
        elif isinstance(target, cst.StarredElement):
            self._bind_target(target.value)
        else:
            self.scopes.stores.add(target)
            self.visit(target)

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        self.scopes.all.append(scope)
        outer, annotation = self._place, self._in_annotation
        self._place, self._in_annotation = Place(scope, scope.body, outer.time), False
        yield
        self._place = Place(outer.scope, outer.block, self._place.time)
        self._in_annotation = annotation

    def _block(self, node: cst.IndentedBlock | cst.SimpleStatementSuite) -> None:
        outer = self._place
        self._place = Place(outer.scope, Block(outer.block), outer.time)
        self.visit_all(node.body)
        self._place = Place(outer.scope, outer.block, self._place.time)

    def _function(self, node: cst.FunctionDef) -> None:
        self.visit_all(node.decorators)
        self._defaults(node.params)
        self.visit(node.returns)
        self._bind(node.name.value, node)
        with self._inside(Scope(ScopeKind.FUNCTION, self._place.scope, node, self._place)):
            self._type_parameters(node.type_parameters)
            self._parameters(node.params)
            self._suite(node.body)

    def _suite(self, body: cst.BaseSuite) -> None:
        """The statements of a scope's own body, which is sure to run."""
        outer = self._parent
        self.scopes.parents[body] = outer
        self._parent = body
        self.visit_all(body.body)
        self._parent = outer

    def _lambda(self, node: cst.Lambda) -> None:
        self._defaults(node.params)
        with self._inside(Scope(ScopeKind.FUNCTION, self._place.scope, node, self._place)):
            self._parameters(node.params)
            self.visit(node.body)

    def _class(self, node: cst.ClassDef) -> None:
        self.visit_all(node.decorators)
        self.visit_all(node.bases)
        self.visit_all(node.keywords)
        with self._inside(Scope(ScopeKind.CLASS, self._place.scope, node, self._place)):
            self._type_parameters(node.type_parameters)
            self._suite(node.body)
        self._bind(node.name.value, node)

    def _type_parameters(self, node: cst.TypeParameters | None) -> None:
        for parameter in node.params if node else ():
            self._bind(parameter.param.name.value, parameter)

    def _all_parameters(self, node: cst.Parameters) -> Iterator[cst.Param]:
        yield from (*node.posonly_params, *node.params, *node.kwonly_params)
        yield from (star for star in (node.star_arg, node.star_kwarg) if isinstance(star, cst.Param))

    def _defaults(self, node: cst.Parameters) -> None:
        for parameter in self._all_parameters(node):
            self.scopes.parents[parameter] = self._parent
            outer, self._parent = self._parent, parameter
            self.visit(parameter.default)
            self.visit(parameter.annotation)
            self._parent = outer

    def _parameters(self, node: cst.Parameters) -> None:
        for parameter in self._all_parameters(node):
            self._bind(parameter.name.value, parameter)

    def _comprehension(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp) -> None:
        clause: cst.CompFor | None = node.for_in
        assert clause is not None
        self.scopes.parents[clause] = node
        outer, self._parent = self._parent, clause
        self.visit(clause.iter)
        self._parent = outer
        with self._inside(Scope(ScopeKind.COMPREHENSION, self._place.scope, node, self._place)):
            self._bind_target(clause.target)
            self.visit_all(clause.ifs)
            self._inner_clauses(clause)
            if isinstance(node, cst.DictComp):
                self.visit(node.key)
                self.visit(node.value)
            else:
                self.visit(node.elt)

    def _inner_clauses(self, outer: cst.CompFor) -> None:
        clause = outer.inner_for_in
        if clause is not None:
            self.scopes.parents[clause] = outer
            self.visit(clause.iter)
            self._bind_target(clause.target)
            self.visit_all(clause.ifs)
            self._inner_clauses(clause)

    def _named_expression(self, node: cst.NamedExpr) -> None:
        self.visit(node.value)
        name = cst.ensure_type(node.target, cst.Name)
        self.scopes.parents[name] = node
        scope = self._place.scope
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        scope = scope.redirected.get(name.value, scope)
        if scope is not self._place.scope:
            self._place.scope.redirected.setdefault(name.value, scope)
        self._bind(name.value, name, value=node.value)

    def _assign(self, node: cst.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.scopes.parents[target] = node
            outer, self._parent = self._parent, target
            self._bind_target(target.target, node.value)
            self._parent = outer

    def _annotated_assign(self, node: cst.AnnAssign) -> None:
        self.visit(node.annotation)
        self.visit(node.value)
        is_local = self._place.scope.kind is ScopeKind.FUNCTION
        if node.value is not None or is_local or not isinstance(node.target, cst.Name):
            self._bind_target(node.target, node.value)

    def _augmented_assign(self, node: cst.AugAssign) -> None:
        self.visit(node.target)
        self.visit(node.value)
        self._bind_target(node.target)

    def _for(self, node: cst.For) -> None:
        self.visit(node.iter)
        self._bind_target(node.target)
        self.visit(node.body)
        self.visit(node.orelse)

    def _with_item(self, node: cst.WithItem) -> None:
        self.visit(node.item)
        if node.asname is not None:
            self._bind_target(node.asname.name)

    def _match_case(self, node: cst.MatchCase) -> None:
        outer = self._place
        self._place = Place(outer.scope, Block(outer.block), outer.time)
        self.visit(node.pattern)
        self.visit(node.guard)
        self._suite(node.body)
        self._place = Place(outer.scope, outer.block, self._place.time)

    def _capture(self, node: cst.MatchAs | cst.MatchStar) -> None:
        if isinstance(node, cst.MatchAs):
            self.visit(node.pattern)
        if node.name is not None:
            self._bind(node.name.value, node)

    def _match_mapping(self, node: cst.MatchMapping) -> None:
        self.visit_all(node.elements)
        if node.rest is not None:
            self._bind(node.rest.value, node)

    def _match_keyword(self, node: cst.MatchKeywordElement) -> None:
        self.visit(node.pattern)

    def _except_handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        outer = self._place
        self._place = Place(outer.scope, Block(outer.block), outer.time)
        self.visit(node.type)
        if node.name is not None:
            self._bind_target(node.name.name)
        self._suite(node.body)
        self._place = Place(outer.scope, outer.block, self._place.time)

    def _import(self, node: cst.Import) -> None:
        for alias in node.names:
            name = dotted(alias.name)
            assert name is not None
            if alias.asname is not None:
                self._bind(cst.ensure_type(alias.asname.name, cst.Name).value, alias, imported=name)
            else:
                top = name.partition(".")[0]
                self._bind(top, alias, imported=top)

    def _import_from(self, node: cst.ImportFrom) -> None:
        module = self._imported_module(node)
        if isinstance(node.names, cst.ImportStar):
            self._place.scope.module.stars.append(module)
            return
        for alias in node.names:
            name = cst.ensure_type(alias.name, cst.Name).value
            bound = cst.ensure_type(alias.asname.name, cst.Name).value if alias.asname else name
            self._bind(bound, alias, imported=f"{module}.{name}")

    def _imported_module(self, node: cst.ImportFrom) -> str:
        """The absolute dotted name; one that leaves the tree at the top keeps a leading dot, so that nothing
        has it.
        """
        name = dotted(node.module) if node.module is not None else None
        level = len(node.relative)
        if not level:
            return name or ""
        if level > len(self._package):
            return f".{name or ''}"
        package = self._package[: len(self._package) - level + 1]
        return ".".join((*package, name) if name else package)

    def _global(self, node: cst.Global) -> None:
        scope = self._place.scope
        if scope.parent is not None:
            for item in node.names:
                scope.redirected[item.name.value] = scope.module

    def _nonlocal(self, node: cst.Nonlocal) -> None:
        scope = self._place.scope
        for item in node.names:
            around = list(self._functions_around(scope))
            # Where no function has bound it yet, the nearest one is about to.
            owners = [owner for owner in around if item.name.value in owner.bindings] or around
            if owners:
                scope.redirected[item.name.value] = owners[0]

    def _functions_around(self, scope: Scope) -> Iterator[Scope]:
        """The scopes that a `nonlocal` may mean, innermost first."""
        outer = scope.parent
        while outer is not None:
            if outer.kind is ScopeKind.FUNCTION:
                yield outer
            outer = outer.parent

    def _delete(self, node: cst.Del) -> None:
        targets = node.target.elements if isinstance(node.target, cst.Tuple) else None
        for target in [item.value for item in targets] if targets is not None else [node.target]:
            self._bind_target(target)

    def _attribute(self, node: cst.Attribute) -> None:
        self.visit(node.value)

    def _argument(self, node: cst.Arg) -> None:
        self.visit(node.value)

    def _annotation(self, node: cst.Annotation) -> None:
        outer, self._in_annotation = self._in_annotation, True
        self.visit(node.annotation)
        self._in_annotation = outer

    def _call(self, node: cst.Call) -> None:
        """What an annotation calls does run, as in `Annotated[str, Field(default_factory=make)]`."""
        outer, self._in_annotation = self._in_annotation, False
        self.visit(node.func)
        self.visit_all(node.args)
        self._in_annotation = outer

    def _type_alias(self, node: cst.TypeAlias) -> None:
        outer, self._in_annotation = self._in_annotation, True
        self.visit(node.value)
        self._in_annotation = outer
        self._bind(node.name.value, node)
