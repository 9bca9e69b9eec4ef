"""Whoever scans the files is handed all that it takes, and nothing else."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ssot_lint import checking, session
from ssot_lint.cache_folder import Stamp
from ssot_lint.checking import Checked, Checker
from ssot_lint.discovery import SourceFile, discover, walk
from ssot_lint.engine import pool
from ssot_lint.engine.plan import FileInput, FileResult, Plan
from ssot_lint.engine.pool import Workers
from ssot_lint.planning import Planner, Selection
from ssot_lint.session import CheckRequest
from ssot_lint.settings import SettingsIndex

IDS = (Path(__file__).parents[1] / "support/project/app/ids.py").read_text()
FILES = {
    "ids.py": IDS,
    "names.py": "from uuid import uuid4\n",
    "calls.py": "import uuid\n\nrun_id = f'run_{uuid.uuid4()}'  # ssot-lint: ignore[direct-uuid] -- a test\n",
    "exported.py": "from names import uuid4\n\nx_id = str(uuid4())\n",
    "broken.py": "import uuid\nx = (uuid.uuid4(\n",
    "clean.py": "x = 1\n",
    **{f"more{index}.py": f"import uuid\n\nx{index} = uuid.uuid4()\n" for index in range(9)},
}
FAR_AWAY = """
import pickle, sys

forbidden = sys.argv[1]


