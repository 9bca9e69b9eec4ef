from __future__ import annotations

import io
import json
import re
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ssot_lint.model import Failure, Finding
    from tests.cli.conftest import FakeSession, Run

NOTHING = "nothing to check: no Python file there, or all of them are excluded\n"
COLOR = re.compile(r"\x1b\[[\d;]*m")


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        ([], {}),
        (["a.py", "b"], {"paths": ("a.py", "b")}),
        (["--select", "direct-uuid"], {"select": ("direct-uuid",)}),
        (
            [
                "--select",
                "direct-uuid, hardcoded-id-prefix",
                "--select",
                "repeated-id-generation,direct-uuid",
            ],
            {"select": ("direct-uuid", "hardcoded-id-prefix", "repeated-id-generation")},
        ),
        (["--ignore", "direct-uuid"], {"ignore": ("direct-uuid",)}),
        (["--jobs", "3"], {"jobs": 3}),
    ],
)
def test_flags_become_the_request(
    run: Run, session: FakeSession, tmp_path: Path, arguments: list[str], changes: dict[str, Any]
) -> None:
    assert run("check", *arguments).code == 0
    (request,) = session.requests
    assert request == replace(type(request)(paths=(".",), cwd=tmp_path), **changes)


def test_a_configuration_file_is_named_in_full(run: Run, session: FakeSession, tmp_path: Path) -> None:
    (tmp_path / "x.toml").touch()
    run("check", "--config", "x.toml")
    assert session.requests[0].config == tmp_path / "x.toml"


