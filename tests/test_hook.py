"""The hooks as a user has them: a real `git commit`, with pre-commit installing them from a repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
INSTALLED = ("ssot_lint", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")

CLEAN = '"""Greetings."""\n\nGREETING = "Good morning"\n'
VIOLATION = "import uuid\n\nrun_id = str(uuid.uuid4())\n"


@dataclass(frozen=True)
class Repository:
    """A repository in which git sees no configuration but its own."""

    root: Path
    environment: Mapping[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )

    def git(self, *arguments: str) -> str:
        result = self.run("git", *arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text, encoding="utf-8")

    def commit(self) -> subprocess.CompletedProcess[str]:
        return self.run("git", "commit", "--message", "Change")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    people = {
        f"GIT_{who}_{what}": "ada@example.com"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return {
        **inherited,
        **people,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Repository:
    """This checkout, as a repository that others install hooks from."""
    repository = Repository(tmp_path_factory.mktemp("published"), environment)
    for name in INSTALLED:
        source, target = CHECKOUT / name, repository.root / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Publish")
    return repository


@pytest.fixture
def repository(tmp_path: Path, environment: Mapping[str, str], published: Repository) -> Repository:
    """A project with the hook installed and one commit."""
    repository = Repository(tmp_path, environment)
    repository.git("init", "--quiet")
    repository.write("pyproject.toml", "[tool.ssot-lint]\n")
    configure(repository, published)
    repository.write("greetings.py", CLEAN)
    installed = repository.run(sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stdout
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Begin")
    return repository


def configure(repository: Repository, published: Repository, arguments: str = "") -> None:
    revision = published.git("rev-parse", "HEAD").strip()
    hook = f"{{id: ssot-lint{arguments}}}"
    text = f"repos: [{{repo: '{published.root.as_posix()}', rev: {revision}, hooks: [{hook}]}}]\n"
    repository.write(".pre-commit-config.yaml", text)


@pytest.mark.slow
def test_violation_stops_the_commit(repository: Repository) -> None:
    before = repository.git("rev-parse", "HEAD")
    repository.write("runs.py", VIOLATION)
    repository.git("add", "runs.py")

    result = repository.commit()

    assert result.returncode == 1
    assert "runs.py:3:14" in result.stdout + result.stderr
    assert "direct-uuid" in result.stdout + result.stderr
    assert repository.git("rev-parse", "HEAD") == before


@pytest.mark.slow
def test_partly_staged_clean_change_passes(repository: Repository) -> None:
    staged = CLEAN.replace("morning", "evening")
    repository.write("greetings.py", staged)
    repository.git("add", "greetings.py")
    repository.write("greetings.py", staged + VIOLATION)

    result = repository.commit()

    assert result.returncode == 0, result.stdout + result.stderr
    assert repository.git("show", "HEAD:greetings.py") == staged
    assert (repository.root / "greetings.py").read_text(encoding="utf-8") == staged + VIOLATION


@pytest.mark.slow
def test_violation_that_is_mended_but_not_staged_stops_the_commit(repository: Repository) -> None:
    repository.write("runs.py", VIOLATION)
    repository.git("add", "runs.py")
    repository.write("runs.py", CLEAN)

    assert repository.commit().returncode == 1
    assert (repository.root / "runs.py").read_text(encoding="utf-8") == CLEAN


@pytest.mark.slow
def test_excluded_file_passes(repository: Repository) -> None:
    repository.write("pyproject.toml", '[tool.ssot-lint]\nexclude = ["runs.py"]\n')
    repository.write("runs.py", VIOLATION)
    repository.git("add", "--all")

    result = repository.commit()

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_arguments_of_the_user(repository: Repository, published: Repository) -> None:
    configure(repository, published, ", args: [--ignore, direct-uuid]")
    repository.write("runs.py", VIOLATION)
    repository.git("add", "--all")

    result = repository.commit()

    assert result.returncode == 0, result.stdout + result.stderr


def test_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", CHECKOUT / ".pre-commit-hooks.yaml"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
