"""What a name or an attribute chain stands for: the dotted names that it may have at a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import libcst as cst

from ssot_lint.syntax.query import Query
from ssot_lint.syntax.scopes import Binding, Place, Scopes

_MAX_HOPS = 8


class Names:
    """Resolves expressions of one module.

    `known` holds the names whose bindings the module has in full (None: all of them); others that are asked
    for are noted in `missing`. `answers` is what other modules of the tree bind; questions that it does not
    answer are noted in `queries`. `uses` are the names of which the module has every use; others that are
    wanted are noted in `missing_uses`. While one of the three has entries, what was resolved may be
    incomplete.

    Only names that lead to one of `targets`, dotted names such as `uuid.uuid4` or `app.ids.factory().make`,
    are followed into other modules.
    """

    def __init__(
        self,
        scopes: Scopes,
        targets: Collection[str],
        known: Collection[str] | None = None,
        uses: Collection[str] = (),
        answers: Mapping[Query, str | None] | None = None,
    ) -> None:
        self._scopes = scopes
        self._targets = frozenset(_with_prefixes(targets))
        self._followed = frozenset(
            part.removesuffix("()") for target in targets for part in target.split(".")
        )
        self._known = known
        self._uses = frozenset(uses)
        self._answers = {} if answers is None else answers
        self.missing: set[str] = set()
        self.missing_uses: set[str] = set()
        self.queries: set[Query] = set()
        self._resolving: set[cst.CSTNode] = set()

    def resolve(self, node: cst.BaseExpression) -> frozenset[str]:
        """The dotted names that `node` may stand for; empty if none is known."""
        if node in self._resolving or node not in self._scopes.places:
            return frozenset()
        self._resolving.add(node)
        try:
            return self._resolve(node)
        finally:
            self._resolving.discard(node)

    def want_uses(self, names: Iterable[str]) -> None:
        """Ask for every statement that mentions one of `names`."""
        if self._known is not None:
            self.missing_uses.update(name for name in names if name not in self._uses)

    def take_missing(self) -> tuple[set[str], set[str]]:
        """What was noted in `missing` and `missing_uses`, which are empty then."""
        taken = self.missing, self.missing_uses
        self.missing, self.missing_uses = set(), set()
        return taken

    def bindings(self, node: cst.Name) -> tuple[Binding, ...]:
        """The bindings that a name in an expression may have, the latest first."""
        place = self._scopes.places.get(node)
        return () if place is None else self.bindings_at(node.value, place)

    def bindings_at(self, name: str, place: Place) -> tuple[Binding, ...]:
        """The bindings that `name` would have at `place`, the latest first."""
        if self._known is not None and name not in self._known:
            self.missing.add(name)
            return ()
        return tuple(self._scopes.reaching(name, place))

    def imported(self, node: cst.Name) -> frozenset[str]:
        """The dotted names that imports give `node`, without those that it has by assignment."""
        bindings = self.bindings(node)
        if not bindings:
            return self._by_star(node.value)
        return frozenset(self.canonical(item.imported) for item in bindings if item.imported is not None)

    def is_builtin(self, node: cst.BaseExpression, name: str) -> bool:
        return isinstance(node, cst.Name) and node.value == name and not self.bindings(node)

    def canonical(self, dotted: str) -> str:
        """`dotted` with re-exports of the tree followed to where the name comes from."""
        for _ in range(_MAX_HOPS):
            following = dotted if dotted in self._targets else self._follow(dotted)
            if following == dotted:
                break
            dotted = following
        return dotted

    def _resolve(self, node: cst.BaseExpression) -> frozenset[str]:
        if isinstance(node, cst.Name):
            values = (item.value for item in self.bindings(node) if item.value is not None)
            return self.imported(node).union(*(self.resolve(value) for value in values))
        if isinstance(node, cst.Attribute):
            return frozenset(self.canonical(f"{base}.{node.attr.value}") for base in self.resolve(node.value))
        if isinstance(node, cst.NamedExpr):
            return self.resolve(node.value)
        if isinstance(node, cst.Call):
            return self._resolve_call(node)
        return frozenset()

    def _resolve_call(self, node: cst.Call) -> frozenset[str]:
        arguments = [
            argument.value
            for argument in node.args
            if not argument.star and (argument.keyword is None or argument.keyword.value == "name")
        ]
        texts = [literal_text(argument) for argument in arguments]
        if self.is_builtin(node.func, "__import__") and texts and texts[0] is not None:
            return frozenset({texts[0].partition(".")[0]})
        if self.is_builtin(node.func, "getattr") and len(texts) > 1 and texts[1] is not None:
            return frozenset(self.canonical(f"{base}.{texts[1]}") for base in self.resolve(arguments[0]))
        called = self.resolve(node.func)
        if "importlib.import_module" in called and len(texts) == 1 and texts[0] is not None:
            return frozenset({self.canonical(texts[0])})
        return frozenset(f"{name}()" for name in called if f"{name}()" in self._targets)

    def _by_star(self, name: str) -> frozenset[str]:
        if name not in self._followed:
            return frozenset()
        found = set()
        for module in self._scopes.module.stars:
            if f"{module}.{name}" in self._targets:
                found.add(f"{module}.{name}")
            elif answer := self._ask(Query(module, name, by_star=True)):
                found.add(self.canonical(answer))
        return frozenset(found)

    def _follow(self, dotted: str) -> str:
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            if parts[cut] in self._followed:
                answer = self._ask(Query(".".join(parts[:cut]), parts[cut]))
                if answer is not None:
                    return ".".join((answer, *parts[cut + 1 :]))
        return dotted

    def _ask(self, query: Query) -> str | None:
        if query not in self._answers:
            self.queries.add(query)
            return None
        return self._answers[query]


def _with_prefixes(targets: Collection[str]) -> set[str]:
    parts = (target.split(".") for target in targets)
    found = {".".join(names[:count]) for names in parts for count in range(1, len(names) + 1)}
    return found | {name.removesuffix("()") for name in found}


def literal_text(node: cst.BaseExpression) -> str | None:
    """The value of a plain string literal; None for bytes, f-strings and all else."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None
