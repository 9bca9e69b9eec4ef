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

CHECKOUT = Path(__file__).parent.parent
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md"), *CHECKOUT.glob("examples/*/*.md")])
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"(?ms)^```console\n\$ ssot-lint ([^\n]*)\n(.*?)^```$", README)


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


def test_every_rule_is_in_the_table() -> None:
    pages = map(read_page, sorted((CHECKOUT / "rules").glob("*.md")))
    rows = [f"| [`{page.rule.name}`](rules/{page.rule.name}.md) | {page.summary} |" for page in pages]
    assert re.findall(r"^\| \[.*\|$", README, re.MULTILINE) == rows


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
