"""What one of several parts of a run says of itself, so that they can be put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssot_lint.model.findings import Finding
    from ssot_lint.model.report import StaleEntry


@dataclass(frozen=True, slots=True)
class Surplus:
    """A new finding that may have moved; then it is accepted, and `spared` are new ones that lose their fixes
    for that.
    """

    finding: Finding
    spared: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the run over one shard leaves open about the baseline in `file`, a path relative to the root.

    `surplus` has moved, first come, first served, where something is over for it in an entry of another file:
    `left` is what the entries of the shard's own files and of files that are gone have over, `looked` the
    same of files that no shard sees. What nothing takes of `left` is stale, which is an `error`, a reason to
    `warn` or nothing (`off`), as `when_stale` says.
    """

    file: str
    when_stale: str
    surplus: tuple[Surplus, ...]
    left: tuple[StaleEntry, ...]
    looked: tuple[StaleEntry, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What makes a report the part `index`, from 1, of `count`.

    Parts go together if they agree in `setup`, a digest of the rules and of all that was asked for, and in
    `files`, a digest of the names and sizes of the files of all parts.
    """

    index: int
    count: int
    setup: str
    files: str
    ledgers: tuple[Ledger, ...]
