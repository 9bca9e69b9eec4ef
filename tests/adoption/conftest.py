from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssot_lint.cli import main

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


@dataclass(frozen=True)
class Result:
    """What a run said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process."""

    def run(*arguments: str) -> Result:
        code = main(arguments)
        return Result(code, *capfd.readouterr())

    return run


def write(root: Path, files: Mapping[str, str]) -> None:
    """Writes files with the line ends that their texts have."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


def contents(root: Path) -> dict[str, bytes]:
    """All files but those of git and of the cache."""
    files = (file for file in root.rglob("*") if file.is_file())
    found = {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
    return {
        path: content
        for path, content in found.items()
        if not path.startswith((".git/", ".ssot-lint-cache/"))
    }


def git(root: Path, *arguments: str) -> str:
    """Runs git as nobody in particular, with no configuration but the repository's own."""
    nobody = {
        f"GIT_{who}_{what}": "nobody@example.com"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **nobody, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(root), *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository that has never seen the linter."""
    write(tmp_path, PROJECT)
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path
