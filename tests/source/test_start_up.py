"""What reading the source of truth costs: it is done on every run, so it must not load much."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = {"libcst", "rich", "markdown_it", "pathspec", "click", "difflib", "json", "asyncio"}


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("ssot_lint.source.contract", SLOW | {"ssot_lint.source.learning", "ssot_lint.source.symbolic"}),
        ("ssot_lint.source.learning", SLOW),
    ],
)
def test_loads_only_what_it_needs(module, forbidden):
    code = f"import sys; before = set(sys.modules); import {module}; print(*(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert not set(result.stdout.split()) & forbidden


def test_never_imports_the_source(learned, tmp_path):
    learned(f"import uuid\nopen({str(tmp_path / 'ran')!r}, 'w')\ndef new_id(): return uuid.uuid4().hex\n")
    assert "ids" not in sys.modules
    assert not (tmp_path / "ran").exists()
