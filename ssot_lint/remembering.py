"""Keeps the results of scans in the cache, and knows when they still hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ssot_lint.cache import Cache, Entry, content_digest
from ssot_lint.cache_folder import Stamp, StampOf
from ssot_lint.discovery import SourceFile
from ssot_lint.engine.plan import FileResult
from ssot_lint.syntax.query import Query

Consulted = Mapping[Query, str]
"""What a result depends on: for each question to the tree, a text that changes if the answer may."""


class Memory:
    """The remembered results of one plan for the files at `paths`, which are relative to `root`.

    `key` is a digest of all but the files that can change a result. `state_of` tells what a question's
    answer depends on now.
    """

    def __init__(
        self,
        directory: Path,
        root: Path,
        key: str,
        paths: Collection[str],
        state_of: Callable[[Query], str],
    ) -> None:
        self._cache = Cache(directory)
        self._key = key
        self._root = root
        self._paths = paths
        self._state_of = state_of
        self._may_keep_all = False
        self._read: dict[str, tuple[Stamp | None, bytes]] = {}
        self._changed: dict[str, Entry] = {}
        self._states: dict[Query, str] = {}

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return self._cache.load(self._key, self._paths)

    def recall(
        self, files: Sequence[SourceFile], stamp: StampOf
    ) -> tuple[Sequence[SourceFile], Sequence[FileResult]]:
        """The files that may have changed since, by what their stamps say, and the results for the others.

        Empty results are left out. If no file has changed, one entry tells the results for all of them.
        """
        of_all = self._cache.load_together(self._key)
        if of_all is None and not self._entries:
            self._may_keep_all = True
            return files, ()
        stamps = _stamps(files, stamp)
        if of_all is not None and of_all.digest == _digest(stamps):
            results = self._results(of_all)
            if results is not None:
                return (), results
        self._may_keep_all = True
        return self._recall_each(files, stamps)

    def _recall_each(
        self, files: Iterable[SourceFile], stamps: Mapping[str, Stamp]
    ) -> tuple[Sequence[SourceFile], Sequence[FileResult]]:
        unknown: list[SourceFile] = []
        results: list[FileResult] = []
        for file in files:
            path = file.relative
            entry = self._entries.get(path)
            is_same = entry is not None and entry.stamp is not None and entry.stamp == stamps.get(path)
            result = self._result(path, entry) if entry is not None and is_same else None
            if result is None:
                unknown.append(file)
            elif not result.is_empty:
                results.append(result)
        return unknown, results

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
        self._remember(path, text, _encode_consulted(consulted.items()) if consulted else None)

    def save(self) -> None:
        together = self._of_all() if self._may_keep_all else None
        if self._changed or together is not None:
            self._cache.save(self._key, self._changed, self._gone(), together)

    def _of_all(self) -> Entry | None:
        """The entry for all files, if each of them can be known by its stamp."""
        entries = {path: self._changed.get(path) or self._entries.get(path) for path in self._paths}
        known = {path: entry for path, entry in entries.items() if entry is not None}
        stamps = {path: entry.stamp for path, entry in known.items() if entry.stamp is not None}
        if len(stamps) < len(entries):
            return None
        found = [f"{_dump(path)}:{entry.result}" for path, entry in known.items() if entry.result is not None]
        consulted = {
            (Query(*query), state)
            for entry in known.values()
            if entry.consulted is not None
            for query, state in json.loads(entry.consulted)
        }
        return Entry(None, _digest(stamps), f"{{{','.join(found)}}}", _encode_consulted(consulted))

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
            if not self._holds(entry.consulted):
                return None
            return FileResult(path) if entry.result is None else _unpack(path, json.loads(entry.result))
        except (ValueError, TypeError, LookupError, AttributeError):
            return None

    def _results(self, entry: Entry) -> list[FileResult] | None:
        """The same for the entry that many files have together."""
        try:
            if entry.result is None or not self._holds(entry.consulted):
                return None
            return [_unpack(path, packed) for path, packed in json.loads(entry.result).items()]
        except (ValueError, TypeError, LookupError, AttributeError):
            return None

    def _holds(self, consulted: str | None) -> bool:
        asked = () if consulted is None else json.loads(consulted)
        return all(self._state(Query(*query)) == state for query, state in asked)

    def _state(self, query: Query) -> str:
        if query not in self._states:
            self._states[query] = self._state_of(query)
        return self._states[query]


def _stamps(files: Iterable[SourceFile], stamp: StampOf) -> dict[str, Stamp]:
    """The stamps of the files by their paths, in their order, as far as they can be had."""
    stamps = {}
    for file in files:
        try:
            stamps[file.relative] = stamp(file.path)
        except OSError:
            continue
    return stamps


def _digest(stamps: Mapping[str, Stamp]) -> bytes:
    """Twenty bytes that change with any of the paths and stamps."""
    numbers = [number for stamp in stamps.values() for number in stamp]
    return content_digest("\0".join((*stamps, repr(numbers))).encode("utf-8", "surrogatepass"))


def _encode_consulted(consulted: Iterable[tuple[Query, str]]) -> str:
    return _dump(sorted((tuple(query), state) for query, state in consulted))


def _encode(result: FileResult) -> str:
    from ssot_lint.engine.packing import pack  # nothing is packed where nothing is found

    return _dump(pack(result))


def _unpack(path: str, packed: Any) -> FileResult:
    from ssot_lint.engine.packing import unpack

    return unpack(path, packed)


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
