"""`ssot-lint fix` leaves alone what is accepted, also where the fix of another finding would reach it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

EXAMPLE = Path(__file__).parents[2] / "rules/_example"
REPEATED = """\
from app.ids import IdGenerator


def start(user_id, operation):
    thread_id = IdGenerator.generate_user_context_ids(user_id, operation)[0]{0}
    run_id = IdGenerator.generate_user_context_ids(user_id, operation)[1]{1}
    request_id = IdGenerator.generate_user_context_ids(user_id, operation)[2]{2}
    return thread_id, run_id, request_id
"""
PIECES = """\
import uuid


def start(user_id: str, operation: str):
    suffix = uuid.uuid4().hex[:8]{0}
    thread_id = f"thread_{{suffix}}"{1}
    run_id = f"run_{{suffix}}"{2}
    return thread_id, run_id
"""
PREFIX = """\
import uuid


def start():
    return {{"request_id": f"req_{{uuid.uuid4().hex}}"}}{0}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project of the rule pages."""
    root = tmp_path / "project"
    shutil.copytree(EXAMPLE, root)
    monkeypatch.chdir(root)
    return root


def write(project: Path, code: str, row: int | None, rule: str) -> Path:
    """`app/start.py` with a suppression at one of the gaps of the code."""
    gaps = [""] * 3
    if row is not None:
        gaps[row] = f"  # ssot-lint: ignore[{rule}] -- this one stays"
    path = project / "app/start.py"
    path.write_text(code.format(*gaps), "utf-8")
    return path


SUPPRESSED = {
    "first of a merge": (REPEATED, 0, "repeated-id-generation", (), 5),
    "second of a merge": (REPEATED, 1, "repeated-id-generation", (), 6),
    "last of a merge": (REPEATED, 2, "repeated-id-generation", (), 7),
    "first piece by another rule": (PIECES, 1, "hardcoded-id-prefix", (), 6),
    "second piece": (PIECES, 2, "piecewise-context-ids", (), 7),
    "what the pieces share": (PIECES, 0, "direct-uuid", (), 5),
    "by a rule that was not asked for": (PIECES, 0, "direct-uuid", ("--select", "piecewise-context-ids"), 5),
    "by a rule that was ignored": (PIECES, 0, "direct-uuid", ("--ignore", "direct-uuid"), 5),
    "one of two rules": (PREFIX, 0, "hardcoded-id-prefix", (), 5),
    "the other of two rules": (PREFIX, 0, "direct-uuid", ("--select", "hardcoded-id-prefix"), 5),
}


@pytest.mark.parametrize(("code", "gap", "rule", "flags", "row"), SUPPRESSED.values(), ids=SUPPRESSED)
def test_what_is_suppressed_is_no_part_of_a_fix(
    run: Run, project: Path, code: str, gap: int, rule: str, flags: tuple[str, ...], row: int
) -> None:
    path = write(project, code, gap, rule)
    before = path.read_text("utf-8")

    result = run("fix", "--unsafe-fixes", *flags)

    assert path.read_text("utf-8") == before
    assert result.code == 1
    assert f"no fix: the fix would rewrite row {row}, where a suppression covers `{rule}`" in result.out
    assert "unused-suppression" not in result.out


@pytest.mark.parametrize("code", [REPEATED, PIECES, PREFIX], ids=["merge", "pieces", "prefix"])
@pytest.mark.parametrize(
    ("gap", "rule"),
    [(None, ""), (0, "mismatched-source-call")],
    ids=["no suppression", "one of something else"],
)
def test_what_is_not_suppressed_is_fixed(
    run: Run, project: Path, code: str, gap: int | None, rule: str
) -> None:
    path = write(project, code, gap, rule)

    run("fix", "--unsafe-fixes", "--ignore", "mismatched-source-call")

    assert path.read_text("utf-8").count("IdGenerator.") == 1


def test_a_second_run_knows_what_a_suppression_covers(run: Run, project: Path) -> None:
    write(project, REPEATED, 0, "repeated-id-generation")

    first, second = run("check"), run("check")

    assert "unused-suppression" not in first.out
    assert second == first


def test_a_suppression_that_has_expired_spares_nothing(run: Run, project: Path) -> None:
    path = write(project, REPEATED, 1, "repeated-id-generation")
    path.write_text(path.read_text("utf-8").replace("] --", "] until=2020-01-31 --"), "utf-8")

    run("fix")

    assert path.read_text("utf-8").count("IdGenerator.") == 1


@pytest.mark.parametrize(
    ("code", "earlier", "flags"),
    [(REPEATED, REPEATED.replace("[1]", "[0]"), ()), (PIECES, PIECES, ("--select", "direct-uuid"))],
    ids=["merge", "pieces"],
)
def test_what_the_baseline_accepts_is_only_a_part_of_a_fix_on_request(
    run: Run, project: Path, code: str, earlier: str, flags: tuple[str, ...]
) -> None:
    write(project, earlier, None, "")
    run("baseline", *flags)
    path = write(project, code, None, "")
    before = path.read_text("utf-8")

    spared = run("fix", "--unsafe-fixes")
    after = path.read_text("utf-8")
    run("fix", "--unsafe-fixes", "--baselined")

    assert (spared.code, after) == (1, before)
    assert "where the baseline covers `" in spared.out
    assert path.read_text("utf-8").count("IdGenerator.") == 1
