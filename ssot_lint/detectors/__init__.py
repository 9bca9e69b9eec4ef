"""LibCST rules, one module a kind: each looks at a parsed module and yields what it finds."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import libcst as cst

from ssot_lint.model import Fix
from ssot_lint.source.contract import Contract
from ssot_lint.syntax.tree import Tree


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What a detector knows besides the tree, which may be a reduction: the file's whole `text` and its `path`.

    Without `with_fixes`, a fix is not asked for and need not be looked for.
    """

    contract: Contract | None
    text: str
    path: str
    with_fixes: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A rule broken at `node`, and at the `related` nodes with it; `reason` says why there is no `fix`.

    In the edits of the fix, names of the source are written as `syntax.spelling.named` has them.
    """

    node: cst.CSTNode
    message: str
    fix: Fix | None = None
    reason: str | None = None
    related: tuple[cst.CSTNode, ...] = ()


class Detector(Protocol):
    """The module of a kind."""

    def find(self, tree: Tree, params: Any, context: Context) -> Iterator[Sighting]:
        """What breaks a rule of this kind with these parameters."""


def load(kind: str) -> Detector:
    """The detector of a kind's kebab-case name."""
    module: Any = importlib.import_module(f"{__name__}.{kind.replace('-', '_')}")
    return module  # type: ignore[no-any-return]
