from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ssot_lint.model import Applicability, Finding, Fix, Severity
from ssot_lint.suppressions import EXPIRED, OWN_RULES, UNEXPLAINED, UNKNOWN, UNUSED
from ssot_lint.suppressions.matching import Outcome

Check = Callable[..., Outcome]

WHY = "# ssot-lint: ignore[direct-uuid] -- why"


def seen(outcome: Outcome) -> list[tuple[int, str]]:
    return [(finding.span.start.row, finding.rule) for finding in outcome.kept]


def only(outcome: Outcome, rule: str) -> Finding:
    (finding,) = (finding for finding in outcome.kept if finding.rule == rule)
    return finding


COVERED = {
    "the row of a statement": f"x = UUID  {WHY}",
    "without a blank before it": f"x = UUID{WHY}",
    "two findings at once": f"x = UUID, UUID  {WHY}",
    "statements joined by semicolons": f"x = 1; y = UUID; z = UUID  {WHY}",
    "the first row": f"x = f(  {WHY}\n    UUID,\n)",
    "the last row": f"x = f(\n    UUID,\n)  {WHY}",
    "the last row of nested brackets": f"x = [{{\n    'a': f(\n        UUID\n    )}}]  {WHY}",
    "behind a string of several rows": f'x = f"""\n  {{UUID}}\n"""  {WHY}',
    "behind continued rows": f"x = 1 + \\\n    UUID + \\\n    2  {WHY}",
    "the header of a block": f"if (  {WHY}\n    UUID\n):\n    pass",
    "the end of the header of a block": f"if (\n    UUID\n):  {WHY}\n    pass",
    "a block in one row": f"if x: y = UUID  {WHY}",
    "a decorator": f"@f(UUID)  {WHY}\ndef g():\n    pass",
    "a default": f"def g(\n    x=UUID,\n):  {WHY}\n    pass",
    "a deep block": f"class A:\n    def f(self):\n        if x:\n            return UUID  {WHY}",
    "a row that ends in the return of Windows": f"x = 1\r\nx = UUID  {WHY}\r\ny = 1\r\n",
    "a form feed before the statement": f"\fx = UUID  {WHY}",
    "behind another comment": f"x = UUID  # noqa: X1  {WHY}",
    "before another comment": f"x = UUID  {WHY}  # noqa: X1",
    "beside a string that looks like one": f"x = UUID, '# ssot-lint: ignore[other-rule] -- no'  {WHY}",
    "two rules": "x = UUID, PREFIX  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix] -- why",
    "two rules with a reason each": "x = UUID, PREFIX  # ssot-lint: ignore[hardcoded-id-prefix] -- a  "
    "# ssot-lint: ignore[direct-uuid] -- b",
    "two rules on two rows": f"x = f(  {WHY}\n    UUID, PREFIX\n"
    ")  # ssot-lint: ignore[hardcoded-id-prefix] -- b",
    "the whole file": "# ssot-lint: ignore-file[direct-uuid] -- why\nx = UUID\ndef f():\n    return UUID\n",
    "the whole file, from its end": "x = UUID\n# ssot-lint: ignore-file[direct-uuid] -- why",
    "the last day": "x = UUID  # ssot-lint: ignore[direct-uuid] until=2027-01-31 -- why",
}


@pytest.mark.parametrize("text", COVERED.values(), ids=COVERED)
def test_findings_of_the_statement_are_covered(
    check: Check, find: Callable[[str], list[Finding]], text: str
) -> None:
    outcome = check(text)
    assert outcome.kept == ()
    assert [each.finding for each in outcome.suppressed] == find(text)


