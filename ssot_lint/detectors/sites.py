"""Statements that each make or take IDs which one call could make together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import libcst as cst

from ssot_lint.detectors.lines import Lines
from ssot_lint.detectors.variables import Variables
from ssot_lint.syntax.tree import Tree


class SiteKind(Enum):
    """What a statement does with the IDs: nothing but assign them, use them, or keep all under one name."""

    ASSIGNS = auto()
    USES = auto()
    KEEPS = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One result of the call: `slot` says which, `values` are the expressions that stand for it.

    `target` is what the statement assigns it to; a statement that unpacks a call has no values of its own.
    """

    slot: int
    values: tuple[cst.BaseExpression, ...] = ()
    target: cst.BaseExpression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A statement that takes IDs; `call` is where it takes them from now, if that is a call of all of them.

    `kept` is the name under which it keeps all that the call makes.
    """

    kind: SiteKind
    statement: cst.CSTNode
    takes: tuple[Take, ...]
    call: cst.BaseExpression | None = None
    kept: str | None = None

    @property
    def values(self) -> list[cst.BaseExpression]:
        return [value for take in self.takes for value in take.values]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """`sites`, in the order of the text, that are all to take their part from the call that `code` is.

    `roles` has a name for each of its results, empty where one has none; with one of `prefixes` before it, it
    is a new variable. `dropped` lines are going to be removed. `harmless` expressions may be evaluated earlier
    or later.
    """

    tree: Tree
    lines: Lines
    variables: Variables
    sites: Sequence[Site]
    code: str
    roles: tuple[str, ...]
    prefixes: tuple[str, ...] = ("", "new_")
    dropped: Collection[int] = ()
    harmless: Collection[cst.CSTNode] = ()

    def line(self, site: Site) -> int:
        return self.lines.line(site.statement)

    def suite(self, statement: cst.CSTNode) -> cst.CSTNode | None:
        """The block that holds a statement, small or compound."""
        outer = self.tree.parent(statement)
        return self.tree.parent(outer) if isinstance(outer, cst.SimpleStatementLine) else outer

    def suites(self, statement: cst.CSTNode) -> list[cst.CSTNode]:
        """The blocks around a statement, innermost first."""
        suites = (cst.IndentedBlock, cst.SimpleStatementSuite, cst.Module)
        return [outer for outer in self.tree.ancestors(statement) if isinstance(outer, suites)]

    def is_empty(self, line: int) -> bool:
        """Whether the line holds nothing but a comment or what is going to be removed."""
        return line in self.dropped or self.lines.is_empty(line)


def joined(sites: Iterable[Site]) -> list[Site]:
    """The sites with those of one statement made one."""
    found: dict[cst.CSTNode, Site] = {}
    for site in sites:
        other = found.get(site.statement)
        found[site.statement] = (
            site if other is None else Site(SiteKind.USES, site.statement, (*other.takes, *site.takes))
        )
    return list(found.values())
