"""What one run looks for, in the form that is handed to worker processes, and what they hand back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ssot_lint.syntax.query import Query

if TYPE_CHECKING:
    from ssot_lint.kinds import Interest
    from ssot_lint.model import Failure, Finding, Severity
    from ssot_lint.source.contract import Contract
    from ssot_lint.suppressions.model import Suppressions


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule with its parameters read, for a contract."""

    name: str
    kind: str
    severity: Severity
    params: Any
    interest: Interest


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a run and the contract that they hold the code to; fixes cost time and are made on
    request.
    """

    rules: tuple[RulePlan, ...]
    contract: Contract | None
    with_fixes: bool = False


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file to scan: `module` is its dotted name in parts, empty where it cannot be imported."""

    path: str
    module: tuple[str, ...]
    is_package: bool
    content: bytes
    skipped_rules: frozenset[str] = frozenset()

    @property
    def package(self) -> tuple[str, ...]:
        """The package that relative imports start from."""
        return self.module if self.is_package else self.module[:-1]


Answers = Mapping[Query, str | None]


class UndecidedError(Exception):
    """A file cannot be scanned without LibCST by a process that does without it."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What a scan of one file gave; with `queries` it is preliminary, until they are answered.

    `findings` have not been held against the `suppressions` yet, which are None where there is no sign of
    any.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    queries: frozenset[Query] = frozenset()
    suppressions: Suppressions | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that the next steps would look at."""
        return not self.findings and self.failure is None and self.suppressions is None
