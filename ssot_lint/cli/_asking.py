"""Asks about each fix, on standard error, and takes the answers from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ssot_lint.fixing.edits import Rows, apply, to_change
from ssot_lint.fixing.encoding import encode, read
from ssot_lint.fixing.patches import FileChange, diff
from ssot_lint.model import Finding
from ssot_lint.reporters._terminal import printable

_ANSWERS = {"y": "accept", "n": "reject", "a": "all", "q": "quit"}
_HELP = "y: accept, n: reject, a: accept this and all others, q: quit, what was accepted so far is applied"


def choose(root: Path, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings whose fixes are accepted; the end of standard input quits."""
    for index, finding in enumerate(findings):
        _show(root, finding)
        answer = _answer(finding, index + 1, len(findings))
        if answer == "all":
            yield from findings[index:]
            return
        if answer == "quit":
            return
        if answer == "accept":
            yield finding


def _show(root: Path, finding: Finding) -> None:
    place = f"{finding.path}:{finding.span.start.row}:{finding.span.start.column}"
    click.echo(printable(f"{place}: {finding.rule}: {finding.message}"), err=True)
    for line in _hunks(root, finding).decode("utf-8", "replace").splitlines()[1:]:
        click.echo(printable(line), err=True)


def _hunks(root: Path, finding: Finding) -> bytes:
    """What this fix alone would change in the file."""
    before = (root / finding.path).read_bytes()
    text = read(before)
    rows = Rows(text)
    edits = finding.fix.edits if finding.fix else ()
    after = apply(text, [to_change(edit, text, rows) for edit in edits])
    return diff(FileChange(finding.path, before, encode(after, before)))


def _answer(finding: Finding, number: int, total: int) -> str:
    kind = finding.fix.applicability if finding.fix else ""
    while True:
        click.echo(f"({number}/{total}) Apply this {kind} fix [y,n,a,q,?]? ", err=True, nl=False)
        line = sys.stdin.readline()
        answer = line.strip().lower()
        answer = _ANSWERS.get(answer, answer)
        if not line:
            click.echo(err=True)
            return "quit"
        if answer in _ANSWERS.values():
            return answer
        click.echo(_HELP, err=True)
