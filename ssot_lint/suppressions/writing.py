"""Puts suppressions into a file, for findings that its team has decided to live with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ssot_lint.errors import SsotLintError
from ssot_lint.model import Finding
from ssot_lint.suppressions import OWN_RULES
from ssot_lint.suppressions.grammar import PragmaError, write
from ssot_lint.suppressions.model import Suppression
from ssot_lint.suppressions.reading import Rows, parse
from ssot_lint.syntax.outline import Outline


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file's new text, the findings that it suppresses, and those that it cannot, each with the reason."""

    text: str
    placed: tuple[Finding, ...]
    unplaced: tuple[tuple[Finding, str], ...]


def check_reason(reason: str) -> None:
    """Raises SsotLintError if no suppression could give that reason."""
    try:
        write(["rule"], reason)
    except PragmaError as error:
        raise SsotLintError(str(error)) from None


def add_ignores(text: str, findings: Iterable[Finding], reason: str) -> Ignored:
    """The text with a suppression behind the last row of each statement that holds one of the findings.

    Changes nothing else but blanks at the end of those rows. What is suppressed already stays as it is; a
    suppression without a date that gives the same reason takes further rules in. Raises LexError if the text
    cannot be cut into statements, SsotLintError if no suppression could give that reason.
    """
    check_reason(reason)
    return _Writer(text, reason).add(findings)


class _Writer:
    def __init__(self, text: str, reason: str) -> None:
        self._text = text
        self._reason = reason
        self._outline = Outline(text)
        self._rows = Rows(text)
        self._lasting = [each for each in parse(text).suppressions if each.until is None]

    def add(self, findings: Iterable[Finding]) -> Ignored:
        wanted: dict[int, set[str]] = {}
        placed: list[Finding] = []
        unplaced: list[tuple[Finding, str]] = []
        for finding in findings:
            if why := self._obstacle(finding):
                unplaced.append((finding, why))
                continue
            placed.append(finding)
            if not self._is_suppressed(finding):
                wanted.setdefault(self._line(finding), set()).add(finding.rule)
        pieces, at = [], 0
        for line, rules in sorted(wanted.items()):
            start, end, content = self._edit(line, sorted(rules))
            pieces += [self._text[at:start], content]
            at = end
        return Ignored("".join((*pieces, self._text[at:])), tuple(placed), tuple(unplaced))

    def _obstacle(self, finding: Finding) -> str | None:
        if finding.rule in OWN_RULES:
            return "a finding about a suppression cannot be suppressed"
        if not self._rows.has(finding.span.start.row, finding.line):
            return "the file has changed since it was checked"
        return "it is in no statement" if self._outline.is_blank(self._line(finding)) else None

    def _line(self, finding: Finding) -> int:
        return self._outline.line_at(self._rows.start(finding.span.start.row))

    def _is_suppressed(self, finding: Finding) -> bool:
        return any(
            finding.rule in each.rules and finding.span.start.row in each.rows for each in self._lasting
        )

    def _edit(self, line: int, rules: list[str]) -> tuple[int, int, str]:
        """What to put in the place of which stretch of the text, so that `rules` are suppressed on `line`."""
        start, end = self._outline.bounds(line)
        if found := self._with_same_reason(self._rows.at(start)):
            names = found.names
            return (
                self._rows.offset(names.start),
                self._rows.offset(names.end),
                ", ".join([*found.rules, *rules]),
            )
        line_end = start + len(self._text[start:end].rstrip("\r\n"))
        content_end = start + len(self._text[start:line_end].rstrip())
        return content_end, line_end, f"  {write(rules, self._reason)}"

    def _with_same_reason(self, row: int) -> Suppression | None:
        candidates = (each for each in self._lasting if row in each.rows and not each.whole_file)
        return next((each for each in candidates if each.reason == self._reason), None)
