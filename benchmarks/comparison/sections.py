"""The parts of the report: each measures one thing and gives a table, its data, and the goals that it speaks of."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comparison import contenders, trees
from comparison.cells import NONE, findings, memory, plain_row, time
from comparison.contenders import Contender, Toolbox
from comparison.reading import Place
from comparison.rounds import Pace, Row, Say, compare, difference, ratio
from comparison.trees import Copy

SHARES = (1, 5, 10, 25, 50, 100)
BIG = 2_000_000
HOOK_FILES = 10
WHOLE_TREE = 5_000
"""Files from which on the goals of speed are meant."""
GROWTH_ROUNDS = FIXING_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Goal:
    """Of `what`, on the tree `where`, `measured` may be at most `limit`, or must be at least that.

    With `more`, it is more than was measured, since the run was stopped.
    """

    where: str
    what: str
    measured: float
    limit: float
    least: bool = False
    more: bool = False

    @property
    def holds(self) -> bool | None:
        """None if the run was stopped too early to tell."""
        if self.least:
            return self.measured >= self.limit or (None if self.more else False)
        return self.measured <= self.limit


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title and what to know about it; `data` is the same for machines."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    data: object
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts need: the tools, how often they run, whom to tell, and a folder for copies of trees."""

    tools: Toolbox
    pace: Pace
    say: Say
    folder: Path

    def compare(self, rows: Sequence[Contender], folder: Path, pace: Pace | None = None) -> list[Row]:
        return compare(rows, folder, self.tools, pace or self.pace, self.say)

    def place(self, name: str) -> Path:
        """A folder for a copy, which does not exist; what tools have kept is dropped, too."""
        target = self.folder / name
        for old in (target, self.tools.scratch):
            shutil.rmtree(old, ignore_errors=True)
        self.tools.scratch.mkdir()
        return target


def tools(bench: Bench, copy: Copy, counted: Counter[Place] | None) -> Section:
    """All tools on one tree, with what each finds held against an independent count."""
    rows = bench.compare(contenders.linters(bench.tools), copy.root)
    header = ("", "time", "to ssot-lint's", "CPU", "memory", "findings", "missed", "beside", "files")
    number = len(copy.paths)
    return Section(
        f"{copy.root.name}: {number:,} {'file' if number == 1 else 'files'}, {sum(copy.sizes) / 1e6:,.1f} MB",
        f"Sites in an independent count: {NONE if counted is None else format(counted.total(), ',')}.",
        header,
        tuple(_tool_row(row, rows, counted, copy) for row in rows),
        [_data(row, rows) for row in rows],
        tuple(_tool_goals(rows, counted, copy)),
    )


def hook(bench: Bench, copy: Copy) -> Section:
    """Start-up, and a run on files that have changed and are clean."""
    found = bench.compare([contenders.all_rules()], copy.root, bench.pace.at_most(0))[0].output
    files = trees.clean_files(copy.paths, {path for path, _ in found.places} if found else (), HOOK_FILES)
    rows = bench.compare(contenders.hook(bench.tools, files, _changing(copy.root, files)), copy.root)
    hooked = [row for row in rows if row.contender.name == contenders.HOOK and row.output]
    return Section(
        f"Start-up and hook, on {len(files)} files of {copy.root.name}",
        "Each file is changed before each run, and nothing is found in them; all rules, with the cache.",
        ("", "time", f"to {contenders.PASS}", "CPU", "memory"),
        tuple(plain_row(row, rows) for row in rows),
        [_data(row, rows) for row in rows],
        tuple(Goal(copy.root.name, "hook on changed files, in seconds", row.seconds, 0.1) for row in hooked),
    )


def growth(bench: Bench, tree: Path, source: str | None) -> Section:
    """Time by the share of the files, and memory by that and the number of processes."""
    measured: list[tuple[int, Copy, list[Row]]] = []
    for share in SHARES:
        copy = trees.copy(tree, bench.place(f"{share} %"), source, share)
        rows = bench.compare(contenders.growing(bench.tools), copy.root, bench.pace.at_most(GROWTH_ROUNDS))
        one = bench.compare([contenders.all_rules(jobs=1)], copy.root, bench.pace.at_most(0))
        measured.append((share, copy, rows + one))
    names = [row.contender.name for row in measured[0][2]]
    return Section(
        f"Growth: shares of {tree.name}",
        "The files of a share are always the same. The last two columns are the memory of all rules.",
        ("share", "files", "MB", *names[:-1], "memory, all cores", "memory, 1 process"),
        tuple(_growth_row(*each) for each in measured),
        [{"share": share, "rows": [_data(row, rows) for row in rows]} for share, _, rows in measured],
        tuple(
            Goal(tree.name, f"memory of all rules, {where}, in MB", row.peak / 1e6, 200)
            for row, where in zip(measured[-1][2][-2:], ("all cores", "1 process"), strict=True)
            if row.output and row.peak
        ),
    )


