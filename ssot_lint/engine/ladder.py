"""The rungs above the bytes, for a file with a needle in it: lex, cut into units, decide."""

from __future__ import annotations

import re

from ssot_lint.engine.decisions import Decisions, Settled
from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan, RulePlan, UndecidedError
from ssot_lint.engine.units import Units
from ssot_lint.syntax.lexer import LexError
from ssot_lint.syntax.outline import Outline


class Ladder:
    """Scans files for one plan; holds what was decided on statements that are alike."""

    def __init__(self, plan: Plan, decides: bool) -> None:
        self.decisions = Decisions(plan, decides)
        self._plan = plan
        self._needles = {rule.name: re.compile(rule.interest.needle) for rule in plan.rules}

    def scan(self, file: FileInput, text: str, rules: list[RulePlan], answers: Answers) -> FileResult:
        """What the rules, each of which has a needle in the text, find in it; may raise UndecidedError."""
        settled = Settled()
        try:
            outline = Outline(text)
            units = None
            if outline.is_clear:
                settled = self.decisions.settle(file, outline, rules, self._needles)
                units = Units(outline, rules, self._needles, settled.lines)
        except LexError:
            units = None
        if units is not None and not units.rules:
            return FileResult(file.path, settled.findings)
        if not self.decisions.decides:
            raise UndecidedError
        from ssot_lint.engine.decide import decide

        result = decide(file, text, units, rules, self._plan, answers)
        return settled.joined(result)
