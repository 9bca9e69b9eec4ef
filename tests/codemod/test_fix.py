"""The codemod command, run by LibCST's own tool."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from ladder import copy_of_the_example
from libcst.tool import main as libcst_tool
from projects import Result, contents, write

from ssot_lint.cli import main
from ssot_lint.discovery import walk

ROOT = Path(__file__).parents[2]
BEFORE = """\
import uuid


def open_thread() -> str:
    thread_id = str(uuid.uuid4())
    return thread_id
"""
AFTER = """\
from app.ids import IdGenerator


def open_thread() -> str:
    thread_id = IdGenerator.generate_base_id("thread")
    return thread_id
"""
SHORT = BEFORE.replace("uuid.uuid4())", "uuid.uuid4())[:8]")
BY_RULE = {
    "direct-uuid": BEFORE,
    "hardcoded-id-prefix": """\
import uuid


def start() -> str:
    run_id = f"run_{uuid.uuid4()}"
    return run_id
""",
    "repeated-id-generation": """\
from app.ids import IdGenerator


def start(user_id: str) -> tuple[str, str]:
    thread_id, _, _ = IdGenerator.generate_user_context_ids(user_id)
    _, run_id, _ = IdGenerator.generate_user_context_ids(user_id)
    return thread_id, run_id
""",
    "piecewise-context-ids": """\
import uuid


def start(user_id: str) -> dict[str, str]:
    suffix = uuid.uuid4().hex
    thread_id = f"thread_{suffix}"
    run_id = f"run_{suffix}"
    request_id = f"req_{suffix}"
    return {"thread_id": thread_id, "run_id": run_id, "request_id": request_id}
""",
    "unbound-source": """\
from app.ids import IdGenerator


def start(name: str) -> str:
    if not name:
        from app.ids import IdGenerator
        name = IdGenerator.generate_base_id("name")
    return IdGenerator.generate_base_id(name)
""",
}

Codemod = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    copy_of_the_example(root)
    (root / ".libcst.codemod.yaml").write_text("modules: [ssot_lint.codemod]\nformatter: []\n")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def codemod(capfd: pytest.CaptureFixture[str]) -> Codemod:
    """Runs LibCST's tool in this process; what it exits with and is no number goes to standard error."""

    def codemod(*arguments: str) -> Result:
        try:
            code = libcst_tool("libcst.tool", ["codemod", "-j1", "fix.FixCommand", "--no-format", *arguments])
        except SystemExit as exit:
            code = exit.code if isinstance(exit.code, int) else print(exit.code, file=sys.stderr) or 1
        return Result(code, *capfd.readouterr())

    return codemod


def test_processes_of_the_tool_give_what_fix_gives(project: Path, tmp_path: Path) -> None:
    write(project, {f"app/{rule.replace('-', '_')}.py": text for rule, text in BY_RULE.items()})
    by_fix = copytree(project, tmp_path / "by_fix")
    main(["fix", "--no-cache", "--unsafe-fixes", "--quiet", str(by_fix)])

    command = "codemod -x ssot_lint.codemod.fix.FixCommand --unsafe-fixes --no-format -j 2 ."
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "libcst.tool", *command.split()],
        cwd=project, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stderr
    assert "Transformed 7 files successfully" in result.stderr
    assert contents(project) == contents(by_fix) != {}


@pytest.mark.usefixtures("project")
def test_the_tool_lists_it(capfd: pytest.CaptureFixture[str]) -> None:
    assert libcst_tool("libcst.tool", ["list"]) == 0
    assert capfd.readouterr().out.startswith("fix.FixCommand - Make IDs with the one source of truth")


