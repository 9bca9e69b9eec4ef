"""Statements that are alike to a rule are decided once, whatever file they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ssot_lint.engine.bindings import bind_elsewhere, binding_lines
from ssot_lint.engine.plan import FileInput, FileResult, Plan, RulePlan
from ssot_lint.syntax.outline import Outline
from ssot_lint.syntax.reduction import CannotReduceError, reduce

if TYPE_CHECKING:
    from ssot_lint.engine.statement import Statement
    from ssot_lint.model import Finding, Position

_RELATIVE = re.compile(r"from\W*\.")
_MOST_KEPT = 20_000
_HEADERS = {"def": "def _():\n ", "class": "class _:\n ", "": ""}


@dataclass(frozen=True, slots=True)
class Sighted:
    """What is found in a statement: a message, and the first and the last piece of the statement that it is about."""

    message: str
    first: int
    last: int


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


class Decisions:
    """The decisions of one plan, each made for the first of the statements that are alike."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._made: dict[tuple[object, ...], Sequence[Sighted] | None] = {}

    def settle(
        self,
        file: FileInput,
        outline: Outline,
        rules: Iterable[RulePlan],
        needles: Mapping[str, re.Pattern[str]],
    ) -> Settled:
        """What can be decided in a file statement by statement."""
        found: list[tuple[RulePlan, int, Statement, Sighted]] = []
        lines: dict[str, set[int]] = {}
        for rule in () if self._plan.with_fixes else rules:
            context = _context(file, outline, rule)
            if context is None:
                continue
            needle = needles[rule.name]
            hits = {outline.line_at(match.start()) for match in needle.finditer(outline.text)}
            for line in hits:
                statements = _statements(outline, line, rule, context)
                if statements is None:
                    continue
                # An import may give a forbidden function another name, whose uses are no hits yet.
                is_import = line in context.lines
                parts = [each for each in statements if is_import or needle.search("".join(each.pieces))]
                decided = [self._decide(part, line, outline, rule, context) for part in parts]
                if None not in decided:
                    lines.setdefault(rule.name, set()).add(line)
                    for part, sighted in zip(parts, decided, strict=True):
                        found += ((rule, line, part, each) for each in sighted or ())
        return Settled(_findings(file, outline, found), lines)

    def _decide(
        self, statement: Statement, line: int, outline: Outline, rule: RulePlan, context: _Context
    ) -> Sequence[Sighted] | None:
        scope = _scope(outline, line)
        if scope != "def" and context.lines and max(context.lines) > line:
            return None
        key = (rule.name, context.package, context.code, scope, statement.key)
        if key not in self._made:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            from ssot_lint.engine.decide import decide_statement

            code = f"{context.code}{_HEADERS[scope]}"
            starts = [*context.starts, *([len(context.code)] if scope else []), len(code)]
            self._made[key] = decide_statement(code, starts, statement, rule, self._plan, context.package)
        return self._made[key]


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


def _statements(outline: Outline, line: int, rule: RulePlan, context: _Context) -> Sequence[Statement] | None:
    """The statement on a line as the rule sees it, part by part, none for a comment; None where it binds a name
    or may see one that is bound in another definition.
    """
    from ssot_lint.engine.alike import look_at  # takes time to load, and most runs need none of it
    from ssot_lint.engine.statement import Statement

    assert rule.interest.alike is not None
    if outline.is_blank(line):
        return ()
    if line in context.lines:
        is_import = outline.keyword(line) in ("import", "from") and outline.parent(line) is None
        return (Statement(),) if is_import else None
    if not context.others.isdisjoint((line, *outline.ancestors(line))):
        return None
    start, end = outline.head(line), outline.bounds(line)[1]
    end = start + len(outline.text[start:end].rstrip())
    return look_at(outline.text, start, end, rule.interest.names, rule.interest.alike)


def _scope(outline: Outline, line: int) -> str:
    headers = list(outline.ancestors(line))
    if any(map(outline.is_function, headers)):
        return "def"
    return "class" if any(map(outline.is_definition, headers)) else ""


def _findings(
    file: FileInput, outline: Outline, found: Sequence[tuple[RulePlan, int, Statement, Sighted]]
) -> tuple[Finding, ...]:
    if not found:
        return ()
    from ssot_lint.engine.excerpts import Excerpts  # needs LibCST, which is slow to load
    from ssot_lint.model import Finding, Span

    excerpts = Excerpts(outline.text, outline)
    findings = []
    for rule, line, statement, sighted in found:
        end = statement.starts[sighted.last] + len(statement.pieces[sighted.last])
        span = Span(_position(outline.text, statement.starts[sighted.first]), _position(outline.text, end))
        findings.append(
            Finding(
                rule=rule.name,
                severity=rule.severity,
                message=sighted.message,
                path=file.path,
                span=span,
                symbol=_symbol(outline, line),
                snippet=excerpts.snippet(span.start.row),
                line=excerpts.row(span.start.row),
            )
        )
    # What stands beside the items of a statement is found with each of them.
    return tuple(sorted(set(findings), key=lambda finding: finding.sort_key))


def _position(text: str, offset: int) -> Position:
    from ssot_lint.model import Position

    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _symbol(outline: Outline, line: int) -> str:
    """The dotted name of the definitions around a line."""
    definitions = filter(None, map(outline.definition, outline.ancestors(line)))
    return ".".join(reversed([definition.split()[-1] for definition in definitions]))
