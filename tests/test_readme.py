"""What the documents promise: commands, output, tables and links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ssot_lint.pages import read_page
from ssot_lint.settings import load

CHECKOUT = Path(__file__).parent.parent
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md"), *CHECKOUT.glob("examples/*/*.md")])
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    """The README's code blocks in a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", README)


SAMPLES = [text.removeprefix("$ ssot-lint ").split("\n", 1) for text in fences("console")]


@pytest.mark.parametrize(("arguments", "output"), SAMPLES, ids=[arguments for arguments, _ in SAMPLES])
def test_output_is_as_shown(arguments: str, output: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    result = subprocess.run(
        [sys.executable, "-m", "ssot_lint", *shlex.split(arguments)],
        cwd=CHECKOUT / "examples/chat",
        env={**environment, "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.stdout + result.stderr == output


def test_there_is_a_sample() -> None:
    assert SAMPLES


@pytest.mark.parametrize("text", fences("toml"))
def test_settings_are_valid(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    (tmp_path / "lint/rules").mkdir(parents=True)
    assert load(file).sources


@pytest.mark.parametrize("text", fences("yaml"))
def test_hooks_exist(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pre_commit", "validate-config", file]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    manifest = (CHECKOUT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"- (id: \S+)", text)) <= set(re.findall(r"- (id: \S+)", manifest))


def test_every_rule_is_in_the_table() -> None:
    pages = map(read_page, sorted((CHECKOUT / "rules").glob("*.md")))
    rows = [f"| [`{page.rule.name}`](rules/{page.rule.name}.md) | {page.summary} |" for page in pages]
    assert re.findall(r"^\| \[.*\|$", README, re.MULTILINE) == rows


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
