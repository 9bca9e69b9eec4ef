"""The record of a run: what it changed, skipped and failed at, and the originals, so that it can be undone.

The file is JSON, described by `manifest.schema.json` in this package. It can be written before the first
change: undoing leaves alone what has not been changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ssot_lint import __version__
from ssot_lint.errors import InputError, Problem
from ssot_lint.fixing.write import WriteError, replace, write
from ssot_lint.model import Finding

VERSION = 1
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as the manifest names it; row and column are those of the original file, from 1."""

    rule: str
    row: int
    column: int

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        start = finding.span.start
        return cls(finding.rule, start.row, start.column)


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that was rewritten; `before` and `after` are SHA-256 of its bytes, 64 hex digits each."""

    path: str
    before: str
    after: str
    findings: tuple[Entry, ...]
    original: bytes

    @classmethod
    def of(cls, path: str, original: bytes, content: bytes, findings: Iterable[Finding]) -> Changed:
        return cls(path, digest(original), digest(content), tuple(map(Entry.of, findings)), original)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A finding that was left alone, and why."""

    path: str
    finding: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be rewritten, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One run; paths are relative to the project's root, with forward slashes."""

    changed: tuple[Changed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: files put back, those that needed no undoing, those left alone with the reason."""

    restored: tuple[str, ...]
    untouched: tuple[str, ...]
    left: tuple[Failed, ...]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def save(manifest: Manifest, path: Path) -> None:
    """Write the manifest, in one step; raises `WriteError`."""
    data = {
        "version": VERSION,
        "tool": f"ssot-lint {__version__}",
        "changed": [_dump_changed(item) for item in manifest.changed],
        "skipped": [asdict(item) for item in manifest.skipped],
        "failed": [asdict(item) for item in manifest.failed],
    }
    write(path, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogateescape"))


def load(path: Path) -> Manifest:
    """Read a manifest; raises `InputError` for anything that is none."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8", "surrogateescape"))
        if data["version"] != VERSION:
            raise _fault(path, "version", f"{data['version']!r} is not {VERSION}, the version that is known")
        return Manifest(
            tuple(_read_changed(item) for item in data["changed"]),
            tuple(_read_skipped(item) for item in data["skipped"]),
            tuple(Failed(_read_path(item), str(item["reason"])) for item in data["failed"]),
        )
    except OSError as error:
        raise _fault(path, "", error.strerror or str(error)) from None
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error) as error:
        raise _fault(path, "", f"it is no manifest of ssot-lint: {error}") from None


def undo(manifest: Manifest, root: Path) -> Undone:
    """Put back every file that is still as the run left it; the others are reported and not touched."""
    restored, untouched, left = [], [], []
    for item in manifest.changed:
        path = root / item.path
        try:
            current = path.read_bytes()
            if digest(current) == item.before:
                untouched.append(item.path)
            elif digest(current) == item.after:
                replace(path, item.original, current)
                restored.append(item.path)
            else:
                left.append(Failed(item.path, "it has changed since the run"))
        except WriteError as error:
            left.append(Failed(item.path, str(error)))
        except OSError as error:
            left.append(Failed(item.path, error.strerror or str(error)))
    return Undone(tuple(restored), tuple(untouched), tuple(left))


def _dump_changed(item: Changed) -> Mapping[str, Any]:
    original = base64.b64encode(zlib.compress(item.original, _LEVEL)).decode("ascii")
    findings = [asdict(entry) for entry in item.findings]
    return {
        "path": item.path,
        "before": item.before,
        "after": item.after,
        "findings": findings,
        "original": original,
    }


def _read_changed(item: Mapping[str, Any]) -> Changed:
    path = _read_path(item)
    try:
        original = zlib.decompress(base64.b64decode(item["original"], validate=True))
    except (binascii.Error, zlib.error):
        raise ValueError(f"the original of {path} is damaged") from None
    if digest(original) != item["before"]:
        raise ValueError(f"the original of {path} is not what was there before")
    return Changed(path, item["before"], str(item["after"]), _read_entries(item["findings"]), original)


def _read_skipped(item: Mapping[str, Any]) -> Skipped:
    return Skipped(_read_path(item), _read_entries([item["finding"]])[0], str(item["reason"]))


def _read_entries(items: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(Entry(str(item["rule"]), int(item["row"]), int(item["column"])) for item in items)


def _read_path(item: Mapping[str, Any]) -> str:
    """A manifest from elsewhere must not name files outside of the project."""
    path = PurePosixPath(item["path"])
    outside = path.is_absolute() or ".." in path.parts or "\\" in str(path)
    if outside or not path.parts or ":" in path.parts[0]:
        raise ValueError(f"{item['path']!r} is no path in the project")
    return str(path)


def _fault(path: Path, key: str, message: str) -> InputError:
    return InputError([Problem(path.as_posix(), key, message)])
