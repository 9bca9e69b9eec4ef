from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from ssot_lint.model import Finding, Fix, Position, Severity, Span
from ssot_lint.suppressions import OWN_RULES
from ssot_lint.suppressions.matching import Outcome, Policy, apply
from ssot_lint.suppressions.reading import parse

WORDS = {"UUID": "direct-uuid", "PREFIX": "hardcoded-id-prefix"}
RULES = frozenset({*WORDS.values(), "other-rule"})
POLICY = Policy(
    known=RULES | OWN_RULES,
    ran=RULES,
    severities=dict.fromkeys(OWN_RULES, Severity.WARNING),
    today=date(2027, 1, 31),
)


@pytest.fixture
def find() -> Callable[[str], list[Finding]]:
    """Each UUID breaks direct-uuid, each PREFIX breaks hardcoded-id-prefix, wherever they stand."""
    return _find


@pytest.fixture
def check() -> Callable[..., Outcome]:
    """What is left of the findings of a text; keywords change the policy."""

    def run(text: str, **changes: object) -> Outcome:
        return apply(_find(text), parse(text), "a.py", replace(POLICY, **changes))  # type: ignore[arg-type]

    return run


@pytest.fixture
def apply_fix() -> Callable[[str, Fix], str]:
    return _apply


def _find(text: str) -> list[Finding]:
    places = [(at, word) for word in WORDS for at in range(len(text)) if text.startswith(word, at)]
    return [_finding(text, at, word) for at, word in sorted(places)]


def _finding(text: str, offset: int, word: str) -> Finding:
    row = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    span = Span(Position(row, column), Position(row, column + len(word)))
    line = text.split("\n")[row - 1]
    return Finding(WORDS[word], Severity.ERROR, "bad", "a.py", span, "", line.strip(), line)


def _apply(text: str, fix: Fix) -> str:
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]

    def offset(position: Position) -> int:
        return starts[position.row - 1] + position.column - 1

    for edit in sorted(fix.edits, key=lambda edit: edit.span, reverse=True):
        text = text[: offset(edit.span.start)] + edit.content + text[offset(edit.span.end) :]
    return text
