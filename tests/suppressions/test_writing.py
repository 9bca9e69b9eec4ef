from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssot_lint.errors import SsotLintError
from ssot_lint.model import Finding
from ssot_lint.suppressions.matching import Outcome
from ssot_lint.suppressions.writing import add_ignores, check_reason

Check = Callable[..., Outcome]
Find = Callable[[str], list[Finding]]

ADDED = {
    "a row": ("x = UUID\n", "x = UUID  # ssot-lint: ignore[direct-uuid] -- old\n"),
    "the last row without an end": ("x = UUID", "x = UUID  # ssot-lint: ignore[direct-uuid] -- old"),
    "blanks at the end of the row": ("x = UUID \t\n", "x = UUID  # ssot-lint: ignore[direct-uuid] -- old\n"),
    "the return of Windows": (
        "x = UUID\r\ny = 1\r\n",
        "x = UUID  # ssot-lint: ignore[direct-uuid] -- old\r\ny = 1\r\n",
    ),
    "two findings of two rules": (
        "x = UUID, PREFIX, UUID\n",
        "x = UUID, PREFIX, UUID  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix] -- old\n",
    ),
    "brackets": ("x = f(\n    UUID,\n)\n", "x = f(\n    UUID,\n)  # ssot-lint: ignore[direct-uuid] -- old\n"),
    "a continued row": (
        "x = UUID + \\\n    1\n",
        "x = UUID + \\\n    1  # ssot-lint: ignore[direct-uuid] -- old\n",
    ),
    "a string of several rows": (
        'x = f"""\n{UUID}\n"""\n',
        'x = f"""\n{UUID}\n"""  # ssot-lint: ignore[direct-uuid] -- old\n',
    ),
    "the header of a block": (
        "if (\n  UUID\n):\n    x = 1\n",
        "if (\n  UUID\n):  # ssot-lint: ignore[direct-uuid] -- old\n    x = 1\n",
    ),
    "behind a comment": (
        "x = UUID  # noqa: X1\n",
        "x = UUID  # noqa: X1  # ssot-lint: ignore[direct-uuid] -- old\n",
    ),
    "beside something malformed": (
        "x = UUID  # ssot-lint: ignore\n",
        "x = UUID  # ssot-lint: ignore  # ssot-lint: ignore[direct-uuid] -- old\n",
    ),
    "one with the same reason": (
        "x = UUID, PREFIX  # ssot-lint: ignore[hardcoded-id-prefix] -- old  # noqa\n",
        "x = UUID, PREFIX  # ssot-lint: ignore[hardcoded-id-prefix, direct-uuid] -- old  # noqa\n",
    ),
    "one with the same reason on the first row": (
        "x = f(  # ssot-lint: ignore[hardcoded-id-prefix] -- old\n    UUID, PREFIX\n)\n",
        "x = f(  # ssot-lint: ignore[hardcoded-id-prefix, direct-uuid] -- old\n    UUID, PREFIX\n)\n",
    ),
    "one with another reason": (
        "x = UUID, PREFIX  # ssot-lint: ignore[hardcoded-id-prefix] -- why\n",
        "x = UUID, PREFIX  # ssot-lint: ignore[hardcoded-id-prefix] -- why  "
        "# ssot-lint: ignore[direct-uuid] -- old\n",
    ),
    "one with a date": (
        "x = UUID  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- old\n",
        "x = UUID  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- old  "
        "# ssot-lint: ignore[direct-uuid] -- old\n",
    ),
    "several statements": (
        "x = UUID\nclass A:\n    y = 1\n    z = PREFIX; w = UUID\n",
        "x = UUID  # ssot-lint: ignore[direct-uuid] -- old\nclass A:\n    y = 1\n"
        "    z = PREFIX; w = UUID  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix] -- old\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), ADDED.values(), ids=ADDED)
def test_suppressions_stand_behind_the_last_row(check: Check, find: Find, text: str, expected: str) -> None:
    written = add_ignores(text, find(text), "old")
    assert (written.text, written.unplaced) == (expected, ())
    assert {finding.rule for finding in check(expected).kept} <= {
        "expired-suppression",
        "unknown-suppression",
    }
    assert add_ignores(expected, find(expected), "old").text == expected


@pytest.mark.parametrize(
    "text",
    [
        "x = UUID  # ssot-lint: ignore[direct-uuid] -- why\n",
        "# ssot-lint: ignore-file[direct-uuid] -- why\nx = UUID\n",
        "x = 1\n",
        "",
    ],
)
def test_what_is_suppressed_already_stays_as_it_is(find: Find, text: str) -> None:
    assert add_ignores(text, find(text), "old").text == text


def test_what_cannot_be_suppressed_says_why(check: Check) -> None:
    text = "x = 1  # ssot-lint: ignore[direct-uuid] -- why\n# UUID\ny = UUID\n"
    written = add_ignores(text, check(text).kept, "old")
    assert written.text == text.replace("= UUID\n", "= UUID  # ssot-lint: ignore[direct-uuid] -- old\n")
    assert [(each.rule, why) for each, why in written.unplaced] == [
        ("unused-suppression", "a finding about a suppression cannot be suppressed"),
        ("direct-uuid", "it is in no statement"),
    ]


@pytest.mark.parametrize("text", ["y = 1\nx = UUID\n", "x = 2\n", ""])
def test_a_file_that_has_changed_since_is_left_alone(find: Find, text: str) -> None:
    written = add_ignores(text, find("x = UUID\n"), "old")
    assert written.text == text
    assert [why for _, why in written.unplaced] == ["the file has changed since it was checked"]


@pytest.mark.parametrize(
    "reason",
    ["", " ", " padded ", "two\nlines", "a\rb", "a # b", "a  #b", "until=2027-01-31", "x # ssot-lint: y"],
)
def test_a_reason_that_could_not_be_read_again_is_refused(find: Find, reason: str) -> None:
    with pytest.raises(SsotLintError) as caught:
        check_reason(reason)
    assert str(caught.value) == f"{reason!r} cannot stand in a comment as a reason"
    with pytest.raises(SsotLintError):
        add_ignores("x = UUID", find("x = UUID"), reason)


STATEMENTS = st.sampled_from(
    [
        "x = UUID",
        "x = UUID; y = PREFIX",
        "x = (  # a comment\n    UUID,\n    PREFIX)",
        "x = 1 + \\\n    UUID",
        'x = f"""\n{UUID}\n# no comment\n"""',
        "x = '# ssot-lint: ignore[direct-uuid] -- no'; y = UUID",
        "# UUID",
        "",
        "x = UUID  # noqa: X1   ",
        "x = UUID  # ssot-lint: ignore[other-rule] -- why",
        "x = UUID, PREFIX  # ssot-lint: ignore[direct-uuid] -- old",
        "x = [  # ssot-lint: ignore[hardcoded-id-prefix] -- old\n    UUID, PREFIX]",
        "y = {\n    # ssot-lint: ignore[direct-uuid] -- in vain\n    UUID: 1\n}",
    ]
)
BLOCKS = st.sampled_from(
    ["{}", "if UUID:\n    {}\n    pass", "@f(PREFIX)\ndef g(x=UUID):\n    {}\n    return UUID"]
)
PROGRAMS = st.tuples(
    st.lists(st.tuples(BLOCKS, STATEMENTS), max_size=5), st.booleans(), st.sampled_from(["\n", "\r\n"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PROGRAMS, st.data())
def test_only_comments_are_added_and_all_is_suppressed_after(
    check: Check, find: Find, program: tuple[list[tuple[str, str]], bool, str], data: st.DataObject
) -> None:
    pieces, ends, newline = program
    text = "\n".join(block.format(statement) for block, statement in pieces) + "\n" * ends
    text = text.replace("\n", newline)
    found = find(text)
    chosen = data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []
    written = add_ignores(text, chosen, "old")
    after = written.text
    assert tokens(after) == tokens(text)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))
    left = {(each.rule, each.span) for each in check(after).kept}
    unplaced = [each for each in chosen if each.line.lstrip().startswith("#")]
    assert [each for each, _ in written.unplaced] == unplaced
    assert left.isdisjoint((each.rule, each.span) for each in chosen if each not in unplaced)
    assert add_ignores(after, chosen, "old").text == after


def tokens(text: str) -> list[tuple[int, str]]:
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    stream = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return [(token.type, token.string) for token in stream if token.type not in skipped]
