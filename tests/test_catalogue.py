from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.catalogue import SECTIONS, Rule, load_rules, read_rule
from ssot_lint.errors import InputError
from ssot_lint.model import Severity
from ssot_lint.rule_pages import rules_directory

FRONT_MATTER = 'kind = "forbidden-call"\nseverity = "warning"\nsince = "0.1.0"\n'


def page(front_matter: str = FRONT_MATTER, sections: tuple[str, ...] = SECTIONS, text: str = "Prose.") -> str:
    body = "".join(f"\n## {title}\n\n{text}\n" for title in sections)
    return f"+++\n{front_matter}+++\n{body}"


def problems(file: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_rules([file.parent])
    return [str(problem).removeprefix(f"{file.as_posix()}: ") for problem in caught.value.problems]


def test_the_pages_that_come_along_are_rules() -> None:
    rules = load_rules([rules_directory()])
    assert {"direct-uuid", "hardcoded-id-prefix", "repeated-id-generation"} <= set(rules)
    assert list(rules) == sorted(file.stem for file in rules_directory().glob("*.md"))
    assert rules["direct-uuid"].params["calls"]


def test_front_matter_is_read(tmp_path: Path) -> None:
    file = tmp_path / "no-shouting.md"
    file.write_text(
        page(FRONT_MATTER + 'default = false\nurl = "https://x.test/"\n[params]\ncalls = ["a.b"]\n')
    )
    assert load_rules([tmp_path]) == {
        "no-shouting": Rule(
            name="no-shouting",
            kind="forbidden-call",
            severity=Severity.WARNING,
            since="0.1.0",
            default=False,
            params={"calls": ["a.b"]},
            url="https://x.test/",
            file=file,
        )
    }


def test_what_is_optional_has_a_default(tmp_path: Path) -> None:
    (tmp_path / "quiet.md").write_text(page())
    rule = load_rules([tmp_path])["quiet"]
    assert (rule.default, rule.url, rule.params) == (True, None, {})


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Bad_Name", page(), ["a rule is named in kebab-case, such as direct-uuid.md"]),
        ("a", "", ["is empty"]),
        ("a", "## Why\n", ["must begin with TOML between two lines +++"]),
        ("a", "+++\nkind = 'x'\n", ["must begin with TOML between two lines +++"]),
        ("a", page("kind =\n"), ["front matter: Invalid value (at line 2, column 7)"]),
        ("a", page(""), ["kind: is missing", "severity: is missing", "since: is missing"]),
        ("a", page(FRONT_MATTER + "sinse = 1\n"), ['sinse: unknown key; did you mean "since"?']),
        ("a", page(FRONT_MATTER + "default = 1\n"), ["default: must be true or false, not 1"]),
        ("a", page(FRONT_MATTER + "params = []\n"), ["params: must be a table, not an array"]),
        ("a", page(FRONT_MATTER + 'url = ""\n'), ['url: must look like "https://...", not ""']),
        ("a", page(FRONT_MATTER.replace("0.1.0", "now")), ['since: must look like "1.2.0", not "now"']),
        ("a", page(FRONT_MATTER.replace("-call", " call")), [
            'kind: must look like "forbidden-call", not "forbidden call"'
        ]),
        (
            "a",
            page(FRONT_MATTER.replace("warning", "fatal")),
            ['severity: must be one of "error", "warning", "info", not "fatal"'],
        ),
        ("a", page(sections=SECTIONS[:-1]), ["Limits: the section is missing"]),
        ("a", page(sections=(*SECTIONS, "Why")), ["Why: the section stands there twice"]),
        (
            "a",
            page(sections=(*SECTIONS, "History")),
            [f"History: unknown section; the sections are {', '.join(SECTIONS)}"],
        ),
        (
            "a",
            page(sections=(SECTIONS[1], SECTIONS[0], *SECTIONS[2:])),
            [f"the sections must stand in this order: {', '.join(SECTIONS)}"],
        ),
        ("a", page() + "# a\n", ["a: a page has no title: its file name is the rule's name"]),
        ("a", page(FRONT_MATTER + "+++\nIntroduction\n"), [
            "has text before its first section, ## What it finds"
        ]),
        ("a", page(text=""), [f"{title}: the section is empty" for title in SECTIONS]),
        ("a", page("kind = 1\n", SECTIONS[:-1]), [
            "kind: must be a string, not 1",
            "severity: is missing",
            "since: is missing",
            "Limits: the section is missing",
        ]),
    ],
)  # fmt: skip
def test_a_bad_page_is_told_all_that_is_wrong(
    tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    file = tmp_path / f"{name}.md"
    file.write_text(text)
    assert problems(file) == expected


def test_all_pages_are_read_before_anything_is_reported(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(page(""))
    with pytest.raises(InputError) as caught:
        load_rules([tmp_path])
    assert {Path(problem.file).stem for problem in caught.value.problems} == {"one", "two"}


@pytest.mark.parametrize("fence", ["```", "~~~~", "   ```", "```python"])
def test_headings_inside_a_fence_are_no_sections(tmp_path: Path, fence: str) -> None:
    close = fence.rstrip("python")
    file = tmp_path / "a.md"
    file.write_text(page(text=f"Prose.\n\n{fence}\n# comment\n## Why\n{close}\n"))
    assert list(load_rules([tmp_path])) == ["a"]


def test_a_section_knows_its_text_and_row(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(page().replace("## Why\n", "## Why ##\n\n### Deeper\n"), newline="\r\n")
    _, sections = read_rule(file)
    assert list(sections) == list(SECTIONS)
    assert sections["Why"].text == "\n\n### Deeper\n\nProse.\n\n"
    rows = file.read_text().split("\n")
    assert rows[sections["Why"].row - 1] == "## Why ##"


def test_a_page_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"+++\n\xff\n+++\n")
    assert problems(file) == ["is not UTF-8: invalid start byte at byte 4"]


def test_a_page_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    assert problems(tmp_path / "a.md")[0].startswith("cannot be read: ")


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: cannot be listed: "):
        load_rules([tmp_path / "nowhere"])


def test_two_pages_of_one_name_clash(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(page())
    with pytest.raises(InputError, match=r"second/a\.md: has the name of .*first/a\.md"):
        load_rules([tmp_path / "first", tmp_path / "second"])


def test_a_folder_given_twice_is_read_once_and_a_readme_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(page())
    (tmp_path / "README.md").write_text("Our rules.")
    (tmp_path / "notes.txt").write_text("")
    assert list(load_rules([tmp_path, tmp_path / "x" / ".."])) == ["a"]