@pytest.mark.parametrize("rule", BY_RULE)
def test_the_fixes_of_a_rule_are_those_of_fix(project: Path, codemod: Codemod, rule: str) -> None:
    file = project / "app/chat.py"
    file.write_text(BY_RULE[rule])
    assert main(["fix", "--no-cache", "--unsafe-fixes", "--select", rule, str(file)]) == 0
    by_fix = file.read_text()

    file.write_text(BY_RULE[rule])
    for _ in ("once", "again"):
        assert codemod("--unsafe-fixes", "--select", rule, "app/chat.py").code == 0
        assert file.read_text() == by_fix != BY_RULE[rule]


def test_other_rules_are_not_asked(project: Path, codemod: Codemod) -> None:
    write(project, {"app/chat.py": BEFORE})
    assert codemod("--select", "unbound-source,repeated-id-generation", "app/chat.py").code == 0
    assert (project / "app/chat.py").read_text() == BEFORE


def test_a_diff_is_written_instead(project: Path, codemod: Codemod) -> None:
    write(project, {"app/chat.py": BEFORE})
    result = codemod("--unified-diff", "1", "app/chat.py")
    assert '+    thread_id = IdGenerator.generate_base_id("thread")\n' in result.out
    assert (project / "app/chat.py").read_text() == BEFORE


@pytest.mark.parametrize(
    ("arguments", "remains"),
    [([], True), (["--unsafe-fixes"], False)],
    ids=["left with a warning", "made on request"],
)
def test_fixes_that_may_be_noticed(
    project: Path, codemod: Codemod, arguments: list[str], remains: bool
) -> None:
    write(project, {"app/chat.py": SHORT})
    result = codemod(*arguments, "app/chat.py")
    warning = "WARNING: row 5: direct-uuid is not fixed: its fix is unsafe\n"
    assert (result.code, warning in result.err) == (0, remains)
    assert ((project / "app/chat.py").read_text() == SHORT) is remains


@pytest.mark.parametrize(
    ("text", "imported", "reason"),
    [
        pytest.param(
            BEFORE.replace("str(", "("), "", "the value is a UUID object, not a string", id="by its site"
        ),
        pytest.param(
            BEFORE,
            "from app import chat\n",
            "the import would close a cycle: app.ids -> app.chat",
            id="by the proof",
        ),
    ],
)
def test_what_is_refused_is_a_warning(
    project: Path, codemod: Codemod, text: str, imported: str, reason: str
) -> None:
    source = (project / "app/ids.py").read_text()
    write(
        project,
        {"app/chat.py": text, "app/ids.py": source.replace("import time\n", f"import time\n{imported}")},
    )
    assert f"WARNING: row 5: direct-uuid is not fixed: {reason}\n" in codemod("app/chat.py").err
    assert (project / "app/chat.py").read_text() == text


def test_an_import_that_another_file_takes_stays(project: Path, codemod: Codemod) -> None:
    write(project, {"app/chat.py": BEFORE, "app/taker.py": "from app.chat import uuid\n"})
    assert codemod("app/chat.py").code == 0
    assert (project / "app/chat.py").read_text() == AFTER.replace("from", "import uuid\n\nfrom", 1)


def test_the_project_is_walked_once_however_many_files_are_fixed(
    project: Path, codemod: Codemod, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, {f"app/chat{number}.py": BEFORE for number in range(5)})
    listed: list[str] = []
    list_folder = walk.list_folder
    monkeypatch.setattr(walk, "list_folder", lambda path: listed.append(path) or list_folder(path))
    assert codemod("app").code == 0
    assert {file.read_text() for file in project.glob("app/chat?.py")} == {AFTER}
    assert len(listed) == len(set(listed)) > 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(BEFORE.replace("\n", "\r\n").encode(), AFTER.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(BOM_UTF8 + BEFORE.encode(), BOM_UTF8 + AFTER.encode(), id="byte order mark"),
        pytest.param(
            f"# coding: latin-1\n\n{BEFORE}# é\n".encode("latin-1"),
            f"# coding: latin-1\n\n{AFTER}# é\n".encode("latin-1"),
            id="encoding",
        ),
        pytest.param(BEFORE.rstrip("\n").encode(), AFTER.rstrip("\n").encode(), id="no end of the last line"),
        pytest.param(BEFORE.replace("    ", "\t").encode(), AFTER.replace("    ", "\t").encode(), id="tabs"),
        pytest.param(
            f"{BEFORE}x = 1\r\n".encode(), f"{AFTER}x = 1\r\n".encode(), id="a line end of another kind"
        ),
    ],
)
def test_every_other_byte_stays(project: Path, codemod: Codemod, before: bytes, after: bytes) -> None:
    (project / "app/chat.py").write_bytes(before)
    assert codemod("app/chat.py").code == 0
    assert (project / "app/chat.py").read_bytes() == after


