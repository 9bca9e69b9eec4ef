"""What is measured: frozen, comparable values that every form of the report is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ssot_lint.model import Failure, Finding


@dataclass(frozen=True, slots=True)
class Tally:
    """Places that make IDs: calls of the source, and places that make them without it."""

    by_source: int = 0
    elsewhere: int = 0

    @property
    def total(self) -> int:
        return self.by_source + self.elsewhere

    @property
    def rate(self) -> float | None:
        """The share that the source makes, from 0 to 1; None where no IDs are made."""
        return self.by_source / self.total if self.total else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.by_source + other.by_source, self.elsewhere + other.elsewhere)


class Status(StrEnum):
    """Whether a finding is accepted, and by what."""

    NEW = "new"
    BASELINED = "baselined"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding and what has become of it; `reason` is its suppression's, `owner` empty if nobody is."""

    finding: Finding
    status: Status
    package: str
    owner: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule is broken, by what has become of it.

    `tally` is what the source makes against what the rule finds; None if it finds no places that make IDs.
    """

    rule: str
    counts: Mapping[Status, int]
    tally: Tally | None = None

    @property
    def rate(self) -> float | None:
        return self.tally.rate if self.tally is not None else None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Share:
    """The tally of one part of the code: a package or the files of an owner."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Compliance:
    """The measurement of one tree.

    `sources` are the configured targets. Of packages and owners, those come first in which most is made
    elsewhere, of rules the most frequent; without a CODEOWNERS file there are no owners. `entries` are sorted
    by position, `failures` are files that could not be checked, `notices` lines for the reader.
    """

    root: Path
    sources: tuple[str, ...]
    total: Tally
    packages: tuple[Share, ...]
    owners: tuple[Share, ...]
    rules: tuple[RuleCount, ...]
    entries: tuple[Entry, ...]
    failures: tuple[Failure, ...]
    checked: int
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """The measurement of one commit; `time` is its commit time in seconds since the epoch."""

    commit: str
    time: int
    tally: Tally
    files: int
    rules: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """The commits that were measured, oldest first.

    `commits` counts all that the range holds along first parents, `blobs` the different contents of files.
    Each was scanned once, and once more for every place where it means something else, which `scans` adds up.
    `failed` contents could not be parsed, `missing` objects are not there.
    """

    points: tuple[Point, ...]
    commits: int
    blobs: int
    scans: int
    failed: int
    missing: int


def largest_first(tallies: Mapping[str, Tally]) -> tuple[Share, ...]:
    """The parts in which IDs are made, most of them elsewhere first."""
    shares = (Share(name, tally) for name, tally in tallies.items() if tally.total)
    return tuple(sorted(shares, key=lambda each: (-each.tally.elsewhere, -each.tally.by_source, each.name)))


def count_rules(entries: Iterable[Entry], tallies: Mapping[str, Tally]) -> tuple[RuleCount, ...]:
    """One count a rule that is broken, the most frequent first; `tallies` are by rule."""
    counts: dict[str, dict[Status, int]] = {}
    for entry in entries:
        of_rule = counts.setdefault(entry.finding.rule, dict.fromkeys(Status, 0))
        of_rule[entry.status] += 1
    found = [RuleCount(rule, of_rule, tallies.get(rule)) for rule, of_rule in counts.items()]
    return tuple(sorted(found, key=lambda each: (-each.total, each.rule)))


def since_first_id(points: Sequence[Point]) -> Sequence[Point]:
    """The points without those at the beginning at which no IDs were made; all if none are ever made."""
    first = next((at for at, point in enumerate(points) if point.tally.total), 0)
    return points[first:]


def sampled(points: Sequence[Point], count: int) -> list[Point]:
    """At most `count` points, two or more, that are spread evenly, the first and the last among them."""
    last = len(points) - 1
    steps = min(count - 1, last)
    if steps < 1:
        return list(points)
    return [points[round(step * last / steps)] for step in range(steps + 1)]
