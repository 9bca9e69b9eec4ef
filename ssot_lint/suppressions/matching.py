"""Which findings a file's suppressions accept, and what is wrong with the suppressions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssot_lint.model import Applicability, Edit, Finding, Fix, Severity, Span, Suppressed, in_order
from ssot_lint.sparing import spare, without_fix
from ssot_lint.suppressions import EXPIRED, OWN_RULES, UNEXPLAINED, UNKNOWN, UNUSED
from ssot_lint.suppressions.grammar import EXAMPLE
from ssot_lint.suppressions.model import Place, Suppression, Suppressions

if TYPE_CHECKING:
    from datetime import date

_WHY = "a suppression covers"
_UNTOLD = "what was meant is for its author to say"


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for the suppressions of a file.

    `known` are all rules there are, `ran` those that were held against the file, `severities` those of the
    `OWN_RULES` that are reported for it. A suppression holds up to and including its date; `today` decides.
    """

    known: Collection[str]
    ran: Collection[str]
    severities: Mapping[str, Severity]
    today: date
    require_reason: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """`kept` are the findings that nothing accepts, and those about suppressions, sorted by position."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]


def apply(
    findings: Iterable[Finding],
    suppressions: Suppressions,
    path: str,
    policy: Policy,
    unasked: Iterable[Finding] = (),
) -> Outcome:
    """Holds the findings of the file at `path` against its suppressions.

    Of several that cover a finding, the first accepts it; those for the whole file come last. What is covered
    has no part in the fixes of others; `unasked` are findings that count for nothing else.
    """
    ledger = _Ledger(suppressions, policy)
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in findings:
        accepting = ledger.accept(finding)
        if accepting is None:
            kept.append(ledger.spare(finding))
        else:
            suppressed.append(Suppressed(finding, accepting.reason, accepting.until))
    accepted = [each.finding for each in suppressed]
    accepted += (each for each in unasked if ledger.accept(each) is not None)
    kept = list(spare(kept, accepted, _WHY))
    kept += _Faults(suppressions, path, policy, ledger).findings()
    return Outcome(in_order(kept), tuple(suppressed))


class _Ledger:
    """Keeps which rules of which suppressions have covered a finding."""

    def __init__(self, suppressions: Suppressions, policy: Policy) -> None:
        self._today = policy.today
        self._ordered = sorted(
            suppressions.suppressions, key=lambda each: (self.has_expired(each), each.whole_file)
        )
        self._used: set[tuple[Place, str]] = set()

    def accept(self, finding: Finding) -> Suppression | None:
        """The suppression that accepts the finding, noting that it was needed."""
        return self._covering(finding.rule, finding.span)

    def spare(self, finding: Finding) -> Finding:
        """The finding, without its fix if a suppression covers a part of what it is about."""
        for span in finding.related:
            if self._covering(finding.rule, span) is not None and finding.fix is not None:
                finding = without_fix(finding, finding.rule, span.start.row, _WHY)
        return finding

    def _covering(self, rule: str, span: Span) -> Suppression | None:
        for suppression in self._ordered:
            if rule in suppression.rules and span.start.row in suppression.rows:
                self._used.add((suppression.place, rule))
                if not self.has_expired(suppression):
                    return suppression
        return None

    def has_expired(self, suppression: Suppression) -> bool:
        return suppression.until is not None and suppression.until < self._today

    def used(self, suppression: Suppression) -> list[str]:
        return [rule for rule in suppression.rules if (suppression.place, rule) in self._used]


class _Faults:
    """The findings about the suppressions of one file."""

    def __init__(self, suppressions: Suppressions, path: str, policy: Policy, ledger: _Ledger) -> None:
        self._suppressions = suppressions
        self._path = path
        self._policy = policy
        self._ledger = ledger

    def findings(self) -> Iterator[Finding]:
        for malformed in self._suppressions.malformed:
            message = f"this is no suppression: {malformed.message}; write {EXAMPLE}"
            yield from self._finding(UNKNOWN, malformed.place, message, reason=_UNTOLD)
        for suppression in self._suppressions.suppressions:
            yield from self._unknown(suppression)
            yield from self._unexplained(suppression)
            if self._ledger.has_expired(suppression):
                yield from self._expired(suppression)
            else:
                yield from self._unused(suppression)

    def _unknown(self, suppression: Suppression) -> Iterator[Finding]:
        for rule in suppression.rules:
            if rule in OWN_RULES:
                message = (
                    f"{rule} cannot be suppressed; to switch it off, put it into `ignore` of the settings"
                )
                yield from self._finding(UNKNOWN, suppression.place, message, reason=_UNTOLD)
            elif rule not in self._policy.known:
                message = f"no rule {rule}{self._hint(rule)}"
                yield from self._finding(UNKNOWN, suppression.place, message, reason=_UNTOLD)

    def _hint(self, rule: str) -> str:
        from ssot_lint.typed import did_you_mean

        return did_you_mean(rule, set(self._policy.known) - OWN_RULES)

    def _unexplained(self, suppression: Suppression) -> Iterator[Finding]:
        if self._policy.require_reason and not suppression.reason:
            message = (
                f"the suppression of {_listed(suppression.rules)} does not say why; add -- and the reason"
            )
            reason = "only somebody who knows why can say it"
            yield from self._finding(UNEXPLAINED, suppression.place, message, reason=reason)

    def _expired(self, suppression: Suppression) -> Iterator[Finding]:
        message = f"the suppression of {_listed(suppression.rules)} held until {suppression.until}"
        if set(self._idle(suppression)) == set(suppression.rules):
            yield from self._finding(EXPIRED, suppression.place, message, fix=_removal(suppression))
        else:
            reason = "what it covered is reported again; mend that, or decide on another date"
            yield from self._finding(EXPIRED, suppression.place, message, reason=reason)

    def _unused(self, suppression: Suppression) -> Iterator[Finding]:
        if not suppression.rows:
            message = (
                "the suppression is on neither the first nor the last line of a statement and covers nothing"
            )
            reason = "it may be meant for a statement close by; move it there, or remove it"
            yield from self._finding(UNUSED, suppression.place, message, reason=reason)
        elif idle := self._idle(suppression):
            where = "in this file" if suppression.whole_file else "here"
            message = f"nothing {where} needs the suppression of {_listed(idle)}"
            yield from self._finding(UNUSED, suppression.place, message, fix=_reduction(suppression, idle))

    def _idle(self, suppression: Suppression) -> list[str]:
        """The rules that were held against the file, and for which the suppression had nothing to cover."""
        used = self._ledger.used(suppression)
        return [rule for rule in suppression.rules if rule in self._policy.ran and rule not in used]

    def _finding(
        self, rule: str, place: Place, message: str, fix: Fix | None = None, reason: str | None = None
    ) -> Iterator[Finding]:
        """The finding, unless its rule is not reported."""
        if severity := self._policy.severities.get(rule):
            yield Finding(
                rule=rule,
                severity=severity,
                message=message,
                path=self._path,
                span=place.span,
                symbol=place.symbol,
                snippet=place.snippet,
                line=place.line,
                fix=fix,
                reason=reason,
            )


def _removal(suppression: Suppression) -> Fix:
    return _fix("Remove the suppression", suppression.removal, "")


def _reduction(suppression: Suppression, idle: Collection[str]) -> Fix:
    """Takes the idle rules out; a suppression that is left without rules goes as a whole."""
    rest = [rule for rule in suppression.rules if rule not in idle]
    if not rest:
        return _removal(suppression)
    return _fix(f"Remove {_listed(idle)} from the suppression", suppression.names, ", ".join(rest))


def _fix(message: str, span: Span, content: str) -> Fix:
    return Fix(Applicability.SAFE, message, (Edit(span, content),))


def _listed(rules: Iterable[str]) -> str:
    *others, last = rules
    return f"{', '.join(others)} and {last}" if others else last
