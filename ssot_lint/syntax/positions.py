"""Where nodes stand, told by counting tokens of one statement instead of writing out the whole module.

LibCST's own provider of positions writes the module anew to find one node. Here the n-th logical line belongs
to the n-th statement, and inside it the n-th token `x` to the n-th leaf `x`. Wherever the counts do not
agree, the provider is asked after all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from ssot_lint.model import Position, Span
from ssot_lint.syntax.lexer import Region, Stretch, scan
from ssot_lint.syntax.scopes import child_fields, nodes_in

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_FORMAT_START = re.compile(r"[fFtTrR]{1,2}[\"']")
_TEXT_ORDER: Mapping[type, tuple[str, ...]] = {
    cst.IfExp: ("body", "test", "orelse"),
    cst.Arg: ("keyword", "value"),
    cst.Parameters: ("posonly_params", "params", "star_arg", "kwonly_params", "star_kwarg"),
    cst.FunctionDef: ("name", "type_parameters", "params", "returns", "body"),
    cst.ClassDef: ("name", "type_parameters", "bases", "keywords", "body"),
    cst.ImportFrom: ("relative", "module", "names"),
    cst.TypeAlias: ("name", "type_parameters", "value"),
    cst.For: ("target", "iter", "body"),
    cst.While: ("test", "body"),
    cst.If: ("test", "body"),
    cst.With: ("items", "body"),
    cst.Try: ("body",),
    cst.TryStar: ("body",),
    cst.Match: ("subject",),
    cst.MatchCase: ("pattern", "guard", "body"),
    cst.ExceptHandler: ("type", "name", "body"),
    cst.ExceptStarHandler: ("type", "name", "body"),
}
_STRINGS = (cst.SimpleString, cst.FormattedString, cst.TemplatedString)
_LEAVES = frozenset((cst.Name, *_STRINGS))


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a module and the offsets at which its logical lines begin, behind their indentation.

    `rows` gives the file's row, from 1, for each row of a reduced module, from 0; None for a whole file.
    """

    text: str
    lines: Sequence[int]
    rows: Sequence[int] | None = None


class Positions:
    """The spans of the nodes of `module`; `parents` leads from each node to the one around it."""

    def __init__(
        self, module: cst.Module, layout: Layout, parents: Mapping[cst.CSTNode, cst.CSTNode]
    ) -> None:
        self._module = module
        self._layout = layout
        self._parents = parents
        self._starts = _row_starts(layout.text)
        statements = list(_statements(module.body))
        agree = len(statements) == len(layout.lines)
        self._line_of = {node: index for index, node in enumerate(statements)} if agree else {}
        self._leaves: dict[cst.CSTNode, dict[cst.CSTNode, int]] = {}
        self._spans: dict[cst.CSTNode, Span] = {}
        self._provider: MetadataWrapper | None = None

    def span(self, node: cst.CSTNode) -> Span:
        if node not in self._spans:
            self._spans[node] = self._found(node)
        return self._spans[node]

    def _found(self, node: cst.CSTNode) -> Span:
        offset = self._offset(node)
        code = self._module.code_for_node(node)
        if offset is None or "\n" in code:
            # A node written out by itself lacks the indentation of its further rows.
            return self._provided(node)
        return Span(self._position(offset), self._position(offset + len(code)))

    def _offset(self, node: cst.CSTNode) -> int | None:
        leaf = _first_leaf(node)
        statement = node
        while statement not in self._line_of:
            outer = self._parents.get(statement)
            if outer is None or leaf is None:
                return None
            statement = outer
        if statement not in self._leaves:
            self._leaves[statement] = self._locate_leaves(statement)
        return self._leaves[statement].get(leaf) if leaf is not None else None

    def _locate_leaves(self, statement: cst.CSTNode) -> dict[cst.CSTNode, int]:
        """The offsets of the names and strings of one logical line; without those that cannot be told."""
        index = self._line_of[statement]
        lines, text = self._layout.lines, self._layout.text
        end = lines[index + 1] if index + 1 < len(lines) else len(text)
        tokens = _tokens(text, lines[index], end)
        leaves: dict[str, list[cst.CSTNode]] = {}
        for leaf in _leaves(statement):
            leaves.setdefault(leaf.value if isinstance(leaf, cst.Name) else "", []).append(leaf)
        return {
            leaf: offset
            for value, found in leaves.items()
            if len(found) == len(tokens.get(value, ()))
            for leaf, offset in zip(found, tokens[value], strict=True)
        }

    def _position(self, offset: int) -> Position:
        index = bisect_right(self._starts, offset) - 1
        return self._at(index + 1, offset - self._starts[index])

    def _provided(self, node: cst.CSTNode) -> Span:
        if self._provider is None:
            self._provider = MetadataWrapper(self._module, unsafe_skip_copy=True)
        found = self._provider.resolve(PositionProvider)[node]
        return Span(
            self._at(found.start.line, found.start.column), self._at(found.end.line, found.end.column)
        )

    def _at(self, row: int, column: int) -> Position:
        rows = self._layout.rows
        return Position(row if rows is None else rows[row - 1], column + 1)


