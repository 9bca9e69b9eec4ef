"""Results of earlier runs, so that files that have not changed are neither read nor scanned again.

One SQLite file in a folder that ignores itself. Results are kept for a *key*, a digest of everything but the
file's own content that can change them. Whatever goes wrong with the cache, a run does without it: a corrupt
one is thrown away, a full disk or a lock leaves it as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

from ssot_lint.cache_folder import CACHE_FILE, Stamp, exists_in, ignore_itself

T = TypeVar("T")

_SCHEMA_VERSION = 4
_KEYS_KEPT = 8
_MOST_BYTES = 500_000_000
_LOCK_SECONDS = 2.0
_BY_NAME = 500
_COLUMNS = "path, stamp, digest, result, consulted, checksum"
_SCHEMA = (
    "CREATE TABLE runs (key TEXT PRIMARY KEY, used INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE results (key TEXT NOT NULL, path BLOB NOT NULL, stamp TEXT NOT NULL, digest BLOB NOT NULL,"
    " result TEXT, consulted TEXT, checksum INTEGER NOT NULL, PRIMARY KEY (key, path)) WITHOUT ROWID",
    # Long results are kept apart: in the table above, each search would read those that it comes across.
    "CREATE TABLE together (key TEXT PRIMARY KEY, digest BLOB NOT NULL, result TEXT, consulted TEXT,"
    " checksum INTEGER NOT NULL)",
    f"PRAGMA user_version = {_SCHEMA_VERSION}",
)
_USE = "INSERT OR REPLACE INTO runs SELECT ?, coalesce(max(used), 0) + 1 FROM runs"
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
"""What is the fault of the disk, of its rights or of another run, and not of the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The result for a file of that stamp and content digest; None stands for nothing found.

    Without a stamp, only the content tells whether a file is the same. `consulted` is what else the result
    depends on. Both are text in a form that is their maker's affair.
    """

    stamp: Stamp | None
    digest: bytes
    result: str | None = None
    consulted: str | None = None


class Cache:
    """The cache in the folder `directory`, which is made when there is something to save."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / CACHE_FILE

    def load(self, key: str, paths: Collection[str]) -> dict[str, Entry]:
        """The entries that a key has, at least those for the paths; empty if there are none or they cannot be
        read.
        """
        return dict(self._read(lambda connection: _entries(_select(connection, key, paths))))

    def load_together(self, key: str) -> Entry | None:
        """The entry for many files together that a key has, if there is one and it can be read."""
        return next(iter(self._read(lambda connection: _together(connection, key))), None)

    def _read(self, select: Callable[[sqlite3.Connection], Iterable[T]]) -> list[T]:
        if not exists_in(self._directory):
            return []
        try:
            with closing(self._connect()) as connection:
                return list(select(connection)) if _has_schema(connection) else []
        except sqlite3.Error as error:
            self._discard_after(error)
            return []

    def save(
        self,
        key: str,
        changed: Mapping[str, Entry],
        gone: Iterable[str] = (),
        together: Entry | None = None,
    ) -> None:
        """Adds entries and drops those of files that are gone; drops the keys that were not used for longest.

        `together` is the entry for many files. A cache that has become too large is thrown away.
        """
        rows = [(key, *_row(path, entry)) for path, entry in changed.items()]
        try:
            ignore_itself(self._directory)
            with closing(self._connect()) as connection, connection:
                # What the end of the process cannot harm, the end of the machine may: that would be noticed.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("BEGIN IMMEDIATE")
                if not _has_schema(connection):
                    _create(connection)
                connection.execute(_USE, (key,))
                connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
                connection.executemany(
                    "DELETE FROM results WHERE key = ? AND path = ?", [(key, _name(path)) for path in gone]
                )
                if together is not None:
                    values = (key, together.digest, together.result, together.consulted)
                    row = (*values, _checksum(*values))
                    connection.execute("INSERT OR REPLACE INTO together VALUES (?, ?, ?, ?, ?)", row)
                _drop_old_keys(connection)
            if self._file.stat().st_size > _MOST_BYTES:
                self._discard()
        except sqlite3.Error as error:
            self._discard_after(error)
        except OSError:
            pass

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=_LOCK_SECONDS, isolation_level=None)

    def _discard_after(self, error: sqlite3.Error) -> None:
        """Throws the file away if that is what the error speaks of."""
        code = getattr(error, "sqlite_errorcode", None)
        if code is None or code & 0xFF not in _PASSING:
            self._discard()

    def _discard(self) -> None:
        """The journal goes first: one that is left over would be played back into the next file."""
        for file in (self._file.with_name(f"{CACHE_FILE}-journal"), self._file):
            with suppress(OSError):
                file.unlink()


def content_digest(content: bytes) -> bytes:
    """Twenty bytes that no other content has."""
    from hashlib import blake2b  # slow to load, and unchanged files need none

    return blake2b(content, digest_size=20).digest()


def _has_schema(connection: sqlite3.Connection) -> bool:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version == _SCHEMA_VERSION)


def _create(connection: sqlite3.Connection) -> None:
    """Makes the tables, in place of those of another version."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        connection.execute(f'DROP TABLE "{name}"')
    for statement in _SCHEMA:
        connection.execute(statement)


def _select(connection: sqlite3.Connection, key: str, paths: Collection[str]) -> Iterator[Sequence[Any]]:
    """The rows of the paths: few by name, many by reading all."""
    every = f"SELECT {_COLUMNS} FROM results WHERE key = ?"
    if len(paths) > _BY_NAME:
        return connection.execute(every, (key,))
    names = [*map(_name, paths)]
    return connection.execute(f"{every} AND path IN ({','.join('?' * len(names))})", (key, *names))


def _entries(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Entry]]:
    """Leaves out what is not as it was written: SQLite does not notice every damage."""
    for *values, checksum in rows:
        if checksum == _checksum(*values):
            name, stamp, digest, result, consulted = values
            known = Stamp(*map(int, stamp.split())) if stamp else None
            yield name.decode("utf-8", "surrogatepass"), Entry(known, digest, result, consulted)


def _together(connection: sqlite3.Connection, key: str) -> Iterator[Entry]:
    columns = "digest, result, consulted, checksum"
    for *values, checksum in connection.execute(f"SELECT {columns} FROM together WHERE key = ?", (key,)):
        if checksum == _checksum(key, *values):
            yield Entry(None, *values)


def _row(path: str, entry: Entry) -> tuple[Any, ...]:
    """Numbers of a stamp may be too large for SQLite."""
    stamp = " ".join(map(str, entry.stamp or ()))
    values = (_name(path), stamp, entry.digest, entry.result, entry.consulted)
    return *values, _checksum(*values)


def _name(path: str) -> bytes:
    """Paths may hold bytes that are no text."""
    return path.encode("utf-8", "surrogatepass")


def _checksum(*values: Any) -> int:
    """Of what stands in a row, which may be anything if that is damaged; the last but one may be long."""
    *others, result, consulted = values
    return crc32(str(result).encode(), crc32(repr((others, consulted)).encode()))


def _drop_old_keys(connection: sqlite3.Connection) -> None:
    kept = "SELECT key FROM runs ORDER BY used DESC LIMIT ?"
    for table in ("results", "together", "runs"):
        connection.execute(f"DELETE FROM {table} WHERE key NOT IN ({kept})", (_KEYS_KEPT,))
