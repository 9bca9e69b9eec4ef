from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssot_lint.reporters._line_hashes import line_hashes

_EVERY_ROW = range(1, 10_000)


def rolled(content: bytes) -> dict[int, str]:
    """The hash of every row as code scanning comes to it: rolled over the file, unit by unit."""
    units = memoryview(content.decode("utf-8", "replace").encode("utf-16-le")).cast("H").tolist()
    window = [0] * 100
    rows: list[int | None] = [None] * 100
    total = position = row = 0
    at_start, after_return = True, False
    seen: Counter[int] = Counter()
    hashes = {}
    for unit in [*units, 0xFFFF, *[None] * 100]:
        skipped = unit in (32, 9) or (after_return and unit == 10)
        after_return = unit == 13
        if skipped:
            continue
        if (ready := rows[position]) is not None:
            seen[total] += 1
            hashes[ready] = f"{total:x}:{seen[total]}"
        rows[position] = None
        if at_start and unit is not None:
            row += 1
            rows[position] = row
        value = 10 if unit == 13 else unit or 0
        at_start = value == 10
        total = (total * 37 + value - window[position] * 37**100) % 2**64
        window[position] = value
        position = (position + 1) % 100
    return hashes


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", {1: "c129715d7a2bc9a3:1"}),
        (
            b" a\nb\n  \t\tc\n d",
            {
                1: "271789c17abda88f:1",
                2: "54703d4cd895b18:1",
                3: "180aee12dab6264:1",
                4: "a23a3dc5e078b07b:1",
            },
        ),
    ],
    ids=["empty", "blanks"],
)
def test_hashes_are_those_of_code_scanning(content: bytes, expected: dict[int, str]) -> None:
    assert line_hashes(content, _EVERY_ROW) == expected


@example("a\r \nb\r\r\n\tc")
@given(st.text(st.sampled_from("ab \t\r\n\né\N{GRINNING FACE}\ufeff"), max_size=400))
def test_texts_hash_as_if_rolled(text: str) -> None:
    assert line_hashes(text.encode(), _EVERY_ROW) == rolled(text.encode())


@example(b"a = '\xc3 \xa9'\n")
@given(st.binary(max_size=300))
def test_bytes_that_are_no_text_hash_as_if_rolled(content: bytes) -> None:
    assert line_hashes(content, _EVERY_ROW) == rolled(content)


def test_equal_lines_are_counted() -> None:
    hashes = line_hashes(b"x = 1\n" * 40, {1, 2, 3})
    assert [value.split(":")[1] for value in hashes.values()] == ["1", "2", "3"]


def test_only_the_rows_asked_for_are_told() -> None:
    assert set(line_hashes(b"a\nb\nc\n", {2, 9})) == {2}
