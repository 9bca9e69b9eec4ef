"""Whole runs on projects on disk: what a shell sees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

CONFIG = '[tool.ssot-lint]\nsource = "app.ids.IdGenerator"\n'
IDS = """\
import uuid


class IdGenerator:
    @staticmethod
    def generate_base_id(prefix: str) -> str:
        return f"{prefix}_{uuid.uuid4().hex}"

    @classmethod
    def generate_user_context_ids(cls, user_id: str) -> tuple[str, str, str]:
        suffix = uuid.uuid4().hex
        return f"thread_{user_id}_{suffix}", f"run_{user_id}_{suffix}", f"req_{user_id}_{suffix}"
"""
PROJECT = {"pyproject.toml": CONFIG, "app/__init__.py": "", "app/ids.py": IDS}
DIRECT = {"app/order.py": "import uuid\n\norder_id = str(uuid.uuid4())\n"}
PREFIX = {"app/thread.py": 'import time\n\nthread_id = f"thread_{time.time()}"\n'}
BROKEN = {"app/broken.py": "import uuid\n\nuuid.uuid4(\n"}

RULE_PAGE = """\
+++
kind = "forbidden-call"
severity = "warning"
since = "1.0"

[params]
calls = ["os.getenv"]
+++

## What it finds

Reads of the environment outside of the settings.

## Why

They hide.

## Avoid

```python
import os

name = os.getenv("NAME")  # error: [scattered-environment]
```

## Prefer

```python
from app.settings import name
```

## Leaves alone

```python
import os

os.environ
```

## Limits

