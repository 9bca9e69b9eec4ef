"""The last rung: LibCST parses what was cut out, and the detectors decide."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import libcst as cst

from ssot_lint import detectors
from ssot_lint.detectors import Context
from ssot_lint.engine.decisions import Sighted
from ssot_lint.engine.excerpts import Excerpts
from ssot_lint.engine.fronts import Front
from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan, RulePlan
from ssot_lint.engine.units import Units
from ssot_lint.model import Failure, FailureKind, Finding, Position
from ssot_lint.syntax.binder import build
from ssot_lint.syntax.lexer import LexError
from ssot_lint.syntax.names import Names
from ssot_lint.syntax.parse import ParseError, TooDeepError, parse
from ssot_lint.syntax.positions import Layout
from ssot_lint.syntax.query import Query
from ssot_lint.syntax.reduction import CannotReduceError
from ssot_lint.syntax.tree import Tree

_RECURSION_LIMIT = 20_000


def decide(
    file: FileInput,
    text: str,
    units: Units | None,
    rules: Sequence[RulePlan],
    plan: Plan,
    answers: Answers,
) -> FileResult:
    """What the rules find in a file: in its units, or in all of it where there are none or they do not do."""
    context = Context(plan.contract, text, file.path, plan.with_fixes)
    with _deep_recursion():
        try:
            result = _decide_units(file, units, context, answers) if units is not None else None
            return result or _decide_whole(file, context, rules, answers)
        except ParseError as error:
            return FileResult(file.path, failure=_unparsable(file.path, text, error))
        except RecursionError:
            return FileResult(file.path, failure=_unparsable(file.path, text, TooDeepError()))


def decide_statement(front: Front, statement: str, rule: RulePlan, plan: Plan) -> list[Sighted] | None:
    """What a rule finds in a statement of one row, at offsets in it; None where that depends on what else there is."""
    text = f"{front.code}{statement}\n"
    layout = Layout(text, front.starts if statement else front.starts[:-1])
    names_known, uses = rule.interest.names, rule.interest.literals
    with _deep_recursion():
        try:
            module = parse(text, layout.lines)
            scopes = build(module, front.package)
            tree = Tree(module, scopes, Names(scopes, rule.interest.targets, names_known, uses), layout)
            context = Context(plan.contract, text, "")
            sightings = list(detectors.load(rule.kind).find(tree, rule.params, context))
            spans = [tree.span(sighting.node) for sighting in sightings]
        except (ParseError, RecursionError):
            return None
    names = tree.names
    row, margin = front.code.count("\n") + 1, len(front.code) - front.code.rfind("\n")
    is_elsewhere = any((span.start.row, span.end.row) != (row, row) for span in spans)
    if (
        is_elsewhere
        or names.missing
        or names.missing_uses
        or names.queries
        or any(each.related for each in sightings)
    ):
        return None
    return [
        Sighted(sighting.message, span.start.column - margin, span.end.column - margin)
        for sighting, span in zip(sightings, spans, strict=True)
    ]


def _decide_units(file: FileInput, units: Units, context: Context, answers: Answers) -> FileResult | None:
    """What the units show; None where they cannot be cut out.

    Raises TooDeepError, which the whole file would raise, too.
    """
    excerpts = Excerpts(context.text, units.outline)
    findings: list[Finding] = []
    queries: set[Query] = set()
    while units.rules:
        try:
            reduced = units.reduced()
            module = parse(reduced.text, reduced.lines)
        except TooDeepError:
            raise
        except (CannotReduceError, LexError, ParseError):
            return None
        layout = Layout(reduced.text, reduced.lines, reduced.rows)
        tree = _tree(file, module, layout, units.rules, answers, units)
        unsettled = []
        missing, missing_uses = set[str](), set[str]()
        for rule in units.rules:
            found = _findings(tree, (rule,), context, excerpts)
            wanted, wanted_uses = tree.names.take_missing()
            if wanted or wanted_uses:
                unsettled.append(rule)
                missing |= wanted
                missing_uses |= wanted_uses
            else:
                findings += found
        queries |= tree.names.queries
        units.grow(unsettled, missing, missing_uses)
    return FileResult(file.path, _sorted(findings), queries=frozenset(queries))


def _decide_whole(
    file: FileInput, context: Context, rules: Sequence[RulePlan], answers: Answers
) -> FileResult:
    excerpts = Excerpts(context.text)
    layout = excerpts.layout()
    tree = _tree(file, parse(context.text, layout.lines), layout, rules, answers)
    findings = _findings(tree, rules, context, excerpts)
    return FileResult(file.path, findings, queries=frozenset(tree.names.queries))


def _tree(
    file: FileInput,
    module: cst.Module,
    layout: Layout,
    rules: Sequence[RulePlan],
    answers: Answers,
    units: Units | None = None,
) -> Tree:
    scopes = build(module, file.package)
    targets = frozenset[str]().union(*(rule.interest.targets for rule in rules))
    known, uses = (units.names, units.uses) if units is not None else (None, ())
    return Tree(module, scopes, Names(scopes, targets, known, uses, answers), layout)


def _findings(
    tree: Tree, rules: Sequence[RulePlan], context: Context, excerpts: Excerpts
) -> tuple[Finding, ...]:
    findings = []
    for rule in rules:
        for sighting in detectors.load(rule.kind).find(tree, rule.params, context):
            span = tree.span(sighting.node)
            start = excerpts.offset(span.start)
            findings.append(
                Finding(
                    rule=rule.name,
                    severity=rule.severity,
                    message=sighting.message,
                    path=context.path,
                    span=span,
                    symbol=tree.symbol(sighting.node),
                    snippet=excerpts.snippet(start),
                    line=excerpts.row(start),
                    fix=sighting.fix,
                    reason=sighting.reason,
                    related=tuple(map(tree.span, sighting.related)),
                )
            )
    return _sorted(findings)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))


def _unparsable(path: str, text: str, error: ParseError) -> Failure:
    """The failure in Python's own words where it has any: they are better than the parser's."""
    row, column, message = error.row, error.column, str(error)
    try:
        if not isinstance(error, TooDeepError):
            ast.parse(text)
    except SyntaxError as found:
        row, column, message = found.lineno, found.offset, found.msg
    except (ValueError, RecursionError, MemoryError):
        pass
    position = Position(row, max(column or 1, 1)) if row else None
    return Failure(FailureKind.UNPARSABLE, path, message, position)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Room for the walks over deep trees, such as a sum of a thousand strings."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
