from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import pytest

from ssot_lint.errors import Problem
from ssot_lint.typed import Shape, did_you_mean, dotted, read_table


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Level(Enum):
    LOW = 1
    HIGH = 2


@dataclass(frozen=True, slots=True)
class Inner:
    size: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    text: str = ""
    whole: int = 0
    flag: bool = False
    number: float = 0.0
    path: Path = Path()
    maybe: str | None = None
    old_maybe: Optional[int] = None  # noqa: UP045 - both spellings are to be read
    many: tuple[str, ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()
    colour: Colour = Colour.RED
    level: Level = Level.LOW
    mode: Literal["a", "b"] = "a"
    switch: Literal["auto"] | bool = "auto"
    inner: Inner | None = None
    inners: tuple[Inner, ...] = ()
    named: Mapping[str, Inner] = field(default_factory=dict)
    one_or_many: str | tuple[str | Inner, ...] = ()
    anything: Any = None
    version: Annotated[str | None, "A documented field.", Shape(r"\d\.\d", "1.2")] = None
    versions: Annotated[tuple[str | int, ...], Shape(r"\d\.\d", "1.2")] = ()
    computed: int = field(default=0, init=False)


@dataclass(frozen=True, slots=True)
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")


def read(table: Mapping[str, object]) -> tuple[Outer | None, list[str]]:
    problems: list[Problem] = []
    value = read_table(Outer, table, "x.toml", "", problems)
    return value, [str(problem).removeprefix("x.toml: ") for problem in problems]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("text", "a", "a", id="string"),
        pytest.param("whole", 3, 3, id="integer"),
        pytest.param("flag", True, True, id="boolean"),
        pytest.param("number", 1.5, 1.5, id="float"),
        pytest.param("number", 2, 2.0, id="integer-as-float"),
        pytest.param("path", "a/b", Path("a/b"), id="path"),
        pytest.param("maybe", "a", "a", id="optional"),
        pytest.param("old-maybe", 1, 1, id="typing-optional"),
        pytest.param("many", ["a", "b"], ("a", "b"), id="array"),
        pytest.param("rows", [[1], []], ((1,), ()), id="array-of-arrays"),
        pytest.param("colour", "green", Colour.GREEN, id="string-enum"),
        pytest.param("level", 2, Level.HIGH, id="enum"),
        pytest.param("mode", "b", "b", id="literal"),
        pytest.param("switch", False, False, id="union-of-literal-and-type"),
        pytest.param("inner", {"size": 1}, Inner(1), id="dataclass"),
        pytest.param("inners", [{"size": 1, "tags": ["x"]}], (Inner(1, ("x",)),), id="array-of-tables"),
        pytest.param("named", {"k.k": {"size": 1}}, {"k.k": Inner(1)}, id="mapping"),
        pytest.param("one-or-many", "a", "a", id="union-one"),
        pytest.param("one-or-many", ["a", {"size": 1}], ("a", Inner(1)), id="union-many"),
        pytest.param("anything", [1, {"a": date(2027, 1, 31)}], [1, {"a": date(2027, 1, 31)}], id="any"),
        pytest.param("version", "3.8", "3.8", id="shape"),
        pytest.param("versions", ["3.8", 38], ("3.8", 38), id="shape-in-array"),
    ],
)
def test_what_fits_is_read(key: str, value: object, expected: object) -> None:
    outer, problems = read({key: value})
    assert problems == []
    assert getattr(outer, key.replace("-", "_")) == expected
    assert type(getattr(outer, key.replace("-", "_"))) is type(expected)


