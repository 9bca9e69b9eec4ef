"""What is built, and what it does where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

CHECKOUT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"PYTHONPATH": str(path)} if path else {})}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def build(project: Path, target: str, directory: Path) -> Path:
    result = run("-m", "hatchling", "build", "--target", target, "--directory", directory, cwd=project)
    assert result.returncode == 0, result.stderr
    (built,) = directory.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    archive = build(CHECKOUT, "sdist", tmp_path_factory.mktemp("sdist"))
    folder = tmp_path_factory.mktemp("unpacked")
    unpacked = run("-m", "tarfile", "--extract", archive, folder, cwd=folder)
    assert unpacked.returncode == 0, unpacked.stderr
    (project,) = folder.iterdir()
    return project


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the source distribution builds."""
    return build(sdist, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, in a folder of their own."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_sdist_has_what_the_tests_need(sdist: Path) -> None:
    assert {"tests", "rules", "examples", "docs", "README.md", ".pre-commit-hooks.yaml"} <= {
        entry.name for entry in sdist.iterdir()
    }


def test_wheel_has_one_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {PurePosixPath(name).parts[0] for name in archive.namelist()}
    assert {top.partition("-")[0] for top in tops} == {"ssot_lint"}


def test_wheel_has_every_rule(installed: Path) -> None:
    ours = {path.relative_to(CHECKOUT / "rules") for path in (CHECKOUT / "rules").glob("*.md")}
    theirs = {
        path.relative_to(installed / "ssot_lint/rules")
        for path in (installed / "ssot_lint/rules").glob("*.md")
    }
    assert ours
    assert theirs == ours


@pytest.mark.parametrize("name", ["ssot_lint/py.typed", "ssot_lint-*.dist-info/licenses/LICENSE"])
def test_wheel_has(installed: Path, name: str) -> None:
    assert list(installed.glob(name))


def test_runs_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    where = run("-c", "import ssot_lint; print(ssot_lint.__file__)", cwd=tmp_path, path=installed)
    assert Path(where.stdout.strip()) == installed / "ssot_lint/__init__.py"

    (tmp_path / "a.py").write_text("import uuid\n\nrun_id = str(uuid.uuid4())\n", encoding="utf-8")
    result = run("-m", "ssot_lint", "check", "--output-format", "concise", ".", cwd=tmp_path, path=installed)

    assert result.returncode == 1, result.stderr
    assert result.stdout.startswith("a.py:3:14: direct-uuid ")


@pytest.mark.slow
def test_examples_of_the_rules_hold_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    result = run("-m", "ssot_lint", "rule", "--test", cwd=tmp_path, path=installed)
    assert result.returncode == 0, result.stdout + result.stderr
