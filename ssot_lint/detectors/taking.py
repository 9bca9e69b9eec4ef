"""Rewrites statements that each make or take an ID so that all take theirs from one call."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from ssot_lint.detectors.guarding import under_one_guard
from ssot_lint.detectors.naming import Naming, renamed
from ssot_lint.detectors.order import is_eager, is_first_effect
from ssot_lint.detectors.sites import Site, SiteKind, Task
from ssot_lint.detectors.values import Refusal
from ssot_lint.model import Edit


def take_together(task: Task) -> list[Edit]:
    """The edits after which all sites take their part from one call.

    Raises Refusal where the code would not do the same, apart from how often the generator is called.
    """
    for site in task.sites:
        line = task.tree.parent(site.statement)
        if isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)) and len(line.body) > 1:
            raise Refusal("several statements share a line")
    if _first_serves_all(task):
        return list(_in_place(task))
    return list(under_one_guard(task))


def _first_serves_all(task: Task) -> bool:
    """Whether the first site is reached, and makes its ID, whenever another one is."""
    first = task.sites[0]
    suite = task.suite(first.statement)
    reached = all(suite in task.suites(site.statement) for site in task.sites)
    return reached and (first.kind is not SiteKind.USES or _eager_value(task, first) is not None)


def _eager_value(task: Task, site: Site) -> cst.BaseExpression | None:
    """The first value that the statement evaluates each time, if nothing happens before that."""
    for value in site.values:
        if is_eager(task.tree, value, site.statement):
            return value
    return None


def _in_place(task: Task) -> Iterator[Edit]:
    first, *others = task.sites
    naming = Naming(task)
    if first.kind is SiteKind.KEEPS:
        naming.keep(first)
    elif first.kind is SiteKind.ASSIGNS:
        naming.assign(first.takes)
    else:
        naming.name(first, None)
    for site in others:
        naming.name(site, first)
    yield from _edits_of_first(task, first, naming)
    for site in others:
        if site.kind is SiteKind.KEEPS and task.suite(site.statement) is not task.suite(first.statement):
            raise Refusal("all that a later call makes is kept under a name")
        yield from renamed(task, site, naming)
    yield from map(task.lines.remove, task.dropped)


def _edits_of_first(task: Task, first: Site, naming: Naming) -> Iterator[Edit]:
    if first.kind is SiteKind.USES:
        yield _line_before(task, first, naming)
        yield from renamed(task, first, naming)
    elif first.kind is SiteKind.ASSIGNS:
        assign = cst.ensure_type(first.statement, cst.Assign)
        target = assign.targets[0].target
        if assign.value is first.call and isinstance(target, (cst.Tuple, cst.List)):
            own = {take.slot for take in first.takes}
            for slot in naming.codes.keys() - own:
                yield task.lines.replace(target.elements[slot].value, naming.codes[slot])
        else:
            yield task.lines.replace(target, naming.targets())
            yield task.lines.replace(assign.value, task.code)


def _line_before(task: Task, first: Site, naming: Naming) -> Edit:
    """The call on a line of its own, in front of the statement that has it inside now."""
    if not isinstance(task.suite(first.statement), cst.IndentedBlock) or isinstance(
        first.statement, cst.BaseCompoundStatement
    ):
        raise Refusal("there is no room for a line in front of the first")
    value = _eager_value(task, first)
    if value is None or not is_first_effect(first.statement, value, {*first.values, *task.harmless}):
        raise Refusal("something else happens before the first is made")
    line = task.line(first)
    return task.lines.insert(
        line, f"{task.lines.outline.indentation(line)}{naming.targets()} = {task.code}\n"
    )
