"""Calls of one generator that each use another part of what it makes together."""

from __future__ import annotations

from dataclasses import dataclass

from ssot_lint.kinds import Extent, Interest, word
from ssot_lint.source.contract import Contract


@dataclass(frozen=True, slots=True)
class Params:
    """Takes no parameters."""


def interest(params: Params, contract: Contract | None) -> Interest | None:
    if contract is None:
        return None
    targets = frozenset(name for name, item in contract.spellings.items() if len(item.roles) > 1)
    if not targets:
        return None
    parts = {name for target in targets for name in target.replace("()", "").split(".")[-2:]}
    functions = sorted({target.rpartition(".")[2] for target in targets})
    return Interest(
        literals=tuple(functions),
        needle=word(functions),
        extent=Extent.FUNCTION,
        names=frozenset(parts),
        targets=targets,
    )
