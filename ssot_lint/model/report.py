"""What comes of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ssot_lint.model.findings import Failure, Finding, Identity
    from ssot_lint.model.share import Share


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment in its file accepts; `reason` is empty if the comment gives none."""

    finding: Finding
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class StaleEntry:
    """A line of the baseline that counts `count` findings more than there are."""

    identity: Identity
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run; findings and failures are sorted by path and position.

    `root` is the absolute path of the project's root, against which all paths are written. `failures` could
    not be checked; `checked` counts the files that were looked at. `notices` are single lines for the user
    that are no findings. `suppressed` and `baselined` were found as well, and accepted. `stale` is sorted,
    and empty unless the run saw the whole project. `faults` count like findings: baselines that must shrink.
    `share` is there if the report is one of several parts.
    """

    root: Path
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    checked: int
    notices: tuple[str, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    baselined: tuple[Finding, ...] = ()
    stale: tuple[StaleEntry, ...] = ()
    faults: tuple[Failure, ...] = ()
    share: Share | None = None

    @property
    def troubles(self) -> tuple[Failure, ...]:
        """All that is wrong with files as a whole."""
        return *self.failures, *self.faults


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings sorted by path and position."""
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))
