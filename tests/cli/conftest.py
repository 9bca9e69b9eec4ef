from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ssot_lint.cli import main
from ssot_lint.model import Failure, FailureKind, Finding, Position, Report, Severity, Span
from ssot_lint.session import CheckRequest


@dataclass(frozen=True)
class Result:
    """What a run said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line in this process; with `terminal`, its output is one."""

    def run(*arguments: str, terminal: bool = False) -> Result:
        for stream in (sys.stdout, sys.stderr) if terminal else ():
            monkeypatch.setattr(stream, "isatty", lambda: True)
        code = main(arguments)
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return run


@dataclass
class FakeSession:
    """Stands in for the check of a session: remembers what it was asked and answers with `report`."""

    report: Report
    error: BaseException | None = None
    requests: list[CheckRequest] = field(default_factory=list)

    def check(self, request: CheckRequest, progress: Callable[[int, int], None] | None = None) -> Report:
        self.requests.append(request)
        if progress:
            progress(0, self.report.checked)
        if self.error:
            raise self.error
        return self.report


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    """A session that finds nothing in two files."""
    fake = FakeSession(Report(tmp_path, (), (), 2))
    monkeypatch.setattr("ssot_lint.session.check", fake.check)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return fake


@pytest.fixture
def finding() -> Finding:
    return Finding(
        rule="direct-uuid",
        severity=Severity.ERROR,
        message="found \u2014 na\u00efve",
        path="app/a.py",
        span=Span(Position(1, 5), Position(1, 8)),
        symbol="",
        snippet="x = bad()",
        line="x = bad()\n",
    )


@pytest.fixture
def failure() -> Failure:
    return Failure(FailureKind.UNPARSABLE, "app/b.py", "invalid syntax", Position(3, 7))