def watch(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith(forbidden):
        raise PermissionError(f"{event} {arguments[0]}")


sys.addaudithook(watch)
while True:
    try:
        task, arguments = pickle.load(sys.stdin.buffer)
    except EOFError:
        break
    pickle.dump(task(*arguments), sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""


class FarAway(Executor):
    """Runs what it is given in a process that cannot read the files below a folder, far away from it."""

    def __init__(self, forbidden: Path, cwd: Path) -> None:
        command = [sys.executable, "-c", FAR_AWAY, str(forbidden)]
        self._process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sent: list[bytes] = []

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.sent.append(pickle.dumps((fn, arguments)))
        self._process.stdin.write(self.sent[-1])
        self._process.stdin.flush()
        future: Future[Any] = Future()
        future.set_result(pickle.load(self._process.stdout))
        return future

    def shutdown(self, *_: Any, **__: Any) -> None:
        self._process.communicate(timeout=10)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pool, "_BATCH_BYTES", 100)
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text('[tool.ssot-lint]\nsource = "ids.Ids"\n')
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


def read(file: SourceFile) -> bytes:
    return Path(file.path).read_bytes()


def check(root: Path, workers: Workers, with_fixes: bool = True) -> tuple[list[object], ...]:
    planner = Planner(root, Selection(), with_fixes)
    files = discover([root], SettingsIndex(root), root).files
    try:
        checked = Checker(root, planner).check(files, read, workers, lambda _done, _total: None)
    finally:
        workers.close()
    return _ordered(checked)


def _ordered(checked: Checked) -> tuple[list[object], ...]:
    return (
        sorted(checked.findings, key=lambda each: each.sort_key),
        sorted(checked.suppressed, key=lambda each: each.finding.sort_key),
        sorted(checked.failures, key=lambda each: each.path),
    )


def test_threads_give_the_same(project: Path) -> None:
    with ThreadPoolExecutor(3) as executor:
        assert check(project, Workers(2, executor)) == check(project, Workers(1))


def test_processes_that_cannot_read_the_files_give_the_same(project: Path, tmp_path: Path) -> None:
    here = check(project, Workers(1))
    with FarAway(project, cwd=tmp_path) as executor:
        assert check(project, Workers(2, executor)) == here
    findings, suppressed, failures = here
    assert {each.path for each in findings} >= {"exported.py", "more8.py"}
    assert (len(suppressed), len(failures)) == (1, 1)
    assert len(executor.sent) > 2
    assert not any(str(project).encode() in sent for sent in executor.sent)


@pytest.mark.parametrize("with_fixes", [True, False])
@pytest.mark.parametrize("worth_libcst", [1, 4, 1000])
@pytest.mark.parametrize("jobs", [2, 3])
def test_processes_that_share_the_work_give_the_same(
    project: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, worth_libcst: int, with_fixes: bool
) -> None:
    monkeypatch.setattr(pool, "_WORTH_LIBCST", worth_libcst)
    monkeypatch.setattr(pool, "_WORTH_PREPARING", 1)
    assert check(project, Workers(jobs), with_fixes) == check(project, Workers(1), with_fixes)


def test_a_run_with_little_to_read_starts_no_process(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many files there are, if all but one are known from the run before."""
    started = []
    start = pool.process_context
    monkeypatch.setattr(pool, "process_context", lambda: started.append("") or start())
    monkeypatch.setattr(pool, "_WORTH_PREPARING", 5)
    monkeypatch.setattr(checking, "_WORTH_NOT_READING", 1)
    monkeypatch.setattr(Stamp, "is_settled", lambda _stamp, _now: True)
    request = CheckRequest((".",), project, jobs=2)
    before = session.check(request)
    assert len(started) == 1
    (project / "more3.py").write_text("import uuid\n\nother = uuid.uuid4()\n")
    after = session.check(request)
    assert len(started) == 1
    assert len(after.findings) == len(before.findings)
    assert any("other" in each.line for each in after.findings)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("import uuid\n\nnew = uuid.uuid4()\n", ["start", "learn"], id="much-to-decide"),
        pytest.param("# uuid4 is a word for itself\n", ["start", "learn"], id="much-as-far-as-can-be-told"),
        pytest.param("print(1)\n", ["learn"], id="nothing"),
    ],
)
def test_processes_start_before_the_source_is_learned(
    project: Path, monkeypatch: pytest.MonkeyPatch, code: str, expected: list[str]
) -> None:
    """If a sample of what has been found says that there is work for them, and nothing is remembered."""
    for file in project.glob("*.py"):
        if file.name != "ids.py":
            file.write_text(code)
    events = _recorded(monkeypatch)
    monkeypatch.setattr(walk, "_MANY", 8)
    monkeypatch.setattr(pool, "_WORTH_PREPARING", 1)
    monkeypatch.setattr(checking, "_WORTH_NOT_READING", 1)
    monkeypatch.setattr(Stamp, "is_settled", lambda _stamp, _now: True)
    request = CheckRequest((".",), project, jobs=2)
    before = session.check(request)
    assert events == expected
    if before.findings:
        assert session.check(request) == before
        assert events == expected


def _recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a run does, while it does it."""
    events: list[str] = []

    def recorded(event: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            events.append(event)
            return function(*args, **named)

        return call

    monkeypatch.setattr(pool, "process_context", recorded("start", pool.process_context))
    monkeypatch.setattr(Planner, "_learn", recorded("learn", Planner._learn))
    return events


ALIKE = """
import sys
from ssot_lint.cli import main
from ssot_lint.engine import pool

pool._BATCH_BYTES = 200
code = main(["check", "--no-cache", "--jobs", sys.argv[1], "--select", "direct-uuid", "--statistics", "."])
print(code, "libcst" in sys.modules)
"""


@pytest.mark.parametrize(("jobs", "loads_libcst"), [(1, True), (2, False)])
def test_what_another_process_has_decided_is_not_decided_again(
    tmp_path: Path, jobs: int, loads_libcst: bool
) -> None:
    for index in range(40):
        code = (
            f"import uuid\n\n\ndef new_{index}():\n    x_{index} = str(uuid.uuid4())\n    return x_{index}\n"
        )
        (tmp_path / f"m{index}.py").write_text(code)
    command = [sys.executable, "-c", ALIKE, str(jobs)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == f"1 {loads_libcst}"
    assert "40" in result.stdout


@pytest.mark.parametrize(("jobs", "has_executor"), [(1, False), (4, True), (2, False)])
def test_no_more_is_read_than_is_worked_on(
    monkeypatch: pytest.MonkeyPatch, jobs: int, has_executor: bool
) -> None:
    """Results come while most files have not been read yet."""
    monkeypatch.setattr(pool, "_BATCH_BYTES", 100)
    monkeypatch.setattr(pool, "_MOST_BATCHES_HELD", 10)
    inputs = 0

    def files() -> Iterator[FileInput]:
        nonlocal inputs
        for inputs in range(1, 1001):
            yield FileInput(f"{inputs}.py", (), False, b"x = 1\n" * 10)

    with ThreadPoolExecutor(1) as executor:
        workers = Workers(jobs, executor if has_executor else None)
        ahead = [inputs - done for done, _ in enumerate(scan(workers, files()))]
        workers.close()
    assert len(ahead) == 1000
    assert max(ahead) < 100


def scan(workers: Workers, files: Iterator[FileInput]) -> Iterator[FileResult]:
    return workers.scan(Plan((), None), files, {})
