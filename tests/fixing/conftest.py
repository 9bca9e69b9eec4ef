from __future__ import annotations

from pathlib import Path

import pytest
from rewriting import SOURCE, Fixer

from ssot_lint.fixing.context import FileContext
from ssot_lint.source import Contract, Target, learn


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    root = tmp_path_factory.mktemp("source")
    (root / "app").mkdir()
    (root / "app" / "ids.py").write_text(SOURCE, encoding="utf-8")
    return learn([Target("app.ids.Ids")], [Path()], root, {})


@pytest.fixture
def context(contract: Contract) -> FileContext:
    return FileContext("app/code.py", ("app",), contract, (3, 11), frozenset({"app", "shared"}))


@pytest.fixture
def fix(context: FileContext) -> Fixer:
    return Fixer(context)