None that are known.
"""
WITH_RULE = {
    **PROJECT,
    "pyproject.toml": CONFIG + 'rule-paths = ["policy"]\n',
    "policy/scattered-environment.md": RULE_PAGE,
}


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="\n")


@pytest.fixture(autouse=True)
def _in_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ({}, ["check"], 0),
        (PROJECT, ["check"], 0),
        (PROJECT | DIRECT, ["check"], 1),
        (PROJECT | DIRECT, ["check", "app/ids.py"], 0),
        (PROJECT | DIRECT, ["check", "--select", "hardcoded-id-prefix"], 0),
        (PROJECT | DIRECT, ["check", "--ignore", "direct-uuid"], 0),
        (PROJECT | DIRECT, ["check", "--exit-zero"], 0),
        (PROJECT | PREFIX, ["check", "--select", "hardcoded-id-prefix"], 1),
        (PROJECT | BROKEN, ["check"], 2),
        (PROJECT | BROKEN | DIRECT, ["check", "--exit-zero"], 2),
        (PROJECT | {"app/broken.py": "def nothing to see(\n"}, ["check"], 0),
        (PROJECT | {"ssot-lint.toml": "sauce = 1\n"}, ["check"], 2),
        (PROJECT | {"pyproject.toml": '[tool.ssot-lint]\nsource = "app.nowhere"\n'}, ["check"], 2),
        (DIRECT, ["check"], 1),
        (WITH_RULE | {"a.py": "import os\n\nos.getenv('A')\n"}, ["check"], 1),
        (WITH_RULE | {"policy/other.md": RULE_PAGE.replace("## Why", "## Because")}, ["check"], 2),
        (PROJECT, ["source"], 0),
        (DIRECT, ["source"], 2),
        (PROJECT, ["rule"], 0),
        (PROJECT, ["rule", "direct-uuid"], 0),
        (WITH_RULE, ["rule", "scattered-environment"], 0),
        (WITH_RULE, ["rule", "--test", "scattered-environment"], 0),
        (WITH_RULE, ["rule", "--test", "policy"], 0),
        (WITH_RULE, ["rule", "--test", "policy/scattered-environment.md"], 0),
        (PROJECT | {"policy/no-bad.md": RULE_PAGE}, ["rule", "--test", "policy"], 2),
        (WITH_RULE | {"policy/scattered-environment.md": RULE_PAGE.replace("os.environ", "os.getenv()")},
         ["rule", "--test", "policy"], 1),
    ],
)  # fmt: skip
def test_the_exit_code(
    run: Run, tmp_path: Path, files: dict[str, str], arguments: list[str], code: int
) -> None:
    write(tmp_path, files)
    result = run(*arguments)
    assert (result.code, "Traceback" in result.err, "internal error" in result.err) == (code, False, False)
    assert bool(result.err) or code != 2


def test_findings_and_failures_are_placed(run: Run, tmp_path: Path) -> None:
    write(tmp_path, PROJECT | DIRECT | BROKEN)
    result = run("check", "--output-format", "concise")
    finding, summary = result.out.splitlines()
    assert finding.startswith("app/order.py:3:16: direct-uuid ")
    assert summary == "Found 1 finding in 1 file (4 files checked, 1 could not be)."
    assert result.err.startswith("error: app/broken.py:3:")


def test_paths_are_named_as_seen_from_the_working_directory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, PROJECT | DIRECT)
    monkeypatch.chdir(tmp_path / "app")
    (entry,) = json.loads(run("check", "--output-format", "json").out)
    assert entry["filename"] == "order.py"


def test_standard_input_is_checked_like_a_file(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    command = [sys.executable, "-m", "ssot_lint", "check", "-", "--stdin-filename", "app/order.py"]
    result = subprocess.run(
        [*command, "--output-format", "json"],
        input=DIRECT["app/order.py"].encode(),
        capture_output=True,
        check=False,
    )
    (entry,) = json.loads(result.stdout)
    assert (result.returncode, entry["code"], entry["filename"]) == (1, "direct-uuid", "app/order.py")


def test_an_example_that_does_not_hold_is_shown(run: Run, tmp_path: Path) -> None:
    page = RULE_PAGE.replace('os.getenv("NAME")  #', "os.environ  #").replace("os.environ\n", "os.getenv\n")
    write(tmp_path, WITH_RULE | {"policy/scattered-environment.md": page})
    result = run("rule", "--test", "scattered-environment")
    assert result.out.splitlines() == [
        "FAIL scattered-environment: Avoid 1 (row 21)",
        "     example.py:3: scattered-environment is marked and was not found",
        "ok   scattered-environment: Prefer 1 (row 29)",
        "FAIL scattered-environment: Leaves alone 1 (row 35)",
        result.out.splitlines()[4],
        "1 of 3 examples hold.",
    ]
    assert "example.py:3: scattered-environment was found and is not marked: " in result.out
    outcomes = json.loads(run("rule", "--test", "policy", "--output-format", "json").out)
    assert [outcome["holds"] for outcome in outcomes] == [False, True, False]


def test_an_example_with_bad_settings_does_not_hold(run: Run, tmp_path: Path) -> None:
    fences = "```toml file=pyproject.toml\n[tool.ssot-lint]\nsauce = 1\n```\n```python file=a.py\n"
    page = RULE_PAGE.replace("```python\nimport os\n\nos.environ", f"{fences}import os\n\nos.environ")
    write(tmp_path, WITH_RULE | {"policy/scattered-environment.md": page})
    result = run("rule", "--test", "policy")
    assert result.code == 1
    assert "     pyproject.toml: tool.ssot-lint.sauce: unknown key" in result.out


CLEAN = {
    "app/clean.py": "thread = 1  # uuid4 is not called\n",
    "app/thread.py": 'thread = "a thread of the pool"\n',
}
IMPORTS = """\
import sys
from ssot_lint.cli import main
code = main(sys.argv[1:])
print(code, *sorted(sys.modules), file=sys.stderr)
"""
NEVER = {"asyncio", "email", "http", "libcst", "markdown_it", "pathspec", "rich", "sqlite3"}
LATER = {"concurrent.futures", "hashlib", "logging", "multiprocessing", "subprocess", "tempfile"}
AT_ONCE = NEVER | LATER | {"tomllib", "ssot_lint.session"}
NOTHING_FOUND = NEVER | {
    "pickle",
    "ssot_lint.acceptance",
    "ssot_lint.baseline",
    "ssot_lint.engine.ladder",
    "ssot_lint.model.findings",
    "ssot_lint.model.share",
    "ssot_lint.sparing",
    "ssot_lint.suppressions.reading",
    "ssot_lint.syntax.lexer",
}


A_PLAN = {"ssot_lint.catalogue", "ssot_lint.contracts", "ssot_lint.kinds", "ssot_lint.source"}


@pytest.mark.parametrize(
    ("arguments", "excluded"),
    [
        (["--version"], AT_ONCE),
        (["--help"], AT_ONCE),
        (["chekc"], AT_ONCE),
        (["check", "--select", "x"], NEVER),
        (["check", "app/__init__.py", "app/thread.py"], NOTHING_FOUND),
        (["check", "app"], NEVER),
        (["check", "app", "--output-format", "json"], NEVER),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_without_a_decision_loads_nothing_slow(
    tmp_path: Path, arguments: list[str], excluded: set[str]
) -> None:
    write(tmp_path, PROJECT | CLEAN)
    assert excluded & modules_of(*arguments) == set()


def test_a_second_run_without_a_decision_loads_still_less(tmp_path: Path) -> None:
    write(tmp_path, PROJECT | {"app/empty.py": ""})
    modules_of("check", "app/__init__.py")
    assert A_PLAN & modules_of("check", "app/empty.py") == set()


def modules_of(*arguments: str) -> set[str]:
    """What a run has loaded when it is done."""
    result = subprocess.run(
        [sys.executable, "-c", IMPORTS, *arguments], capture_output=True, text=True, check=True
    )
    _, *modules = result.stderr.splitlines()[-1].split()
    assert "ssot_lint.cli" in modules
    return set(modules)
