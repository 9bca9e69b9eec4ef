"""The rule `direct-uuid` for Fixit: LibCST's qualified names cover all spellings by import and alias."""

from __future__ import annotations

import libcst as cst
from fixit import LintRule
from libcst.metadata import QualifiedNameProvider

RAW = {"uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7", "uuid.uuid8"}


class DirectUuid(LintRule):
    METADATA_DEPENDENCIES = (QualifiedNameProvider,)
    MESSAGE = "Take the ID from the source of truth."

    def visit_Call(self, node: cst.Call) -> None:
        self._check(node.func)

    def visit_Arg(self, node: cst.Arg) -> None:
        self._check(node.value)

    def visit_Assign(self, node: cst.Assign) -> None:
        self._check(node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value:
            self._check(node.value)

    def _check(self, node: cst.BaseExpression) -> None:
        names = self.get_metadata(QualifiedNameProvider, node, set())
        if isinstance(node, (cst.Name, cst.Attribute)) and any(
            each.name in RAW for each in names
        ):
            self.report(node)
