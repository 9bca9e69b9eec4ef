"""A comment that accepts findings and is itself at fault; the name of the rule says which fault it is about.

These rules look for nothing in the code: what they find falls off when findings are held against
suppressions.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssot_lint.kinds import Interest
from ssot_lint.source.contract import Contract


@dataclass(frozen=True, slots=True)
class Params:
    """There is nothing to choose."""


def interest(_params: Params, _contract: Contract | None) -> Interest | None:
    return None
