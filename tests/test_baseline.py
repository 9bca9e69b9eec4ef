from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.baseline import Baseline, Match, Seen, accept, dumps, loads, match, read, update
from ssot_lint.errors import InputError
from ssot_lint.model import Finding, Identity, Position, Severity, Span

RULE = "direct-uuid"
EVERYTHING = Seen()


def finding(
    path: str = "a.py", row: int = 1, symbol: str = "f", snippet: str = "x", rule: str = RULE
) -> Finding:
    span = Span(Position(row, 1), Position(row, 2))
    return Finding(rule, Severity.ERROR, "bad", path, span, symbol, snippet, snippet)


def identity(path: str = "a.py", symbol: str = "f", snippet: str = "x", rule: str = RULE) -> Identity:
    return Identity(path, rule, symbol, snippet)


def nothing_there(_path: str) -> Iterable[Finding]:
    return ()


def must_not_look(path: str) -> Iterable[Finding]:
    raise AssertionError(f"{path} was looked at")


def hold(findings: Iterable[Finding], baseline: Baseline, seen: Seen = EVERYTHING) -> Match:
    return match(findings, baseline, seen, nothing_there)


# The file


def test_an_entry_is_a_sorted_line_without_row_and_date() -> None:
    findings = [
        finding("b.py", 9, "A.f", 'x = "é"'),
        finding("a.py", 7, "", "y"),
        finding("b.py", 3, "A.f", 'x = "é"'),
        finding("b.py", 3, "A.f", 'x = "é"', "other-rule"),
    ]
    assert dumps(accept(findings)) == (
        '{"path": "a.py", "rule": "direct-uuid", "symbol": "", "snippet": "y", "count": 1}\n'
        '{"path": "b.py", "rule": "direct-uuid", "symbol": "A.f", "snippet": "x = \\"é\\"", "count": 2}\n'
        '{"path": "b.py", "rule": "other-rule", "symbol": "A.f", "snippet": "x = \\"é\\"", "count": 1}\n'
    )


def test_no_findings_make_an_empty_file() -> None:
    assert dumps(accept([])) == ""
    assert loads("", "b") == {}


TEXT = st.text(max_size=12) | st.sampled_from(["x = 1", "\udc80", "a\u2028b\x85", "<<<<<<<", "\ufeff", '"\\'])
BASELINES = st.dictionaries(
    st.builds(Identity, TEXT, st.sampled_from([RULE, "other-rule"]), TEXT, TEXT),
    st.integers(1, 10**6),
    max_size=5,
)


@given(BASELINES, st.randoms())
def test_what_is_written_is_read_again_in_any_order(baseline: Baseline, random: object) -> None:
    text = dumps(baseline)
    assert loads(text, "b") == baseline
    lines = text.splitlines(keepends=True) if text.isascii() else [f"{line}\n" for line in text.split("\n")]
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert dumps(loads("".join(lines), "b")) == text
    assert "\r" not in text


def test_a_file_that_git_or_an_editor_changed_is_read(tmp_path: Path) -> None:
    file = tmp_path / "b.jsonl"
    baseline = {identity(snippet="é"): 2, identity("b.py"): 1}
    file.write_bytes(b"\xef\xbb\xbf" + dumps(baseline).replace("\n", "\r\n\r\n").encode())
    assert read(file) == baseline


def test_no_file_is_no_empty_baseline(tmp_path: Path) -> None:
    assert read(tmp_path / "b.jsonl") is None
    (tmp_path / "b.jsonl").touch()
    assert read(tmp_path / "b.jsonl") == {}


@pytest.mark.parametrize("counts", [(2, 3), (3, 2), (2, 9, 2)])
def test_of_doubled_entries_the_smaller_count_holds(counts: tuple[int, ...]) -> None:
    assert loads("".join(dumps({identity(): count}) for count in counts), "b") == {identity(): 2}


