"""Code that is rewritten as one rule's fixes say, and run before and after with a source that keeps a log."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

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

    @staticmethod
    def session(user_id: str) -> str:
        return f"session_{user_id}_{next(_counter)}_{secrets.token_hex(4)}"

    @staticmethod
    async def ticket(user_id: str) -> str:
        return f"ticket_{user_id}_{next(_counter)}_{secrets.token_hex(4)}"
"""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The findings of a text, and the text with all of their fixes applied."""

    findings: tuple[Finding, ...]
    text: str

    @property
    def reasons(self) -> list[str | None]:
        return [finding.reason for finding in self.findings]


def plan_in(root: Path, *rules: str, source: str = SOURCE) -> Plan:
    """A plan of some rules, with fixes, for a project in the empty folder `root`."""
    (root / "ids.py").write_text(source, encoding="utf-8")
    (root / "ssot-lint.toml").write_text('source = "ids.Ids"\n', encoding="utf-8")
    settings = SettingsIndex(root).for_directory(str(root))
    return Planner(root, Selection(rules), with_fixes=True).plan(settings, settings.sources)


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
    """A source of truth that logs its calls; the IDs of one call have the same number, and no other has it."""

    def __init__(self, log: list[str], fails: bool = False) -> None:
        self._log = log
        self._fails = fails
        self._made = 0

    def base(self, prefix: str = "id") -> str:
        return f"{prefix}#{self._next('base', prefix)}"

    def context(self, user_id: str, operation: str = "context") -> tuple[str, str, str]:
        number = self._next("context", user_id, operation)
        if self._fails:
            raise ValueError("out of numbers")
        return f"thread#{number}", f"run#{number}", f"request#{number}"

    async def later(self, user_id: str) -> tuple[str, str]:
        number = self._next("later", user_id)
        return f"order#{number}", f"item#{number}"

    def session(self, user_id: str) -> str:
        return f"session#{self._next('session', user_id)}"

    async def ticket(self, user_id: str) -> str:
        return f"ticket#{self._next('ticket', user_id)}"

    def raw(self) -> UUID:
        """Stands in for `uuid4`; the number is in the first eight digits, and in the last."""
        number = self._next("uuid4")
        return UUID(int=(number << 96) + number)

    def _next(self, *entry: str) -> int:
        self._log.append(" ".join(("call of", *entry)))
        self._made += 1
        return self._made


_MADE = re.compile(r"(thread|run|request|order|item)#(\d+)")
_ANY_ID = re.compile(r"[\w-]*?(?:#|0{7})([1-9])[\w-]*")


@dataclass(frozen=True, slots=True)
class Run:
    """What a function gave, as text, or the name of what it raised, and what happened meanwhile, in order."""

    result: str
    log: tuple[str, ...]

    @property
    def calls(self) -> int:
        """How often the source was asked for IDs."""
        return sum(map(_is_call, self.log))

    @property
    def shape(self) -> str:
        """The result without the numbers of its IDs."""
        return _MADE.sub(r"\1#", self.result)

    @property
    def sets(self) -> set[str]:
        """The numbers of the IDs in the result."""
        return {number for _, number in _MADE.findall(self.result)}

    @property
    def order(self) -> list[str]:
        """What happened, with only the first of several equal calls of the source, and IDs without numbers."""
        first = {entry: index for index, entry in reversed(list(enumerate(self.log)))}
        kept = (entry for index, entry in enumerate(self.log) if not _is_call(entry) or first[entry] == index)
        return [_MADE.sub(r"\1#", entry) for entry in kept]

    @property
    def story(self) -> list[str]:
        """All that happened and came of it, with each ID, a raw one or one of the source, as its number."""
        entries = ("an ID is made" if _is_call(entry) else entry for entry in (*self.log, self.result))
        return [_ANY_ID.sub(r"ID \1", entry) for entry in entries]

    @property
    def numbers(self) -> list[str]:
        """The numbers of all IDs in the result, raw ones too; IDs that belong together have the same."""
        return _ANY_ID.findall(self.result)

    @property
    def notes(self) -> list[str]:
        """What happened besides calls of the source, with IDs without numbers."""
        return [_MADE.sub(r"\1#", entry) for entry in self.log if not _is_call(entry)]


def _is_call(entry: str) -> bool:
    return entry.startswith("call of ")


def run(text: str, *arguments: object, fails: bool = False, logs_raw: bool = False) -> Run:
    """Calls the function `work` of the module `text`, in which `note(x)` logs `x` and returns it.

    With `logs_raw`, calls of `uuid4` are logged as well.
    """
    log: list[str] = []

    def note(entry: object) -> object:
        log.append(str(entry))
        return entry

    source = Recorder(log, fails)
    module: dict[str, Any] = {"Ids": source, "note": note, "Box": SimpleNamespace}
    body = "\n".join(line for line in text.splitlines() if not line.startswith("from ids import"))
    with patch("uuid.uuid4", source.raw) if logs_raw else nullcontext():
        exec(compile(body, "code.py", "exec"), module)
        result = _outcome(module["work"], arguments)
    return Run(repr(result), tuple(log))


def _outcome(function: Callable[..., object], arguments: Sequence[object]) -> object:
    try:
        result = function(*arguments)
        if inspect.isawaitable(result):
            return asyncio.run(_awaited(result))
        return list(result) if inspect.isgenerator(result) else result
    except Exception as error:
        return type(error).__name__


async def _awaited(result: Awaitable[object]) -> object:
    return await result
