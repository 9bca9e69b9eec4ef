"""One file up the ladder, as far as it must go."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan, RulePlan
from ssot_lint.suppressions import MARK
from ssot_lint.syntax.decode import DecodeError, decode

if TYPE_CHECKING:
    from ssot_lint.engine.decisions import Decided
    from ssot_lint.engine.ladder import Ladder
    from ssot_lint.model import Failure
    from ssot_lint.syntax.lexer import LexError


_TELLING = 3
"""Characters that are rare enough together to look at each place where they stand."""


class Sign(NamedTuple):
    """What stands in a file in which a rule is broken: one of the literals, and what a pattern matches."""

    rule: str
    literals: tuple[str, ...]
    patterns: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        return any(re.search(pattern, text) for pattern in self.patterns)


def sign_of(rule: RulePlan) -> Sign:
    return Sign(rule.name, rule.interest.literals, rule.interest.signs or (rule.interest.needle,))


class Sieve:
    """Drops files by a look at their bytes, which is enough for most of them."""

    def __init__(self, signs: Iterable[Sign], with_suppressions: bool) -> None:
        """With `with_suppressions`, a suppression is enough to look at a file."""
        self._signs = [(sign, _Literals(sign.literals)) for sign in signs]
        self._with_suppressions = with_suppressions

    def keeps(self, content: bytes) -> bool:
        """Whether there may be anything in `content` to find."""
        if any(literals.stand_in(content) for _, literals in self._signs):
            return True
        return self._with_suppressions and MARK in content

    def keeps_file(self, file: FileInput) -> bool:
        """The same by a closer look; what cannot be read as text is kept."""
        if MARK in file.content:
            return True
        signs = self.signs_in(file)
        try:
            return bool(signs) and any(sign.is_in(decode(file.content)) for sign in signs)
        except DecodeError:
            return True

    def signs_in(self, file: FileInput) -> list[Sign]:
        """The signs of the rules that run on the file, by their literals alone."""
        asked = ((sign, literals) for sign, literals in self._signs if sign.rule not in file.skipped_rules)
        return [sign for sign, literals in asked if literals.stand_in(file.content)]


class Scanner:
    """Scans files for one plan.

    Where it `decides` nothing itself, it does not load LibCST, and goes by what others have decided.
    """

    def __init__(self, plan: Plan, decides: bool = True) -> None:
        self._plan = plan
        self._decides = decides
        self._sieve = Sieve(map(sign_of, plan.rules), with_suppressions=True)

    @property
    def rules(self) -> frozenset[str]:
        """The names of the rules that are looked for."""
        return frozenset(rule.name for rule in self._plan.rules)

    def scan(self, file: FileInput, answers: Answers) -> FileResult:
        """What the rules find in `file`; `answers` is what other modules are known to bind.

        Raises UndecidedError where it would have to be decided by itself.
        """
        signs = self._sieve.signs_in(file)
        is_marked = MARK in file.content
        if not signs and not is_marked:
            return FileResult(file.path)
        try:
            text = decode(file.content)
        except DecodeError as error:
            return FileResult(file.path, failure=_unreadable(file, error))
        broken = {sign.rule for sign in signs if sign.is_in(text)}
        rules = [rule for rule in self._plan.rules if rule.name in broken]
        result = self._ladder.scan(file, text, rules, answers) if rules else FileResult(file.path)
        return _with_suppressions(result, text) if is_marked else result

    @property
    def decides(self) -> bool:
        return self._ladder.decisions.decides

    def decide(self) -> None:
        """From now on."""
        self._ladder.decisions.decides = True

    def latest_decisions(self) -> Decided:
        """What was decided since the last call."""
        return self._ladder.decisions.latest()

    def learn(self, decided: Decided) -> None:
        """Take over what another scanner has decided for the same plan."""
        self._ladder.decisions.learn(decided)

    @cached_property
    def _ladder(self) -> Ladder:
        from ssot_lint.engine.ladder import Ladder

        return Ladder(self._plan, self._decides)


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
