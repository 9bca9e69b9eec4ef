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


_TAILS = "|".join(sorted({name.rpartition(".")[2] for name in FRESH_CALLS}))
FRESH_PARTS = FRESH_MODULES.union(*(name.split(".") for name in FRESH_CALLS))
"""The names of what is fresh, and of where it comes from."""

_PARTS = "|".join(sorted(FRESH_PARTS))
RENAMED = (
    rf"import\b(?=[^\n]*[ \t]as[ \t])[^\n]*(?:{_PARTS})\w*[ \t]+as[ \t]",
    rf"\n[ \t]*+(?:{_PARTS})\w*+[ \t]++as[ \t]",
    r"from[ \t]+(?:random|secrets)[ \t]+import\b",
)
"""Where a file imports something fresh under a name that does not tell."""

_FRESH = rf"(?i:uuid)|getnode|secrets|random|\b(?:{_TAILS})\b"
_STORED = rf"=[\s\\(]*+(?:\w+\.)*(?:uuid\d?|UUID|getnode|secrets|random|{_TAILS})\b[\w.]*+(?![ \t]*[(\[])"


@dataclass(frozen=True, slots=True)
class Params:
    """With `derived`, strings without a fresh part are found too."""

    derived: bool = False


def interest(params: Params, contract: Contract | None) -> Interest | None:
    if contract is None or not contract.prefixes:
        return None
    built = _built(_heads(contract))
    return Interest(
        literals=tuple(sorted(contract.prefixes)),
        needle="|".join(built),
        signs=built,
        extent=Extent.STATEMENT,
        in_strings=True,
        names=FRESH_PARTS - {"now", "today"},
        targets=FRESH_CALLS,
        beside="" if params.derived else _FRESH,
        renamed=(*RENAMED, _STORED, "getattr", "import_module", "__import__"),
    )


def head(contract: Contract) -> str:
    """A regular expression for the beginning of a literal that can be the head of an owned prefix."""
    return rf"""["'](?:{_heads(contract)})(?:[{{%"'])"""


def _heads(contract: Contract) -> str:
    owned = sorted({(prefix.text, prefix.separator) for prefix in contract.prefixes.values()})
    return "|".join(rf"{re.escape(text)}(?:{re.escape(separator)})?" for text, separator in owned)


def _built(heads: str) -> tuple[str, ...]:
    """A literal with such a head that a value may follow: in it, behind it, or as the next item of a join."""
    gap = r"(?>(?:[\s\\)]|\#[^\n]*\n)*)"
    followed = rf"""(?:{heads})(?:[{{%]|["']{{1,3}}{gap}(?:[+%]|[rRbBfFuUtT]{{0,2}}["']))"""
    joined = rf"""join(?>(?:[\s\\(\[]|\#[^\n]*\n)*)[rRuU]?["']{{1,3}}(?:{heads})["']"""
    return f'"{followed}', f"'{followed}", joined
