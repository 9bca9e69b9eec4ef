"""Statements that are alike to a rule are decided once, whatever file they stand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ssot_lint.engine.alike import Alikeness, Part
from ssot_lint.engine.bindings import bind_elsewhere, binding_lines
from ssot_lint.engine.plan import FileInput, FileResult, Plan, RulePlan, UndecidedError
from ssot_lint.engine.shorthand import reveal, tokens_of
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.reduction import CannotReduceError, reduce

if TYPE_CHECKING:
    from ssot_lint.model import Finding

_RELATIVE = re.compile(r"from\W*\.")
_MOST_KEPT = 20_000
_HEADERS = {"def": "def _():\n ", "class": "class _:\n ", "": ""}


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


@dataclass(frozen=True, slots=True)
class _Context:
    """What a file binds the names of a rule to, as code, and in which lines.

    `others` are the headers of the definitions that bind one of the names for themselves.
    """

    code: str
    starts: Sequence[int]
    lines: frozenset[int]
    others: frozenset[int]
    package: tuple[str, ...]


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
        places = _Places(outline)
        for rule in () if self._plan.with_fixes else rules:
            context = _context(file, outline, rule)
            if context is None:
                continue
            hits = outline.matches(needles[rule.name])
            for line in dict.fromkeys(map(outline.line_at, hits)):
                settled = self._settle(line, places, rule, context)
                if settled is not None:
                    lines.setdefault(rule.name, set()).add(line)
                    found += settled
        return Settled(_findings(file, outline, found, places), lines)

    def _settle(
        self, line: int, places: _Places, rule: RulePlan, context: _Context
    ) -> Sequence[_Found] | None:
        """What is found on a line; None where it binds a name or may see one that other definitions bind."""
        outline = places.outline
        if outline.is_blank(line):
            return ()
        scope = places[outline.parent(line)].scope
        is_early = scope != "def" and context.lines and max(context.lines) > line
        others = context.others
        if is_early or (others and not others.isdisjoint((line, *outline.ancestors(line)))):
            return None
        if line in context.lines:
            is_import = outline.keyword(line) in ("import", "from") and outline.parent(line) is None
            # It may give a function another name, whose uses are no hits.
            return () if is_import and self._sightings("", scope, rule, context) == [] else None
        start, end = outline.head(line), outline.bounds(line)[1]
        tokens = tokens_of(outline.text[start:end].rstrip())
        verdicts = None if tokens is None else self._verdict(tokens, scope, rule, context)
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

    def _verdict(
        self, tokens: Sequence[str], scope: str, rule: RulePlan, context: _Context
    ) -> Collection[_Verdict] | None:
        """What is found in a statement and in all that are alike."""
        alikeness = self._alikeness[rule.name]
        key = (rule.name, context.package, context.code, scope, alikeness.key(tokens))
        if key not in self._verdicts:
            parts = alikeness.parts(tokens)
            self._verdicts.add(key, None if parts is None else self._judge(parts, scope, rule, context))
        return self._verdicts[key]

    def _judge(
        self, parts: Iterable[Part], scope: str, rule: RulePlan, context: _Context
    ) -> Collection[_Verdict] | None:
        verdicts = set()
        for part in parts:
            sightings = self._sightings(part.code, scope, rule, context) if part.hits else ()
            if sightings is None or any(each.end not in part.hits for each in sightings):
                return None
            for message, start, end in sightings:
                verdicts.add(_Verdict(part.hits[end], reveal(part.code[start:end]), message))
        return verdicts

    def _sightings(
        self, code: str, scope: str, rule: RulePlan, context: _Context
    ) -> Sequence[Sighted] | None:
        key = (rule.name, context.package, context.code, scope, code)
        if key not in self._sighted:
            if not self.decides:
                raise UndecidedError
            from ssot_lint.engine.decide import decide_statement  # needs LibCST, which is slow to load

            before = f"{context.code}{_HEADERS[scope]}"
            starts = [*context.starts, *([len(context.code)] if scope else []), len(before)]
            sighted = decide_statement(before, starts, reveal(code), rule, self._plan, context.package)
            self._sighted.add(key, sighted)
        return self._sighted[key]


class _Place(NamedTuple):
    """In what a line stands: `def` in any function, `class` in classes only; and the dotted name of all of it."""

    scope: str
    symbol: str


class _Places(dict[int | None, _Place]):
    """In what the lines of a block stand, by its header."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self[None] = _Place("", "")

    def __missing__(self, header: int) -> _Place:
        outer = self[self.outline.parent(header)]
        definition = self.outline.definition(header)
        place = outer if definition is None else self._inside(outer, header, definition.split()[-1])
        self[header] = place
        return place

    def _inside(self, outer: _Place, header: int, name: str) -> _Place:
        is_function = outer.scope == "def" or self.outline.is_function(header)
        return _Place("def" if is_function else "class", f"{outer.symbol}.{name}".lstrip("."))


def _context(file: FileInput, outline: Outline, rule: RulePlan) -> _Context | None:
    """None where statements cannot be told apart from what else is in the file."""
    if rule.interest.alike is None:
        return None
    found = set(binding_lines(outline, rule.interest.names))
    if bind_elsewhere(outline, found):
        return None
    owners = {line: outline.definition_around(line) for line in found}
    shared = frozenset(line for line, owner in owners.items() if owner is None)
    others = frozenset(owner for owner in owners.values() if owner is not None)
    try:
        reduced = reduce(outline, shared, ())
    except CannotReduceError:
        return None
    package = file.package if _RELATIVE.search(reduced.text) else ()
    headers = frozenset(filter(outline.is_definition, found))
    return _Context(reduced.text, reduced.lines, shared, others | headers, package)


def _findings(
    file: FileInput, outline: Outline, found: Sequence[_Found], places: _Places
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
