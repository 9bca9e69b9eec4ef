"""The scopes that a walk over a syntax tree passes through, and what is sure to be bound in them."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import NamedTuple, TypeAlias

from ssot_lint.fixing.scopes import ScopeNames, ScopeNode, scope_names

State: TypeAlias = frozenset[str] | None
"""The names of a scope that are sure to be bound at a place; None where control never comes."""

_MODULE_ATTRIBUTES = {f"__{name}__" for name in ("annotations", "builtins", "dict", "file", "path")}
_CLASS_NAMES = {"__class__", "__module__", "__qualname__"}
ALWAYS_BOUND = frozenset(dir(builtins)) | _MODULE_ATTRIBUTES | _CLASS_NAMES
_SWALLOWS = re.compile(r"suppress|raises|assertRaises\w*")


class UnboundUse(NamedTuple):
    """A use of `name` that may fail; `symbol` is the dotted name of the definition around it."""

    symbol: str
    name: str


class Kind(Enum):
    MODULE = auto()
    CLASS = auto()
    FUNCTION = auto()
    COMPREHENSION = auto()


@dataclass(frozen=True, eq=False)
class Frame:
    """A scope; `opened_in` is the state of the scope around it where this one is made.

    `rebound` are the names that some function of the module declares global.
    """

    kind: Kind
    node: ScopeNode
    symbol: str
    parent: Frame | None
    opened_in: State
    rebound: Set[str]

    @classmethod
    def of_module(cls, tree: ast.Module, rebound: Set[str]) -> Frame:
        return cls(Kind.MODULE, tree, "", None, None, rebound)

    def open(self, kind: Kind, node: ScopeNode, state: State) -> Frame:
        """The scope that `node` makes inside this one."""
        symbol = ".".join(filter(None, (self.symbol, getattr(node, "name", ""))))
        return Frame(kind, node, symbol, self, state, self.rebound)

    @cached_property
    def names(self) -> ScopeNames:
        return scope_names(self.node)

    def owner(self, name: str, state: State) -> tuple[Frame, State, bool]:
        """The scope that `name` belongs to when code in this one names it, where this one's state is `state`.

        Returns that scope's state too, and whether the code runs together with the scope's. Goes outward; the
        names of a class count in its own code only.
        """
        scope, runs_now = self, True
        while scope.parent is not None:
            if name in self.rebound and name in scope.names.declared_global:
                return scope.module, state, False
            if scope.kind is not Kind.CLASS:
                if (state is not None and name in state) or scope.names.is_local(name):
                    return scope, state, runs_now
            elif scope is self and state is not None and name in state:
                return scope, state, runs_now
            runs_now = runs_now and scope.kind is not Kind.FUNCTION
            state, scope = scope.opened_in, scope.parent
        return scope, state, runs_now

    @property
    def module(self) -> Frame:
        return self if self.parent is None else self.parent.module

    @property
    def holder(self) -> Frame:
        """The scope in which a walrus binds."""
        frame = self
        while frame.kind is Kind.COMPREHENSION and frame.parent is not None:
            frame = frame.parent
        return frame


def meet(*states: State) -> State:
    """What is sure after either of several ways."""
    reached = [state for state in states if state is not None]
    return frozenset.intersection(*reached) if reached else None


def typing_only(test: ast.expr) -> bool | None:
    """Whether an `if` with this test runs for type checkers only, or never for them; else None."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = typing_only(test.operand)
        return None if inner is None else not inner
    name = getattr(test, "attr", getattr(test, "id", ""))
    return True if name == "TYPE_CHECKING" else None


def may_swallow(context: ast.expr) -> bool:
    """Whether a `with` on this expression may end its body early and go on."""
    function = context.func if isinstance(context, ast.Call) else None
    name = getattr(function, "attr", getattr(function, "id", ""))
    return _SWALLOWS.fullmatch(name) is not None
