"""The fixes that docs/fixing.md shows are what `ssot-lint fix` makes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ladder import copy_of_the_example

if TYPE_CHECKING:
    from tests.cli.conftest import Run

DOCUMENT = Path(__file__).parents[2] / "docs/fixing.md"
CHANGES = re.findall(r"(?ms)^```diff\n(.*?)^```$", DOCUMENT.read_text("utf-8"))


def side(change: str, mark: str) -> str:
    """The text before (`-`) or after (`+`) a change of a whole file."""
    return "".join(line[1:] or "\n" for line in change.splitlines(True) if line[0] in {mark, " ", "\n"})


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_as_shown(change: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of_the_example(tmp_path)
    file = tmp_path / "app/module.py"
    file.write_text(side(change, "-"), "utf-8")
    monkeypatch.chdir(tmp_path)

    run("fix", "--unsafe-fixes", "app")

    assert file.read_text("utf-8") == side(change, "+")


def test_two_changes_are_shown() -> None:
    assert len(CHANGES) == 2
