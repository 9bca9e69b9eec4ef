"""Asks about each fix, on standard error, and takes the answers from standard input."""

from __future__ import annotations

import sys

import click

from ssot_lint.choosing import Answer, Offer
from ssot_lint.fixing.patches import FileChange, diff
from ssot_lint.reporters._terminal import printable

_ANSWERS = {
    "y": Answer.ACCEPT,
    "n": Answer.REJECT,
    "a": Answer.ALL,
    "q": Answer.QUIT,
    **{answer.name.lower(): answer for answer in Answer},
}
_HELP = "y: accept, n: reject, a: accept this and all others, q: quit, what was accepted so far is applied"


def decide(offer: Offer) -> Answer:
    """What is answered to an offer; the end of standard input quits."""
    for finding in offer.findings:
        place = f"{finding.path}:{finding.span.start.row}:{finding.span.start.column}"
        click.echo(printable(f"{place}: {finding.rule}: {finding.message}"), err=True)
    change = diff(FileChange(offer.findings[0].path, offer.before, offer.after))
    for line in change.decode("utf-8", "replace").splitlines()[1:]:
        click.echo(printable(line), err=True)
    return _answer(offer)


def _answer(offer: Offer) -> Answer:
    fix = offer.findings[0].fix
    question = (
        f"({offer.number}/{offer.total}) Apply this {fix.applicability if fix else ''} fix [y,n,a,q,?]? "
    )
    while True:
        click.echo(question, err=True, nl=False)
        line = sys.stdin.readline()
        if not line:
            click.echo(err=True)
            return Answer.QUIT
        answer = _ANSWERS.get(line.strip().lower())
        if answer is not None:
            return answer
        click.echo(_HELP, err=True)
