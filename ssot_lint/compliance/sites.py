"""The places that make IDs: uses of the source, and what the rules find elsewhere."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ssot_lint.compliance.numbers import Tally
from ssot_lint.engine.plan import Plan, RulePlan
from ssot_lint.kinds import Extent, Interest, word
from ssot_lint.kinds.forbidden_call import Params
from ssot_lint.model import Finding, Severity
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import Settings, Source
from ssot_lint.source.contract import Contract

GENERATION = frozenset({"direct-uuid", "hardcoded-id-prefix", "piecewise-context-ids"})
"""The rules whose findings are places that make an ID without the source."""

USE = "use-of-source"
"""What the uses of the source are called among the findings; it is the name of no rule."""


class Surveyor(Planner):
    """Makes plans that find the uses of the source, and what the rules find if `with_rules`."""

    def __init__(self, root: Path, with_rules: bool) -> None:
        super().__init__(root, Selection() if with_rules else Selection(select=()))

    def plan(self, settings: Settings, sources: Sequence[Source]) -> Plan:
        """Raises InputError with everything that is wrong in configuration, rule pages and sources."""
        plan = super().plan(settings, sources)
        use = _use_of(plan.contract) if plan.contract is not None else None
        return plan if use is None else replace(plan, rules=(*plan.rules, use))


def tally_by_file(findings: Iterable[Finding]) -> Mapping[str, Tally]:
    """The places in each file that make IDs.

    Where several rules speak of one statement, the one with most findings in it counts, because
    `f"thread_{uuid4()}"` is one ID and two findings.
    """
    uses: Counter[str] = Counter()
    statements: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.rule == USE:
            uses[finding.path] += 1
        elif finding.rule in GENERATION:
            statements[finding.path, finding.symbol, finding.snippet][finding.rule] += 1
    elsewhere: Counter[str] = Counter()
    for (path, _, _), rules in statements.items():
        elsewhere[path] += max(rules.values())
    return {path: Tally(uses[path], elsewhere[path]) for path in uses.keys() | elsewhere.keys()}


def tally_by_rule(findings: Iterable[Finding]) -> Mapping[str, Tally]:
    """For each rule that finds places that make an ID: what the source makes, and what the rule finds."""
    found = Counter(finding.rule for finding in findings)
    return {rule: Tally(found[USE], found[rule]) for rule in GENERATION}


def _use_of(contract: Contract) -> RulePlan | None:
    """Found as a forbidden call is found: through every spelling, at the call or where it is handed on."""
    calls = tuple(contract.spellings)
    if not calls:
        return None
    functions = sorted({name.rpartition(".")[2] for name in calls})
    interest = Interest(
        literals=tuple(functions),
        needle=word(functions),
        extent=Extent.STATEMENT,
        in_strings=True,
        names=frozenset(part for name in calls for part in name.replace("()", "").split(".")),
        targets=frozenset(calls),
    )
    return RulePlan(USE, "forbidden-call", Severity.INFO, Params(calls), interest)
