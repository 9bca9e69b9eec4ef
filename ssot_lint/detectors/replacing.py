"""The fixes for raw IDs: each is made by the source instead, or it is said why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import libcst as cst

from ssot_lint.detectors import Context, Sighting
from ssot_lint.detectors.pieces import belonging_for
from ssot_lint.detectors.rewriting import rewrite
from ssot_lint.detectors.values import Refusal, made_id
from ssot_lint.detectors.workshop import Workshop
from ssot_lint.syntax.tree import Tree


def replaced(sightings: Iterable[Sighting], tree: Tree, context: Context) -> Iterator[Sighting]:
    """The sightings of raw generators, each with its fix or with the reason why there is none."""
    together = belonging_for(tree, context)
    workshop = Workshop(tree, context.text)
    for sighting in sightings:
        try:
            if context.contract is None:
                raise Refusal("no source of truth is configured")
            assert isinstance(sighting.node, cst.BaseExpression)
            made = made_id(tree, sighting.node)
            yield replace(sighting, fix=rewrite(tree, made, context.contract, context, together, workshop))
        except Refusal as refusal:
            yield replace(sighting, reason=str(refusal))
