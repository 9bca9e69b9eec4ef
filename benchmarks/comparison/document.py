"""The report as Markdown, and its place in a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from comparison.errors import MarkError
from comparison.sections import Goal, Section

BEGIN, END = "<!-- compare_tools.py writes what follows -->", "<!-- compare_tools.py wrote what precedes -->"

_HOLDS = {True: "yes", False: "**no**", None: "not known"}


def render(facts: Sequence[str], sections: Sequence[Section]) -> str:
    """A list of facts, the goals that were measured, and a table for each section."""
    goals = [goal for section in sections for goal in section.goals]
    blocks = ["\n".join(f"- {fact}" for fact in facts)]
    if goals:
        blocks += ["### Goals", "\n".join(_goals(goals))]
    for section in sections:
        blocks += [f"### {section.title}", section.note, "\n".join(_table(section.header, section.rows))]
    return "\n\n".join(blocks) + "\n"


def replaced(page: str, report: str) -> str:
    """The page with the report between its marks; raises MarkError."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MarkError(f"has no lines `{BEGIN}` and `{END}`")
    return f"{before}{begin}\n\n{report}\n{end}{after}"


def _goals(goals: Iterable[Goal]) -> Iterator[str]:
    rows = [(goal.where, goal.what, _limit(goal), _measured(goal), _HOLDS[goal.holds]) for goal in goals]
    return _table(("tree", "what", "goal", "measured", "holds"), rows)


def _limit(goal: Goal) -> str:
    return f"{'at least' if goal.least else 'at most'} {goal.limit:g}"


def _measured(goal: Goal) -> str:
    return f"{'more than ' if goal.more else ''}{goal.measured:.3g}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|---|{'---:|' * (len(header) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
