"""What is dropped by its bytes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.engine.plan import Plan, RulePlan
from ssot_lint.engine.scan import Scanner
from ssot_lint.kinds import Extent, Interest
from ssot_lint.model import Severity

MARKED = b"x = 1  # ssot-lint: ignore[r] -- a test\n"


def scanner(*literals: str, judges_suppressions: bool = False) -> Scanner:
    interest = Interest(literals, needle="", extent=Extent.STATEMENT)
    rule = RulePlan("r", "k", Severity.ERROR, None, interest)
    return Scanner(Plan((rule,), None, judges_suppressions=judges_suppressions))


@given(
    st.lists(st.sampled_from(["uuid1", "uuid4", "uui", "uuuid", "ui", "4"]), min_size=1),
    st.text(alphabet="uid14_", max_size=30),
)
def test_a_file_with_one_of_the_literals_is_looked_at(literals: list[str], text: str) -> None:
    expected = any(literal in text for literal in literals)
    assert scanner(*literals).may_find(text.encode()) == expected


@pytest.mark.parametrize("judges_suppressions", [True, False])
def test_a_suppression_alone_is_something_for_rules_about_suppressions(judges_suppressions: bool) -> None:
    assert scanner("uuid4", judges_suppressions=judges_suppressions).may_find(MARKED) is judges_suppressions