def test_standard_input_is_checked_under_its_name(
    run: Run, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x = 1\r\n\xff")))
    assert run("check", "-", "--stdin-filename", "app/a.py").code == 0
    (request,) = session.requests
    assert (request.paths, request.stdin) == ((), ("app/a.py", b"x = 1\r\n\xff"))


@pytest.mark.parametrize(
    ("found", "failed", "arguments", "code"),
    [
        (False, False, [], 0),
        (True, False, [], 1),
        (False, True, [], 2),
        (True, True, [], 2),
        (True, False, ["--exit-zero"], 0),
        (True, True, ["--exit-zero"], 2),
        (True, False, ["--statistics"], 1),
        (True, False, ["--output-file", "x"], 1),
        (True, False, ["--quiet"], 1),
    ],
)
def test_the_outcome_is_the_exit_code(
    run: Run,
    session: FakeSession,
    finding: Finding,
    failure: Failure,
    found: bool,
    failed: bool,
    arguments: list[str],
    code: int,
) -> None:
    findings = (finding,) if found else ()
    session.report = replace(session.report, findings=findings, failures=(failure,) if failed else ())
    assert run("check", *arguments).code == code


@pytest.mark.parametrize("output_format", ["text", "concise", "json"])
def test_only_findings_are_standard_output(
    run: Run, session: FakeSession, finding: Finding, failure: Failure, output_format: str
) -> None:
    session.report = replace(
        session.report, findings=(finding,), failures=(failure,), notices=("no source is configured",)
    )
    result = run("check", "--output-format", output_format)
    assert "app/a.py" in result.out
    assert "no source" not in result.out
    assert result.err == "no source is configured\nerror: app/b.py:3:7: invalid syntax\n"


def test_quiet_keeps_what_must_be_known(
    run: Run, session: FakeSession, finding: Finding, failure: Failure
) -> None:
    session.report = replace(session.report, findings=(finding,), failures=(failure,), notices=("a notice",))
    result = run("check", "--quiet", "--output-format", "concise")
    assert len(result.out.splitlines()) == 1
    assert result.err == "error: app/b.py:3:7: invalid syntax\n"


@pytest.mark.parametrize(
    ("arguments", "out", "err"),
    [
        ([], "", NOTHING),
        (["--output-format", "json"], "[]\n", NOTHING),
        (["--quiet"], "", ""),
    ],
)
def test_nothing_to_check_is_said(
    run: Run, session: FakeSession, arguments: list[str], out: str, err: str
) -> None:
    session.report = replace(session.report, checked=0)
    result = run("check", *arguments)
    assert (result.code, result.out, result.err) == (0, out, err)


@pytest.mark.usefixtures("session")
def test_verbose_says_what_the_run_did(run: Run, tmp_path: Path) -> None:
    result = run("check", "--verbose")
    assert re.fullmatch(rf"{re.escape(tmp_path.as_posix())}: checked 2 files in \d+\.\d\d s\n", result.err)
    assert result.out == "All clear (2 files checked).\n"


def test_statistics_are_counted_in_json(run: Run, session: FakeSession, finding: Finding) -> None:
    session.report = replace(session.report, findings=(finding, finding))
    result = run("check", "--statistics", "--output-format", "json")
    assert json.loads(result.out) == [{"code": "direct-uuid", "count": 2, "files": 1}]


@pytest.mark.parametrize(
    ("environment", "terminal", "colored"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
    ],
)
def test_color_is_for_terminals_or_on_request(
    run: Run,
    session: FakeSession,
    finding: Finding,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    terminal: bool,
    colored: bool,
) -> None:
    session.report = replace(session.report, findings=(finding,))
    for name, value in {"TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    assert bool(COLOR.search(run("check", terminal=terminal).out)) == colored


@pytest.mark.usefixtures("session")
class TestShowSettings:
    def test_each_configuration_is_shown_once(self, run: Run, tmp_path: Path) -> None:
        for folder in ("one", "two"):
            (tmp_path / folder / "app").mkdir(parents=True)
            (tmp_path / folder / "ssot-lint.toml").write_text(f'ignore = ["{folder}"]\n')
        result = run("check", "--show-settings", "one", "one/app", "two/app/a.py")
        assert result.code == 0
        one, two = result.out.split("\n}\n{\n")
        assert (json.loads(one + "}")["ignore"], json.loads("{" + two)["ignore"]) == (["one"], ["two"])

    def test_flags_are_part_of_it(self, run: Run) -> None:
        result = run("check", "--show-settings", "--select", "direct-uuid", "--ignore", "a,b")
        shown = json.loads(result.out)
        assert (shown["select"], shown["ignore"]) == (["direct-uuid"], ["a", "b"])

    def test_nothing_is_checked(self, run: Run, session: FakeSession) -> None:
        run("check", "--show-settings")
        assert not session.requests

    def test_a_bad_file_is_told(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "ssot-lint.toml").write_text("sauce = 1\n")
        result = run("check", "--show-settings")
        assert (result.code, result.out) == (2, "")
        assert "sauce: unknown key" in result.err


class TestOutputFile:
    def test_it_is_written_and_standard_output_is_not(
        self,
        run: Run,
        session: FakeSession,
        finding: Finding,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        session.report = replace(session.report, findings=(finding,))
        result = run("check", "--output-format", "concise", "--output-file", "report.txt")
        assert (result.out, result.err) == ("", "")
        text = (tmp_path / "report.txt").read_bytes().decode()
        assert text.startswith("app/a.py:1:5: direct-uuid found \u2014 na\u00efve\n")
        assert [file.name for file in tmp_path.iterdir()] == ["report.txt"]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
    @pytest.mark.usefixtures("session")
    def test_the_mode_is_kept(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "report.txt"
        file.touch(0o604)
        file.chmod(0o604)
        run("check", "--output-file", "report.txt")
        assert stat.S_IMODE(file.stat().st_mode) == 0o604

    @pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
    @pytest.mark.usefixtures("session")
    def test_a_link_is_followed(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("report.txt")
        run("check", "--output-file", "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "report.txt").read_text().startswith("All clear")

    def test_it_stays_as_it_was_if_the_report_fails(
        self, run: Run, session: FakeSession, tmp_path: Path
    ) -> None:
        file = tmp_path / "report.txt"
        file.write_text("before")
        session.error = ZeroDivisionError()
        assert run("check", "--output-file", "report.txt").code == 2
        assert file.read_text() == "before"

    @pytest.mark.usefixtures("session")
    def test_a_place_that_does_not_exist_is_named(self, run: Run) -> None:
        result = run("check", "--output-file", "nowhere/report.txt")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("error: nowhere/report.txt: cannot be written: ")

    @pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no such device")
    @pytest.mark.usefixtures("session")
    def test_a_device_is_written_to(self, run: Run) -> None:
        assert run("check", "--output-file", "/dev/null").code == 0
        assert not Path("/dev/null").is_file()


class TestProgress:
    @pytest.mark.usefixtures("session")
    def test_a_short_run_shows_no_bar(self, run: Run) -> None:
        assert run("check", terminal=True).err == ""

    def test_a_long_run_shows_a_bar_on_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from ssot_lint.cli._progress import ProgressBar

        terminal = io.StringIO()
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        clock = iter([0.0, 0.6, 0.7])
        monkeypatch.setattr(time, "monotonic", lambda: next(clock, 1.0))
        with ProgressBar(enabled=True) as progress:
            progress(3, 10)
        assert "3/10" in terminal.getvalue()
