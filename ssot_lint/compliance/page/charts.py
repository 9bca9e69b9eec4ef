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

_TOP, _BOTTOM = 16, 32
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
class Canvas:
    """A drawing's class and size, the room beside it for what is written there, and how many dates it bears."""

    css: str
    width: int
    height: int
    left: int
    right: int
    dates: int

    def across(self, part: float) -> float:
        return self.left + (self.width - self.left - self.right) * part

    @property
    def bottom(self) -> int:
        return self.height - _BOTTOM


WIDE = Canvas("wide", 820, 260, 52, 60, 7)
NARROW = Canvas("narrow", 400, 250, 48, 52, 4)
"""For a phone, where the text of a wide drawing would be too small to read."""


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
    points: Sequence[Point],
    series: Sequence[Series],
    title: str,
    written: Callable[[float], str],
    canvas: Canvas = WIDE,
) -> str:
    """Lines over time on one scale from zero; `written` says how a value is read."""
    times = _rising([point.time for point in points])
    top, ticks = _scale(max((max(each.values) for each in series), default=0))
    x = [canvas.across(part) for part in _parts(times)]

    def y(value: float) -> float:
        return canvas.bottom - (canvas.bottom - _TOP) * value / top

    grid = "".join(_grid_line(canvas, y(tick), written(tick)) for tick in ticks)
    dates = "".join(_date(canvas, part, text) for part, text in _dates(times, canvas.dates))
    heights = _apart([y(each.values[-1]) for each in series])
    drawn = "".join(_line(canvas, each, x, y) for each in series)
    labels = "".join(
        f'<text x="{x[-1] + 8:.1f}" y="{height + 4:.1f}" class="label {each.css}">'
        f"{escape(written(each.values[-1]))}</text>"
        for each, height in zip(series, heights, strict=True)
    )
    return element(
        "svg",
        f"{element('title', escape(title))}{grid}{dates}{drawn}{labels}"
        f'<g class="cursor"><line y1="{_TOP}" y2="{canvas.bottom}"/></g>',
        viewBox=f"0 0 {canvas.width} {canvas.height}",
        class_=f"lines {canvas.css}",
        role="img",
        data_x=" ".join(f"{each:.1f}" for each in x),
    )


def _line(canvas: Canvas, series: Series, x: Sequence[float], y: Callable[[float], float]) -> str:
    corners = [f"{across:.1f},{y(value):.1f}" for across, value in zip(x, series.values, strict=True)]
    line = " ".join(corners)
    dot = corners[-1].split(",")
    return (
        f'<path class="area {series.css}" d="M{x[0]:.1f},{canvas.bottom} L{line} '
        f'L{x[-1]:.1f},{canvas.bottom} Z"/>'
        f'<polyline class="{series.css}" points="{line}"/>'
        f'<circle class="{series.css}" cx="{dot[0]}" cy="{dot[1]}" r="3.5"/>'
    )


def _grid_line(canvas: Canvas, y: float, text: str) -> str:
    return (
        f'<line class="grid" x1="{canvas.left}" x2="{canvas.across(1):g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{canvas.left - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
    )


def _date(canvas: Canvas, part: float, text: str) -> str:
    x = canvas.across(part)
    return (
        f'<text class="tick" x="{x:.1f}" y="{canvas.height - 10}" text-anchor="middle">{escape(text)}</text>'
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{canvas.bottom}" y2="{canvas.bottom + 5}"/>'
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


def _dates(times: Sequence[int], most: int) -> list[tuple[float, str]]:
    """Where on the axis to write which date, at round times in UTC; at most one more than `most`."""
    first, whole = times[0], times[-1] - times[0]
    if not whole:
        return [(0.0, _shown(first, _DAY))]
    step = next((each for each in _TIME_STEPS if whole / each <= most), _TIME_STEPS[-1])
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