NOT_COVERED = {
    "the row below": (f"{WHY}\nx = UUID", [(1, UNUSED), (2, "direct-uuid")]),
    "the row above": (f"x = UUID\n{WHY}", [(1, "direct-uuid"), (2, UNUSED)]),
    "the statement below": (f"y = 1  {WHY}\nx = UUID", [(1, UNUSED), (2, "direct-uuid")]),
    "the block of a header": (f"if x:  {WHY}\n    y = UUID", [(1, UNUSED), (2, "direct-uuid")]),
    "what is decorated": (f"@f  {WHY}\ndef g(x=UUID): pass", [(1, UNUSED), (2, "direct-uuid")]),
    "a row within": (f"x = f(\n    UUID,  {WHY}\n)", [(2, "direct-uuid"), (2, UNUSED)]),
    "a comment row within": (f"x = f(\n    {WHY}\n    UUID,\n)", [(2, UNUSED), (3, "direct-uuid")]),
    "a comment row behind a continuation": (f"x = UUID \\\n  {WHY}\n", [(1, "direct-uuid"), (2, UNUSED)]),
    "another rule": (
        "x = UUID  # ssot-lint: ignore[hardcoded-id-prefix] -- why",
        [(1, "direct-uuid"), (1, UNUSED)],
    ),
    "a string": (f"x = UUID, '''  {WHY}'''", [(1, "direct-uuid")]),
    "the text of an f-string": (f"x = f'{{UUID}}  {WHY}'", [(1, "direct-uuid")]),
    "a string of several rows": (f'x = UUID, """\n{WHY}\n"""', [(1, "direct-uuid")]),
    "prose": ('x = UUID  # write "# ssot-lint: ignore[direct-uuid] -- why"', [(1, "direct-uuid")]),
    "code that is commented out": (f"x = UUID\n# x = UUID  {WHY}", [(1, "direct-uuid"), (2, "direct-uuid")]),
    "something malformed": ("x = UUID  # ssot-lint: ignore direct-uuid", [(1, "direct-uuid"), (1, UNKNOWN)]),
    "a date that has passed": (
        "x = UUID  # ssot-lint: ignore[direct-uuid] until=2027-01-30 -- why",
        [(1, "direct-uuid"), (1, EXPIRED)],
    ),
    "a whole file by a row of code": (
        "x = UUID  # ssot-lint: ignore-file[direct-uuid] -- why",
        [(1, "direct-uuid"), (1, UNKNOWN)],
    ),
    "a whole file from within a block": (
        "def f():\n    # ssot-lint: ignore-file[direct-uuid] -- why\n    return UUID",
        [(2, UNKNOWN), (3, "direct-uuid")],
    ),
    "a whole file from within a statement": (
        "x = [\n# ssot-lint: ignore-file[direct-uuid] -- why\nUUID]",
        [(2, UNKNOWN), (3, "direct-uuid")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), NOT_COVERED.values(), ids=NOT_COVERED)
def test_nothing_else_is_covered(check: Check, text: str, expected: list[tuple[int, str]]) -> None:
    outcome = check(text)
    assert seen(outcome) == expected
    assert outcome.suppressed == ()


def test_a_suppressed_finding_carries_reason_and_date(check: Check) -> None:
    (suppressed,) = check("x = UUID  # ssot-lint: ignore[direct-uuid] until=2027-06-30 -- see #12").suppressed
    assert (suppressed.reason, suppressed.until) == ("see #12", date(2027, 6, 30))


def test_a_finding_about_a_suppression_stands_at_the_comment(check: Check) -> None:
    comment = "# ssot-lint:  ignore[direct-uuid]"
    text = f"class Äpfel:\n    async def pick(self):\n        return 'é🍏' + UUID  # x  {comment}  # y\n"
    (finding,) = check(text).kept
    assert (finding.rule, finding.path, finding.severity) == (UNEXPLAINED, "a.py", Severity.WARNING)
    line = text.split("\n")[2]
    assert finding.line == line
    assert (
        line[finding.span.start.column - 1 : finding.span.end.column - 1]
        == "# ssot-lint:  ignore[direct-uuid]"
    )
    assert (finding.symbol, finding.snippet) == ("Äpfel.pick", "# ssot-lint: ignore[direct-uuid]")


MESSAGES = {
    "malformed": (
        "x = 1  # ssot-lint: ignore[direct-uuid] because",
        UNKNOWN,
        "this is no suppression: behind the brackets there is only room for until= and a date, and then for "
        "-- and the reason; write # ssot-lint: ignore[rule] -- reason",
    ),
    "misspelt": (
        "x = UUID  # ssot-lint: ignore[direct-uid] -- why",
        UNKNOWN,
        'no rule direct-uid; did you mean "direct-uuid"?',
    ),
    "wildcard": ("x = UUID  # ssot-lint: ignore[*] -- why", UNKNOWN, "no rule *"),
    "about itself": (
        "x = UUID  # ssot-lint: ignore[direct-uuid, unused-suppression] -- why",
        UNKNOWN,
        "unused-suppression cannot be suppressed; to switch it off, put it into `ignore` of the settings",
    ),
    "no reason": (
        "x = UUID, PREFIX  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix]",
        UNEXPLAINED,
        "the suppression of direct-uuid and hardcoded-id-prefix does not say why; add -- and the reason",
    ),
    "expired": (
        "x = UUID  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- why",
        EXPIRED,
        "the suppression of direct-uuid held until 2026-12-31",
    ),
    "unused": (f"x = 1  {WHY}", UNUSED, "nothing here needs the suppression of direct-uuid"),
    "unused in the file": (
        "# ssot-lint: ignore-file[direct-uuid, hardcoded-id-prefix, other-rule] -- why",
        UNUSED,
        "nothing in this file needs the suppression of direct-uuid, hardcoded-id-prefix and other-rule",
    ),
    "misplaced": (
        f"{WHY}\nx = UUID",
        UNUSED,
        "the suppression is on neither the first nor the last line of a statement and covers nothing",
    ),
}


@pytest.mark.parametrize(("text", "rule", "message"), MESSAGES.values(), ids=MESSAGES)
def test_faults_are_said_in_a_line(check: Check, text: str, rule: str, message: str) -> None:
    assert only(check(text), rule).message == message


def test_a_reason_can_be_left_out_where_none_is_required(check: Check) -> None:
    outcome = check("x = UUID  # ssot-lint: ignore[direct-uuid]", require_reason=False)
    assert (outcome.kept, len(outcome.suppressed)) == ((), 1)


def test_without_a_reason_a_suppression_still_holds(check: Check) -> None:
    assert seen(check("x = UUID  # ssot-lint: ignore[direct-uuid]")) == [(1, UNEXPLAINED)]


@pytest.mark.parametrize("rule", sorted(OWN_RULES))
def test_rules_about_suppressions_can_be_switched_off(check: Check, rule: str) -> None:
    text = (
        "a = 1  # ssot-lint: ignore[direct-uuid] -- why\n"
        "b = 1  # ssot-lint: ignore[nothing] -- why\n"
        "c = UUID  # ssot-lint: ignore[direct-uuid]\n"
        "d = UUID  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- why\n"
    )
    everything = seen(check(text))
    assert {name for _, name in everything} == OWN_RULES | {"direct-uuid"}
    others = dict.fromkeys(OWN_RULES - {rule}, Severity.ERROR)
    assert seen(check(text, severities=others)) == [each for each in everything if each[1] != rule]


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # ssot-lint: ignore[direct-uuid] -- why",
        "# ssot-lint: ignore-file[direct-uuid] -- why",
        "x = PREFIX  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix] -- why",
    ],
)
def test_a_rule_that_did_not_run_says_nothing_about_its_suppressions(check: Check, text: str) -> None:
    assert check(text).kept != ()
    assert check(text, ran={"hardcoded-id-prefix"}).kept == ()


