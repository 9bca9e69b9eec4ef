"""What is known of the cache and of files without opening either."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import NamedTuple

import ssot_lint

CACHE_FILE = "results.sqlite3"


_RACY_NS = 2_000_000_000


class Stamp(NamedTuple):
    """What the file system says of a file's content; times are in nanoseconds since the epoch.

    On Windows `changed` is when the file was made.
    """

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, path: str) -> Stamp:
        """Raises OSError."""
        found = os.stat(path)  # noqa: PTH116 - thousands of files
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def is_settled(self, now: int) -> bool:
        """Whether a file that is read from `now` on cannot change any more without another stamp.

        One that has just been written may be written again within the same tick of the file system's clock.
        """
        return now - max(self.modified, self.changed) > _RACY_NS


StampOf = Callable[[str], Stamp]
"""The stamp of the file at a path; may raise OSError."""


@dataclass(frozen=True, slots=True)
class CacheUse:
    """That results are kept, in `directory` or else where the settings say."""

    directory: Path | None = None


def exists_in(directory: Path) -> bool:
    """Whether there is a cache in the folder, as far as that can be told."""
    return os.path.exists(directory / CACHE_FILE)  # noqa: PTH110 - Path.exists raises some errors


def ignore_itself(directory: Path) -> None:
    """Makes the folder, with a file that keeps it out of git; raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    ignore = directory / ".gitignore"
    if not (ignore.exists() and ignore.stat().st_size):  # a full disk leaves it empty
        ignore.write_text("*\n", "utf-8")


@cache
def code_stamp() -> tuple[object, ...]:
    """Changes with the version of the program, of LibCST and of Python, and in a checkout with the code."""
    parser = PathFinder.find_spec("libcst")
    origin = Stamp.of(parser.origin) if parser is not None and parser.origin else None
    code = sorted(_code(str(Path(ssot_lint.__file__).parent)))
    return ssot_lint.__version__, sys.version, origin and origin.modified, *code


def _code(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _code(entry.path)
            elif entry.name.endswith(".py"):
                found = entry.stat()
                yield entry.name, found.st_size, found.st_mtime_ns
