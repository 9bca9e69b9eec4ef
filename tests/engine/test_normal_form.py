from __future__ import annotations

import pytest

from ssot_lint.engine import excerpts
from ssot_lint.engine.excerpts import Excerpts
from ssot_lint.engine.normal_form import normal_form
from ssot_lint.model import Position

LONG = "settings = {" + "".join(f"\n    'key_{number}': {number},{{}}" for number in range(20)) + "\n}\n"

ALIKE = {
    "over several rows": ("x = make(uuid4(), b=1)", "x = make(\n    uuid4(),\n    b=1,\n)"),
    "kind of quotes": ("x = make('a', b['c'])", 'x = make("a", b["c"])'),
    "quotes in f-strings": ("x = f'a_{uuid4()}'", 'x = f"a_{uuid4()}"'),
    "parentheses behind =": ("x = a or uuid4()", "x = (\n    a\n    or uuid4()\n)"),
    "parentheses behind a type": ("x: int = a or uuid4()", "x: int = (\n    a or uuid4()\n)"),
    "parentheses behind return": ("return a or uuid4()", "return (\n    a or uuid4()\n)"),
    "parentheses of a header": ("if a and uuid4():", "if (\n    a\n    and uuid4()\n):"),
    "parentheses of a loop": ("for x in uuid4():", "for x in (\n    uuid4()\n):"),
    "blanks in brackets": ("x = [ uuid4( ) ]", "x = [uuid4()]"),
    "a row with and without a comma": ("'id': uuid4()", "    'id': uuid4(),"),
}
DIFFERENT = {
    "another name": ("x = uuid4()", "y = uuid4()"),
    "another operator": ("x = (a or b) and c", "x = a or (b and c)"),
    "parentheses that do not belong together": ("x = (a) + (b)", "x = a) + (b"),
    "a comparison": ("x == (a)", "x == a"),
    "quotes in strings": ("x = 'a \"b\"'", "x = \"a 'b'\""),
}


@pytest.mark.parametrize(("before", "after"), ALIKE.values(), ids=ALIKE)
def test_formatting_changes_nothing(before: str, after: str) -> None:
    assert normal_form(before) == normal_form(after)
    assert normal_form(normal_form(before)) == normal_form(before)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


def snippet(found: Excerpts, row: int) -> str:
    return found.snippet(found.offset(Position(row, 1)))


@pytest.mark.parametrize("comment", ["", "  # why", "  # 'why' (", "  # it's ] another"])
@pytest.mark.parametrize("row", [1, 2, 11, 21])
def test_comments_are_no_part_of_a_long_statement_either(row: int, comment: str) -> None:
    assert len(normal_form(LONG)) > 160
    bare, commented = (LONG.replace("{}", text) for text in ("", comment))
    assert snippet(Excerpts(commented), row) == snippet(Excerpts(bare), row) != ""


def test_of_a_long_statement_only_the_row_counts() -> None:
    assert snippet(Excerpts(LONG.replace("{}", "  # a comment, and one more")), 3) == '"key_1": 1'


def test_a_table_with_many_rows_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 500
    text = (
        "table = {\n"
        + "".join(f"    'key_{row}': (uuid4(), {row}),  # {row}\n" for row in range(rows))
        + "}\n"
    )
    given: list[int] = []
    monkeypatch.setattr(excerpts, "normal_form", lambda code: given.append(len(code)) or normal_form(code))
    found = Excerpts(text)
    assert len({snippet(found, row) for row in range(2, rows + 2)}) == rows
    assert sum(given) < 2 * len(text)


@pytest.mark.parametrize("code", ["x = (" * 20_000, "x = (a" + " = (b" * 20_000 + ")" * 20_001])
def test_no_text_takes_for_ever(code: str) -> None:
    assert len(normal_form(code)) >= len(code) - 1
