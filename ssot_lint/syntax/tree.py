"""A parsed module as the detectors see it: nodes by type, where they stand, and what their names mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ssot_lint.model import Position, Span
from ssot_lint.syntax.names import Names
from ssot_lint.syntax.scopes import Scopes

_N = TypeVar("_N", bound=cst.CSTNode)


class Tree:
    """`rows` gives the file's row, from 1, for each row of a reduced module, from 0; None for a whole file."""

    def __init__(
        self, module: cst.Module, scopes: Scopes, names: Names, rows: Sequence[int] | None = None
    ) -> None:
        self.module = module
        self.scopes = scopes
        self.names = names
        self._rows = rows
        self._by_type: dict[type, list[cst.CSTNode]] | None = None
        self._positions: MetadataWrapper | None = None

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
        """The innermost function around `node`."""
        for outer in self.ancestors(node):
            if isinstance(outer, (cst.FunctionDef, cst.Lambda)):
                return outer
        return None

    def symbol(self, node: cst.CSTNode) -> str:
        """The dotted name of the definitions around `node`; empty at module level."""
        outer = (item for item in self.ancestors(node) if isinstance(item, (cst.FunctionDef, cst.ClassDef)))
        return ".".join(reversed([item.name.value for item in outer]))

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)

    def span(self, node: cst.CSTNode) -> Span:
        """Where `node` stands in the file."""
        if self._positions is None:
            self._positions = MetadataWrapper(self.module, unsafe_skip_copy=True)
        found = self._positions.resolve(PositionProvider)[node]
        return Span(
            self._position(found.start.line, found.start.column),
            self._position(found.end.line, found.end.column),
        )

    def _position(self, row: int, column: int) -> Position:
        return Position(row if self._rows is None else self._rows[row - 1], column + 1)
