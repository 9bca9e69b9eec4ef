"""Keeps the results of scans in the cache, and knows when they still hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from ssot_lint.cache import Cache, Entry, content_digest
from ssot_lint.cache_folder import Stamp, StampOf, code_stamp
from ssot_lint.discovery import SourceFile
from ssot_lint.engine.plan import FileResult, Plan
from ssot_lint.settings import Settings, relative_path
from ssot_lint.syntax.query import Query

Consulted = Mapping[Query, str]
"""What a result depends on: for each question to the tree, a text that changes if the answer may."""


class Memory:
    """The remembered results of one plan for the files at `paths`, which are relative to `root`.

    `state_of` tells what a question's answer depends on now.
    """

    def __init__(
        self,
        directory: Path,
        root: Path,
        settings: Settings,
        plan: Plan,
        paths: Collection[str],
        state_of: Callable[[Query], str],
    ) -> None:
        self._cache = Cache(directory)
        self._key = _key(settings, plan, root)
        self._root = root
        self._paths = paths
        self._state_of = state_of
        self._entries = self._cache.load(self._key, paths)
        self._read: dict[str, tuple[Stamp | None, bytes]] = {}
        self._changed: dict[str, Entry] = {}
        self._states: dict[Query, str] = {}

    def recall(self, file: SourceFile, stamp: StampOf) -> FileResult | None:
        """The result for a file that has not changed since, by what its stamp says; None if it may have."""
        entry = self._entries.get(file.relative)
        try:
            if entry is None or entry.stamp is None or entry.stamp != stamp(file.path):
                return None
        except OSError:
            return None
        return self._result(file.relative, entry)

    def recall_content(self, file: SourceFile, stamp: Stamp | None, content: bytes) -> FileResult | None:
        """The result for a file with that content; None if unknown.

        The next run knows the file by the stamp, if there is one.
        """
        digest = content_digest(content)
        self._read[file.relative] = (stamp, digest)
        entry = self._entries.get(file.relative)
        result = self._result(file.relative, entry) if entry is not None and entry.digest == digest else None
        if result is not None and entry is not None:
            self._remember(file.relative, entry.result, entry.consulted)
        return result

    def keep(self, result: FileResult | None, path: str, consulted: Consulted) -> None:
        """Remember the result for a file that was read; None stands for nothing found."""
        text = None if result is None or result.is_empty else _encode(result)
        self._remember(path, text, _encode_consulted(consulted) if consulted else None)

    def save(self) -> None:
        if self._changed:
            self._cache.save(self._key, self._changed, self._gone())

    def _gone(self) -> list[str]:
        """Files that are remembered and not there any more; looked for when there may be many."""
        if len(self._entries) <= 2 * len(self._paths):
            return []
        others = self._entries.keys() - self._paths
        return [path for path in others if not (self._root / path).exists()]

    def _remember(self, path: str, result: str | None, consulted: str | None) -> None:
        if path in self._read:
            self._changed[path] = Entry(*self._read[path], result, consulted)

    def _result(self, path: str, entry: Entry) -> FileResult | None:
        """The result of an entry; None if something that it depends on has changed, or it cannot be read."""
        try:
            if entry.consulted is not None and not self._holds(json.loads(entry.consulted)):
                return None
            return FileResult(path) if entry.result is None else _decode(path, entry.result)
        except (ValueError, TypeError, LookupError, AttributeError):
            return None

    def _holds(self, consulted: list[Any]) -> bool:
        return all(self._state(Query(*query)) == state for query, state in consulted)

    def _state(self, query: Query) -> str:
        if query not in self._states:
            self._states[query] = self._state_of(query)
        return self._states[query]


def _key(settings: Settings, plan: Plan, root: Path) -> str:
    """A digest of all but the files that can change a result."""
    from hashlib import sha256

    rules = [(rule.name, rule.kind, rule.severity.value, repr(rule.params)) for rule in plan.rules]
    contract = plan.contract.digest if plan.contract is not None else ""
    parts = (
        code_stamp(),
        settings.digest,
        relative_path(str(settings.base), str(root)),
        contract,
        rules,
        plan.with_fixes,
        plan.judges_suppressions,
    )
    return sha256(repr(parts).encode()).hexdigest()


def _encode_consulted(consulted: Consulted) -> str:
    return json.dumps(sorted((tuple(query), state) for query, state in consulted.items()))


def _encode(result: FileResult) -> str:
    from ssot_lint.engine.packing import pack  # nothing is packed where nothing is found

    return json.dumps(pack(result), separators=(",", ":"))


def _decode(path: str, text: str) -> FileResult:
    from ssot_lint.engine.packing import unpack

    return unpack(path, json.loads(text))
