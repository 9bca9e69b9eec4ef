"""What is dropped by its bytes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.engine.plan import FileInput
from ssot_lint.engine.scan import Sieve, Sign

MARKED = b"x = 1  # ssot-lint: ignore[r] -- a test\n"


def sieve(*literals: str, with_suppressions: bool = False) -> Sieve:
    return Sieve([Sign("r", literals, ())], with_suppressions)


@given(
    st.lists(st.sampled_from(["uuid1", "uuid4", "uui", "uuuid", "ui", "4"]), min_size=1),
    st.text(alphabet="uid14_", max_size=30),
)
def test_a_file_with_one_of_the_literals_is_looked_at(literals: list[str], text: str) -> None:
    expected = any(literal in text for literal in literals)
    assert sieve(*literals).keeps(text.encode()) == expected


@pytest.mark.parametrize("with_suppressions", [True, False])
def test_a_suppression_alone_is_something_for_rules_about_suppressions(with_suppressions: bool) -> None:
    assert sieve("uuid4", with_suppressions=with_suppressions).keeps(MARKED) is with_suppressions


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        pytest.param(b"x = uuid4()\n", True, id="sign"),
        pytest.param(b"x = uuid45()\n", False, id="literal-only"),
        pytest.param(b"x = uuid4()\n\xff", True, id="no-text"),
        pytest.param(b"x = 1\n\xff", False, id="no-text-no-literal"),
        pytest.param(MARKED, True, id="suppression"),
    ],
)
def test_a_closer_look_drops_what_has_no_sign(content: bytes, kept: bool) -> None:
    signs = Sieve([Sign("r", ("uuid4",), (r"uuid4\b",))], with_suppressions=False)
    assert signs.keeps_file(FileInput("a.py", (), False, content)) is kept


def test_a_rule_that_is_skipped_has_no_sign() -> None:
    signs = Sieve([Sign("r", ("uuid4",), ("uuid4",))], with_suppressions=False)
    assert not signs.keeps_file(FileInput("a.py", (), False, b"uuid4", frozenset({"r"})))
