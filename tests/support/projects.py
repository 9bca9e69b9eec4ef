"""Projects on disk, in repositories of git, and the command line run on them in this process."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssot_lint.cli import main


@dataclass(frozen=True)
class Result:
    """What a run said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


def runner(capfd: pytest.CaptureFixture[str]) -> Run:
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


def git(root: Path, *arguments: str, day: int = 1) -> str:
    """Runs git with no configuration but the repository's, for nobody, at noon of a day in January 2024."""
    values = {"NAME": "nobody", "EMAIL": "nobody@example.com", "DATE": f"2024-01-{day:02}T12:00:00Z"}
    people = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in values.items()}
    environment = {**os.environ, **people, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(root), *arguments]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout
