"""Which variable holds each of the IDs that one call makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from ssot_lint.detectors.sites import Site, SiteKind, Take, Task
from ssot_lint.detectors.values import Refusal
from ssot_lint.model import Edit


class Naming:
    """`codes` has an expression for each slot that is named; the call itself binds the targets of `moved`."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self.codes: dict[int, str] = {}
        self.moved: set[int] = set()

    def keep(self, site: Site) -> None:
        """All slots are elements of the tuple that the site keeps."""
        name = site.kept or ""
        bound = self._task.tree.scopes.places[site.statement].scope.bindings.get(name, ())
        if len(bound) != 1 or self._task.variables.is_shared(name):
            raise Refusal(f"`{name}` is bound to other values as well")
        self.codes = {slot: f"{name}[{slot}]" for slot in range(len(self._task.roles))}

    def assign(self, takes: Iterable[Take]) -> None:
        """The slots get the targets that they have where the call stands already."""
        for take in takes:
            assert take.target is not None
            self._move(take, take.target)

    def name(self, site: Site, first: Site | None) -> None:
        """Names the slots of a site; `first` has the call in its place, None if the call gets a new line."""
        for take in site.takes:
            if take.slot in self.codes:
                continue
            if take.target is not None and self._may_move(site, take.target, first):
                self._move(take, take.target)
            else:
                self.codes[take.slot] = self._fresh(self._task.roles[take.slot] or "id")

    def targets(self) -> str:
        """What the call is assigned to, all slots in order."""
        return ", ".join(
            self.codes.get(slot) or self._unused(role) for slot, role in enumerate(self._task.roles)
        )

    def _move(self, take: Take, target: cst.BaseExpression) -> None:
        self.codes[take.slot] = self._task.tree.code(target)
        self.moved.add(take.slot)

    def _unused(self, role: str) -> str:
        """A name for what nobody uses; not `_` where that means something."""
        variables = self._task.variables
        return variables.fresh(f"_{role or 'unused'}") if variables.is_read("_") else "_"

    def _fresh(self, role: str) -> str:
        return self._task.variables.fresh(*(f"{prefix}{role}" for prefix in self._task.prefixes))

    def _may_move(self, site: Site, target: cst.BaseExpression, first: Site | None) -> bool:
        """Whether the target may be bound by the call already, without anyone noticing."""
        if site.kind is not SiteKind.ASSIGNS or isinstance(
            self._task.suite(site.statement), cst.SimpleStatementSuite
        ):
            return False
        if self._task.tree.code(target) in self.codes.values() or self._task.lines.is_last(
            self._task.line(site)
        ):
            return False
        if isinstance(target, cst.Name):
            return self._may_move_name(site, target, first)
        return (
            first is not None
            and isinstance(target, cst.Attribute)
            and self._may_move_attribute(site, target, first)
        )

    def _may_move_name(self, site: Site, target: cst.Name, first: Site | None) -> bool:
        task, name = self._task, target.value
        if task.variables.is_shared(name):
            return False
        line = task.line(site)
        mentions = [task.lines.line(node) for node in task.variables.nodes(name) if node is not target]
        if line in mentions:
            return False
        if self._is_used_behind_only(line, mentions):
            return True
        if first is None or task.suite(first.statement) is not task.suite(site.statement):
            return False
        start = self._behind(first)
        if self._is_quiet(start, line):
            return True
        in_body = isinstance(task.tree.parent(task.suite(site.statement) or target), cst.FunctionDef)
        return (
            in_body
            and not task.variables.is_captured(name)
            and not any(start <= item < line for item in mentions)
        )

    def _is_used_behind_only(self, line: int, mentions: list[int]) -> bool:
        """Whether all mentions come later, in the same block, so that there is one."""
        lines = self._task.lines
        header = lines.outline.parent(line)
        end = len(lines.text) if header is None else lines.suite_end(header)
        return bool(mentions) and all(line < item <= end for item in mentions)

    def _may_move_attribute(self, site: Site, target: cst.Attribute, first: Site) -> bool:
        """Only if nothing happens between, and the order in which attributes are set stays."""
        task = self._task
        return (
            isinstance(target.value, cst.Name)
            and task.suite(first.statement) is task.suite(site.statement)
            and self._is_quiet(self._behind(first), task.line(site))
            and all(take.slot > max(self.codes) for take in site.takes)
        )

    def _behind(self, first: Site) -> int:
        """The line behind the call, which gets one in front of a statement that uses what it makes."""
        line = self._task.line(first)
        return line if first.kind is SiteKind.USES else self._task.lines.outline.end(line)

    def _is_quiet(self, start: int, end: int) -> bool:
        """Whether the lines from one up to another do nothing but bind IDs that the call is going to bind."""
        own = {
            self._task.line(site)
            for site in self._task.sites
            if site.kind is SiteKind.ASSIGNS and all(take.slot in self.moved for take in site.takes)
        }
        lines = self._task.lines.outline.lines(start, end)
        return all(line in own or self._task.is_empty(line) for line in lines)


def is_idle(site: Site, naming: Naming) -> bool:
    """Whether nothing is left of the statement, since the call does what it did."""
    return site.kind is SiteKind.KEEPS or (
        site.kind is SiteKind.ASSIGNS and all(take.slot in naming.moved for take in site.takes)
    )


def renamed(task: Task, site: Site, naming: Naming, unit: str = "") -> Iterator[Edit]:
    """The edits of a statement that finds its IDs under their names; it is indented by `unit` more."""
    for take in site.takes:
        if not (site.kind is SiteKind.ASSIGNS and is_idle(site, naming)):
            yield from (task.lines.replace(value, naming.codes[take.slot]) for value in take.values)
    if is_idle(site, naming):
        yield task.lines.remove(task.line(site), unit)
    elif site.kind is SiteKind.ASSIGNS and not site.values:
        assign = cst.ensure_type(site.statement, cst.Assign)
        left = [take for take in site.takes if take.slot not in naming.moved]
        targets = ", ".join(task.tree.code(take.target) for take in left if take.target is not None)
        yield task.lines.replace(assign.targets[0].target, targets)
        yield task.lines.replace(assign.value, ", ".join(naming.codes[take.slot] for take in left))