def test_what_is_not_written_has_its_default() -> None:
    assert read({}) == (Outer(), [])


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        pytest.param({"text": 1}, "text: must be a string, not 1", id="string"),
        pytest.param({"whole": True}, "whole: must be an integer, not true", id="boolean-is-no-integer"),
        pytest.param({"whole": 1.0}, "whole: must be an integer, not 1.0", id="float-is-no-integer"),
        pytest.param({"flag": 0}, "flag: must be true or false, not 0", id="integer-is-no-boolean"),
        pytest.param({"number": False}, "number: must be a number, not false", id="boolean-is-no-float"),
        pytest.param({"path": []}, "path: must be a string, not an array", id="path"),
        pytest.param({"maybe": {}}, "maybe: must be a string, not a table", id="optional"),
        pytest.param({"text": date(2027, 1, 31)}, "text: must be a string, not 2027-01-31", id="date"),
        pytest.param({"many": "a"}, 'many: must be an array of strings, not "a"', id="array"),
        pytest.param({"many": ["a", 1]}, "many[1]: must be a string, not 1", id="item"),
        pytest.param({"rows": [1]}, "rows[0]: must be an array of integers, not 1", id="row"),
        pytest.param({"rows": 1}, "rows: must be an array of arrays of integers, not 1", id="rows"),
        pytest.param(
            {"colour": "gren"},
            'colour: must be one of "red", "green", not "gren"; did you mean "green"?',
            id="enum",
        ),
        pytest.param({"level": True}, "level: must be one of 1, 2, not true", id="boolean-is-no-enum-value"),
        pytest.param({"mode": "z"}, 'mode: must be one of "a", "b", not "z"', id="literal"),
        pytest.param(
            {"switch": "aut"},
            'switch: must be "auto" or true or false, not "aut"; did you mean "auto"?',
            id="mixed",
        ),
        pytest.param({"inner": 1}, "inner: must be a table, not 1", id="dataclass"),
        pytest.param({"inner": {}}, "inner.size: is missing", id="missing"),
        pytest.param({"inner": {"size": "a"}}, 'inner.size: must be an integer, not "a"', id="nested"),
        pytest.param(
            {"inners": [{"size": 1}, {"sise": 1, "size": 1}]},
            'inners[1].sise: unknown key; did you mean "size"?',
            id="array-of-tables",
        ),
        pytest.param({"inners": {}}, "inners: must be an array of tables, not a table", id="no-array"),
        pytest.param({"named": {"a b": 1}}, 'named."a b": must be a table, not 1', id="quoted-key"),
        pytest.param(
            {"one-or-many": 1},
            "one-or-many: must be a string or an array of strings or tables, not 1",
            id="union",
        ),
        pytest.param(
            {"one-or-many": [1]}, "one-or-many[0]: must be a string or a table, not 1", id="union-item"
        ),
        pytest.param({"version": "38"}, 'version: must look like "1.2", not "38"', id="shape"),
        pytest.param({"version": "1.2\n"}, r'version: must look like "1.2", not "1.2\n"', id="shape-in-full"),
        pytest.param({"versions": ["1.2", "x"]}, 'versions: must look like "1.2", not "x"', id="shape-item"),
        pytest.param({"txet": 1}, 'txet: unknown key; did you mean "text"?', id="unknown-near"),
        pytest.param({"zzz": 1}, "zzz: unknown key", id="unknown-far"),
        pytest.param(
            {"one_or_many": "a"}, 'one_or_many: unknown key; did you mean "one-or-many"?', id="snake"
        ),
        pytest.param({"computed": 1}, "computed: unknown key", id="no-init"),
        pytest.param(
            {"maybe": "a" * 99, "flag": "b" * 99},
            f'flag: must be true or false, not "{"b" * 57}..."',
            id="long",
        ),
    ],
)
def test_what_does_not_fit_is_a_problem(table: Mapping[str, object], problem: str) -> None:
    assert read(table) == (None, [problem])


def test_all_problems_come_at_once_in_the_order_of_the_table() -> None:
    table = {"b": 1, "text": 1, "a": 1, "inner": {"tags": [1, 2]}}
    assert read(table)[1] == [
        "b: unknown key",
        "text: must be a string, not 1",
        "a: unknown key",
        "inner.tags[0]: must be a string, not 1",
        "inner.tags[1]: must be a string, not 2",
        "inner.size: is missing",
    ]


def test_problems_name_the_file_and_the_dotted_key_of_the_table() -> None:
    problems = [Problem("first.toml", "", "was there before")]
    assert read_table(Inner, {"size": 1, "x": 1}, "a.toml", "tool.x", problems) is None
    assert problems[1:] == [Problem("a.toml", "tool.x.x", "unknown key")]


def test_earlier_problems_do_not_spoil_a_table() -> None:
    problems = [Problem("first.toml", "", "was there before")]
    assert read_table(Inner, {"size": 1}, "a.toml", "", problems) == Inner(1)


def test_a_value_error_of_the_dataclass_is_a_problem() -> None:
    problems: list[Problem] = []
    assert read_table(Even, {"number": 3}, "a.toml", "numbers", problems) is None
    assert problems == [Problem("a.toml", "numbers", "3 is odd")]


def test_an_annotation_that_toml_cannot_fill_is_an_error_of_the_program() -> None:
    @dataclass
    class Wrong:
        value: set[str]

    with pytest.raises(TypeError, match="set"):
        read_table(Wrong, {"value": []}, "a.toml", "", [])


@pytest.mark.parametrize(
    ("key", "part", "expected"),
    [
        ("", "a", "a"),
        ("a", "b-c_1", "a.b-c_1"),
        ("a", "x/**", 'a."x/**"'),
        ("a", 'q"\\', r'a."q\"\\"'),
        ("a", "", 'a.""'),
    ],
)
def test_dotted(key: str, part: str, expected: str) -> None:
    assert dotted(key, part) == expected


def test_did_you_mean() -> None:
    assert did_you_mean("selct", ["ignore", "select"]) == '; did you mean "select"?'
    assert did_you_mean("xyz", ["ignore", "select"]) == ""
