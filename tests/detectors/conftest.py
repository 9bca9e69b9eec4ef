"""Code that is rewritten as one rule's fixes say, and run before and after with a source that keeps a log."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from ssot_lint.engine.plan import FileInput, Plan
from ssot_lint.engine.scan import Scanner
from ssot_lint.fixing.edits import Rows, apply, to_change
from ssot_lint.model import Finding
from ssot_lint.planning import Planner, Selection
from ssot_lint.settings import SettingsIndex
from ssot_lint.syntax.spelling import spell

SOURCE = """
import itertools
import secrets

_counter = itertools.count(1)


class Ids:
    @staticmethod
    def base(prefix: str = "id") -> str:
        return f"{prefix}_{next(_counter)}_{secrets.token_hex(4)}"

    @staticmethod
    def context(user_id: str, operation: str = "context") -> tuple[str, str, str]:
        end = f"{operation}_{next(_counter)}_{secrets.token_hex(4)}"
        thread_id = f"thread_{end}"
        run_id = f"run_{end}"
        request_id = f"req_{end}"
        return thread_id, run_id, request_id

    @staticmethod
    async def later(user_id: str) -> tuple[str, str]:
        end = f"{next(_counter)}_{secrets.token_hex(4)}"
        order_id = f"order_{end}"
        item_id = f"item_{end}"
        return order_id, item_id
"""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The findings of a text, and the text with all of their fixes applied."""

    findings: tuple[Finding, ...]
    text: str

    @property
    def reasons(self) -> list[str | None]:
        return [finding.reason for finding in self.findings]


Rewrite = Callable[..., Rewritten]


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Plan]:
    """Plans of single rules against the source above, or another one."""

    def plan(*rules: str, source: str = SOURCE) -> Plan:
        root = tmp_path_factory.mktemp("project")
        (root / "ids.py").write_text(source, encoding="utf-8")
        (root / "ssot-lint.toml").write_text('source = "ids.Ids"\n', encoding="utf-8")
        settings = SettingsIndex(root, None).for_directory(str(root))
        return Planner(root, Selection(rules), with_fixes=True).plan(settings, settings.sources)

    return plan


def rewrite(plan: Plan, text: str, path: str = "app/code.py") -> Rewritten:
    """What is found in `text`, and what becomes of it."""
    parts = tuple(Path(path).with_suffix("").parts)
    result = Scanner(plan).scan(FileInput(path, parts, False, text.encode()), {})
    assert result.failure is None
    rows = Rows(text)
    fixes = (finding.fix for finding in result.findings if finding.fix is not None)
    changes = {to_change(edit, text, rows) for fix in fixes for edit in fix.edits}
    after = spell(apply(text, changes), lambda dotted: dotted.rpartition(".")[2])
    ast.parse(after)
    return Rewritten(result.findings, after)


class Recorder:
    """A source of truth that logs its calls; it makes sets of IDs that can be told apart by their number."""

    def __init__(self, log: list[str]) -> None:
        self._log = log
        self._made = 0

    def base(self, prefix: str = "id") -> str:
        self._made += 1
        self._log.append("base")
        return f"{prefix}#{self._made}"

    def context(self, user_id: str, operation: str = "context") -> tuple[str, str, str]:
        self._made += 1
        self._log.append("context")
        end = f"{user_id}/{operation}#{self._made}"
        return f"thread_{end}", f"run_{end}", f"req_{end}"


@dataclass(frozen=True, slots=True)
class Run:
    """What a function gave, or the name of what it raised, and what happened meanwhile, in order."""

    result: object
    log: list[str]

    @property
    def without_calls(self) -> list[str]:
        return [entry for entry in self.log if entry not in ("context", "base")]


def run(text: str, *arguments: object, function: str = "work", **names: Any) -> Run:
    """Calls a function of the module `text`, in which `note(x)` logs `x` and returns it."""
    log: list[str] = []

    def note(entry: object) -> object:
        log.append(str(entry))
        return entry

    module: dict[str, Any] = {"Ids": Recorder(log), "note": note, **names}
    body = "\n".join(line for line in dedent(text).splitlines() if not line.startswith("from ids import"))
    exec(compile(body, "code.py", "exec"), module)
    try:
        result = module[function](*arguments)
        result = list(result) if isinstance(result, Iterator) else result
    except Exception as error:  # the point is to compare what is raised
        result = type(error).__name__
    return Run(result, log)
