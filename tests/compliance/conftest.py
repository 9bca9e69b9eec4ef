from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.projects import Run, runner, write

IDS = """\
import uuid


class Ids:
    @staticmethod
    def make(prefix: str = "id") -> str:
        return f"{prefix}_{uuid.uuid4().hex}"

    @staticmethod
    def context(user: str) -> tuple[str, str]:
        end = uuid.uuid4().hex
        return f"thread_{user}_{end}", f"run_{user}_{end}"
"""
PROJECT = {
    "pyproject.toml": '[tool.ssot-lint]\nsource = "app.ids.Ids"\n',
    "app/__init__.py": "",
    "app/ids.py": IDS,
    "app/threads.py": "from app.ids import Ids\n\nthread_id, run_id = Ids.context('a')\nother_id = Ids.make()\n",
    "app/orders.py": "import uuid\n\n\ndef open_order():\n    return str(uuid.uuid4())\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two places that use the source, and one that makes an ID without it."""
    write(tmp_path, PROJECT)
    monkeypatch.chdir(tmp_path)
    return tmp_path
