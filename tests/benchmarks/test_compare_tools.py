"""The comparison of tools: what it reads from them, how it sums up, and that it changes nothing but its page."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

import compare_tools
import pytest
from comparison import document, reading, trees
from comparison.contenders import Contender, Toolbox
from comparison.errors import ReadingError, SourceError
from comparison.measuring import Measured, run
from comparison.reading import Output, Place, Reader
from comparison.rounds import Pace, Row, compare, difference, ratio
from comparison.sections import Goal, Section

SSOT_LINT = """\
app/a.py:5:1: direct-uuid `uuid.uuid4` is called outside the source of truth
app/a.py:5:9: direct-uuid `uuid.uuid4` is called outside the source of truth
app/b.py:2:1: hardcoded-id-prefix `order` belongs to the source
Found 3 findings in 2 files (7 files checked).
"""
RUFF = """\
app/a.py:5:1: TID251 `uuid.uuid4` is banned: Take the ID from the source of truth.
app/b.py:1:1: invalid-syntax: Expected an expression
Found 2 errors.
"""
RUFF_LOG = "[2026-01-31][12:00:00][ruff::commands::check][DEBUG] Checked 6250 files in: 2.42s\n"
SEMGREP = json.dumps(
    {
        "results": [{"path": "app/a.py", "start": {"line": 5, "col": 1}}],
        "paths": {"scanned": ["app/a.py", "b.py"]},
    }
)
AST_GREP = "app/a.py:5:1: warning[direct-uuid]: Take the ID from the source of truth.\n"
AST_GREP_LOG = "sg: summary|file: scannedFileCount=6,skippedFileCount=1\n"
FIXIT = (
    "app/a.py@5:0 DirectUuid: Take the ID from the source of truth.\nb.py: EXCEPTION: Syntax Error @ 2:1.\n"
)
ONE: Counter[Place] = Counter({("app/a.py", 5): 1})


def measured(stdout: str = "", stderr: str = "", code: int = 1, seconds: float = 1.0) -> Measured:
    return Measured(seconds, 1.0, None, code, stdout, stderr, stopped=False)


@pytest.mark.parametrize(
    ("read", "done", "output"),
    [
        (reading.ssot_lint, measured(SSOT_LINT), Output(3, Counter({("app/a.py", 5): 2}), 7)),
        (
            reading.every_rule,
            measured(SSOT_LINT),
            Output(3, Counter({("app/a.py", 5): 2, ("app/b.py", 2): 1}), 7),
        ),
        (reading.ssot_lint, measured("All clear (1 file checked).\n", code=0), Output(0, Counter(), 1)),
        (reading.ruff, measured(RUFF, RUFF_LOG), Output(1, ONE, 6250)),
        (reading.ruff, measured("All checks passed!\n", code=0), Output(0, Counter(), None)),
        (reading.semgrep, measured(SEMGREP, code=0), Output(1, ONE, 2)),
        (reading.ast_grep, measured(AST_GREP, AST_GREP_LOG, code=0), Output(1, ONE, 6)),
        (reading.fixit, measured(FIXIT, "4 files checked, 3 files with errors\n", code=3), Output(1, ONE, 4)),
        (reading.fixit, measured("", "4 files clean\n", code=0), Output(0, Counter(), 4)),
        (reading.fixes, measured("", "Fixed 4,838 findings in 900 files.\n"), Output(4838, Counter(), None)),
        (reading.nothing, measured(code=0), Output(0, Counter(), None)),
    ],
    ids=[
        *(
            "ssot-lint",
            "ssot-lint, every rule",
            "ssot-lint, clean",
            "Ruff",
            "Ruff, clean",
            "Semgrep",
            "ast-grep",
            "Fixit",
            "Fixit, clean",
        ),
        *("fixes", "nothing"),
    ],
)
def test_what_a_tool_says(read: Reader, done: Measured, output: Output) -> None:
    assert read(done) == output


@pytest.mark.parametrize(
    "read",
    [
        reading.ssot_lint,
        reading.ruff,
        reading.semgrep,
        reading.ast_grep,
        reading.fixit,
        reading.fixes,
        reading.nothing,
    ],
)
def test_a_tool_that_fails_is_quoted(read: Reader) -> None:
    with pytest.raises(ReadingError, match=r"^error: no such option$"):
        read(measured("", "usage: tool\nerror: no such option\n", code=2))


def row(name: str, times: dict[int, float], against: str = "a") -> Row:
    contender = Contender(name, name, (), reading.nothing, against)
    runs = {number: measured(seconds=seconds) for number, seconds in times.items()}
    return Row(contender, runs, Output(0, Counter(), None))


@pytest.mark.parametrize(
    ("times", "against", "expected"),
    [
        ({0: 9.0, 1: 2.0, 2: 6.0, 3: 30.0}, "a", 3.0),
        ({0: 40.0}, "a", 10.0),
        ({0: 9.0, 1: 2.0}, "nobody", None),
    ],
    ids=["median of the rounds, not ratio of medians", "only surveyed", "nobody to compare with"],
)
def test_the_ratio_is_taken_round_by_round(
    times: dict[int, float], against: str, expected: float | None
) -> None:
    rows = [row("a", {0: 4.0, 1: 1.0, 2: 2.0, 3: 3.0}), row("b", times, against)]
    assert ratio(rows[1], rows) == expected


def test_the_survey_does_not_count_where_there_are_rounds() -> None:
    assert row("a", {0: 100.0, 1: 3.0, 2: 1.0, 3: 2.0}).seconds == 2.0
    assert row("a", {0: 100.0}).seconds == 100.0


def test_places_of_the_source_are_compared_with_nothing() -> None:
    counted: Counter[Place] = Counter({("a.py", 1): 2, ("b.py", 3): 1})
    found: Counter[Place] = Counter({("a.py", 1): 1, ("c.py", 4): 1, ("ids.py", 9): 1})
    assert difference(found, counted, frozenset({"ids.py"})) == (2, 1)


def test_nothing_is_left_out(tmp_path: Path) -> None:
    program = "import sys, time; time.sleep(float(sys.argv[1])); sys.exit(int(sys.argv[2]))"
    prepared: list[str] = []

    def contender(name: str, tool: str, seconds: float = 0, code: int = 0) -> Contender:
        command = ("-c", program, str(seconds), str(code))
        return Contender(name, tool, command, reading.nothing, "good", prepare=lambda: prepared.append(name))

    tools = Toolbox({"python": sys.executable, "gone": "no-such-tool"}, frozenset({"skipped"}), tmp_path)
    contenders = [
        *(contender("good", "python"), contender("bad", "python", code=3), contender("slow", "python", 60)),
        *(contender("gone", "gone"), contender("skipped", "skipped")),
    ]
    said: list[str] = []

    good, bad, slow, gone, skipped = compare(contenders, tmp_path, tools, Pace(2, 5, 0.5), said.append)

    assert sorted(good.runs) == [0, 1, 2]
    assert not good.stopped
    assert (bad.failure, bad.runs) == ("ended with 3", {})
    assert (slow.stopped, slow.output, sorted(slow.runs)) == (True, None, [0])
    assert slow.seconds < 30
    assert gone.failure == "`gone` is not installed"
    assert skipped.failure == "left out"
    assert prepared == ["good", "bad", "slow", "good", "good"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    child = "import time; b = b'x' * 40_000_000; time.sleep(0.5)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    one = run([sys.executable, "-c", "import time; time.sleep(0.1)"], tmp_path, watch=True).peak
    both = run([sys.executable, "-c", parent], tmp_path, watch=True).peak
    assert one is not None
    assert both is not None
    assert one < 40_000_000 < both


def test_an_interrupt_ends_what_was_started(tmp_path: Path) -> None:
    program = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(60)"
    interrupt = threading.Timer(1, signal.pthread_kill, [threading.get_ident(), signal.SIGINT])
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", program], tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("utf-8")), 0)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    for number in range(50):
        (root / f"app/part{number % 5}").mkdir(parents=True, exist_ok=True)
        (root / f"app/part{number % 5}/m{number}.py").write_text(f"x = {number}\n", "utf-8")
    (root / "app/ids.py").write_text("import uuid\n\n\ndef make():\n    return uuid.uuid4()\n", "utf-8")
    (root / "build").mkdir()
    (root / "build/made.py").write_text("import uuid\n", "utf-8")
    (root / "pyproject.toml").write_text("[tool.ruff]\nexclude = ['app']\n", "utf-8")
    return root


def test_shares_grow_and_stay(tree: Path, tmp_path: Path) -> None:
    shares = [trees.copy(tree, tmp_path / str(share), "app.ids.make", share) for share in (10, 50, 100)]
    small, half, whole = (set(copy.paths) for copy in shares)
    assert small < half < whole
    assert len(whole) == 51
    assert all(copy.own == {"app/ids.py"} and "app/ids.py" in copy.paths for copy in shares)
    assert 'source = "app.ids.make"' in (shares[0].root / "ssot-lint.toml").read_text("utf-8")
    assert not (shares[2].root / "pyproject.toml").exists()
    assert shares[0].paths == trees.copy(tree, tmp_path / "again", "app.ids.make", 10).paths


def test_a_tree_without_a_source_is_given_one(tree: Path, tmp_path: Path) -> None:
    copy = trees.copy(tree, tmp_path / "copy")
    assert copy.own == {"ssot_ids.py"}
    assert len(copy.paths) == 52
    assert not (tree / "ssot_ids.py").exists()


def test_an_unknown_source_is_an_error(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^shop\.ids is in no file of the tree$"):
        trees.copy(tree, tmp_path / "copy", "shop.ids")


def test_the_big_file_is_python_with_ids_in_it(tmp_path: Path) -> None:
    copy = trees.big_file(tmp_path / "big", 30_000)
    text = (copy.root / "orders.py").read_text("utf-8")
    compile(text, "orders.py", "exec")
    assert 30_000 <= len(text) < 31_000
    assert text.count("uuid.uuid4()") == text.count("def ") // 10


def section(goal: Goal) -> Section:
    return Section("shop: 2 files", "A note.", ("", "time"), (("Ruff", "2 ms"),), [], (goal,))


@pytest.mark.parametrize(
    ("goal", "line"),
    [
        (Goal("shop", "memory", 150, 200), "| shop | memory | at most 200 | 150 | yes |"),
        (Goal("shop", "memory", 250, 200), "| shop | memory | at most 200 | 250 | **no** |"),
        (Goal("shop", "Fixit", 120, 100, least=True), "| shop | Fixit | at least 100 | 120 | yes |"),
        (Goal("shop", "Fixit", 12, 100, least=True), "| shop | Fixit | at least 100 | 12 | **no** |"),
        (
            Goal("shop", "Fixit", 12, 100, least=True, more=True),
            "| shop | Fixit | at least 100 | more than 12 | not known |",
        ),
    ],
    ids=["below", "above", "enough", "too little", "stopped too early"],
)
def test_goals(goal: Goal, line: str) -> None:
    report = document.render(["A fact"], [section(goal)])
    assert report.startswith("- A fact\n\n### Goals\n\n| tree | what |")
    assert f"\n{line}\n\n### shop: 2 files\n\nA note.\n\n|  | time |\n|---|---:|\n| Ruff | 2 ms |\n" in report


def test_only_what_is_between_the_marks_is_replaced() -> None:
    page = f"# Speed\n\n{document.BEGIN}\nold\n{document.END}\n\nThe end.\n"
    once = document.replaced(page, "new\n")
    assert once == f"# Speed\n\n{document.BEGIN}\n\nnew\n\n{document.END}\n\nThe end.\n"
    assert document.replaced(once, "new\n") == once


def test_the_page_of_the_project_has_its_marks() -> None:
    page = Path(__file__).parent.parent.parent / "docs/performance.md"
    assert document.replaced(page.read_text("utf-8"), "new\n").count("new\n") == 1


def test_a_page_without_marks_is_refused_before_anything_is_measured(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Speed\n", "utf-8")
    assert compare_tools.main([str(tree), "--update", str(page)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {page}: has no lines")
    assert page.read_text("utf-8") == "# Speed\n"


def test_a_whole_run(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    page, numbers = tmp_path / "page.md", tmp_path / "numbers.json"
    page.write_text(f"{document.BEGIN}\n{document.END}\n", "utf-8")
    linter = tmp_path / "ssot-lint"
    linter.write_text(
        "#!/bin/sh\necho All clear '(51 files checked).'\necho Fixed 3 findings. >&2\n", "utf-8"
    )
    linter.chmod(0o755)
    arguments = [
        *(str(tree), "--source", "shop=app.ids.make", "--part", "tools", "--part", "fixing", "--rounds", "1"),
        *(
            f"--tool=ssot-lint={linter}",
            "--tool=ruff=no-such-tool",
            "--skip",
            "semgrep",
            "--skip",
            "shop=fixit",
        ),
        *("--skip", "ast-grep", "--update", str(page), "--json", str(numbers)),
    ]

    assert compare_tools.main(arguments) == 0

    report = capsys.readouterr().out
    assert f"{document.BEGIN}\n\n{report[:-1]}\n{document.END}\n" == page.read_text("utf-8")
    assert "### shop: 51 files, 0.0 MB" in report
    assert "| Ruff | `ruff` is not installed | - | - | - | - | - | - | - |" in report
    assert "| Fixit | left out | - | - | - | - | - | - | - |" in report
    assert "### Fixing shop" in report
    assert str(tmp_path) not in report
    first = json.loads(numbers.read_text("utf-8"))[0]["data"][0]
    assert (first["name"], first["findings"], first["files"], len(first["seconds"])) == (
        "ssot-lint",
        0,
        51,
        1,
    )
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
