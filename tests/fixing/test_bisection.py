from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.fixing.bisection import Verdict, bisect

FILES = [f"{number}.py" for number in range(32)]
Check = Callable[[frozenset[str]], bool]


def fails_with(*combinations: Iterable[str]) -> Check:
    """A check that fails if all files of one of the combinations are changed."""
    return lambda changed: not any(changed.issuperset(combination) for combination in combinations)


@pytest.mark.parametrize(
    ("check", "taken_back"),
    [
        pytest.param(fails_with(), [], id="nothing-breaks"),
        pytest.param(fails_with(["7.py"]), ["7.py"], id="one"),
        pytest.param(fails_with(["0.py"], ["31.py"]), ["0.py", "31.py"], id="both-ends"),
        pytest.param(fails_with(["3.py"], ["4.py"], ["5.py"]), ["3.py", "4.py", "5.py"], id="neighbours"),
        pytest.param(fails_with(["2.py", "20.py"]), ["20.py"], id="only-together"),
        pytest.param(lambda changed: not changed, FILES, id="all"),
    ],
)
def test_what_breaks_the_check_is_taken_back(check: Check, taken_back: list[str]) -> None:
    found = bisect(FILES, check)
    assert (found.verdict, list(found.taken_back)) == (Verdict.PASSES, taken_back)
    assert sorted([*found.kept, *found.taken_back]) == sorted(FILES)


def test_a_check_that_fails_anyway_tells_nothing() -> None:
    found = bisect(FILES, lambda _: False)
    assert (found.verdict, found.kept, found.runs) == (Verdict.BROKEN_BEFORE, (), 2)


def test_a_check_that_passes_is_run_once() -> None:
    assert bisect(FILES, lambda _: True).runs == 1
    assert bisect([], lambda _: True).runs == 1


def test_the_runs_are_bounded() -> None:
    check = fails_with(["5.py"], ["6.py"], ["25.py"])
    found = bisect(FILES, check, most_runs=8)
    assert (found.verdict, found.runs) == (Verdict.OUT_OF_RUNS, 8)
    assert check(frozenset(found.kept))
    assert {"5.py", "6.py", "25.py"}.isdisjoint(found.kept)


@given(st.lists(st.sets(st.sampled_from(FILES), min_size=1, max_size=3), max_size=4))
def test_what_is_kept_passes_and_costs_few_runs(combinations: list[set[str]]) -> None:
    check = fails_with(*combinations)
    found = bisect(FILES, check)
    assert check(frozenset(found.kept))
    assert not any(check(frozenset([*found.kept, file])) for file in found.taken_back)
    assert found.runs <= 2 + (len(found.taken_back) + 1) * (math.log2(len(FILES)) + 1)


@given(st.dictionaries(st.frozensets(st.sampled_from(FILES[:5])), st.booleans()))
def test_any_check_is_believed(answers: dict[frozenset[str], bool]) -> None:
    def check(changed: frozenset[str]) -> bool:
        return answers.get(changed, False)

    found = bisect(FILES[:5], check)
    assert check(frozenset(found.kept)) or found.verdict is Verdict.BROKEN_BEFORE
