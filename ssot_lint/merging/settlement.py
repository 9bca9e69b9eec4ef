"""What only all parts together can tell about the baselines: which findings have moved, and what is stale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssot_lint.acceptance import outgrowth
from ssot_lint.baseline import cover, entries
from ssot_lint.model import Identity, StaleEntry
from ssot_lint.reporters._parts import Account, Part
from ssot_lint.settings import StaleBaseline

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A baseline that must shrink: the line for standard error, the message, and the entry that lacks it."""

    line: str
    message: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Settlement:
    """`covered` are the fingerprints of new findings that have moved. Where their equals are new nevertheless,
    `renamed` leads from the fingerprints of these to those that they have by themselves.

    `reasons` are why findings, by their fingerprints, have no fix any more. `stale` are the results for what
    is gone, in order; `notices` are lines about it, `faults` are lines, messages and entries that lack these.
    """

    covered: frozenset[str]
    renamed: Mapping[str, str]
    reasons: Mapping[str, str]
    stale: tuple[Entry, ...]
    notices: tuple[str, ...]
    faults: tuple[Fault, ...]


def settle(parts: Sequence[Part]) -> Settlement:
    """Settles the ledgers of parts that agree about which there are."""
    settled = [_Settled(accounts) for accounts in zip(*(part.ledgers for part in parts), strict=True)]
    return Settlement(
        covered=frozenset(fingerprint for each in settled for fingerprint in each.covered),
        renamed={old: new for each in settled for old, new in each.renamed()},
        reasons=dict(pair for each in reversed(settled) for pair in each.reasons()),
        stale=tuple(
            result for _, results in sorted(_results(settled), key=lambda pair: pair[0]) for result in results
        ),
        notices=tuple(f"{each.file}: {each.message}" for each in _outgrown(settled, StaleBaseline.WARN)),
        faults=tuple(
            Fault(f"error: {each.name}: {each.message}", each.message, each.fault)
            for each in _outgrown(settled, StaleBaseline.ERROR)
        ),
    )


class _Settled:
    """The accounts that the parts give of one baseline."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        surplus = [each for account in accounts for each in account.surplus]
        looked = {each.identity: each.count for account in accounts for each in account.looked}
        first = accounts[0]
        self.file, self.name, self.fault, self.mode = first.file, first.name, first.fault, first.stale
        self.left = {each.identity: each for account in accounts for each in account.left}
        self.surplus = sorted(surplus, key=lambda each: each.path)
        left = {identity: each.count for identity, each in self.left.items()}
        origins, rest = cover([each.identity for each in self.surplus], left, looked, looked.__getitem__)
        pairs = zip(self.surplus, origins, strict=True)
        self.covered = frozenset(each.fingerprint for each, origin in pairs if origin is not None)
        still = {identity: rest[identity] for identity in left}
        self.stale = () if self.mode is StaleBaseline.OFF else entries(still)

    @property
    def message(self) -> str:
        return outgrowth(self.file, self.stale).message

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Those of the first finding that has moved come last."""
        for each in reversed(self.surplus):
            if each.fingerprint in self.covered:
                yield from each.reasons.items()

    def renamed(self) -> Iterator[tuple[str, str]]:
        """Equal findings are told apart by their number, and the first ones may be covered."""
        equals: defaultdict[Identity, list[str]] = defaultdict(list)
        for each in self.surplus:
            equals[each.identity].append(each.fingerprint)
        for names in equals.values():
            yield from zip((name for name in names if name not in self.covered), names, strict=False)


def _results(settled: Sequence[_Settled]) -> Iterator[tuple[StaleEntry, Sequence[Entry]]]:
    for each in settled:
        for entry in each.stale:
            yield entry, each.left[entry.identity].results[: entry.count]


def _outgrown(settled: Sequence[_Settled], mode: StaleBaseline) -> Iterator[_Settled]:
    return (each for each in settled if each.stale and each.mode is mode)
