"""A parsed module as the detectors see it: nodes by type, where they stand, and what their names mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

import libcst as cst

from ssot_lint.model import Span
from ssot_lint.syntax.names import Names
from ssot_lint.syntax.positions import Layout, Positions
from ssot_lint.syntax.scopes import Scopes

_N = TypeVar("_N", bound=cst.CSTNode)


class Tree:
    """A module with its scopes; `layout` says where its text comes from."""

    def __init__(self, module: cst.Module, scopes: Scopes, names: Names, layout: Layout) -> None:
        self.module = module
        self.scopes = scopes
        self.names = names
        self._layout = layout
        self._by_type: dict[type, list[cst.CSTNode]] | None = None

    def nodes(self, kind: type[_N]) -> Iterator[_N]:
        """All expressions or statements that are exactly of `kind`, in the order of evaluation."""
        if self._by_type is None:
            self._by_type = defaultdict(list)
            for node in self.scopes.places:
                self._by_type[type(node)].append(node)
        yield from self._by_type.get(kind, ())  # type: ignore[misc]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self.scopes.parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around `node`, innermost first, without the module."""
        outer = self.scopes.parents.get(node)
        while outer is not None and outer is not self.module:
            yield outer
            outer = self.scopes.parents.get(outer)

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """The innermost function whose body `node` is in; decorators and defaults are outside of theirs."""
        inner = node
        for outer in self.ancestors(node):
            if isinstance(outer, (cst.FunctionDef, cst.Lambda)) and outer.body is inner:
                return outer
            inner = outer
        return None

    def symbol(self, node: cst.CSTNode) -> str:
        """The dotted name of the definitions around `node`; empty at module level."""
        outer = (item for item in self.ancestors(node) if isinstance(item, (cst.FunctionDef, cst.ClassDef)))
        return ".".join(reversed([item.name.value for item in outer]))

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)

    def span(self, node: cst.CSTNode) -> Span:
        """Where `node` stands in the file."""
        return self._positions.span(node)

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self.module, self._layout, self.scopes.parents)