def _growth_row(share: int, copy: Copy, rows: Sequence[Row]) -> tuple[str, ...]:
    size = f"{sum(copy.sizes) / 1e6:,.1f}"
    times = map(time, rows[:-1])
    return (f"{share} %", f"{len(copy.paths):,}", size, *times, *map(memory, rows[-2:]))


def fixing(bench: Bench, tree: Path, source: str | None) -> Section:
    """What fixing a whole tree takes beside checking it."""
    target = bench.place("fixing")

    def restore() -> None:
        shutil.rmtree(target, ignore_errors=True)
        trees.copy(tree, target, source)

    restore()
    pace = replace(bench.pace.at_most(FIXING_ROUNDS), limit=None)
    rows = bench.compare(contenders.fixing(restore), target, pace)
    goals = [
        Goal(tree.name, "fixing, in times of the check", value, 5)
        for row in rows
        if row.contender.name == contenders.FIX and row.output and (value := ratio(row, rows)) is not None
    ]
    return Section(
        f"Fixing {tree.name}",
        "All rules, on all cores, on a fresh copy each time. The last column is what was found, or fixed.",
        ("", "time", "to the check's", "CPU", "memory", "findings"),
        tuple((*plain_row(row, rows), findings(row)) for row in rows),
        [_data(row, rows) for row in rows],
        tuple(goals),
    )


def _tool_row(row: Row, rows: Iterable[Row], counted: Counter[Place] | None, copy: Copy) -> tuple[str, ...]:
    missed = beside = NONE
    if row.output and counted is not None:
        missed, beside = (f"{number:,}" for number in difference(row.output.places, counted, copy.own))
    files = f"{row.output.files:,}" if row.output and row.output.files is not None else NONE
    return (*plain_row(row, rows), findings(row), missed, beside, files)


def _tool_goals(rows: Sequence[Row], counted: Counter[Place] | None, copy: Copy) -> Iterable[Goal]:
    yield from _speed_goals(rows, copy) if len(copy.paths) >= WHOLE_TREE else ()
    cold = next((row.output for row in rows if row.contender.name == contenders.COLD), None)
    if cold and counted is not None:
        missed, beside = difference(cold.places, counted, copy.own)
        yield Goal(copy.root.name, "sites missed or invented", missed + beside, 0)


def _speed_goals(rows: Sequence[Row], copy: Copy) -> Iterable[Goal]:
    limits = [
        (contenders.RUFF, "whole tree, in times of Ruff", 1.0),
        (contenders.RUFF_WARM, "again, in times of Ruff with its cache", 0.7),
    ]
    for name, what, limit in limits:
        if (value := _named_ratio(name, rows)) is not None:
            yield Goal(copy.root.name, what, 1 / value, limit)
    for name, least in ((contenders.SEMGREP, 10), (contenders.AST_GREP, 10), (contenders.FIXIT, 100)):
        if (value := _named_ratio(name, rows)) is not None:
            stopped = any(row.stopped for row in rows if row.contender.name == name)
            yield Goal(
                copy.root.name, f"{name}, in times of ssot-lint", value, least, least=True, more=stopped
            )


def _named_ratio(name: str, rows: Sequence[Row]) -> float | None:
    return next((ratio(row, rows) for row in rows if row.contender.name == name and row.runs), None)


def _changing(root: Path, files: Sequence[str]) -> Callable[[], None]:
    """Each call adds a line to each file."""

    def change() -> None:
        for path in files:
            with (root / path).open("ab") as stream:
                stream.write(b"\n# Changed.\n")

    return change


def _data(row: Row, rows: Iterable[Row]) -> dict[str, object]:
    return {
        "name": row.contender.name,
        "command": [row.contender.tool, *row.contender.command],
        "failure": row.failure,
        "stopped": row.stopped,
        "seconds": [run.seconds for run in row.timed.values()],
        "cpu": [run.cpu for run in row.timed.values()],
        "peak": row.peak if row.runs else None,
        "ratio": ratio(row, rows),
        "findings": row.output.findings if row.output else None,
        "files": row.output.files if row.output else None,
    }
