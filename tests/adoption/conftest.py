from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.projects import Run, git, runner, write

IDS = '''\
"""IDs."""
import uuid


class IdGenerator:
    @staticmethod
    def generate_base_id(prefix: str) -> str:
        return f"{prefix}_{uuid.uuid4().hex}"

    @classmethod
    def generate_thread_id(cls) -> str:
        return cls.generate_base_id("thread")
'''
USER = "from app.ids import IdGenerator\n\nthread_id = IdGenerator.generate_thread_id()\n"
BY_HAND = "import uuid\n\n\ndef open_order():\n    return str(uuid.uuid4())\n"
PROJECT = {
    "pyproject.toml": '[project]\nname = "shop"  # the shop\n',
    "app/__init__.py": "",
    "app/ids.py": IDS,
    "app/threads.py": USER,
    "app/orders.py": BY_HAND,
    "tests/test_orders.py": BY_HAND,
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository that has never seen the linter."""
    write(tmp_path, PROJECT)
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path