GOOD = {"path": "a.py", "rule": RULE, "symbol": "f", "snippet": "x", "count": 1}
BAD_LINES = {
    "no JSON": ("{", "is not valid JSON: Expecting property name enclosed in double quotes"),
    "two values": ("1 2", "is not valid JSON: Extra data"),
    "an endless number": (f"{'9' * 5000}", "is not valid JSON"),
    "a deep nesting": ("[" * 200_000, "is not valid JSON"),
    "two entries": (f"{json.dumps({})}, {json.dumps({})}", "is not valid JSON: Extra data"),
    "an array": ("[]", "must be an object with exactly the keys path, rule, symbol, snippet, count"),
    "a missing key": (
        json.dumps({key: value for key, value in GOOD.items() if key != "symbol"}),
        "must be an object with exactly the keys path, rule, symbol, snippet, count",
    ),
    "an unknown key": (
        json.dumps({**GOOD, "row": 3}),
        "must be an object with exactly the keys path, rule, symbol, snippet, count",
    ),
    "a number for a string": (json.dumps({**GOOD, "path": 1}), "path, rule, symbol, snippet must be strings"),
    **{
        f"{count!r} as count": (
            json.dumps({**GOOD, "count": count}),
            "count must be a whole number of at least 1",
        )
        for count in (0, -1, 1.0, "1", True, None)
    },
}


