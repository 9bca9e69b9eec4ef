from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.suppressions.grammar import Pragma, PragmaError, find, read, write
from ssot_lint.suppressions.reading import parse


def pragma(*rules: str, whole_file: bool = False, until: date | None = None, reason: str = "") -> Pragma:
    start = len("# ssot-lint: ignore-file[" if whole_file else "# ssot-lint: ignore[")
    return Pragma(whole_file, rules, (start, start + len(", ".join(rules))), until, reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# ssot-lint: ignore[a]", pragma("a")),
        ("# ssot-lint: ignore[a] --", pragma("a")),
        ("# ssot-lint: ignore[a] -- why", pragma("a", reason="why")),
        ("# ssot-lint: ignore[a, b-c] -- why", pragma("a", "b-c", reason="why")),
        ("# ssot-lint: ignore[a] -- a -- b", pragma("a", reason="a -- b")),
        ("# ssot-lint: ignore[a] -- see [1] and #12", pragma("a", reason="see [1] and #12")),
        ("# ssot-lint: ignore[a] -- für München", pragma("a", reason="für München")),
        ("# ssot-lint: ignore[a] until=2027-01-31", pragma("a", until=date(2027, 1, 31))),
        (
            "# ssot-lint: ignore[a] until=2028-02-29 -- why",
            pragma("a", until=date(2028, 2, 29), reason="why"),
        ),
        ("# ssot-lint: ignore-file[a, b] -- why", pragma("a", "b", whole_file=True, reason="why")),
    ],
)
def test_a_pragma_is_read(text: str, expected: Pragma) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "#ssot-lint:ignore[a,b]--why",
        "#\tssot-lint: \tignore[ a ,\tb ]\t--\twhy",
        "# ssot-lint: ignore[a,b,a] -- why",
    ],
)
def test_blanks_and_repetitions_do_not_matter(text: str) -> None:
    found = read(text)
    assert (found.rules, found.reason, found.whole_file) == (("a", "b"), "why", False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# ssot-lint:", '"" is neither ignore nor ignore-file'),
        ("# ssot-lint: ingore[a]", '"ingore" is neither ignore nor ignore-file'),
        ("# ssot-lint: disable=a", '"disable" is neither ignore nor ignore-file'),
        ("# ssot-lint: Ignore[a]", '"Ignore" is neither ignore nor ignore-file'),
        ("# ssot-lint: ignore", "the rules stand in brackets right behind ignore"),
        ("# ssot-lint: ignore a", "the rules stand in brackets right behind ignore"),
        ("# ssot-lint: ignore [a]", "the rules stand in brackets right behind ignore"),
        ("# ssot-lint: ignore-file -- why", "the rules stand in brackets right behind ignore-file"),
        ("# ssot-lint: ignore(a)", "the rules stand in brackets right behind ignore"),
        ("# ssot-lint: ignore[a", "the bracket is not closed"),
        ("# ssot-lint: ignore[]", "a rule's name is missing between the brackets"),
        ("# ssot-lint: ignore[a,]", "a rule's name is missing between the brackets"),
        ("# ssot-lint: ignore[a,,b]", "a rule's name is missing between the brackets"),
        *(
            (
                f"# ssot-lint: ignore[a]{rest}",
                "behind the brackets there is only room for until= and a date, "
                "and then for -- and the reason",
            )
            for rest in (" why", ": why", " - why", " — why", "until=2027-01-31", " since=2027-01-31", "[b]")
        ),
        ("# ssot-lint: ignore[a] until=", '"" is no date like 2027-01-31'),
        ("# ssot-lint: ignore[a] until=tomorrow", '"tomorrow" is no date like 2027-01-31'),
        ("# ssot-lint: ignore[a] until=2027-02-29", '"2027-02-29" is no date like 2027-01-31'),
        ("# ssot-lint: ignore[a] until=20270131", '"20270131" is no date like 2027-01-31'),
        ("# ssot-lint: ignore[a] until=2027-W05-1", '"2027-W05-1" is no date like 2027-01-31'),
        ("# ssot-lint: ignore[a] until=31.01.2027 -- why", '"31.01.2027" is no date like 2027-01-31'),
        *(
            (f"# ssot-lint: ignore[a] -- {reason}", "until= stands before the --, right behind the brackets")
            for reason in ("until=2027-01-31", "why until=2027-01-31", "until = 2027-01-31 why")
        ),
    ],
)
def test_what_is_no_pragma_says_why(text: str, complaint: str) -> None:
    with pytest.raises(PragmaError) as caught:
        read(text)
    assert str(caught.value) == complaint


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# ssot-lint: ignore[a] -- why", ["# ssot-lint: ignore[a] -- why"]),
        ("#ssot-lint:ignore[a]", ["#ssot-lint:ignore[a]"]),
        ("# noqa: X1  # ssot-lint: ignore[a] -- why", ["# ssot-lint: ignore[a] -- why"]),
        ("# noqa: X1 # ssot-lint: ignore[a] -- why", ["# ssot-lint: ignore[a] -- why"]),
        ("# the first one  # ssot-lint: ignore[a]", ["# ssot-lint: ignore[a]"]),
        ("# ssot-lint: ignore[a] -- why  # noqa: X1", ["# ssot-lint: ignore[a] -- why"]),
        ("# ssot-lint: ignore[a] -- why  #noqa", ["# ssot-lint: ignore[a] -- why"]),
        ("# ssot-lint: ignore[a] -- why # type: ignore", ["# ssot-lint: ignore[a] -- why"]),
        ("# ssot-lint: ignore[a] -- see #12 and C#", ["# ssot-lint: ignore[a] -- see #12 and C#"]),
        (
            "# ssot-lint: ignore[a] -- x #ssot-lint: ignore[b] -- y",
            ["# ssot-lint: ignore[a] -- x", "#ssot-lint: ignore[b] -- y"],
        ),
        ("# ssot-lint: ignroe", ["# ssot-lint: ignroe"]),
        ("# see ssot-lint: it explains", []),
        ('# write "# ssot-lint: ignore[a] -- why" behind it', []),
        ("# `# ssot-lint: ignore[a]`", []),
        ("## ssot-lint: ignore[a]", []),
        ("#! ssot-lint: ignore[a]", []),
        ("# ssot-lint is a linter", []),
        ("# SSOT-LINT: ignore[a]", []),
        ("# my-ssot-lint: ignore[a]", []),
        ("# x ssot-lint: ignore[a]", []),
    ],
)
def test_pragmas_are_found_and_prose_is_not(comment: str, expected: list[str]) -> None:
    assert [comment[start:end] for start, end in find(comment)] == expected