def _row_starts(text: str) -> list[int]:
    starts = [0]
    while at := text.find("\n", starts[-1]) + 1:
        starts.append(at)
    return starts


def _statements(body: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """Whatever begins a logical line, in the order of the text."""
    for node in body:
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            yield from node.decorators
        yield node
        for clause in _clauses(node):
            yield from _statements([clause]) if clause is not None else ()
        suite = getattr(node, "body", None)
        if isinstance(suite, cst.IndentedBlock):
            yield from _statements(suite.body)
        for clause in _clauses_behind(node):
            yield from _statements([clause]) if clause is not None else ()


def _clauses(node: cst.CSTNode) -> Sequence[cst.CSTNode | None]:
    return node.cases if isinstance(node, cst.Match) else ()


def _clauses_behind(node: cst.CSTNode) -> Sequence[cst.CSTNode | None]:
    if isinstance(node, (cst.Try, cst.TryStar)):
        return (*node.handlers, node.orelse, node.finalbody)
    return (node.orelse,) if isinstance(node, (cst.If, cst.For, cst.While)) else ()


def _first_leaf(node: cst.CSTNode) -> cst.CSTNode | None:
    """The name or string with which the text of `node` begins; None if it begins with something else."""
    while not isinstance(node, (cst.Name, *_STRINGS)):
        if getattr(node, "lpar", ()):
            return None
        if isinstance(node, (cst.Attribute, cst.Subscript)):
            node = node.value
        elif isinstance(node, cst.Call):
            node = node.func
        elif isinstance(node, (cst.BinaryOperation, cst.ConcatenatedString)):
            node = node.left
        else:
            return None
    return None if node.lpar else node


def _leaves(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The names and strings of one logical line, in the order of the text."""
    kind = type(node)
    if kind in _LEAVES:
        yield node
    if kind is cst.Name or kind is cst.SimpleString or kind is cst.IndentedBlock:
        return
    for name in _TEXT_ORDER.get(kind) or child_fields(kind):
        for child in nodes_in(getattr(node, name)):
            yield from _leaves(child)


def _tokens(text: str, start: int, end: int) -> dict[str, list[int]]:
    """The offsets of each identifier in the code of `text[start:end]`, and of all strings under the empty
    text.
    """
    found: dict[str, list[int]] = {}
    at = start
    for stretch in scan(text, start, end):
        _add_identifiers(found, text, at, stretch.start)
        at = stretch.end
        if _begins_string(text, stretch):
            found.setdefault("", []).append(stretch.start)
    _add_identifiers(found, text, at, end)
    return found


def _begins_string(text: str, stretch: Stretch) -> bool:
    """Whether this is a string or the first piece of an f-string, and not one behind a field."""
    if stretch.region is Region.FORMAT_TEXT:
        return _FORMAT_START.match(text, stretch.start, stretch.end) is not None
    return stretch.region is Region.STRING


def _add_identifiers(found: dict[str, list[int]], text: str, start: int, end: int) -> None:
    for match in _IDENTIFIER.finditer(text, start, end):
        found.setdefault(match[0], []).append(match.start())