REMOVED = {
    "the only comment": (f"x = 1  {WHY}\ny = 2\n", "x = 1\ny = 2\n"),
    "at the end of the file": (f"x = 1  {WHY}", "x = 1"),
    "without blanks": (f"x = 1{WHY}\n", "x = 1\n"),
    "with blanks at the end": (f"x = 1 {WHY}  \ny = 1\n", "x = 1\ny = 1\n"),
    "with the return of Windows": (f"x = 1  {WHY}\r\ny = 1\r\n", "x = 1\r\ny = 1\r\n"),
    "behind another": (f"x = 1  # noqa: X1  {WHY}\n", "x = 1  # noqa: X1\n"),
    "before another": (f"x = 1  {WHY}  # noqa: X1\n", "x = 1  # noqa: X1\n"),
    "between others": (f"x = 1  # one  {WHY} # two\n", "x = 1  # one # two\n"),
    "in the whole file": ("# ssot-lint: ignore-file[direct-uuid] -- why\nx = 1\n", "x = 1\n"),
    "in the whole file, below": ("x = 1\n# ssot-lint: ignore-file[direct-uuid]", "x = 1\n"),
    "in the whole file, before another": (
        "# ssot-lint: ignore-file[direct-uuid] -- why  # mypy: ignore-errors\r\n",
        "# mypy: ignore-errors\r\n",
    ),
    "one rule of two": (
        "x = PREFIX  # ssot-lint: ignore[direct-uuid, hardcoded-id-prefix] until=2027-12-31 -- why  # y\n",
        "x = PREFIX  # ssot-lint: ignore[hardcoded-id-prefix] until=2027-12-31 -- why  # y\n",
    ),
    "two rules of three": (
        "x = PREFIX  # ssot-lint: ignore[ direct-uuid,hardcoded-id-prefix , other-rule] -- why\n",
        "x = PREFIX  # ssot-lint: ignore[hardcoded-id-prefix] -- why\n",
    ),
    "the second of two": (f"x = f(  {WHY}\n    UUID\n)  {WHY} again\n", f"x = f(  {WHY}\n    UUID\n)\n"),
    "the one for the whole file": (
        f"# ssot-lint: ignore-file[direct-uuid] -- why\nx = UUID  {WHY}\n",
        f"x = UUID  {WHY}\n",
    ),
    "an expired one without use": (
        "x = 1  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- why\n",
        "x = 1\n",
    ),
    "an expired one beside one that holds": (
        f"x = UUID  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- old  {WHY}\n",
        f"x = UUID  {WHY}\n",
    ),
}


