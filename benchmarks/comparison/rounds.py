"""Runs contenders in turn, round after round, and sums up what each took."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from comparison.contenders import Contender, Toolbox
from comparison.errors import ReadingError
from comparison.measuring import Measured, run
from comparison.reading import Output, Place

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long: what takes more than `slow` seconds is run once, and stopped after `limit`, if any."""

    rounds: int
    slow: float
    limit: float | None

    def at_most(self, rounds: int) -> Pace:
        """With so many rounds, or fewer; 0 is only the survey."""
        return replace(self, rounds=min(rounds, self.rounds))


@dataclass(slots=True)
class Row:
    """What one contender did, by round; round 0 is the survey. `failure` says why there is no output."""

    contender: Contender
    runs: dict[int, Measured] = field(default_factory=dict)
    output: Output | None = None
    failure: str = ""

    @property
    def timed(self) -> Mapping[int, Measured]:
        """The rounds that count: all but the survey, if there are any."""
        return {number: each for number, each in self.runs.items() if number} or self.runs

    @property
    def seconds(self) -> float:
        return statistics.median(each.seconds for each in self.timed.values())

    @property
    def cpu(self) -> float:
        return statistics.median(each.cpu for each in self.timed.values())

    @property
    def peak(self) -> int | None:
        """The most memory in the survey, in bytes."""
        return self.runs[0].peak

    @property
    def stopped(self) -> bool:
        return any(each.stopped for each in self.runs.values())


def compare(contenders: Sequence[Contender], folder: Path, tools: Toolbox, pace: Pace, say: Say) -> list[Row]:
    """Survey all contenders, then run them in turn; nothing is left out, what fails says so in its row."""
    rows = [Row(contender) for contender in contenders]
    for row in rows:
        say(f"{folder.name}: {row.contender.name}")
        _survey(row, folder, tools, pace)
    fast = [row for row in rows if row.output and row.runs[0].seconds <= pace.slow]
    for number in range(1, pace.rounds + 1):
        say(f"{folder.name}: round {number} of {pace.rounds}")
        for row in fast:
            row.runs[number] = again = _once(row.contender, folder, tools, pace.limit)
            if again.code != row.runs[0].code:
                row.failure = (
                    f"ended with {row.runs[0].code} at first, and with {again.code} in round {number}"
                )
    return rows


def ratio(row: Row, rows: Iterable[Row]) -> float | None:
    """The median over the common rounds of the row's time to that of the row it is held against."""
    for other in rows:
        if other.contender.name == row.contender.against and other.output and row.runs:
            common = [number for number in row.timed if number in other.runs]
            return statistics.median(row.runs[each].seconds / other.runs[each].seconds for each in common)
    return None


def difference(ours: Counter[Place], counted: Counter[Place], own: frozenset[str]) -> tuple[int, int]:
    """How many places are only counted, and how many only found, outside of the files of the source of truth."""
    found = Counter({place: number for place, number in ours.items() if place[0] not in own})
    return (counted - found).total(), (found - counted).total()


def _survey(row: Row, folder: Path, tools: Toolbox, pace: Pace) -> None:
    contender = row.contender
    try:
        if contender.fills:
            _once(contender, folder, tools, pace.limit)
        row.runs[0] = survey = _once(contender, folder, tools, pace.limit, survey=True)
        if not survey.stopped:
            row.output = contender.read(survey)
    except (OSError, ReadingError) as error:
        row.runs.clear()
        row.failure = str(error)


def _once(
    contender: Contender, folder: Path, tools: Toolbox, limit: float | None, *, survey: bool = False
) -> Measured:
    """One run; raises FileNotFoundError if there is no such tool."""
    if contender.tool in tools.skipped:
        raise FileNotFoundError("left out")
    program = tools.command(contender.tool)
    if program is None:
        raise FileNotFoundError(f"`{contender.tool}` is not installed")
    if contender.prepare:
        contender.prepare()
    added = contender.survey if survey else ()
    command = (program, *contender.command, *added)
    return run(command, folder, {"NO_COLOR": "1", **contender.environment}, limit, watch=survey)
