"""What the part of a report on one shard says about itself, in all formats that can be merged the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ssot_lint import __version__, model
from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Failure, FailureKind, Identity, Report, Share, StaleEntry
from ssot_lint.reporters import failure_lines, file_namer
from ssot_lint.settings import StaleBaseline
from ssot_lint.typed import read_table

if TYPE_CHECKING:
    from ssot_lint.reporters import Context

KEY = "shard"
"""Under which a part stands in its report."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A baseline's entry that has `count` findings left over; `results` report each of these as gone."""

    path: str
    rule: str
    symbol: str
    snippet: str
    count: int
    results: tuple[Mapping[str, Any], ...] = ()

    @property
    def identity(self) -> Identity:
        return Identity(self.path, self.rule, self.symbol, self.snippet)


@dataclass(frozen=True, slots=True)
class Surplus:
    """A new finding that may have moved; `reasons` are why others, by their fingerprints, have no fix then."""

    path: str
    rule: str
    symbol: str
    snippet: str
    fingerprint: str
    reasons: Mapping[str, str]

    @property
    def identity(self) -> Identity:
        return Identity(self.path, self.rule, self.symbol, self.snippet)


@dataclass(frozen=True, slots=True)
class Account:
    """A model.Ledger as a part has it; `name` and `fault` are what its file is called on standard error, and
    an entry of the format that says something of it, without a message.
    """

    file: str
    name: str
    fault: Mapping[str, Any]
    stale: StaleBaseline
    surplus: tuple[Surplus, ...]
    left: tuple[Entry, ...]
    looked: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The fields of model.Share, and how the part was made.

    `paths` counts the findings of each file, in the order of the report; `failures` has the line for standard
    error for each file that could not be checked. Both are keyed by what such entries are sorted by.
    """

    version: str
    index: int
    count: int
    setup: str
    files: str
    checked: int
    notices: tuple[str, ...]
    paths: Mapping[str, int]
    failures: Mapping[str, str]
    ledgers: tuple[Account, ...]


def describe(
    report: Report,
    share: Share,
    context: Context,
    fingerprints: Sequence[str],
    paths: Iterable[str],
    render_failure: Callable[[Failure], Mapping[str, Any]],
    gone: Mapping[StaleEntry, Sequence[Mapping[str, Any]]] | None = None,
) -> dict[str, Any]:
    """The part that a report is, which has this share.

    `fingerprints` are those of its findings, `paths` those by which its results are sorted, one a result.
    `gone` are the results for what may turn out to be stale.
    """
    name = file_namer(report.root, context.cwd)
    lines = failure_lines(report.failures, report.root, context.cwd)
    known = {each.sort_key: name for each, name in zip(report.findings, fingerprints, strict=True)}
    accounts = (
        Account(
            file=ledger.file,
            name=name(ledger.file),
            fault=render_failure(Failure(FailureKind.STALE, ledger.file, "")),
            stale=StaleBaseline(ledger.when_stale),
            surplus=tuple(_surplus(each, known) for each in ledger.surplus),
            left=tuple(
                Entry(*each.identity, each.count, tuple((gone or {}).get(each, ()))) for each in ledger.left
            ),
            looked=tuple(Entry(*each.identity, each.count) for each in ledger.looked),
        )
        for ledger in share.ledgers
    )
    part = Part(
        version=__version__,
        index=share.index,
        count=share.count,
        setup=share.setup,
        files=share.files,
        checked=report.checked,
        notices=report.notices,
        paths=dict(Counter(paths)),
        failures={each.path: line for each, line in zip(report.failures, lines, strict=True)},
        ledgers=tuple(accounts),
    )
    return asdict(part)


def read(table: Mapping[str, object], file: str) -> Part:
    """The part that `describe` gave; raises InputError with all that is wrong, naming `file`."""
    problems: list[Problem] = []
    part = read_table(Part, table, file, KEY, problems)
    if part is None:
        raise InputError(problems)
    return part


def _surplus(surplus: model.Surplus, fingerprints: Mapping[Any, str]) -> Surplus:
    finding = surplus.finding
    reasons = {fingerprints[each.sort_key]: each.reason or "" for each in surplus.spared}
    return Surplus(*finding.identity, fingerprints[finding.sort_key], reasons)
