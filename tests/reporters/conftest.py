from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ssot_lint.catalogue import Rule
from ssot_lint.model import (
    Applicability,
    Edit,
    Failure,
    FailureKind,
    Finding,
    Fix,
    Position,
    Report,
    Severity,
    Span,
)
from ssot_lint.reporters import Context

ROOT = Path("/project").absolute()


@pytest.fixture
def context() -> Context:
    rule = Rule("direct-uuid", "forbidden-call", Severity.ERROR, "1.0", True, {}, "https://x.test/", ROOT)
    return Context(cwd=ROOT, color=False, quiet=False, load_rules=lambda: {"direct-uuid": rule})


@pytest.fixture
def report() -> Report:
    """Two findings in one file, one with a fix and one with a reason, and a file that failed."""
    fix = Fix(
        Applicability.SAFE,
        "Call `IdGenerator.generate_base_id`",
        (Edit(Span(Position(5, 16), Position(5, 33)), 'IdGenerator.generate_base_id("order")'),),
    )
    return Report(
        root=ROOT,
        findings=(
            Finding(
                rule="direct-uuid",
                severity=Severity.ERROR,
                message="`uuid.uuid4` makes an ID outside the source of truth",
                path="app/orders.py",
                span=Span(Position(5, 20), Position(5, 30)),
                symbol="open_order",
                snippet="order_id = str(uuid.uuid4())",
                line="    order_id = str(uuid.uuid4())\n",
                fix=fix,
            ),
            Finding(
                rule="hardcoded-id-prefix",
                severity=Severity.WARNING,
                message="`thread_` belongs to the source of truth",
                path="app/orders.py",
                span=Span(Position(12, 12), Position(14, 2)),
                symbol="",
                snippet='return f"thread_{uuid4()}"',
                line='    return f"""thread_',
                reason="the value is a file name",
            ),
        ),
        failures=(Failure(FailureKind.UNPARSABLE, "app/new.py", "invalid syntax", Position(3, 7)),),
        checked=17,
    )


@pytest.fixture
def nothing(report: Report) -> Report:
    return replace(report, findings=(), failures=())


@pytest.fixture
def only_failures(report: Report) -> Report:
    return replace(report, findings=())


@pytest.fixture
def only_faults(nothing: Report) -> Report:
    message = "can shrink: 2 findings that it accepts are gone; run ssot-lint baseline --prune"
    return replace(nothing, faults=(Failure(FailureKind.STALE, ".ssot-baseline.jsonl", message),))


@pytest.fixture
def nasty(tmp_path: Path) -> Report:
    """What formats trip over: astral characters, tabs, markup, escapes, line ends, bytes that are no UTF-8.

    The first file of the report is there, the others are not.
    """
    path = "a dir/ü #%41;x,y.py"
    rows = [
        "import uuid",
        '\tname = "\N{GRINNING FACE}é"; key = str(uuid.uuid4())',
        'url = f"""',
        '{uuid}"""',
    ]
    (tmp_path / "a dir").mkdir()
    (tmp_path / path).write_bytes("\r\n".join(rows).encode())
    call = rows[1].index("uuid.uuid4") + 1
    fix = Fix(
        Applicability.UNSAFE,
        "Call `😀`\nand, 100 %: <b>",
        (
            Edit(Span(Position(2, 2), Position(2, 6)), "título"),
            Edit(
                Span(Position(2, call - 4), Position(2, len(rows[1]) + 1)),
                'ids.new("\N{GRINNING FACE}")\n\tx()',
            ),
        ),
    )
    inline = Finding(
        rule="direct-uuid",
        severity=Severity.ERROR,
        message="100 %: <a href='x'>&amp;</a> \"]]>\"\r\n\x1b[31m\x00 {0} [x](y) 😀\t\ud800, ::end",
        path=path,
        span=Span(Position(2, call), Position(2, call + 10)),
        symbol="Ünïcode.open",
        snippet=rows[1].strip(),
        line=rows[1],
        fix=fix,
    )
    block = Finding(
        rule="hardcoded-id-prefix",
        severity=Severity.WARNING,
        message="a %0A prefix",
        path=path,
        span=Span(Position(3, 7), Position(4, 10)),
        symbol="",
        snippet="url",
        line=rows[2],
        reason="it's a \x1b name",
    )
    lost = inline._replace(path="b\udcff.py", severity=Severity.INFO, message="i", symbol="", fix=None)
    failures = (Failure(FailureKind.UNREADABLE, "c:\n,%.py", "Permission denied: 'c'"),)
    return Report(root=tmp_path, findings=(inline, block, lost), failures=failures, checked=3)


@pytest.fixture(params=["report", "nothing", "only_failures", "only_faults", "nasty"])
def any_report(request: pytest.FixtureRequest) -> Report:
    """Each of the reports, one after the other."""
    report = request.getfixturevalue(request.param)
    assert isinstance(report, Report)
    return report
