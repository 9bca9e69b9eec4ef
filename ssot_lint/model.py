"""The values that pass between the layers: frozen, comparable, picklable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Applicability(StrEnum):
    """How far a fix may be trusted, in the words of Ruff's JSON output."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "display-only"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: row and column start at 1, columns count code points, a BOM counts as none."""

    row: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file; `end` is the first position behind it."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what `span` covers by `content`; an empty span inserts."""

    span: Span
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits to one file that go together; they neither overlap nor touch another file."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


class Identity(NamedTuple):
    """What a finding is known by when lines move; several findings of a file may have the same."""

    path: str
    rule: str
    symbol: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one span.

    `path` is relative to the project's root, with forward slashes. `symbol` is the dotted name of the
    enclosing function or class, empty at module level. `snippet` is the statement with its white space
    folded; with `rule`, `path` and `symbol` it identifies the finding when lines move. `line` is the
    source line on which the span starts. `reason` says why there is no fix. `related` are the other places
    that the finding is about.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    span: Span
    symbol: str
    snippet: str
    line: str
    fix: Fix | None = None
    reason: str | None = None
    related: tuple[Span, ...] = ()

    @property
    def sort_key(self) -> tuple[str, int, int, int, int, str, str]:
        start, end = self.span.start, self.span.end
        return self.path, start.row, start.column, end.row, end.column, self.rule, self.message

    @property
    def identity(self) -> Identity:
        return Identity(self.path, self.rule, self.symbol, self.snippet)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings sorted by path and position."""
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))


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


class FailureKind(StrEnum):
    """What is wrong with a file as a whole; the value is its code in machine-readable reports."""

    UNREADABLE = "unreadable-file"
    UNPARSABLE = "unparsable-file"
    STALE = "stale-baseline"


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong with a file as a whole; `position` is where it stops making sense, where that is known."""

    kind: FailureKind
    path: str
    message: str
    position: Position | None = None


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


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A 32-digit hex identity for each finding, unique within the run and stable when lines move.

    Equal findings (same rule, path, symbol and snippet) are told apart by their order in the file.
    """
    from hashlib import sha256  # OpenSSL is slow to load, and not every run needs it

    seen: Counter[tuple[str, str, str, str]] = Counter()
    result = []
    for finding in findings:
        key = (finding.rule, finding.path, finding.symbol, finding.snippet)
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        result.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return result
