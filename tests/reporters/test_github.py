from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import github_action_utils
import pytest
from inline_snapshot import snapshot

from ssot_lint.model import Position, Report, Severity, Span
from ssot_lint.reporters import Context
from ssot_lint.reporters import github as reporter

_COMMAND = re.compile(r"::(?P<command>\w+) (?P<properties>.*?)::(?P<data>.*)")


def render(report: Report, context: Context) -> str:
    return "".join(reporter.render(report, context))


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as GitHub's runner reads it: split first, then unescape."""
    matched = _COMMAND.fullmatch(line)
    assert matched
    pairs = (each.split("=", 1) for each in matched["properties"].split(","))
    properties = {key: _unescaped(value, ":", ",") for key, value in pairs}
    return matched["command"], properties, _unescaped(matched["data"])


def _unescaped(text: str, *more: str) -> str:
    for character in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_a_finding_is_a_command(report: Report, context: Context) -> None:
    assert render(report, context) == snapshot("""\
::error file=app/new.py,line=3,col=7,title=ssot-lint (unparsable-file)::app/new.py:3:7: unparsable-file invalid syntax
::error file=app/orders.py,line=5,col=20,endLine=5,endColumn=30,title=ssot-lint (direct-uuid)::app/orders.py:5:20: direct-uuid `uuid.uuid4` makes an ID outside the source of truth
::warning file=app/orders.py,line=12,endLine=14,title=ssot-lint (hardcoded-id-prefix)::app/orders.py:12:12: hardcoded-id-prefix `thread_` belongs to the source of truth
""")  # noqa: E501


def test_the_runner_reads_what_was_written(nasty: Report, context: Context) -> None:
    failed, inline, block, lost = map(read, render(nasty, context).splitlines())
    path = nasty.findings[0].path
    message = nasty.findings[0].message.replace("\ud800", "\ufffd")
    start, end = nasty.findings[0].span.start, nasty.findings[0].span.end
    assert inline == (
        "error",
        {
            "file": path,
            "line": "2",
            "col": str(start.column),
            "endLine": "2",
            "endColumn": str(end.column),
            "title": "ssot-lint (direct-uuid)",
        },
        f"{path}:2:{start.column}: direct-uuid {message}",
    )
    assert block[:2] == (
        "warning",
        {"file": path, "line": "3", "endLine": "4", "title": "ssot-lint (hardcoded-id-prefix)"},
    )
    assert (lost[0], lost[1]["file"]) == ("notice", "b\ufffd.py")
    assert failed == (
        "error",
        {"file": "c:\n,%.py", "title": "ssot-lint (unreadable-file)"},
        "c:\n,%.py: unreadable-file Permission denied: 'c'",
    )


def test_values_are_escaped_as_others_do_it(
    nasty: Report, context: Context, capfd: pytest.CaptureFixture[str]
) -> None:
    written = render(replace(nasty, findings=nasty.findings[:1], failures=()), context)
    _, properties, message = read(written.rstrip("\n"))
    keys = {"endLine": "end_line", "endColumn": "end_column"}
    github_action_utils.error(message, **{keys.get(key, key): value for key, value in properties.items()})
    expected, _ = capfd.readouterr()
    assert _parts(written) == _parts(expected)


def _parts(command: str) -> tuple[str, set[str], str]:
    matched = _COMMAND.fullmatch(command.rstrip("\n"))
    assert matched
    return matched["command"], set(matched["properties"].split(",")), matched["data"]


@pytest.mark.parametrize(
    ("severity", "command"), list(zip(Severity, ["error", "warning", "notice"], strict=True))
)
def test_severities_have_their_commands(
    report: Report, context: Context, severity: Severity, command: str
) -> None:
    one = replace(report, findings=(report.findings[0]._replace(severity=severity),), failures=())
    assert render(one, context).startswith(f"::{command} ")


def test_failures_come_first(report: Report, context: Context) -> None:
    lines = render(report, context).splitlines()
    assert [line.split("title=")[1].split("::")[0] for line in lines] == [
        "ssot-lint (unparsable-file)",
        "ssot-lint (direct-uuid)",
        "ssot-lint (hardcoded-id-prefix)",
    ]


def test_an_empty_span_has_columns(report: Report, context: Context) -> None:
    at = Position(5, 20)
    one = replace(report, findings=(report.findings[0]._replace(span=Span(at, at)),), failures=())
    _, properties, _ = read(render(one, context).rstrip("\n"))
    assert (properties["col"], properties["endColumn"]) == ("20", "20")


def test_files_are_named_from_the_root_of_the_repository(
    report: Report, context: Context, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    inner = replace(report, root=tmp_path / "services" / "chat")
    assert "::error file=services/chat/app/orders.py,line=5," in render(inner, context)


def test_nothing_found_is_nothing(nothing: Report, context: Context) -> None:
    assert render(nothing, context) == ""