@pytest.mark.parametrize(("text", "expected"), REMOVED.values(), ids=REMOVED)
def test_what_has_no_use_can_be_removed(
    check: Check, apply_fix: Callable[[str, Fix], str], text: str, expected: str
) -> None:
    fixes = [finding.fix for finding in check(text, require_reason=False).kept if finding.fix]
    assert [fix.applicability for fix in fixes] == [Applicability.SAFE]
    after = apply_fix(text, fixes[0])
    assert after == expected
    assert check(after, require_reason=False).kept == ()


def test_fixes_in_one_comment_do_not_touch(check: Check, apply_fix: Callable[[str, Fix], str]) -> None:
    text = (
        "x = 1  # one  # ssot-lint: ignore[direct-uuid] -- a  # ssot-lint: ignore[other-rule] -- b  # two\n"
    )
    fixes = [finding.fix for finding in check(text).kept]
    for fix in reversed(fixes):
        assert fix
        text = apply_fix(text, fix)
    assert text == "x = 1  # one  # two\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"{WHY}\nx = UUID", UNUSED),
        ("x = UUID  # ssot-lint: ignore[direct-uuid] until=2026-12-31 -- why", EXPIRED),
    ],
)
def test_what_somebody_must_decide_is_not_fixed_and_says_why(check: Check, text: str, rule: str) -> None:
    finding = only(check(text), rule)
    assert finding.fix is None
    assert finding.reason


def test_a_file_without_a_mark_is_not_cut(check: Check) -> None:
    assert seen(check("x = UUID (\n'")) == [(1, "direct-uuid")]


def test_findings_come_in_the_order_of_the_file(check: Check) -> None:
    text = "# ssot-lint: ignore-file[nothing]\nx = 1  # ssot-lint: ignore[direct-uuid]\ny = UUID\n"
    assert seen(check(text)) == [
        (1, UNEXPLAINED),
        (1, UNKNOWN),
        (2, UNEXPLAINED),
        (2, UNUSED),
        (3, "direct-uuid"),
    ]
