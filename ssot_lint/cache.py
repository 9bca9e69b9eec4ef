"""Results of earlier runs, so that files that have not changed are neither read nor scanned again.

One SQLite file in a folder that ignores itself. Results are kept for a *key*, a digest of everything but the
file's own content that can change them. Whatever goes wrong with the cache, a run does without it: a corrupt
one is thrown away, a full disk or a lock leaves it as it was.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssot_lint.cache_folder import CACHE_FILE, Stamp, ignore_itself

_SCHEMA_VERSION = 2
_KEYS_KEPT = 8
_RACY_NS = 2_000_000_000
_LOCK_SECONDS = 2.0
_BY_NAME = 500
_COLUMNS = "path, size, modified, inode, seen, digest, result, consulted"
_SCHEMA = """
CREATE TABLE runs (key TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE results (
    key TEXT NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    inode INTEGER NOT NULL, seen INTEGER NOT NULL, digest BLOB NOT NULL, result TEXT, consulted TEXT,
    PRIMARY KEY (key, path)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """The result for a file of that stamp and content digest; None stands for nothing found.

    `seen` is when the content was read. `consulted` is what else the result depends on. Both are text in a
    form that is their maker's affair.
    """

    stamp: Stamp
    seen: int
    digest: bytes
    result: str | None = None
    consulted: str | None = None

    def is_of(self, stamp: Stamp) -> bool:
        """Whether a file with this stamp surely has the content of this entry.

        A file that was changed shortly before it was read may have been changed again without another time
        stamp.
        """
        return self.stamp == stamp and self.seen - stamp.modified > _RACY_NS


class Cache:
    """The cache in the folder `directory`, which is made when there is something to save."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load(self, key: str, paths: Collection[str]) -> dict[str, Entry]:
        """The entries that a key has for the paths; empty if there are none or they cannot be read."""
        if not (self._directory / CACHE_FILE).exists():
            return {}
        try:
            with closing(self._connect()) as connection:
                return {
                    _path(name): Entry(Stamp(*values[:3]), *values[3:])
                    for name, *values in _select(connection, key, paths)
                }
        except sqlite3.OperationalError:
            return {}
        except sqlite3.DatabaseError:
            self._discard()
            return {}

    def save(self, key: str, changed: Mapping[str, Entry], gone: Iterable[str] = ()) -> None:
        """Add entries and drop those of files that are gone; drops the keys that were not used for longest."""
        with suppress(OSError, sqlite3.Error):
            self._prepare()
            with closing(self._connect()) as connection, connection:
                connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", (key, time.time_ns()))
                connection.executemany(
                    "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        (
                            key,
                            _name(path),
                            *entry.stamp,
                            entry.seen,
                            entry.digest,
                            entry.result,
                            entry.consulted,
                        )
                        for path, entry in changed.items()
                    ),
                )
                connection.executemany(
                    "DELETE FROM results WHERE key = ? AND path = ?", ((key, _name(path)) for path in gone)
                )
                _drop_old_keys(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._directory / CACHE_FILE, timeout=_LOCK_SECONDS)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != _SCHEMA_VERSION:
            connection.close()
            raise sqlite3.DatabaseError("another version of the schema")
        return connection

    def _prepare(self) -> None:
        """Makes the folder, with a file that keeps it out of git, and the tables."""
        ignore_itself(self._directory)
        if not (self._directory / CACHE_FILE).exists():
            self._create()

    def _create(self) -> None:
        """Whole or not at all: a file of its own, renamed into place."""
        fresh = self._directory / f"{CACHE_FILE}.{os.getpid()}"
        with closing(sqlite3.connect(fresh)) as connection:
            connection.executescript(_SCHEMA + f"PRAGMA user_version = {_SCHEMA_VERSION};")
        fresh.replace(self._directory / CACHE_FILE)

    def _discard(self) -> None:
        with suppress(OSError):
            (self._directory / CACHE_FILE).unlink()


def _select(connection: sqlite3.Connection, key: str, paths: Collection[str]) -> Iterator[Sequence[Any]]:
    """The rows of the paths: few by name, many by reading all."""
    every = f"SELECT {_COLUMNS} FROM results WHERE key = ?"
    if len(paths) > _BY_NAME:
        return connection.execute(every, (key,))
    return connection.execute(
        f"{every} AND path IN ({','.join('?' * len(paths))})", (key, *map(_name, paths))
    )


def _name(path: str) -> bytes:
    """How a path is stored: the name of a file may be no UTF-8, which no text in SQLite can hold."""
    return path.encode("utf-8", "surrogateescape")


def _path(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def content_digest(content: bytes) -> bytes:
    """Twenty bytes that no other content has."""
    from hashlib import blake2b  # slow to load, and unchanged files need none

    return blake2b(content, digest_size=20).digest()


def _drop_old_keys(connection: sqlite3.Connection) -> None:
    kept = "SELECT key FROM runs ORDER BY used DESC LIMIT ?"
    connection.execute(f"DELETE FROM results WHERE key NOT IN ({kept})", (_KEYS_KEPT,))
    connection.execute(f"DELETE FROM runs WHERE key NOT IN ({kept})", (_KEYS_KEPT,))
