"""Finds IDs that one generator makes together, made one by one."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.pieces import listed, piece_groups
from ssot_lint.detectors.together import make_together
from ssot_lint.detectors.values import Refusal
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.kinds.piecewise_generation import Params
from ssot_lint.syntax.tree import Tree


def find(tree: Tree, params: Params, context: Context) -> Iterator[Sighting]:
    contract = context.contract
    if contract is None:
        return
    workshop = Workshop(tree, context.text)
    for group in piece_groups(tree, contract, is_whole=True):
        roles = listed([piece.role for piece in group.pieces])
        message = f"{roles} are made one by one; one call of `{group.generator.name}` makes them together"
        node, *related = (piece.node for piece in group.pieces)
        fix, reason = None, None
        if context.with_fixes:
            try:
                fix = make_together(tree, group, contract, workshop, context)
            except Refusal as refusal:
                reason = str(refusal)
        yield Sighting(node, message, fix, reason, tuple(related))
