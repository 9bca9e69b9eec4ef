from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.fixing.edits import (
    Change,
    ConflictError,
    Rows,
    Shift,
    apply,
    combine,
    compose,
    line_end,
    to_change,
    to_edits,
)
from ssot_lint.model import Edit, Position, Span

TEXTS = st.text(st.sampled_from("ab \n\r\té\U0001f600"), max_size=30)


@st.composite
def rounds(draw: st.DrawFn, text: str | None = None) -> tuple[str, tuple[Change, ...]]:
    """A text and changes to it that do not disagree."""
    text = draw(TEXTS) if text is None else text
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    changes = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if not changes or start > changes[-1].end:
            changes.append(Change(start, end, draw(st.text("xyz\n", max_size=4))))
    return text, tuple(changes)


@given(rounds())
def test_all_that_no_change_covers_stays(drawn: tuple[str, tuple[Change, ...]]) -> None:
    text, changes = drawn
    result, at, old = apply(text, changes), 0, 0
    for change in changes:
        kept = change.start - old
        assert result[at : at + kept] == text[old : change.start]
        at += kept
        assert result[at : at + len(change.content)] == change.content
        at, old = at + len(change.content), change.end
    assert result[at:] == text[old:]


@given(rounds(), st.data())
def test_two_rounds_are_one(drawn: tuple[str, tuple[Change, ...]], data: st.DataObject) -> None:
    text, first = drawn
    middle = apply(text, first)
    _, second = data.draw(rounds(middle))
    assert apply(text, compose(len(text), first, second)) == apply(middle, second)


@given(rounds())
def test_a_shift_finds_every_kept_character_again(drawn: tuple[str, tuple[Change, ...]]) -> None:
    text, changes = drawn
    result, shift = apply(text, changes), Shift(changes)
    kept = [at for at in range(len(text)) if not any(item.start <= at < item.end for item in changes)]
    assert [result[shift.moved(at)] for at in kept] == [text[at] for at in kept]
    assert [result[start:end] for start, end in shift.ranges()] == [item.content for item in changes]


@given(TEXTS)
def test_positions_and_offsets_agree(text: str) -> None:
    rows = Rows(text)
    ends = {row: rows.end(row) for row in range(1, len(rows.starts) + 1)}
    for offset in range(len(text) + 1):
        position = rows.position(offset)
        if offset <= ends[position.row]:
            assert rows.offset(position) == offset


@given(rounds())
def test_edits_lead_where_changes_do(drawn: tuple[str, tuple[Change, ...]]) -> None:
    text, changes = drawn
    rows = Rows(text)
    plain = all("\n" not in change.content and _addressable(change, rows) for change in changes)
    if plain:
        again = [to_change(edit, text, rows) for edit in to_edits(changes, rows)]
        assert apply(text, again) == apply(text, changes)


def _addressable(change: Change, rows: Rows) -> bool:
    """No position stands between the two characters of a line end."""
    return all(offset <= rows.end(rows.row(offset)) for offset in (change.start, change.end))


def test_equal_changes_are_one() -> None:
    change = Change(2, 4, "x")
    assert combine([change, Change(0, 0, "a"), change]) == (Change(0, 0, "a"), change)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(Change(0, 4, "x"), Change(2, 6, "y"), id="overlap"),
        pytest.param(Change(0, 4, "x"), Change(1, 2, "y"), id="one-inside-the-other"),
        pytest.param(Change(0, 4, "x"), Change(0, 4, "y"), id="same-place"),
        pytest.param(Change(3, 3, "x"), Change(3, 3, "y"), id="two-insertions"),
        pytest.param(Change(0, 4, "x"), Change(2, 2, "y"), id="insertion-inside"),
    ],
)
def test_changes_that_disagree_are_named(first: Change, second: Change) -> None:
    with pytest.raises(ConflictError) as caught:
        combine([second, first])
    assert {caught.value.first, caught.value.second} == {first, second}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([Change(2, 4, "X"), Change(4, 5, "Y")], "abXYf", id="side-by-side"),
        pytest.param([Change(2, 2, "+"), Change(2, 4, "X")], "ab+Xef", id="insertion-before"),
        pytest.param([Change(4, 4, "+"), Change(2, 4, "X")], "abX+ef", id="insertion-behind"),
    ],
)
def test_changes_may_touch(changes: list[Change], expected: str) -> None:
    assert apply("abcdef", changes) == expected


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("a\nb\n", 0, "\n"),
        ("a\r\nb\r\n", 0, "\r\n"),
        ("a\nb\r\nc", 2, "\r\n"),
        ("a\r\nb", 4, "\r\n"),
        ("ab", 1, "\n"),
        ("", 0, "\n"),
    ],
)
def test_line_ends_follow_the_row(text: str, offset: int, expected: str) -> None:
    assert line_end(text, offset) == expected


def test_new_lines_get_the_line_end_of_their_row() -> None:
    text = "a = 1\r\nb = 2\r\n"
    span = Span(Position(2, 1), Position(2, 1))
    changes = [to_change(Edit(span, "x\ny\r\n"), text, Rows(text))]
    assert apply(text, changes) == "a = 1\r\nx\r\ny\r\nb = 2\r\n"


@pytest.mark.parametrize(
    ("start", "end"),
    [((1, 7), (1, 7)), ((3, 1), (3, 1)), ((0, 1), (1, 1)), ((1, 0), (1, 1)), ((1, 3), (1, 2))],
    ids=["column", "row", "row-zero", "column-zero", "backward"],
)
def test_an_edit_outside_of_the_text_is_refused(start: tuple[int, int], end: tuple[int, int]) -> None:
    text = "a = 1\n"
    with pytest.raises(ValueError, match=r"outside|before"):
        to_change(Edit(Span(Position(*start), Position(*end)), "x"), text, Rows(text))


def test_columns_count_code_points() -> None:
    text = 'name = "é😀"; x = 1\n'
    rows = Rows(text)
    assert rows.offset(rows.position(text.index("x"))) == text.index("x")
    assert rows.position(text.index("x")) == Position(1, 14)
