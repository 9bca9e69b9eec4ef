"""The catalogue's own examples: what each rule page shows is what the linter does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint import examples
from ssot_lint.catalogue import load_rules
from ssot_lint.pages import Example, Page, read_page
from ssot_lint.rule_pages import rules_directory
from ssot_lint.session import CheckRequest, check
from ssot_lint.suppressions import OWN_RULES

PAGES = [read_page(rule.file) for rule in load_rules([rules_directory()]).values()]
EXAMPLES = [
    pytest.param(page, example, id=f"{page.rule.name}: {example.section} {example.number}")
    for page in PAGES
    for example in page.examples
]


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_the_example_holds(page: Page, example: Example) -> None:
    assert examples.run(page.rule, example, page.counterpart(example)) == []


def test_a_counterpart_that_the_fix_does_not_make_is_named() -> None:
    (page,) = (page for page in PAGES if page.rule.name == "unused-suppression")
    first, second, _ = (example for example in page.examples if example.section == "Avoid")
    assert examples.run(page.rule, first, page.counterpart(second)) == [
        "example.py:1: the fix gives 'from app.ids import IdGenerator', and Prefer has 'import uuid'"
    ]


def test_what_is_not_fixed_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import uuid\n\n"
        "a = uuid.uuid4()  # ssot-lint: ignore[direct-uuid]\n"
        "b = uuid.uuid4()  # ssot-lint: ignore[direct-uid] -- why\n"
        "c = uuid.uuid4()  # ssot-lint: ignore direct-uuid\n"
        "d = uuid.uuid4()  # ssot-lint: ignore[direct-uuid] until=2020-01-31 -- why\n"
        "# ssot-lint: ignore[direct-uuid] -- why\n"
    )
    found = check(CheckRequest((".",), tmp_path)).findings
    reasons = {each.rule: each.reason for each in found if each.rule in OWN_RULES}
    assert reasons.keys() == OWN_RULES
    assert all(reasons.values())
