"""What is wrong, and where, and how to fix it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ssot_lint.model.severity import Severity


class Applicability(StrEnum):
    """How far a fix may be trusted, in the words of Ruff's JSON output."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "display-only"


class Position(NamedTuple):
    """A place in a file: row and column start at 1, columns count code points, a BOM counts as none."""

    row: int
    column: int


class Span(NamedTuple):
    """A stretch of a file; `end` is the first position behind it."""

    start: Position
    end: Position

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Span:
        """The span with these `numbers`."""
        row, column, end_row, end_column = numbers
        return cls(Position(row, column), Position(end_row, end_column))

    @property
    def numbers(self) -> Sequence[int]:
        """Row and column of the start and of the end, as JSON can hold them."""
        return *self.start, *self.end


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


class Finding(NamedTuple):
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
