"""What is known of the cache and of files without opening either."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import ssot_lint

CACHE_FILE = "results.sqlite3"


class Stamp(NamedTuple):
    """What the file system says of a file's content; times are in nanoseconds since the epoch."""

    size: int
    modified: int
    inode: int

    @classmethod
    def of(cls, path: str) -> Stamp:
        """Raises OSError."""
        found = os.stat(path)  # noqa: PTH116 - thousands of files
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


StampOf = Callable[[str], Stamp]
"""The stamp of the file at a path; may raise OSError."""


@dataclass(frozen=True, slots=True)
class CacheUse:
    """That results are kept, in `directory` or else where the settings say."""

    directory: Path | None = None


def exists_in(directory: Path) -> bool:
    """Whether there is a cache in the folder."""
    return (directory / CACHE_FILE).exists()


def ignore_itself(directory: Path) -> None:
    """Makes the folder, with a file that keeps it out of git; raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    ignore = directory / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")


@cache
def code_stamp() -> tuple[object, ...]:
    """Changes with the version of the program and of Python, and in a checkout with the code."""
    package = Path(ssot_lint.__file__).parent
    folders = [str(package), *(entry.path for entry in os.scandir(package) if entry.is_dir())]
    files = (entry for folder in folders for entry in os.scandir(folder) if entry.name.endswith(".py"))
    stamps = sorted((entry.name, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in files)
    return ssot_lint.__version__, sys.version, *stamps
