"""Files that are rewritten in one transaction each, against a small source of truth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from textwrap import dedent
from typing import Any

from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Rows
from ssot_lint.fixing.transaction import Outcome, rewrite
from ssot_lint.model import Applicability, Edit, Finding, Fix, Severity, Span
from ssot_lint.syntax.decode import decode
from ssot_lint.syntax.spelling import named

SOURCE = """
import itertools

_counter = itertools.count(1)


class Ids:
    @staticmethod
    def make(prefix: str = "id") -> str:
        return f"{prefix}_{next(_counter)}"

    @staticmethod
    def context(user_id: str, operation: str = "context") -> tuple[str, str]:
        end = f"{operation}_{next(_counter)}"
        thread_id = f"thread_{end}"
        run_id = f"run_{end}"
        return thread_id, run_id
"""
MAKE = f"{named('app.ids.Ids')}.make()"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file before and after its transaction; `after` is the text before if nothing was applied."""

    before: bytes
    outcome: Outcome

    @property
    def after(self) -> str:
        content = self.outcome.content
        return decode(self.before if content is None else content)

    @property
    def reasons(self) -> list[str]:
        return [refusal.reason for refusal in self.outcome.refused]


class Fixer:
    """Replaces code as fixes would, with the same replacement at each place that it stands."""

    def __init__(self, context: FileContext) -> None:
        self.context = context

    def __call__(
        self,
        content: str | bytes,
        edits: Mapping[str, str] | None = None,
        *,
        together: bool = False,
        **changes: Any,
    ) -> Fixed:
        """Each replacement is a fix of its own, or all of them are one if they go `together`."""
        raw = content.encode() if isinstance(content, str) else content
        text = decode(raw)
        found = list(_edits(text, {"uuid.uuid4()": MAKE} if edits is None else edits))
        groups = [found] if together else [[edit] for edit in found]
        context = replace(self.context, **changes)
        outcome = rewrite(raw, [finding(*group, path=context.path) for group in groups], context)
        return Fixed(raw, outcome)


def finding(*edits: Edit, path: str = "app/code.py", rule: str = "direct-uuid") -> Finding:
    fix = Fix(Applicability.SAFE, "", edits)
    return Finding(rule, Severity.ERROR, "", path, edits[0].span, "", "", "", fix)


def _edits(text: str, replacements: Mapping[str, str]) -> list[Edit]:
    rows = Rows(text)
    matches = [
        (match, new) for old, new in replacements.items() for match in re.finditer(re.escape(old), text)
    ]
    matches.sort(key=lambda item: item[0].start())
    return [
        Edit(Span(rows.position(match.start()), rows.position(match.end())), new) for match, new in matches
    ]


def code(text: str) -> str:
    """A text without the indentation and the first line end that it has in a test."""
    return dedent(text).removeprefix("\n")
