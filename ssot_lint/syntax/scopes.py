"""Scopes and bindings of a module, as chapter 4 of the language reference has them.

Built in one walk in the order of evaluation, so that "bound before" can be asked of any two places of one
scope. Blocks other than function, class and module bodies are alike here, whatever their header: their
bindings may or may not have happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import Any

import libcst as cst


class ScopeKind(Enum):
    MODULE = auto()
    CLASS = auto()
    FUNCTION = auto()
    COMPREHENSION = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A body of statements; `parent` is None for the body of a scope, which is sure to run from its start."""

    parent: Block | None

    def encloses(self, other: Block | None) -> bool:
        while other is not None:
            if other is self:
                return True
            other = other.parent
        return False


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A point of the evaluation: in which scope and block, and after which others of that scope."""

    scope: Scope
    block: Block
    time: int


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A name bound at a place.

    `imported` is the dotted name that an import gives it; `value` the expression that an assignment of the
    whole name gives it; neither for parameters, loops, definitions, deletions and the like. `node` is the
    binding's own node.
    """

    name: str
    place: Place
    node: cst.CSTNode
    imported: str | None = None
    value: cst.BaseExpression | None = None


@dataclass(slots=True, eq=False)
class Scope:
    kind: ScopeKind
    parent: Scope | None
    node: cst.CSTNode
    opened_at: Place | None
    body: Block = field(default_factory=lambda: Block(None))
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    redirected: dict[str, Scope] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class Scopes:
    """The scopes of a module; `places` has an entry for every expression and statement.

    `stores` are the attributes and subscripts that are assigned to or deleted.
    """

    module: Scope
    places: dict[cst.CSTNode, Place]
    parents: dict[cst.CSTNode, cst.CSTNode]
    annotations: set[cst.CSTNode]
    stores: set[cst.CSTNode] = field(default_factory=set)
    imports: list[Binding] = field(default_factory=list)
    all: list[Scope] = field(default_factory=list)

    def final(self, name: str) -> Sequence[Binding]:
        """The bindings that `name` may have in the module once all of it has run, the latest first."""
        return _final(self.module.bindings.get(name, ()))

    def reaching(self, name: str, place: Place) -> Sequence[Binding]:
        """The bindings that `name` may have at `place`; empty if nothing in the module binds it by name."""
        scope: Scope | None = place.scope
        here: Place | None = place
        in_class: list[Binding] = []
        while scope is not None:
            if scope is place.scope or scope.kind is not ScopeKind.CLASS:
                target = scope.redirected.get(name)
                if target is not None:
                    return _final(target.bindings.get(name, ()))
                bound = scope.bindings.get(name, ())
                found = _before(bound, here) if here is not None else _final(bound)
                if scope.kind is ScopeKind.CLASS:
                    if any(binding.place.block.encloses(place.block) for binding in found):
                        return found
                    in_class = found
                elif bound:
                    return [*in_class, *(found or bound)]
            runs_at_once = scope.kind in (ScopeKind.COMPREHENSION, ScopeKind.CLASS)
            here = scope.opened_at if here is not None and runs_at_once else None
            scope = scope.parent
        return in_class


def _before(bindings: Sequence[Binding], place: Place) -> list[Binding]:
    found = []
    for binding in reversed(bindings):
        if binding.place.time < place.time:
            found.append(binding)
            if binding.place.block.encloses(place.block):
                break
    return found


def _final(bindings: Sequence[Binding]) -> list[Binding]:
    found = []
    for binding in reversed(bindings):
        found.append(binding)
        if binding.place.block.parent is None:
            break
    return found


_TRIVIA = (
    "__slots__",
    "whitespace",
    "leading_lines",
    "trailing_whitespace",
    "lines_after",
    "lpar",
    "rpar",
    "header",
    "footer",
    "semicolon",
    "comma",
    "lbracket",
    "rbracket",
    "lbrace",
    "rbrace",
    "equal",
    "dot",
    "colon",
    "indent",
    "encoding",
    "default_indent",
    "default_newline",
    "has_trailing_newline",
    "asynchronous",
    "start",
    "end",
)


@cache
def child_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a node type that can hold more than white space and punctuation."""
    return tuple(name for name in kind.__dataclass_fields__ if not name.startswith(_TRIVIA))


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The child nodes that carry meaning, in the order of their text as far as the grammar has one."""
    for name in child_fields(type(node)):
        yield from nodes_in(getattr(node, name))


def nodes_in(value: Any) -> Iterable[cst.CSTNode]:
    """The nodes in the value of a field: itself, those of a sequence, or none."""
    kind = type(value)
    if kind is tuple or kind is list:
        return value  # type: ignore[no-any-return]
    return (value,) if _is_node(kind) else ()  # type: ignore[arg-type]


@cache
def _is_node(kind: type) -> bool:
    """As `isinstance` says, which is slow for LibCST's abstract classes."""
    return issubclass(kind, cst.CSTNode)
