"""Statements that each make an ID only where there is none: one guard makes what any of them needs.

```
if not a:            if not a or not b:
    a = first()          new_a, new_b = both()
if not b:       =>       if not a:
    b = second()             a = new_a
                         if not b:
                             b = new_b
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from ssot_lint.detectors.naming import Naming, is_idle, renamed
from ssot_lint.detectors.order import is_eager, is_first_effect, tested_names
from ssot_lint.detectors.sites import Site, SiteKind, Task
from ssot_lint.detectors.values import Refusal
from ssot_lint.model import Edit

_APART = "the first is made on a condition that the others do not share"


@dataclass(frozen=True, slots=True, eq=False)
class _Guard:
    """A site with the statement of the common block that it is in, and the test on which that makes the ID.

    `test` is None where it is made each time; the ID is made if the test has the truth value `wanted`. Otherwise
    the statement assigns what it `kept`.
    """

    site: Site
    outer: cst.CSTNode
    test: cst.BaseExpression | None = None
    wanted: bool = True
    kept: cst.BaseExpression | None = None


def under_one_guard(task: Task) -> Iterator[Edit]:
    """The edits that put all sites under one guard; raises Refusal where that would not do the same."""
    suite = _common_suite(task)
    guards = [_guard(task, site, suite) for site in task.sites]
    _check_neighbours(task, suite, guards)
    for index, guard in enumerate(guards):
        _check_test(task, guard, guards[:index])
    naming = Naming(task)
    for site in task.sites:
        naming.name(site, None)
    yield from _edits(task, guards, naming)


def _edits(task: Task, guards: Sequence[_Guard], naming: Naming) -> Iterator[Edit]:
    tests = [_test_code(task, guard) for guard in guards]
    call = f"{naming.targets()} = {task.code}\n"
    first = task.lines.line(guards[0].outer)
    if None in tests:
        yield task.lines.insert(first, f"{task.lines.outline.indentation(first)}{call}")
        for site in task.sites:
            yield from renamed(task, site, naming)
        yield from map(task.lines.remove, task.dropped)
    else:
        test = " or ".join(dict.fromkeys(filter(None, tests)))
        last = max(_last_line(task, guard) for guard in guards)
        yield _as_block(task, guards, naming, (first, last), f"if {test}:\n", call)
        yield from (task.lines.remove(line) for line in task.dropped if not first <= line <= last)


def _as_block(
    task: Task, guards: Sequence[_Guard], naming: Naming, extent: tuple[int, int], header: str, call: str
) -> Edit:
    """The statements, all from the first to the last line of `extent`, as the body of a new one behind the call."""
    lines, (first, last) = task.lines, extent
    shallow, unit = lines.outline.indentation(first), _unit(task, guards)
    dropped = {line for line in task.dropped if first <= line <= last}
    gone = {task.line(site) for site in task.sites if is_idle(site, naming)}
    edits = [edit for site in task.sites for edit in renamed(task, site, naming, unit)]
    edits += (lines.remove(line, unit) for line in dropped)
    edits += lines.indent(first, last, unit, {first} | gone | dropped)
    block = lines.as_one(first, last, edits)
    return replace(block, content=f"{header}{shallow}{unit}{call}{shallow}{unit}{block.content}")


def _common_suite(task: Task) -> cst.IndentedBlock:
    others = [set(task.suites(site.statement)) for site in task.sites]
    for suite in task.suites(task.sites[0].statement):
        if all(suite in suites for suites in others) and isinstance(suite, cst.IndentedBlock):
            return suite
    raise Refusal(_APART)


def _guard(task: Task, site: Site, suite: cst.IndentedBlock) -> _Guard:
    if site.kind is SiteKind.KEEPS:
        raise Refusal("all that one call makes is kept under a name")
    inner = task.suite(site.statement)
    if inner is suite:
        return _guard_in_line(task, site)
    outer = task.tree.parent(inner) if inner is not None else None
    if not isinstance(outer, cst.If) or task.suite(outer) is not suite or outer.orelse is not None:
        raise Refusal(_APART)
    line = task.tree.parent(site.statement)
    if outer.body.body[0] not in (line, site.statement) or not _is_at_once(task, site):
        raise Refusal("something else happens before an ID is made")
    return _Guard(site, outer, outer.test)


def _guard_in_line(task: Task, site: Site) -> _Guard:
    """`x = x or …`, `x = x if … else …`, and what is made each time."""
    line = task.tree.parent(site.statement)
    assert line is not None
    if _is_at_once(task, site):
        return _Guard(site, line)
    match site.statement:
        case (
            cst.Assign(targets=[cst.AssignTarget(target=cst.Name(name))], value=value)
            | cst.AnnAssign(target=cst.Name(name), value=value)
        ):
            guard = _conditional(site, line, value)
            # Only what is assigned to itself may as well not be assigned at all.
            if guard is not None and isinstance(guard.kept, cst.Name) and guard.kept.value == name:
                return guard
    raise Refusal(_APART)


def _conditional(site: Site, line: cst.CSTNode, value: cst.BaseExpression | None) -> _Guard | None:
    match value:
        case cst.BooleanOperation(left=test, operator=cst.Or(), right=right) if right in site.values:
            return _Guard(site, line, test, False, test)
        case cst.IfExp(test=test, body=body, orelse=orelse) if body in site.values:
            return _Guard(site, line, test, True, orelse)
        case cst.IfExp(test=test, body=body, orelse=orelse) if orelse in site.values:
            return _Guard(site, line, test, False, body)
    return None


def _is_at_once(task: Task, site: Site) -> bool:
    """Whether making the ID is the first thing that the statement does."""
    if site.kind is SiteKind.ASSIGNS:
        return True
    value = site.values[0]
    harmless = {*site.values, *task.harmless}
    return is_eager(task.tree, value, site.statement) and is_first_effect(site.statement, value, harmless)


def _check_neighbours(task: Task, suite: cst.IndentedBlock, guards: Sequence[_Guard]) -> None:
    """Nothing may stand between the statements: it would be run under the guard, or after the call."""
    left: list[cst.CSTNode] = [item for item in suite.body if not _is_dropped(task, item)]
    first = left.index(guards[0].outer)
    if left[first : first + len(guards)] != [guard.outer for guard in guards]:
        raise Refusal("something else stands between the statements")


def _is_dropped(task: Task, statement: cst.CSTNode) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine) and task.lines.line(statement.body[0]) in task.dropped
    )


def _check_test(task: Task, guard: _Guard, before: Sequence[_Guard]) -> None:
    """A test is evaluated twice, and once before the statements above it: that must make no difference."""
    names = tested_names(guard.test) if guard.test is not None else frozenset()
    if names is None:
        raise Refusal("a condition may do more than look at variables")
    bound = task.tree.scopes.places[guard.site.statement].scope.bindings
    harmless = {part for other in before for part in (other.test, other.site.call, *other.site.values)}
    for name in names:
        if name not in bound or task.variables.is_shared(name):
            raise Refusal(f"`{name}` in a condition is no variable of the function alone")
        for node in task.variables.nodes(name):
            around = {node, *task.tree.ancestors(node)}
            if harmless.isdisjoint(around) and any(other.outer in around for other in before):
                raise Refusal(f"`{name}` may be changed before a condition looks at it")


def _test_code(task: Task, guard: _Guard) -> str | None:
    if guard.test is None:
        return None
    code = task.tree.code(guard.test)
    if "\n" in code:
        raise Refusal("a condition has several rows")
    if guard.wanted:
        return code
    needs_parentheses = isinstance(guard.test, (cst.BooleanOperation, cst.Comparison)) and not guard.test.lpar
    return f"not ({code})" if needs_parentheses else f"not {code}"


def _last_line(task: Task, guard: _Guard) -> int:
    line = task.lines.line(guard.outer)
    is_block = isinstance(guard.outer, cst.If) and isinstance(guard.outer.body, cst.IndentedBlock)
    return task.lines.suite_end(line) if is_block else line


def _unit(task: Task, guards: Sequence[_Guard]) -> str:
    """One step of indentation, as the blocks at hand have it."""
    outline = task.lines.outline
    for guard in guards:
        if isinstance(guard.outer, cst.If) and isinstance(guard.outer.body, cst.IndentedBlock):
            shallow, deep = (
                outline.indentation(task.lines.line(guard.outer)),
                outline.indentation(task.line(guard.site)),
            )
            return deep.removeprefix(shallow)
    return task.tree.module.default_indent
