from __future__ import annotations

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
