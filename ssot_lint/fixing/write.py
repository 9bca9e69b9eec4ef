"""Writes a file so that at any moment it is either the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import stat
from functools import partial
from pathlib import Path

_PREFIX = ".ssot-lint-"
_PRIVATE = 0o600
_NEW = 0o666


class WriteError(OSError):
    """A file was not written, and is as it was; the message says why."""


def replace(path: Path, content: bytes, expected: bytes) -> None:
    """Put `content` in the place of the file at `path`, which must hold `expected`; else raises `WriteError`.

    Symbolic links are followed and stay; mode and, where the system lets us, owner are kept. Other hard
    links to the file keep the old content: a file that is replaced at once cannot also be changed in place.
    """
    try:
        target = path.resolve(strict=True)
        before = target.stat()
        if not stat.S_ISREG(before.st_mode):
            raise WriteError("it is no regular file")
        if not os.access(target, os.W_OK):
            raise WriteError("it may not be written")
        if target.read_bytes() != expected:
            raise WriteError("it has changed since it was read")
        _swap(target, content, before)
    except WriteError:
        raise
    except (OSError, RuntimeError) as error:
        raise WriteError(_reason(error)) from None


def write(path: Path, content: bytes) -> None:
    """Put `content` into the file at `path`, which may exist; raises `WriteError`."""
    try:
        target = path.resolve()
        _swap(target, content, target.stat() if target.exists() else None)
    except (OSError, RuntimeError) as error:
        raise WriteError(_reason(error)) from None


def _swap(target: Path, content: bytes, before: os.stat_result | None) -> None:
    """Write beside the target, make that durable, and give it the target's name in one step."""
    new = target.with_name(f"{_PREFIX}{os.urandom(8).hex()}.tmp")
    try:
        with open(new, "xb", opener=partial(os.open, mode=_PRIVATE if before else _NEW)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if before is not None:
            _take_over(new, before)
            if not _is_same(target.stat(), before):
                raise WriteError("it has changed while it was being written")
        new.replace(target)
    except BaseException:
        # An interrupt leaves no more behind than a full disk does.
        new.unlink(missing_ok=True)
        raise


def _take_over(new: Path, before: os.stat_result) -> None:
    """Give a new file the owner and the mode of the one that it replaces."""
    if hasattr(os, "chown"):
        current = new.stat()
        if (current.st_uid, current.st_gid) != (before.st_uid, before.st_gid):
            with contextlib.suppress(OSError):
                os.chown(new, before.st_uid, before.st_gid)
    new.chmod(stat.S_IMODE(before.st_mode))


def _is_same(now: os.stat_result, before: os.stat_result) -> bool:
    return (now.st_ino, now.st_size, now.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
