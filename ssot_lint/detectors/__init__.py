"""LibCST rules, one module a kind: each looks at a parsed module and yields what it finds."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import libcst as cst

from ssot_lint.source.contract import Contract
from ssot_lint.syntax.tree import Tree


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A rule broken at `node`; `reason` says why there is no fix."""

    node: cst.CSTNode
    message: str
    reason: str | None = None


class Detector(Protocol):
    """The module of a kind."""

    def find(self, tree: Tree, params: Any, contract: Contract | None) -> Iterator[Sighting]:
        """What breaks a rule of this kind with these parameters."""


def load(kind: str) -> Detector:
    """The detector of a kind's kebab-case name."""
    module: Any = importlib.import_module(f"{__name__}.{kind.replace('-', '_')}")
    return module  # type: ignore[no-any-return]
