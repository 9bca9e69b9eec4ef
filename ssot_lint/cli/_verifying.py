"""The user's own check, as `--verify` names it, run on the tree as it is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click

_LAST_LINES = 10


class Check:
    """Runs a command in a folder; its output is kept for the case that nothing can be told from it."""

    def __init__(self, command: str, folder: Path, quiet: bool) -> None:
        self._command = command
        self._folder = folder
        self._quiet = quiet
        self._last: subprocess.CompletedProcess[bytes] | None = None

    def __call__(self, changed: int) -> bool:
        """Whether the command exits with 0, with so many files changed."""
        # A file that changes back and forth within a second can have the time and the size that Python
        # remembers for compiled code, so none is kept.
        self._last = subprocess.run(
            self._command,
            shell=True,
            cwd=self._folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        passed = self._last.returncode == 0
        if not self._quiet:
            outcome = "passes" if passed else f"fails with {self._last.returncode}"
            click.echo(f"verify: {outcome} with {changed} changed files", err=True)
        return passed

    def complaint(self) -> Iterator[str]:
        """Why its last run, on the untouched tree, is of no use."""
        yield f"{self._command}: fails on the untouched tree, so nothing was changed"
        if self._last is not None:
            yield from self._last.stdout.decode("utf-8", "replace").splitlines()[-_LAST_LINES:]
