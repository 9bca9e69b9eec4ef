from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from ssot_lint import __version__
from ssot_lint.errors import InputError, Problem, SsotLintError

if TYPE_CHECKING:
    from tests.cli.conftest import FakeSession, Run


def test_version(run: Run) -> None:
    result = run("--version")
    assert (result.code, result.out) == (0, f"ssot-lint {__version__}\n")


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    commands = result.out.partition("Commands:\n")[2].splitlines()
    package = Path(__file__).parents[2] / "ssot_lint" / "cli"
    modules = sorted(file.stem for file in package.glob("*.py") if not file.stem.startswith("_"))
    assert [line.split()[0] for line in commands] == modules
    assert all(len(line.split()) > 3 for line in commands)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["chekc"], "no command 'chekc'; did you mean \"check\"?"),
        (["--verison"], "No such option"),
        (["_options"], "no command '_options'"),
        (["check", "--slect", "x"], "No such option"),
        (["check", "--select", ""], "Invalid value for '--select': names no rule"),
        (["check", "--ignore", "direct-uuid,,"], "Invalid value for '--ignore': names no rule"),
        (["check", "--select", "direct-uid"], "no such rule: 'direct-uid' is none of direct-uuid, "),
        (["check", "--select", "direct-uid"], '; did you mean "direct-uuid"?'),
        (["check", "--ignore", "direct-uid"], "no such rule: 'direct-uid'"),
        (["check", "--output-format", "jsn"], "; did you mean \"json\"?"),
        (["check", "--output-format", ""], "'' is none of text, concise, "),
        (["check", "--config", "nowhere.toml"], "'nowhere.toml' does not exist"),
        (["check", "--jobs", "0"], "0 is not in the range x>=1"),
        (["check", "-"], "- needs --stdin-filename"),
        (["check", "-", "a.py", "--stdin-filename", "a.py"], "cannot be mixed"),
        (["check", "--stdin-filename", "a.py"], "--stdin-filename is the name of -"),
        (["rule", "direct-uid"], 'did you mean "direct-uuid"?'),
        (["rule", "direct-uuid", "--all"], "exclude each other"),
    ],
)  # fmt: skip
def test_bad_usage_is_told_in_one_line(
    run: Run, session: FakeSession, arguments: list[str], expected: str
) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[-1].startswith("Error: ")
    assert expected in result.err.splitlines()[-1]
    assert not session.requests


@pytest.mark.parametrize(
    ("error", "code", "expected"),
    [
        (SsotLintError("one", "two"), 2, "error: one\nerror: two\n"),
        (InputError([Problem("a.toml", "select", "is bad")]), 2, "error: a.toml: select: is bad\n"),
        (
            ZeroDivisionError("x"),
            2,
            "error: internal error, please report it with what --verbose adds: ZeroDivisionError: x\n",
        ),
        (KeyboardInterrupt(), 130, "\n"),
        (click.Abort(), 130, ""),
    ],
    ids=["expected", "input", "bug", "interrupt", "abort"],
)
def test_an_error_is_told_without_a_traceback(
    run: Run, session: FakeSession, error: BaseException, code: int, expected: str
) -> None:
    session.error = error
    result = run("check")
    assert (result.code, result.out, result.err) == (code, "", expected)


@pytest.mark.parametrize("how", ["--verbose", "-v", "SSOT_LINT_DEBUG"])
def test_a_bug_shows_its_traceback_on_request(
    run: Run, session: FakeSession, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    session.error = ZeroDivisionError("x")
    if how.startswith("-"):
        result = run("check", how)
    else:
        monkeypatch.setenv(how, "1")
        result = run("check")
    assert result.code == 2
    assert result.err.startswith("Traceback")
    assert result.err.endswith("error: internal error, please report it: ZeroDivisionError: x\n")


def test_module_and_command_are_the_same() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "ssot_lint", "--version"], capture_output=True, text=True, check=True
    )
    assert result.stdout == f"ssot-lint {__version__}\n"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_no_encoding_ends_a_run(encoding: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "ssot_lint", "\u65e5\u672c"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )
    assert result.returncode == 2
    shown = {name: "\u65e5\u672c".encode(name, "backslashreplace") for name in ("cp1252", "utf-8")}
    assert shown.get(encoding, shown["utf-8"]) in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGPIPE to imitate")
def test_a_reader_that_goes_away_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "ssot_lint", "--help"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (result.returncode, result.stderr) == (0, b"")
