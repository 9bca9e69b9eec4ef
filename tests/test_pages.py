from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.catalogue import load_rules
from ssot_lint.errors import InputError
from ssot_lint.pages import Example, ExampleFile, Mark, read_page
from ssot_lint.rule_pages import rules_directory

AVOID = "```python\nbad()  # error: [no-bad]\n```"
GOOD = "```python\ngood()\n```"

PAGE = """\
+++
kind = "forbidden-call"
severity = "error"
since = "1.0"
+++

## What it finds

A call of `bad`, e.g. one
that is bad. And more.

More.

## Why

It is bad.

## Avoid

{avoid}

## Prefer

{prefer}

## Leaves alone

{leaves_alone}

## Limits

None.
"""


def write(folder: Path, *, avoid: str = AVOID, prefer: str = GOOD, leaves_alone: str = GOOD) -> Path:
    file = folder / "no-bad.md"
    file.write_text(PAGE.format(avoid=avoid, prefer=prefer, leaves_alone=leaves_alone))
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_page(file)
    return [str(problem).removeprefix(f"{file.as_posix()}: ") for problem in caught.value.problems]


@pytest.mark.parametrize("rule", load_rules([rules_directory()]).values(), ids=lambda rule: rule.name)
def test_the_pages_that_come_along_are_whole(rule: object) -> None:
    page = read_page(rule.file)  # type: ignore[attr-defined]
    assert {example.section for example in page.examples} == {"Avoid", "Prefer", "Leaves alone"}
    for example in page.examples:
        for file in example.files:
            if file.path.endswith(".py"):
                compile(file.text, file.path, "exec")


def test_marks_are_read_and_taken_out(tmp_path: Path) -> None:
    code = "bad(bad())  # error: [no-bad] # error: [no-bad]\n\nx = 1  # error: [other]\n# error: [no] more\n"
    page = read_page(write(tmp_path, avoid=f"```python\n{code}```"))
    (file,) = page.examples[0].files
    assert file.text == "bad(bad())\n\nx = 1\n# error: [no] more\n"
    assert file.marks == (Mark(1, "no-bad"), Mark(1, "no-bad"), Mark(3, "other"))


def test_a_file_knows_its_row_in_the_page(tmp_path: Path) -> None:
    file = write(tmp_path)
    (example, *_) = read_page(file).examples
    assert file.read_text().split("\n")[example.row - 1] == "bad()  # error: [no-bad]"


def test_named_fences_in_a_row_are_one_example(tmp_path: Path) -> None:
    leaves_alone = "\n".join(
        [
            "```toml file=pyproject.toml\na = 1\n```",
            "```python file=app/a.py\none()\n```",
            "Prose.\n",
            "```python file=app/a.py\ntwo()\n```",
            "```python file=app/a.py\nthree()\n```",
            "```python\nfour()\n```",
            "```python\nfive()\n```",
        ]
    )
    examples = [
        e
        for e in read_page(write(tmp_path, leaves_alone=leaves_alone)).examples
        if e.section == "Leaves alone"
    ]
    assert [[(file.path, file.text) for file in example.files] for example in examples] == [
        [("pyproject.toml", "a = 1\n"), ("app/a.py", "one()\n")],
        [("app/a.py", "two()\n")],
        [("app/a.py", "three()\n")],
        [("example.py", "four()\n")],
        [("example.py", "five()\n")],
    ]
    assert [example.number for example in examples] == [1, 2, 3, 4, 5]


def test_examples_carry_their_section(tmp_path: Path) -> None:
    page = read_page(write(tmp_path, prefer=GOOD))
    assert [(example.section, example.number) for example in page.examples] == [
        ("Avoid", 1),
        ("Prefer", 1),
        ("Leaves alone", 1),
    ]
    assert page.examples[1] == Example("Prefer", 1, (ExampleFile("example.py", "good()\n", (), 27),))


def test_the_summary_is_the_first_sentence_in_one_line(tmp_path: Path) -> None:
    assert read_page(write(tmp_path)).summary == "A call of `bad`, e.g. one that is bad."


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        (
            {"avoid": "Prose."},
            ["Avoid: has no example", "Prefer: has more examples than Avoid, its counterpart"],
        ),
        ({"avoid": GOOD}, ["Avoid, row 21: the example marks no row with # error: [no-bad]"]),
        ({"prefer": AVOID}, ["Prefer, row 27: the example marks no-bad, as only Avoid may"]),
        ({"leaves_alone": AVOID}, ["Leaves alone, row 33: the example marks no-bad, as only Avoid may"]),
        ({"prefer": f"{GOOD}\n\n{GOOD}"}, ["Prefer: has more examples than Avoid, its counterpart"]),
        *(
            (
                {"leaves_alone": f"{GOOD}\n\n```{info}\nx\n```"},
                [
                    f"Leaves alone, row 36: {info!r} is neither python nor a language and file=PATH "
                    "with a path below the example"
                ],
            )
            for info in (
                "",
                "toml",
                "python fiel=a.py",
                "python file=",
                "python file=../a.py",
                "python file=/a.py",
                "python file=C:/a.py",
                "python file=a\\b.py",
                "python file=a.py file=b.py",
            )
        ),
    ],
)
def test_a_bad_example_is_named(tmp_path: Path, sections: dict[str, str], expected: list[str]) -> None:
    assert problems(write(tmp_path, **sections)) == expected


def test_fences_in_prose_are_free(tmp_path: Path) -> None:
    file = write(tmp_path)
    file.write_text(file.read_text().replace("It is bad.", "```console\n$ bad\n```"))
    assert len(read_page(file).examples) == 3
