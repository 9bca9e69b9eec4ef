"""Projects of one or a few modules, and what is learned from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from ssot_lint.source import Contract, Override, Target, learn

Learn = Callable[..., Contract]


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Writes files, given by path and text, into a folder."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def learned(project: Callable[[Mapping[str, str]], Path]) -> Learn:
    """Learns from one module `ids` given as text, or from several files."""

    def run(
        files: str | Mapping[str, str],
        *targets: str,
        overrides: Mapping[str, Override] | None = None,
    ) -> Contract:
        root = project({"ids.py": files} if isinstance(files, str) else files)
        return learn(
            [Target(name) for name in targets or ("ids",)], [Path(), Path("src")], root, overrides or {}
        )

    return run