RULES = st.lists(st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", fullmatch=True), min_size=1, unique=True)
ODD = st.text(alphabet="#-[],= \taus:ot.lint\nüé", max_size=40)


@given(RULES, ODD | st.sampled_from(["why", "a # b", "until=2", "x  #y", "[z]", "-- --", "#12"]))
def test_what_is_written_is_read_again(rules: list[str], reason: str) -> None:
    try:
        text = write(rules, reason)
    except PragmaError:
        assert reason != "why"
        return
    assert list(find(text)) == [(0, len(text))]
    assert (read(text).rules, read(text).reason, read(text).until) == (tuple(rules), reason, None)
    start, end = read(text).names
    assert text[start:end] == ", ".join(rules)


@settings(max_examples=40)
@given(st.lists(ODD | RULES.map(lambda rules: write(rules, "why")), max_size=4).map("  ".join))
def test_pragmas_stand_apart_and_begin_with_a_hash(text: str) -> None:
    comment = "# " + text.replace("\n", " ")
    end = 0
    for start, following in find(comment):
        assert end <= start < following
        assert comment[start] == "#"
        assert comment[start:following] == comment[start:following].strip()
        end = following


@given(RULES, st.sampled_from(["noqa: E501", "type: ignore[x]", "the reason is above"]), st.booleans())
def test_other_comments_in_the_same_row_stay_apart(rules: list[str], other: str, before: bool) -> None:
    text = write(rules, "why")
    comment = f"# {other}  {text}" if before else f"{text}  # {other}"
    assert [comment[start:end] for start, end in find(comment)] == [text]


@given(ODD)
def test_what_is_read_is_never_half_understood(rest: str) -> None:
    """Whatever stands behind the brackets is a date, a reason or an error."""
    try:
        found = read(f"# ssot-lint: ignore[a]{rest}")
    except PragmaError:
        return
    assert rest.strip() == "" or rest.split("--", 1)[1].strip() == found.reason.strip()


def test_what_the_documentation_shows_is_read() -> None:
    page = Path(__file__).parents[2] / "docs" / "suppressions.md"
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE))
    shown = parse(code)
    assert len(shown.suppressions) == code.count("# ssot-lint:")
    assert all(each.rows and each.reason for each in shown.suppressions)
