"""What became of each finding, in SARIF's terms: its baseline state, and who suppressed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ssot_lint.model import Finding, Position, Report, Severity, Span, StaleEntry, Suppressed, fingerprints

if TYPE_CHECKING:
    from ssot_lint.catalogue import Rule

T = TypeVar("T")

EXTERNAL = {"kind": "external", "justification": "accepted by the baseline"}

_NOWHERE = Span(Position(1, 1), Position(1, 1))
_BY_SEVERITY = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding with its identity within the run.

    `state` is SARIF's baselineState, None in a run without a baseline; the span of what is `absent` means
    nothing. `suppression` is a SARIF suppression, None where nobody has accepted the finding.
    """

    finding: Finding
    fingerprint: str
    state: str | None
    suppression: Mapping[str, Any] | None

    @property
    def weight(self) -> tuple[bool, int]:
        """Sorts what matters most first: what nobody has accepted, then what is most severe."""
        return self.suppression is not None or self.state == "absent", _BY_SEVERITY[self.finding.severity]


def outcomes(report: Report, rules: Mapping[str, Rule]) -> list[Outcome]:
    """All that the run found, by path and position, and then what it did not find again.

    The fingerprints are those of all findings together: accepting one does not change another's. What is found
    in a shard has a state if there is a baseline.
    """
    found = sorted(_found(report), key=lambda item: item[0].sort_key)
    absent = [(finding, "absent", None) for entry in report.stale for finding in _gone(entry, rules)]
    items = [*found, *absent]
    identities = fingerprints(finding for finding, _, _ in items)
    return [
        Outcome(finding, identity, state, suppression)
        for (finding, state, suppression), identity in zip(items, identities, strict=True)
    ]


def most_important(items: list[T], limit: int, weight: Callable[[T], tuple[bool, int]]) -> list[T]:
    """At most `limit` of them, those of the least weight, in the order that they had."""
    if len(items) <= limit:
        return items
    ranked = sorted(range(len(items)), key=lambda index: weight(items[index]))
    return [items[index] for index in sorted(ranked[:limit])]


def _found(report: Report) -> Iterator[tuple[Finding, str | None, Mapping[str, Any] | None]]:
    has_baseline = report.baselined or report.stale or (report.share and report.share.ledgers)
    state = "new" if has_baseline else None
    for finding in report.findings:
        yield finding, state, None
    for suppressed in report.suppressed:
        yield suppressed.finding, state, _in_source(suppressed)
    for finding in report.baselined:
        yield finding, "unchanged", EXTERNAL


def _in_source(suppressed: Suppressed) -> dict[str, Any]:
    suppression: dict[str, Any] = {"kind": "inSource"}
    if suppressed.reason:
        suppression["justification"] = suppressed.reason
    if suppressed.until:
        suppression["properties"] = {"until": suppressed.until.isoformat()}
    return suppression


def _gone(entry: StaleEntry, rules: Mapping[str, Rule]) -> list[Finding]:
    path, rule, symbol, snippet = entry.identity
    severity = rules[rule].severity if rule in rules else Severity.WARNING
    message = f"The baseline accepts `{snippet}`, which is gone."
    return [Finding(rule, severity, message, path, _NOWHERE, symbol, snippet, "")] * entry.count
