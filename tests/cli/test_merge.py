"""Parts of a run, put together, against the run as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssot_lint import __version__
from ssot_lint.discovery import Discovery, SourceFile
from ssot_lint.reporters import sarif
from ssot_lint.rule_pages import rules_directory
from ssot_lint.settings import default_settings
from ssot_lint.sharding import Shard, cut
from tests.cli.conftest import Result, Run

FORMATS = ["json", "sarif"]
IDS = (Path(__file__).parents[1] / "support/project/app/ids.py").read_text()
PIECES = """import uuid


def open_context(name: str) -> dict[str, str]:
    return {
        "name": name,
        "thread_id": f"thread_{uuid.uuid4()}",
        "run_id": f"run_{uuid.uuid4()}",
    }
"""
ONE = "import uuid\n\n\ndef make():\n    run_id = str(uuid.uuid4())\n    return run_id\n"
TWICE = ONE.replace("    return run_id\n", "    run_id = str(uuid.uuid4())\n")
ACCEPTED = "import uuid\n\nx = uuid.uuid4()  # ssot-lint: ignore[direct-uuid] -- a test\n"
BROKEN = "import uuid\nx = (uuid.uuid4(\n"

Scene = Callable[[Path, Run], None]


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        file = root / (name.replace("__", "/") + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    write(root, ids=IDS, a=ONE, b__c=ONE * 3, b__d="x = 1\n", e=TWICE, f=ACCEPTED, empty="")
    (root / "pyproject.toml").write_text('[tool.ssot-lint]\nsource = "ids.Ids"\n')
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    return root


def check(run: Run, *arguments: str) -> Result:
    return run("check", "--no-cache", *arguments)


def parts(run: Run, root: Path, count: int, *arguments: str, name: str = "part") -> list[str]:
    """The files with the reports on each of so many shards."""
    files = [str(root.parent / f"{name}-{index}-of-{count}") for index in range(1, count + 1)]
    for index, file in enumerate(files, 1):
        check(run, "--shard", f"{index}/{count}", "--output-file", file, *arguments)
    return files


def nothing(_root: Path, _run: Run) -> None:
    pass


def baselined(root: Path, run: Run) -> None:
    run("baseline")
    write(root, g=ONE)


def moved(root: Path, run: Run) -> None:
    """Of three equal findings in new files two have moved, and what another file had is gone."""
    write(root, z=ONE, gone=ONE.replace("run_id", "old_id"))
    run("baseline")
    (root / "gone.py").unlink()
    write(root, a="", z="", g=ONE, h__i=ONE, h__j=ONE, h__k=ONE * 2, e=TWICE.replace("run_id", "id"))


def stale(root: Path, run: Run) -> None:
    (root / "pyproject.toml").write_text('[tool.ssot-lint]\nsource = "ids.Ids"\nstale-baseline = "error"\n')
    moved(root, run)


def all_accepted(_root: Path, run: Run) -> None:
    run("baseline")


def empty_baseline(root: Path, _run: Run) -> None:
    (root / ".ssot-baseline.jsonl").touch()


def spared(root: Path, run: Run) -> None:
    """A fix would rewrite what has moved."""
    write(root, y=PIECES)
    run("baseline", "--select", "direct-uuid")
    write(root, y="", x=PIECES)


def without_findings(root: Path, _run: Run) -> None:
    write(root, a="", b__c="", e="")


def broken(root: Path, _run: Run) -> None:
    write(root, g=BROKEN, h=BROKEN)
    (root / "b" / "j.py").write_bytes(b"# coding: nonsense\nimport uuid\nuuid.uuid4()\n")


def without_source(root: Path, _run: Run) -> None:
    (root / "pyproject.toml").write_text("[tool.ssot-lint]\n")
    (root / "k.ipynb").touch()


def own_rule_below(root: Path, _run: Run) -> None:
    """The catalogue of the working directory does not have it."""
    page = (rules_directory() / "direct-uuid.md").read_text()
    (root / "b" / "rules").mkdir()
    (root / "b" / "rules" / "raw-id.md").write_text(page)
    (root / "b" / "pyproject.toml").write_text(
        '[tool.ssot-lint]\nsource = "ids.Ids"\nrule-paths = ["rules"]\n'
    )
    write(root / "b", ids=IDS)


def no_files(root: Path, _run: Run) -> None:
    for file in root.rglob("*.py"):
        file.unlink()
    (root / "pyproject.toml").write_text("[tool.ssot-lint]\n")


SCENES = [
    nothing,
    baselined,
    moved,
    stale,
    all_accepted,
    empty_baseline,
    spared,
    without_findings,
    broken,
    without_source,
    own_rule_below,
    no_files,
]


@pytest.mark.parametrize(
    ("scene", "count"),
    [
        *((scene, 3) for scene in SCENES),
        *((scene, count) for scene in (moved, broken) for count in (1, 2, 20)),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.parametrize("format_", FORMATS)
def test_parts_make_up_the_whole(run: Run, project: Path, format_: str, scene: Scene, count: int) -> None:
    scene(project, run)
    whole = check(run, "--output-format", format_)
    merged = run("merge", *reversed(parts(run, project, count, "--output-format", format_)))
    assert merged.out == whole.out
    assert merged.code == whole.code
    assert merged.err == "".join(
        line for line in whole.err.splitlines(keepends=True) if not line.startswith("nothing to check")
    )


@pytest.mark.parametrize(
    ("scene", "states"),
    [
        (nothing, {None}),
        (baselined, {"new", "unchanged"}),
        (moved, {"new", "unchanged", "absent"}),
        (stale, {"new", "unchanged", "absent"}),
        (all_accepted, {"unchanged", "new"}),
        (empty_baseline, {None}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_scenes_have_what_they_are_for(
    run: Run, project: Path, scene: Scene, states: set[str | None]
) -> None:
    scene(project, run)
    results = json.loads(check(run, "--output-format", "sarif").out)["runs"][0]["results"]
    assert {result.get("baselineState") for result in results} == states


def test_a_fix_is_taken_back_where_it_would_rewrite_what_has_moved(run: Run, project: Path) -> None:
    spared(project, run)
    files = parts(run, project, 3, "--output-format", "json")
    before = [entry for file in files for entry in json.loads(Path(file).read_text()) if entry["fix"]]
    after = json.loads(run("merge", *files).out)
    (entry,) = (each for each in after if each["code"] == "piecewise-context-ids")
    assert any(each["fingerprint"] == entry["fingerprint"] for each in before)
    assert entry["fix"] is None
    assert "where the baseline covers `direct-uuid`" in entry["reason"]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("paths", [["b", "g.py"], ["h"], ["../other", "."]], ids=" ".join)
def test_of_some_paths(run: Run, project: Path, format_: str, paths: list[str]) -> None:
    moved(project, run)
    write(project.parent / "other", o=ONE)
    arguments = ("--output-format", format_, *paths)
    whole = check(run, *arguments)
    assert run("merge", *parts(run, project, 3, *arguments)) == whole


@pytest.mark.parametrize("format_", FORMATS)
def test_in_a_folder_of_the_project(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    stale(project, run)
    monkeypatch.chdir(project / "h")
    arguments = ("--output-format", format_, "..")
    whole = check(run, *arguments)
    assert run("merge", *parts(run, project, 2, *arguments)) == whole


def test_what_code_scanning_does_not_take_is_left_out_in_the_end(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(project, run)
    own_rule_below(project, run)
    monkeypatch.setattr(sarif, "MAX_RESULTS", 3)
    whole = check(run, "--output-format", "sarif")
    assert "results are left out" in whole.out
    assert run("merge", *parts(run, project, 3, "--output-format", "sarif")) == whole


def test_the_whole_goes_into_a_file(run: Run, project: Path) -> None:
    whole = check(run, "--output-format", "json", "--output-file", "whole.json")
    merged = run("merge", *parts(run, project, 2, "--output-format", "json"), "--output-file", "merged.json")
    assert merged == whole
    assert Path("merged.json").read_bytes() == Path("whole.json").read_bytes()


def test_findings_can_be_no_failure(run: Run, project: Path) -> None:
    assert run("merge", "--exit-zero", *parts(run, project, 2, "--output-format", "json")).code == 0


def test_nothing_is_said_that_is_no_error(run: Run, project: Path) -> None:
    without_source(project, run)
    assert run("merge", "--quiet", *parts(run, project, 2, "--output-format", "json")).err == ""


def test_a_merge_needs_nothing_but_the_parts(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(project, run)
    whole = check(run, "--output-format", "sarif")
    files = parts(run, project, 3, "--output-format", "sarif")
    monkeypatch.chdir(tmp_path)
    project.rename(tmp_path / "elsewhere")
    assert run("merge", *files).out == whole.out


# Shards


def test_every_file_is_in_one_shard(run: Run, project: Path) -> None:
    found = [
        {entry["filename"] for entry in json.loads(Path(file).read_text())[:-1]}
        for file in parts(run, project, 3, "--output-format", "json")
    ]
    assert sorted(path for part in found for path in part) == ["a.py", "b/c.py", "e.py"]


def sizes_and_names(files: Mapping[str, int], count: int, root: Path) -> list[tuple[int, set[str]]]:
    """What the shards have of files of those sizes, which are written."""
    for name, size in files.items():
        (root / name).write_bytes(b"#" * size)
    settings = default_settings(root)
    found = Discovery(tuple(SourceFile(str(root / name), name, settings) for name in files), (), 0, 0)
    shards = [
        {file.relative for file in cut(found, Shard(index, count)).own.files} for index in range(1, count + 1)
    ]
    return [(sum(files[name] for name in own), own) for own in shards]


def test_shards_have_about_the_same_size(tmp_path: Path) -> None:
    files = {f"{index}.py": index * 37 % 1000 for index in range(200)}
    shards = sizes_and_names(files, 7, tmp_path)
    assert sorted(name for _, own in shards for name in own) == sorted(files)
    assert max(shards)[0] - min(shards)[0] <= 2 * max(files.values())
    assert sizes_and_names(dict(reversed(files.items())), 7, tmp_path) == shards


def test_an_edit_leaves_most_files_where_they_are(tmp_path: Path) -> None:
    files = {f"{index}.py": 500 for index in range(200)}
    before = sizes_and_names(files, 4, tmp_path)
    after = sizes_and_names({**files, "7.py": 900}, 4, tmp_path)
    stayed = sum(len(ours & theirs) for (_, ours), (_, theirs) in zip(before, after, strict=True))
    assert stayed >= len(files) - 3


@pytest.mark.parametrize(
    "value", ["0/3", "4/3", "x", "1", "1/", "/3", "1/0", "-1/3", "1/3/5", "1.0/3", "\u0661/3", ""]
)
def test_a_bad_shard_is_a_usage_error(run: Run, value: str) -> None:
    result = run("check", "--shard", value)
    assert result.code == 2
    assert f"Invalid value for '--shard': {value!r} " in result.err


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        (["--fix"], "--fix"),
        (["--add-ignores", "why"], "--add-ignores"),
        (["--diff-base", "HEAD"], "--diff-base"),
        (["--statistics"], "--statistics"),
        (["-", "--stdin-filename", "a.py"], "-"),
    ],
)
def test_what_a_shard_does_not_go_with(run: Run, flags: list[str], name: str) -> None:
    result = run("check", "--shard", "1/2", *flags)
    assert result.code == 2
    assert f"Error: --shard and {name} exclude each other\n" in result.err


# What is no whole


@pytest.fixture
def two(run: Run, project: Path) -> list[str]:
    return parts(run, project, 2, "--output-format", "json")


def refused(run: Run, *files: str) -> str:
    result = run("merge", *files)
    assert (result.code, result.out) == (2, "")
    return result.err


def test_a_part_is_missing(run: Run, two: list[str]) -> None:
    assert refused(run, two[1]) == "error: of 2 parts, 1 is missing\n"


def test_a_part_is_there_twice(run: Run, two: list[str]) -> None:
    first, second = two
    copy = f"{first}-copy"
    Path(copy).write_bytes(Path(first).read_bytes())
    assert refused(run, first, second, copy) == f"error: {first} and {copy}: are all part 1 of 2\n"


@pytest.mark.parametrize(
    ("arguments", "count", "difference"),
    [
        (["--output-format", "sarif"], 2, "is sarif, and {} is json"),
        (["--output-format", "json"], 3, "is one of 3 parts, and {} one of 2"),
        (
            ["--output-format", "json", "--ignore", "direct-uuid"],
            2,
            "was made with other rules, settings, flags or baselines than {}",
        ),
        (
            ["--output-format", "json", "--no-baseline"],
            2,
            "was made with other rules, settings, flags or baselines than {}",
        ),
        (["--output-format", "json", "a.py", "e.py"], 2, "was made of other files than {}"),
    ],
)
def test_a_part_of_another_run(
    run: Run, project: Path, two: list[str], arguments: list[str], count: int, difference: str
) -> None:
    other = parts(run, project, count, *arguments, name="other")[1]
    assert refused(run, two[0], other) == f"error: {other}: {difference.format(two[0])}\n"


def test_a_part_of_another_version(run: Run, two: list[str]) -> None:
    file = Path(two[1])
    file.write_text(file.read_text().replace(f'"version": "{__version__}"', '"version": "0.0.1"'))
    expected = f"error: {two[1]}: was written by ssot-lint 0.0.1, and this is {__version__}\n"
    assert refused(run, *two) == expected


NO_PART = "is no part of a report: check --shard I/N writes those, in the formats json and sarif"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not valid JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "is not valid JSON: "),
        ("\udcff", "is not valid JSON: "),
        *((text, NO_PART) for text in ("[]", "[1]", "{}", "1", "null", '{"runs": []}', '[{"code": "x"}]')),
        ('[{"shard": {}}]', "shard.version: is missing"),
        ('[{"shard": 1}]', NO_PART),
    ],
)
def test_no_part_at_all(run: Run, two: list[str], text: str, message: str) -> None:
    Path(two[1]).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert refused(run, *two).startswith(f"error: {two[1]}: {message}")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.usefixtures("project")
def test_a_whole_report_is_no_part(run: Run, format_: str) -> None:
    check(run, "--output-format", format_, "--output-file", "whole")
    assert refused(run, "whole") == f"error: whole: {NO_PART}\n"


def test_a_part_of_which_something_was_taken(run: Run, two: list[str]) -> None:
    file = Path(two[0])
    file.write_text(json.dumps(json.loads(file.read_text())[1:]))
    assert refused(run, *two) == f"error: {two[0]}: does not hold the entries that it was written with\n"


def test_a_file_that_is_not_there(run: Run) -> None:
    assert refused(run, "none.json") == "error: none.json: cannot be read: No such file or directory\n"
