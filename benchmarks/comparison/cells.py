"""What a row did, as the cells of a table."""

from __future__ import annotations

from collections.abc import Iterable

from comparison.rounds import Row, ratio

NONE = "-"


def plain_row(row: Row, rows: Iterable[Row]) -> tuple[str, ...]:
    """Name, time, ratio, CPU time and memory."""
    if not row.runs:
        return (row.contender.name, row.failure, NONE, NONE, NONE)
    times = ratio(row, rows)
    over = "> " if row.stopped else ""
    name = f"{row.contender.name} ({row.failure})" if row.failure else row.contender.name
    return (
        name,
        time(row),
        NONE if times is None else over + _short(times),
        NONE if row.stopped else _duration(row.cpu),
        memory(row),
    )


def findings(row: Row) -> str:
    return f"{row.output.findings:,}" if row.output else NONE


def time(row: Row) -> str:
    if not row.runs:
        return row.failure
    return f"more than {_duration(row.seconds)}" if row.stopped else _duration(row.seconds)


def memory(row: Row) -> str:
    return f"{row.peak / 1e6:,.0f} MB" if row.runs and row.peak else NONE


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{_short(seconds)} s"


def _short(number: float) -> str:
    return f"{number:,.2f}" if number < 10 else f"{number:,.1f}" if number < 100 else f"{number:,.0f}"
