"""Statements that are alike to a rule are decided once, whatever file they stand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ssot_lint.engine.alike import Alikeness, Part
from ssot_lint.engine.fronts import Front, Fronts, Places, fronts
from ssot_lint.engine.plan import FileInput, FileResult, Plan, RulePlan, UndecidedError
from ssot_lint.engine.shorthand import reveal, tokens_of
from ssot_lint.syntax.outline import Outline

if TYPE_CHECKING:
    from ssot_lint.model import Finding

_MOST_KEPT = 20_000


class Sighted(NamedTuple):
    """What is found in code: a message, and the offsets between which that stands which it is about."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found in a file, and by rule the lines that need not be looked at again."""

    findings: tuple[Finding, ...] = ()
    lines: Mapping[str, set[int]] = field(default_factory=dict)

    def joined(self, result: FileResult) -> FileResult:
        """With what was found in the other lines; nothing is found in a file that cannot be checked."""
        if result.failure is not None or not self.findings:
            return result
        # What is decided here may be found once more where other lines need what it binds.
        findings = sorted({*self.findings, *result.findings}, key=lambda finding: finding.sort_key)
        return replace(result, findings=tuple(findings))


class _Verdict(NamedTuple):
    """What is found in all statements that are alike: which of their hits ends with which words, and a message."""

    hit: int
    words: str
    message: str


class _Found(NamedTuple):
    """What is found in a file, between two offsets of a line."""

    start: int
    end: int
    line: int
    rule: RulePlan
    message: str


_Key = tuple[object, ...]
_T = TypeVar("_T")


class _Made(dict[_Key, _T | None]):
    """Decisions of one kind, not too many, and those among them that have not been told to others."""

    def __init__(self) -> None:
        self._latest: dict[_Key, _T | None] = {}

    def add(self, key: _Key, decision: _T | None) -> None:
        self.learn({key: decision})
        self._latest[key] = decision

    def learn(self, decisions: Mapping[_Key, _T | None]) -> None:
        """Take over what was decided elsewhere."""
        if len(self) >= _MOST_KEPT:
            self.clear()
            self._latest.clear()
        self.update(decisions)

    def take_latest(self) -> Mapping[_Key, _T | None]:
        latest, self._latest = self._latest, {}
        return latest


Decided = tuple[
    Mapping[_Key, Sequence[Sighted] | None],
    Mapping[_Key, Collection[_Verdict] | None],
]
"""Decisions in the form in which one process tells them to another."""


class Decisions:
    """The decisions of one plan, each made for the first of the statements that are alike.

    Where it `decides` nothing itself, UndecidedError is raised for what others have not decided.
    """

    def __init__(self, plan: Plan, decides: bool) -> None:
        self.decides = decides
        self._plan = plan
        self._alikeness = {
            rule.name: Alikeness(rule.interest) for rule in plan.rules if rule.interest.alike is not None
        }
        self._sighted = _Made[Sequence[Sighted]]()
        self._verdicts = _Made[Collection[_Verdict]]()

    def latest(self) -> Decided:
        """What was decided since the last call."""
        return self._sighted.take_latest(), self._verdicts.take_latest()

    def learn(self, decided: Decided) -> None:
        """Take over what was decided elsewhere for the same plan."""
        sighted, verdicts = decided
        self._sighted.learn(sighted)
        self._verdicts.learn(verdicts)

    def settle(
        self,
        file: FileInput,
        outline: Outline,
        rules: Iterable[RulePlan],
        needles: Mapping[str, re.Pattern[str]],
    ) -> Settled:
        """What can be decided in a file statement by statement."""
        found: list[_Found] = []
        lines: dict[str, set[int]] = {}
        places = Places(outline)
        for rule in () if self._plan.with_fixes else rules:
            known = fronts(file, places, rule)
            if known is None:
                continue
            hits = outline.matches(needles[rule.name])
            for line in dict.fromkeys(map(outline.line_at, hits)):
                settled = () if outline.is_blank(line) else self._settle(line, outline, known, rule)
                if settled is not None:
                    lines.setdefault(rule.name, set()).add(line)
                    found += settled
        return Settled(_findings(file, outline, found, places), lines)

    def _settle(self, line: int, outline: Outline, known: Fronts, rule: RulePlan) -> Sequence[_Found] | None:
        """What is found on a line; None where that depends on more than what stands in front of it."""
        front = known.of(line)
        if front is None:
            return None
        if known.binds(line):
            # An import may give a function another name, whose uses are no hits.
            return () if self._sightings("", front, rule) == [] else None
        start, end = outline.head(line), outline.end(line)
        tokens = tokens_of(outline.text[start:end].rstrip())
        verdicts = None if tokens is None else self._verdict(tokens, front, rule)
        if tokens is None or not verdicts:
            return None if verdicts is None else ()
        ends = self._alikeness[rule.name].hits(tokens, start)
        found = [
            _Found(ends[hit] - len(words), ends[hit], line, rule, message) for hit, words, message in verdicts
        ]
        is_there = all(
            map(outline.text.startswith, [each.words for each in verdicts], [each.start for each in found])
        )
        return found if is_there else None

    def _verdict(self, tokens: Sequence[str], front: Front, rule: RulePlan) -> Collection[_Verdict] | None:
        """What is found in a statement and in all that are alike."""
        alikeness = self._alikeness[rule.name]
        key = (rule.name, front.package, front.code, alikeness.key(tokens))
        if key not in self._verdicts:
            parts = alikeness.parts(tokens)
            self._verdicts.add(key, None if parts is None else self._judge(parts, front, rule))
        return self._verdicts[key]

    def _judge(self, parts: Iterable[Part], front: Front, rule: RulePlan) -> Collection[_Verdict] | None:
        verdicts = set()
        for part in parts:
            sightings = self._sightings(part.code, front, rule) if part.hits else ()
            if sightings is None or any(each.end not in part.hits for each in sightings):
                return None
            for message, start, end in sightings:
                verdicts.add(_Verdict(part.hits[end], reveal(part.code[start:end]), message))
        return verdicts

    def _sightings(self, code: str, front: Front, rule: RulePlan) -> Sequence[Sighted] | None:
        key = (rule.name, front.package, front.code, code)
        if key not in self._sighted:
            if not self.decides:
                raise UndecidedError
            from ssot_lint.engine.decide import decide_statement  # needs LibCST, which is slow to load

            self._sighted.add(key, decide_statement(front, reveal(code), rule, self._plan))
        return self._sighted[key]


def _findings(
    file: FileInput, outline: Outline, found: Sequence[_Found], places: Places
) -> tuple[Finding, ...]:
    if not found:
        return ()
    from ssot_lint.engine.excerpts import Excerpts
    from ssot_lint.model import Finding

    excerpts = Excerpts(outline.text, outline)
    return tuple(
        [
            Finding(
                rule=each.rule.name,
                severity=each.rule.severity,
                message=each.message,
                path=file.path,
                span=excerpts.span(each.start, each.end),
                symbol=places[outline.parent(each.line)].symbol,
                snippet=excerpts.snippet(each.start),
                line=excerpts.row(each.start),
            )
            for each in sorted(found, key=lambda each: (each.start, each.end, each.rule.name, each.message))
        ]
    )
