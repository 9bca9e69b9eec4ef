"""What the charts show: round scales, dates at round times, labels that do not cover each other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.compliance.numbers import Point, Tally
from ssot_lint.compliance.page.charts import Series, count_text, lines, rate_text, ring

NOON = int(datetime(2024, 1, 1, 12, tzinfo=UTC).timestamp())
DAY = 86_400


def chart(times: list[int], *values: list[float]) -> ElementTree.Element:
    points = [Point(f"{at:040x}", time, Tally(), 0) for at, time in enumerate(times)]
    series = [Series(f"line {at}", "source", tuple(each)) for at, each in enumerate(values)]
    return ElementTree.fromstring(lines(points, series, "A title", count_text))


def ticks(drawing: ElementTree.Element, end: bool) -> list[str]:
    """The texts at the axis of values, or at that of time."""
    texts = (text for text in drawing.iter("text") if text.get("class") == "tick")
    return [text.text or "" for text in texts if (text.get("text-anchor") == "end") == end]


def corners(drawing: ElementTree.Element) -> list[list[tuple[float, float]]]:
    found = (line.get("points") or "" for line in drawing.iter("polyline"))
    return [[(float(x), float(y)) for x, y in re.findall(r"(\S+),(\S+)", each)] for each in found]


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        pytest.param(0, ["0", "1"], id="nothing"),
        pytest.param(1, ["0", "1"], id="one"),
        pytest.param(7, ["0", "2", "4", "6", "8"], id="few"),
        pytest.param(4942, ["0", "1,000", "2,000", "3,000", "4,000", "5,000"], id="thousands"),
        pytest.param(
            10_001, ["0", "2,500", "5,000", "7,500", "10,000", "12,500"], id="a bit more than round"
        ),
    ],
)
def test_values_have_a_round_scale_from_zero(most: float, expected: list[str]) -> None:
    assert ticks(chart([NOON, NOON + DAY], [0, most]), end=True) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(
            4 * 3600, ["1 Jan 12:00", "1 Jan 13:00", "1 Jan 14:00", "1 Jan 15:00", "1 Jan 16:00"], id="hours"
        ),
        pytest.param(5 * DAY, ["2 Jan", "3 Jan", "4 Jan", "5 Jan", "6 Jan"], id="days"),
        pytest.param(0, ["1 Jan"], id="one moment"),
    ],
)
def test_dates_stand_at_round_times(span: int, expected: list[str]) -> None:
    assert ticks(chart([NOON, NOON + span], [1, 2]), end=False) == expected


@given(
    times=st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=20),
    data=st.data(),
)
def test_everything_is_drawn_inside_whatever_the_clocks_say(times: list[int], data: st.DataObject) -> None:
    values = st.lists(st.integers(0, 10**7), min_size=len(times), max_size=len(times))
    drawing = chart(times, *([float(value) for value in data.draw(values)] for _ in range(2)))
    _, _, width, height = map(float, (drawing.get("viewBox") or "").split())
    for line in corners(drawing):
        across = [x for x, _ in line]
        assert across == sorted(across)
        assert all(0 <= x <= width and 0 <= y <= height for x, y in line)
    labels = [text for text in drawing.iter("text") if "label" in (text.get("class") or "")]
    heights = sorted(float(label.get("y") or 0) for label in labels)
    assert heights[1] - heights[0] >= 15.9
    assert len(ticks(drawing, end=False)) <= 8


def test_a_value_is_as_high_as_the_scale_says() -> None:
    drawing = chart([NOON, NOON + DAY, NOON + 2 * DAY], [0, 5, 10])
    ((_, bottom), (middle, half), (_, top)) = corners(drawing)[0]
    assert half == pytest.approx((bottom + top) / 2)
    grid = {float(line.get("y1") or 0) for line in drawing.iter("line") if line.get("x1") != line.get("x2")}
    assert {bottom, top} <= grid
    assert middle == pytest.approx((corners(drawing)[0][0][0] + corners(drawing)[0][2][0]) / 2)


@pytest.mark.parametrize(
    ("by_source", "elsewhere", "share"), [(0, 0, 0.0), (0, 5, 0.0), (1, 3, 0.25), (5, 0, 1.0)]
)
def test_the_ring_is_filled_by_the_rate(by_source: int, elsewhere: int, share: float) -> None:
    drawing = ElementTree.fromstring(ring(Tally(by_source, elsewhere)))
    (filled,) = [each for each in drawing.iter("circle") if each.get("class") == "filled"]
    drawn, rest = map(float, (filled.get("stroke-dasharray") or "").split())
    assert drawn / (drawn + rest) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 %"), (2.5, "2.5 %"), (4.5394, "4.5 %"), (100.0, "100 %")]
)
def test_rates_are_short(value: float, text: str) -> None:
    assert rate_text(value) == text
