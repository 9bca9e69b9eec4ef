"""A prefix that the source owns, written elsewhere at the head of a string that is put together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ssot_lint.kinds import Extent, Interest
from ssot_lint.source.contract import Contract

FRESH_MODULES = frozenset({"uuid", "secrets", "random"})
FRESH_CALLS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "os.urandom",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.time",
        "time.time_ns",
    }
)


@dataclass(frozen=True, slots=True)
class Params:
    """With `derived`, strings without a fresh part are found too."""

    derived: bool = False


def interest(params: Params, contract: Contract | None) -> Interest | None:
    if contract is None or not contract.prefixes:
        return None
    return Interest(
        literals=tuple(sorted(contract.prefixes)),
        needle=needle(contract),
        extent=Extent.STATEMENT,
        in_strings=True,
        names=FRESH_MODULES.union(*(name.split(".") for name in FRESH_CALLS)) - {"now", "today"},
        targets=FRESH_CALLS,
    )


def needle(contract: Contract) -> str:
    """A regular expression for the beginning of a literal that can be the head of an owned prefix."""
    owned = sorted({(prefix.text, prefix.separator) for prefix in contract.prefixes.values()})
    heads = "|".join(rf"{re.escape(text)}(?:{re.escape(separator)})?" for text, separator in owned)
    return rf"[\"'](?:{heads})(?:[{{%\"'])"
