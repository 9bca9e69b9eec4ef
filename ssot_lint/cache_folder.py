"""What is known of the cache and of files without opening either."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

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


def exists_in(directory: Path) -> bool:
    """Whether there is a cache in the folder."""
    return (directory / CACHE_FILE).exists()
