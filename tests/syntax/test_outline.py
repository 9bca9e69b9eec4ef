from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import modules

from ssot_lint.syntax.lexer import LexError, Region, scan
from ssot_lint.syntax.lines import split_by_scanning
from ssot_lint.syntax.outline import Outline

PROPERTY = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
INDENTATIONS = st.sampled_from(
    ["", " ", "  ", "    ", "        ", "\t", "  \t", " \t ", "  \f", "\f  ", " \f "]
)
CODE = st.sampled_from(["x", "if a:", "# c", "", "f(", ")", "'''a", "b'''", "[x,", "]", "y \\", "\\"])
ROWS = st.builds("{}{}{}".format, INDENTATIONS, CODE, st.sampled_from(["\n", "\n", "\r\n"]))
PIECES = st.sampled_from(
    [*"'\"{}()#\\\n xf", "'''", '"""', "f'", 'rf"', "f'''", "x'", "{{", "\\\r\n", "'x'", '"x"']
)
NOT_CODE = (Region.COMMENT, Region.STRING, Region.FORMAT_TEXT)


@settings(PROPERTY, max_examples=50)
@given(modules())
def test_blocks_of_modules(text: str) -> None:
    _check(text)


@settings(PROPERTY, max_examples=400)
@given(st.lists(ROWS, max_size=30).map("".join))
def test_blocks_of_rows_with_any_indentation(text: str) -> None:
    try:
        Outline(text)
    except LexError:
        return
    _check(text)


def test_headers_far_away() -> None:
    text = "class A:\n" + "    x = 1\n\n" * 300 + "    def f(self):\n" + "        y\n" * 300
    _check(text, step=37)
    _check(text, step=-37)


@settings(PROPERTY, max_examples=50)
@given(modules())
def test_regions_of_modules(text: str) -> None:
    _check_regions(text)


@settings(PROPERTY, max_examples=1500)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_regions_of_pieces(text: str) -> None:
    try:
        Outline(text)
    except LexError:
        return
    _check_regions(text)


def _check_regions(text: str) -> None:
    """What a word stands in, and which quotes begin a string, is what the exact scanner says."""
    outline = Outline(text)
    stretches = [each for each in scan(text) if each.region in NOT_CODE]
    for match in re.finditer(r"\b[^\W\d]\w*(?![\w'\"])", text):
        around = (each.region for each in stretches if each.start <= match.start() < each.end)
        assert outline.region(match.start()) == next(around, None)
    opening = {match.start() for match in re.finditer("[\"']", text) if outline.opens_string(match.start())}
    assert opening <= {each.start for each in stretches}


def _check(text: str, step: int = 1) -> None:
    """What the outline says is what all lines say when they are looked at one after the other."""
    outline, ends = Outline(text), split_by_scanning(text)
    lines = [*outline.lines()]
    assert lines == [0, *ends][: len(ends)]
    widths = [outline.width(line) for line in lines]
    for index in range(len(lines))[::step]:
        line, stop = lines[index], _stop(widths, index)
        assert outline.bounds(line) == (line, ends[index])
        assert outline.parent(line) == next((lines[at] for at in _headers(widths, index)), None)
        assert (outline.body(line), outline.body_end(line)) == (lines[index + 1 : stop], ends[stop - 1])
        assert [*outline.lines_before(line)] == lines[:index][::-1]
    for offset in range(len(text))[::step]:
        assert outline.line_at(offset) == lines[bisect_right(ends, offset)]


def _headers(widths: Sequence[int], index: int) -> list[int]:
    return [at for at in range(index)[::-1] if -1 < widths[at] < widths[index]]


def _stop(widths: Sequence[int], index: int) -> int:
    """Behind the last line that is no blank one of those that are indented more."""
    stop = at = index + 1
    while at < len(widths) and (widths[at] < 0 or widths[at] > widths[index]):
        at += 1
        stop = at if widths[at - 1] >= 0 else stop
    return stop