@pytest.mark.parametrize(("line", "expected"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_named_with_all_others(tmp_path: Path, line: str, expected: str) -> None:
    file = tmp_path / "b.jsonl"
    file.write_text(f"{json.dumps(GOOD)}\n{line}\n{json.dumps(GOOD)}\n{line}\n")
    with pytest.raises(InputError) as caught:
        read(file)
    assert [problem.key for problem in caught.value.problems] == ["line 2", "line 4"]
    assert str(caught.value.problems[0]).startswith(f"{file.as_posix()}: line 2: {expected}")


def test_an_entry_over_two_lines_is_none() -> None:
    first, second = json.dumps(GOOD).split(', "rule"')
    with pytest.raises(InputError) as caught:
        loads(f'{first}\n"rule"{second}\n', "b.jsonl")
    assert [problem.key for problem in caught.value.problems] == ["line 1", "line 2"]


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> branch"])
def test_a_conflict_marker_says_how_to_go_on(marker: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(f"{json.dumps(GOOD)}\n{marker}\n{{\n", "b.jsonl")
    assert [str(problem) for problem in caught.value.problems] == [
        "b.jsonl: line 2: is a conflict marker: keep the lines of both sides, "
        "and prune what they have too much"
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "b.jsonl"
    file.write_bytes(b"\n\xff")
    with pytest.raises(InputError, match=r"b\.jsonl: line 2: is not UTF-8"):
        read(file)
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read(tmp_path)


# Matching


def test_what_is_in_the_baseline_is_covered_wherever_its_row_is() -> None:
    matched = hold([finding(row=200), finding(row=100)], {identity(): 2})
    assert matched == Match((), (finding(row=100), finding(row=200)), (), ())


def test_of_too_many_equal_ones_the_last_are_new() -> None:
    matched = hold([finding(row=row) for row in (30, 10, 20)], {identity(): 1})
    assert [each.span.start.row for each in matched.covered] == [10]
    assert [each.span.start.row for each in matched.new] == [20, 30]


@pytest.mark.parametrize("change", [{"rule": "other-rule"}, {"symbol": "g"}, {"snippet": "y"}])
def test_what_differs_in_rule_symbol_or_snippet_is_new(change: dict[str, str]) -> None:
    matched = hold([finding(**change)], {identity(): 1})  # type: ignore[arg-type]
    assert matched.new == (finding(**change),)  # type: ignore[arg-type]
    assert [(each.identity, each.count) for each in matched.stale] == [(identity(), 1)]


def test_what_is_gone_is_stale_by_its_number() -> None:
    matched = hold([finding()], {identity(): 3, identity("b.py"): 1, identity("c.py", snippet="z"): 2})
    assert [(each.identity.path, each.count) for each in matched.stale] == [
        ("a.py", 2),
        ("b.py", 1),
        ("c.py", 2),
    ]


def test_a_moved_function_stays_covered() -> None:
    baseline = {identity("a.py"): 2, identity("a.py", snippet="z"): 1}
    matched = hold([finding("a.py"), finding("new/b.py", 5)], baseline)
    assert matched.new == ()
    assert [(each.finding.path, each.origin.path) for each in matched.moved] == [("new/b.py", "a.py")]
    assert [each.path for each in matched.covered] == ["a.py", "new/b.py"]
    assert [(each.identity.snippet, each.count) for each in matched.stale] == [("z", 1)]


def test_a_copied_function_is_new() -> None:
    matched = hold([finding("a.py"), finding("b.py")], {identity("a.py"): 1})
    assert (matched.new, matched.moved) == ((finding("b.py"),), ())


def test_what_an_entry_has_left_over_covers_once() -> None:
    matched = hold([finding("b.py"), finding("c.py"), finding("d.py")], {identity("a.py"): 2})
    assert [each.finding.path for each in matched.moved] == ["b.py", "c.py"]
    assert matched.new == (finding("d.py"),)


# Runs that see a part


PART = Seen({"b.py"})


@pytest.mark.parametrize(
    ("now", "is_new"),
    [
        ((), False),
        ((finding("a.py"),), True),
        ((finding("a.py", symbol="g"),), False),
        (None, True),
    ],
    ids=["gone", "still there", "something else is there", "nobody can tell"],
)
def test_a_part_looks_into_the_file_that_something_may_come_from(
    now: Iterable[Finding] | None, is_new: bool
) -> None:
    asked = []

    def look(path: str) -> Iterable[Finding] | None:
        asked.append(path)
        return now

    baseline = {identity("a.py"): 1, identity("a.py", symbol="other"): 1, identity("c.py", "other"): 1}
    matched = match([finding("b.py")], baseline, PART, look)
    assert bool(matched.new) == is_new
    assert asked == ["a.py"]


def test_a_part_looks_nowhere_without_need() -> None:
    baseline = {
        identity("a.py"): 1,
        identity("b.py"): 1,
        identity("b.py", snippet="z"): 1,
        identity("d.py"): 3,
    }
    matched = match([finding("b.py"), finding("b.py", snippet="new")], baseline, PART, must_not_look)
    assert matched.new == (finding("b.py", snippet="new"),)


def test_a_file_that_was_seen_is_asked_before_one_that_was_not() -> None:
    baseline = {identity("a.py"): 1, identity("c.py"): 1}
    matched = match([finding("b.py")], baseline, Seen({"b.py", "c.py"}), must_not_look)
    assert [each.origin.path for each in matched.moved] == ["c.py"]


def test_a_part_calls_nothing_stale() -> None:
    assert match([], {identity("b.py"): 1, identity("a.py"): 1}, PART, must_not_look).stale == ()


@pytest.mark.parametrize("rules", [{"rules": {RULE}}, {"but_rules": {"other-rule"}}], ids=["only", "but"])
def test_nothing_is_known_about_rules_that_did_not_run_and_files_that_failed(
    rules: dict[str, set[str]],
) -> None:
    baseline = {identity(rule="other-rule"): 1, identity("failed.py"): 1, identity("gone.py"): 1}
    seen = Seen(failed={"failed.py"}, **rules)
    matched = match([], baseline, seen, must_not_look)
    assert [each.identity.path for each in matched.stale] == ["gone.py"]
    assert update(baseline, matched, seen) == {identity(rule="other-rule"): 1, identity("failed.py"): 1}


@pytest.mark.parametrize(
    ("path", "failed"), [("a.py", "a.py"), ("in/a.py", "in"), ("in/deep/a.py", "in"), ("a.py", ".")]
)
def test_what_failed_gives_nothing_away_and_is_not_stale(path: str, failed: str) -> None:
    baseline = {identity(path): 1}
    matched = match([finding("b.py")], baseline, Seen(failed={failed}), must_not_look)
    assert (matched.new, matched.stale) == ((finding("b.py"),), ())
    assert update(baseline, matched, Seen(failed={failed})) == baseline


# Shrinking and growing


def test_a_moved_finding_gets_an_entry_at_its_new_path() -> None:
    baseline = {identity("a.py"): 2}
    matched = hold([finding("a.py"), finding("b.py")], baseline)
    assert update(baseline, matched, EVERYTHING) == {identity("a.py"): 1, identity("b.py"): 1}


def test_a_part_rewrites_its_own_entries_only() -> None:
    baseline = {identity("a.py"): 2, identity("b.py", snippet="z"): 3, identity("c.py"): 4}
    matched = match(
        [finding("b.py"), finding("b.py", snippet="z")], baseline, PART, lambda path: [finding(path)]
    )
    assert [each.origin.path for each in matched.moved] == ["a.py"]
    assert update(baseline, matched, PART) == {
        identity("a.py"): 1,
        identity("b.py"): 1,
        identity("b.py", snippet="z"): 1,
        identity("c.py"): 4,
    }


def test_only_growing_accepts_what_is_new() -> None:
    findings = [finding("a.py"), finding("b.py", snippet="new")]
    baseline = {identity("a.py"): 2}
    matched = hold(findings, baseline)
    assert update(baseline, matched, EVERYTHING) == {identity("a.py"): 1}
    assert update(baseline, matched, EVERYTHING, grow=True) == accept(findings)


PATHS = st.sampled_from(["a.py", "b.py", "c.py"])
RULES = st.sampled_from([RULE, "other-rule"])
FINDINGS = st.lists(
    st.builds(finding, PATHS, st.integers(1, 9), st.sampled_from(["f", "g"]), st.sampled_from("xy"), RULES),
    max_size=12,
    unique_by=lambda each: (each.path, each.span),
)
SMALL = FINDINGS.map(accept)
SEEN = st.builds(
    Seen,
    paths=st.none() | st.sets(PATHS, min_size=1),
    failed=st.sets(PATHS, max_size=1),
    rules=st.none() | st.just({RULE}),
)


def visible(findings: Iterable[Finding], seen: Seen) -> list[Finding]:
    return [each for each in findings if seen.judges(each.identity)]


@given(FINDINGS, SMALL, SEEN, st.randoms())
def test_matching_depends_on_no_order(
    findings: list[Finding], baseline: Baseline, seen: Seen, random: object
) -> None:
    run = visible(findings, seen)
    entries = list(baseline.items())
    before = match(run, baseline, seen, nothing_there)
    random.shuffle(run)  # type: ignore[attr-defined]
    random.shuffle(entries)  # type: ignore[attr-defined]
    assert match(run, dict(entries), seen, nothing_there) == before


@given(FINDINGS, SMALL, SEEN)
def test_every_finding_is_either_new_or_covered_and_nothing_counts_twice(
    findings: list[Finding], baseline: Baseline, seen: Seen
) -> None:
    run = visible(findings, seen)
    matched = match(run, baseline, seen, nothing_there)
    assert Counter([*matched.new, *matched.covered]) == Counter(run)
    content = Counter(each.identity[1:] for each in matched.covered)
    room: Counter[tuple[str, ...]] = Counter()
    for each, count in baseline.items():
        room[each[1:]] += count
    assert content <= room


@given(FINDINGS, SMALL, SEEN)
def test_without_growing_a_baseline_only_shrinks_and_then_stays(
    findings: list[Finding], baseline: Baseline, seen: Seen
) -> None:
    run = visible(findings, seen)
    matched = match(run, baseline, seen, nothing_there)
    after = update(baseline, matched, seen)
    assert sum(after.values()) <= sum(baseline.values())
    assert all(count > 0 for count in after.values())
    again = match(run, after, seen, nothing_there)
    assert (again.new, again.covered, again.moved) == (matched.new, matched.covered, ())
    assert again.stale == ()
    assert update(after, again, seen) == after


@given(FINDINGS, SMALL)
def test_after_growing_a_run_over_everything_finds_nothing_new(
    findings: list[Finding], baseline: Baseline
) -> None:
    after = update(baseline, hold(findings, baseline), EVERYTHING, grow=True)
    assert after == accept(findings)
    assert hold(findings, after).new == ()


# Merging


FILE = ".ssot-baseline.jsonl"


class Repository:
    """A git repository with the baseline in it, merged by lines."""

    def __init__(self, folder: Path, baseline: Baseline) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "Tester")
        self.git("config", "user.email", "tester@example.com")
        (folder / ".gitattributes").write_text(f"{FILE} merge=union\n")
        self.commit(baseline)

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self, baseline: Baseline) -> None:
        (self.folder / FILE).write_bytes(dumps(baseline).encode())
        self.git("add", ".")
        self.git("commit", "--quiet", "--message=state")

    def merge(self, ours: Baseline, theirs: Baseline) -> Baseline:
        """What is read after two branches that changed the baseline have been merged."""
        self.git("switch", "--quiet", "--create=theirs")
        self.commit(theirs)
        self.git("switch", "--quiet", "main")
        self.commit(ours)
        self.git("merge", "--quiet", "--no-edit", "theirs")
        merged = read(self.folder / FILE)
        assert merged is not None
        return merged


def baseline_of(**counts: int) -> Baseline:
    return {identity(f"{name}.py"): count for name, count in counts.items() if count}


MERGES = {
    "adjacent lines": (
        {"a": 1, "b": 1, "c": 1, "d": 1},
        {"a": 1, "b": 0, "c": 1, "d": 1},
        {"a": 1, "b": 1, "c": 0, "d": 1},
    ),
    "the same line": ({"a": 1, "b": 1}, {"a": 1, "b": 0}, {"a": 1, "b": 0}),
    "counts of one line": ({"a": 9, "b": 1}, {"a": 8, "b": 1}, {"a": 6, "b": 1}),
    "a count and the line": ({"a": 3, "b": 1}, {"a": 2, "b": 1}, {"a": 0, "b": 1}),
    "a count and its neighbour": ({"a": 3, "b": 4}, {"a": 1, "b": 4}, {"a": 3, "b": 2}),
    "everything": ({"a": 1, "b": 1}, {"a": 0, "b": 0}, {"a": 1, "b": 0}),
}


@pytest.mark.parametrize(("base", "ours", "theirs"), MERGES.values(), ids=MERGES)
def test_two_branches_that_shrink_it_merge_without_conflict_and_right(
    tmp_path: Path, base: dict[str, int], ours: dict[str, int], theirs: dict[str, int]
) -> None:
    """The findings that both branches left are covered; what the merge brought back is stale, and pruned."""
    repository = Repository(tmp_path, baseline_of(**base))
    merged = repository.merge(baseline_of(**ours), baseline_of(**theirs))
    left = {name: max(ours[name] + theirs[name] - base[name], 0) for name in base}
    findings = [finding(f"{name}.py", row + 1) for name, count in left.items() for row in range(count)]
    for name in base:
        assert left[name] <= merged.get(identity(f"{name}.py"), 0) <= base[name]
    matched = hold(findings, merged)
    assert matched.new == ()
    assert update(merged, matched, EVERYTHING) == baseline_of(**left)
    one_more = [*findings, finding("a.py", 99, "new_function")]
    assert hold(one_more, merged).new == (one_more[-1],)


def test_a_branch_that_grows_it_never_covers_what_the_other_added(tmp_path: Path) -> None:
    repository = Repository(tmp_path, baseline_of(a=2, b=1))
    merged = repository.merge(baseline_of(a=3, b=1), baseline_of(a=1, b=1))
    assert merged == baseline_of(a=1, b=1)
