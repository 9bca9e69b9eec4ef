"""Fixes of a project in memory: one transaction a file, held against a new scan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ssot_lint.model import Finding
from ssot_lint.session import CheckRequest, Fixes, FixRequest, fix

PROJECT = {
    "pyproject.toml": '[tool.ssot-lint]\nsource = "app.ids.Ids"\n',
    "app/__init__.py": "",
    "app/ids.py": "import uuid\n\n\nclass Ids:\n    @staticmethod\n    def make(prefix: str) -> str:\n"
    '        return f"{prefix}_{uuid.uuid4().hex}"\n',
}
ORDER = "import uuid\n\norder_id = str(uuid.uuid4())\n"
FIXED = 'from app.ids import Ids\n\norder_id = Ids.make("order")\n'


def project(root: Path, files: dict[str, str]) -> Path:
    for name, text in (PROJECT | files).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8", newline="")
    return root


def run(root: Path, *paths: str, jobs: int | None = 1, unsafe: bool = False) -> Fixes:
    return fix(FixRequest(CheckRequest(paths or (".",), root, jobs=jobs, with_cache=False), unsafe))


def refused(root: Path) -> list[str]:
    """The reasons of a run that applies nothing."""
    repairs = run(root).repairs
    assert all(repair.after is None for repair in repairs)
    return [refusal.reason for repair in repairs for refusal in repair.refused]


def test_processes_give_what_one_gives(tmp_path: Path) -> None:
    project(tmp_path, {f"app/order{number}.py": ORDER for number in range(26)})

    alone, shared = run(tmp_path, jobs=1), run(tmp_path, jobs=2)

    assert alone == shared
    assert [repair.after for repair in alone.repairs] == [FIXED.encode()] * 26
    assert [repair.path for repair in alone.repairs] == sorted(repair.path for repair in alone.repairs)


def test_nothing_is_written(tmp_path: Path) -> None:
    project(tmp_path, {"app/order.py": ORDER})

    fixes = run(tmp_path)

    assert [repair.before for repair in fixes.repairs] == [ORDER.encode()]
    assert (tmp_path / "app/order.py").read_text("utf-8") == ORDER


@pytest.mark.parametrize(
    "taker",
    [
        pytest.param("from app.order import uuid\n", id="absolute"),
        pytest.param("from .order import uuid\n", id="relative"),
        pytest.param("from . import order\n\nx = order.uuid\n", id="attribute"),
        pytest.param('from unittest import mock\n\nmock.patch("app.order.uuid.uuid4")\n', id="mock"),
    ],
)
@pytest.mark.parametrize("paths", [(".",), ("app/order.py",)], ids=["whole tree", "one file"])
def test_an_import_that_others_need_is_kept(tmp_path: Path, taker: str, paths: tuple[str, ...]) -> None:
    project(tmp_path, {"app/order.py": ORDER, "app/taker.py": taker})

    (repair,) = run(tmp_path, *paths).repairs

    assert (
        repair.after
        == ORDER.replace("\norder", "\nfrom app.ids import Ids\n\norder")
        .replace("str(uuid.uuid4())", 'Ids.make("order")')
        .encode()
    )


def test_an_import_that_would_close_a_cycle_is_refused_with_the_chain(tmp_path: Path) -> None:
    cyclic = "from app import order\n" + PROJECT["app/ids.py"]
    project(tmp_path, {"app/ids.py": cyclic, "app/order.py": ORDER})

    assert refused(tmp_path) == ["the import would close a cycle: app.ids -> app.order"]


@pytest.mark.parametrize("edit", [None, "# one line more\n" + ORDER, "x = 1\n", ""], ids=repr)
def test_a_file_that_changes_under_way_is_not_spoiled(tmp_path: Path, edit: str | None) -> None:
    project(tmp_path, {"app/order.py": ORDER})
    file = tmp_path / "app/order.py"

    def choose(_root: Path, findings: Sequence[Finding]) -> Sequence[Finding]:
        if edit is None:
            file.unlink()
        else:
            file.write_text(edit, "utf-8")
        return findings

    fixes = fix(FixRequest(CheckRequest((".",), tmp_path, with_cache=False), choose=choose))

    assert [repair.after for repair in fixes.repairs if repair.after is not None] == []


def test_only_what_is_chosen_is_fixed(tmp_path: Path) -> None:
    project(tmp_path, {"app/order.py": ORDER + "cart_id = str(uuid.uuid4())\n"})

    def last(_root: Path, findings: Sequence[Finding]) -> Sequence[Finding]:
        assert all(each.fix and len(each.fix.edits) > 1 for each in findings)
        return findings[-1:]

    (repair,) = fix(FixRequest(CheckRequest((".",), tmp_path, with_cache=False), choose=last)).repairs

    assert repair.after is not None
    assert b"order_id = str(uuid.uuid4())" in repair.after
    assert b'cart_id = Ids.make("cart")' in repair.after


def test_a_file_that_cannot_be_rewritten_says_why(tmp_path: Path) -> None:
    project(tmp_path, {"app/order.py": ORDER.replace("\n", "\r")})

    reason = "the file cannot be rewritten: it has carriage returns that end lines by themselves"
    assert refused(tmp_path) == [reason]
