"""One file up the ladder, as far as it must go."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan, RulePlan
from ssot_lint.suppressions import MARK
from ssot_lint.syntax.decode import DecodeError, decode

if TYPE_CHECKING:
    from ssot_lint.engine.ladder import Ladder
    from ssot_lint.kinds import Interest
    from ssot_lint.model import Failure
    from ssot_lint.syntax.lexer import LexError


_TELLING = 3
"""Characters that are rare enough together to look at each place where they stand."""


class Sieve:
    """Drops files by a look at their bytes, which is enough for most of them."""

    def __init__(self, literals: Iterable[Sequence[str]], with_suppressions: bool) -> None:
        """`literals` are those of each rule; `with_suppressions`, one is enough to look at a file."""
        self._literals = [_Literals(each) for each in literals]
        self._with_suppressions = with_suppressions

    def keeps(self, content: bytes) -> bool:
        """Whether there may be anything in `content` to find."""
        if any(literals.stand_in(content) for literals in self._literals):
            return True
        return self._with_suppressions and MARK in content


class Scanner:
    """Scans files for one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rules = plan.rules
        self._literals = {rule.name: _Literals(rule.interest.literals) for rule in plan.rules}

    def scan(self, file: FileInput, answers: Answers) -> FileResult:
        """What the rules find in `file`; `answers` is what other modules are known to bind."""
        rules = [rule for rule in self._rules if self._may_break(rule, file)]
        is_marked = MARK in file.content
        if not rules and not is_marked:
            return FileResult(file.path)
        try:
            text = decode(file.content)
        except DecodeError as error:
            return FileResult(file.path, failure=_unreadable(file, error))
        rules = [rule for rule in rules if _has_sign(rule.interest, text)]
        result = self._ladder.scan(file, text, rules, answers) if rules else FileResult(file.path)
        return _with_suppressions(result, text) if is_marked else result

    def _may_break(self, rule: RulePlan, file: FileInput) -> bool:
        return rule.name not in file.skipped_rules and self._literals[rule.name].stand_in(file.content)

    @cached_property
    def _ladder(self) -> Ladder:
        from ssot_lint.engine.ladder import Ladder

        return Ladder(self._plan)


def _has_sign(interest: Interest, text: str) -> bool:
    return any(re.search(sign, text) for sign in interest.signs or (interest.needle,))


class _Literals:
    """Texts of which one must stand in a file; what they all begin with is looked for once."""

    def __init__(self, literals: Sequence[str]) -> None:
        self._start = os.path.commonprefix(list(literals)).encode()  # noqa: RUF071 - characters are meant
        self._literals = tuple(literal.encode() for literal in literals)

    def stand_in(self, content: bytes) -> bool:
        if len(self._start) < _TELLING:
            return any(literal in content for literal in self._literals)
        at = content.find(self._start)
        while at >= 0 and not content.startswith(self._literals, at):
            at = content.find(self._start, at + 1)
        return at >= 0


def _unreadable(file: FileInput, error: DecodeError) -> Failure:
    from ssot_lint.model import Failure, FailureKind

    return Failure(FailureKind.UNREADABLE, file.path, str(error))


def _with_suppressions(result: FileResult, text: str) -> FileResult:
    from ssot_lint.suppressions.reading import parse
    from ssot_lint.syntax.lexer import LexError

    try:
        return replace(result, suppressions=parse(text))
    except LexError as error:
        return result if result.failure else replace(result, failure=_unparsable(result, text, error))


def _unparsable(result: FileResult, text: str, error: LexError) -> Failure:
    from ssot_lint.model import Failure, FailureKind, Position

    row = text.count("\n", 0, error.offset) + 1
    place = Position(row, error.offset - text.rfind("\n", 0, error.offset))
    message = f"its suppressions cannot be read: {error}"
    return Failure(FailureKind.UNPARSABLE, result.path, message, place)
