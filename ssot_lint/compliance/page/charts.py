"""Charts as inline SVG, drawn with the colours of the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from ssot_lint.compliance.numbers import Point, Tally
from ssot_lint.compliance.page.markup import element, escape
from ssot_lint.compliance.wording import number, percent

_WIDTH, _HEIGHT = 960, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 132, 16, 32
_LABEL_GAP = 16
_RADIUS = 54
_STEPS = (1, 2, 2.5, 5, 10)
_TICKS = 5
_DAY = 86_400
_YEARLY = 300 * _DAY
_TIME_STEPS = (
    *(hours * 3600 for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 7, 14, 30, 91, 182, 365, 730, 1825, 3650, 7300)),
)


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, the class that colours it, and its values, one for each point of time."""

    name: str
    css: str
    values: tuple[float, ...]


def ring(tally: Tally) -> str:
    """The rate as a ring with the number in it."""
    around = 2 * math.pi * _RADIUS
    filled = around * (tally.rate or 0)
    label = percent(tally.rate)
    return (
        f'<svg class="ring" viewBox="0 0 140 140" role="img" aria-label="{escape(label)} compliance">'
        f'<circle cx="70" cy="70" r="{_RADIUS}" class="track"/>'
        f'<circle cx="70" cy="70" r="{_RADIUS}" class="filled" transform="rotate(-90 70 70)" '
        f'stroke-dasharray="{filled:.2f} {around - filled:.2f}"/>'
        f'<text x="70" y="70">{escape(label)}</text></svg>'
    )


def bar(tally: Tally, most: int) -> str:
    """A bar as long as the part of `most` that is made, its two ends in the two colours."""
    parts = (("source", tally.by_source), ("elsewhere", tally.elsewhere))
    inner = "".join(
        f'<i class="{css}" style="width:{100 * count / most:.3f}%"></i>' for css, count in parts if count
    )
    return f'<span class="bar" aria-hidden="true">{inner}</span>'


def plain_bar(count: int, most: int) -> str:
    """A bar as long as the part of `most` that `count` is."""
    return f'<span class="bar" aria-hidden="true"><i style="width:{100 * count / most:.3f}%"></i></span>'


def lines(
    points: Sequence[Point], series: Sequence[Series], title: str, written: Callable[[float], str]
) -> str:
    """Lines over time on one scale from zero; `written` says how a value is read."""
    times = _rising([point.time for point in points])
    top, ticks = _scale(max((max(each.values) for each in series), default=0))
    x = [_LEFT + (_WIDTH - _LEFT - _RIGHT) * part for part in _parts(times)]

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top

    grid = "".join(_grid_line(y(tick), written(tick)) for tick in ticks)
    dates = "".join(_date(_LEFT + (_WIDTH - _LEFT - _RIGHT) * part, text) for part, text in _dates(times))
    heights = _apart([y(each.values[-1]) for each in series])
    drawn = "".join(_line(each, x, y) for each in series)
    labels = "".join(
        f'<text x="{x[-1] + 8:.1f}" y="{height + 4:.1f}" class="label {each.css}">'
        f"{escape(written(each.values[-1]))} {escape(each.name)}</text>"
        for each, height in zip(series, heights, strict=True)
    )
    return element(
        "svg",
        f"{element('title', escape(title))}{grid}{dates}{drawn}{labels}"
        f'<g class="cursor"><line y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/></g>',
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        class_="lines",
        role="img",
        data_x=" ".join(f"{each:.1f}" for each in x),
    )


def _line(series: Series, x: Sequence[float], y: Callable[[float], float]) -> str:
    corners = [f"{across:.1f},{y(value):.1f}" for across, value in zip(x, series.values, strict=True)]
    line = " ".join(corners)
    bottom = _HEIGHT - _BOTTOM
    dot = corners[-1].split(",")
    return (
        f'<path class="area {series.css}" d="M{x[0]:.1f},{bottom} L{line} L{x[-1]:.1f},{bottom} Z"/>'
        f'<polyline class="{series.css}" points="{line}"/>'
        f'<circle class="{series.css}" cx="{dot[0]}" cy="{dot[1]}" r="3.5"/>'
    )


def _grid_line(y: float, text: str) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
    )


def _date(x: float, text: str) -> str:
    axis = _HEIGHT - _BOTTOM
    return (
        f'<text class="tick" x="{x:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(text)}</text>'
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{axis}" y2="{axis + 5}"/>'
    )


def _rising(times: Sequence[int]) -> list[int]:
    """The times, none before the one it follows: the clocks of different machines differ."""
    latest = times[0]
    rising = []
    for time in times:
        latest = max(latest, time)
        rising.append(latest)
    return rising


def _parts(times: Sequence[int]) -> list[float]:
    """How far into the range each time is, from 0 to 1; by their order if the range is empty."""
    whole = times[-1] - times[0]
    if whole:
        return [(time - times[0]) / whole for time in times]
    return [at / max(len(times) - 1, 1) for at in range(len(times))]


def _scale(most: float) -> tuple[float, list[float]]:
    """The top of a scale with round steps from zero, and its ticks."""
    most = most or 1
    power = 10 ** math.floor(math.log10(most / _TICKS))
    step = next(each * power for each in _STEPS if each * power * _TICKS >= most)
    if most >= 1:
        step = max(step, 1)
    count = math.ceil(most / step)
    return step * count, [step * at for at in range(count + 1)]


def _dates(times: Sequence[int]) -> list[tuple[float, str]]:
    """Where on the axis to write which date, at round times in UTC."""
    first, whole = times[0], times[-1] - times[0]
    if not whole:
        return [(0.0, _shown(first, _DAY))]
    step = next((each for each in _TIME_STEPS if whole / each <= _TICKS + 2), _TIME_STEPS[-1])
    start = -(-first // step) * step
    return [((time - first) / whole, _shown(time, step)) for time in range(start, times[-1] + 1, step)]


def _shown(time: int, step: int) -> str:
    when = datetime.fromtimestamp(0, UTC) + timedelta(seconds=time)
    if step < _DAY:
        return f"{when.day} {when:%b %H:%M}"
    return f"{when.day} {when:%b}" if step < _YEARLY else f"{when:%b %Y}"


def _apart(heights: Sequence[float]) -> list[float]:
    """The heights of labels moved so that they do not cover each other, in their order from top to bottom."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    moved = list(heights)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + _LABEL_GAP)
    return moved


def count_text(value: float) -> str:
    return number(round(value))


def rate_text(value: float) -> str:
    return f"{value:g} %" if value == round(value) else f"{value:.1f} %"