@pytest.mark.parametrize("text", [BEFORE.replace("def", "\fdef"), "x = 1\n\n\f"], ids=["fixable", "clean"])
def test_a_file_that_libcst_cannot_write_as_it_reads_it_is_skipped(
    project: Path, codemod: Codemod, text: str
) -> None:
    write(project, {"app/chat.py": text})
    assert "chat.py: LibCST loses a form feed or a backslash of it" in codemod("app").err
    assert (project / "app/chat.py").read_text() == text


@pytest.mark.parametrize("named", ["app/old/chat.py", "app"])
@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app/ssot-lint.toml": 'extend-exclude = ["old/"]\n'}, id="excluded"),
        pytest.param({".gitignore": "old/\n", ".git/HEAD": ""}, id="ignored by git"),
    ],
)
def test_what_fix_leaves_out_is_skipped(
    project: Path, codemod: Codemod, files: dict[str, str], named: str
) -> None:
    write(project, {"app/old/chat.py": BEFORE, **files})
    result = codemod(named)
    assert "Skipped 1 files" in result.err
    assert (project / "app/old/chat.py").read_text() == BEFORE


def test_the_settings_are_those_of_the_files_folder(project: Path, codemod: Codemod) -> None:
    settings = 'source = "app.ids.IdGenerator"\nsource-roots = [".."]\nignore = ["direct-uuid"]\n'
    write(project, {"tools/ssot-lint.toml": settings, "tools/chat.py": BEFORE, "app/chat.py": BEFORE})
    assert codemod("tools", "app").code == 0
    assert (project / "tools/chat.py").read_text() == BEFORE
    assert (project / "app/chat.py").read_text() == AFTER


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        pytest.param(["--stdin-filename", "app/chat.py"], (0, AFTER), id="fixed"),
        pytest.param([], (1, "WARNING: - needs --stdin-filename"), id="nameless"),
    ],
)
@pytest.mark.usefixtures("project")
def test_standard_input(
    codemod: Codemod, monkeypatch: pytest.MonkeyPatch, arguments: list[str], result: tuple[int, str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(BEFORE))
    code, says = result
    given = codemod(*arguments, "-")
    assert (given.code, says in given.out + given.err) == (code, True)


@pytest.mark.parametrize(
    ("arguments", "config", "code", "says"),
    [
        pytest.param(
            ["--select", "direct-uid"], "", 2, "no such rule: 'direct-uid'; did you mean \"direct-uuid\"?", id="rule"
        ),
        pytest.param([], "fixable = 1\n", 1, "pyproject.toml: tool.ssot-lint.fixable: ", id="settings"),
        pytest.param([], "[tool.ssot-lint.rules.direct-uid]\n", 1, "tool.ssot-lint.rules.direct-uid: ", id="rules"),
    ],
)  # fmt: skip
def test_wrong_settings_are_said_at_once_and_change_nothing(
    project: Path, codemod: Codemod, arguments: list[str], config: str, code: int, says: str
) -> None:
    write(project, {"app/chat.py": BEFORE})
    with (project / "pyproject.toml").open("a") as file:
        file.write(config)
    result = codemod(*arguments, "app/chat.py")
    assert (result.code, says in result.err, "Traceback" in result.err) == (code, True, False), result.err
    assert (project / "app/chat.py").read_text() == BEFORE
