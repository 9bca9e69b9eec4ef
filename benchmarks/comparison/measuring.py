"""Runs one command to its end, or to a limit, and says what it took."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_BETWEEN_SAMPLES = 0.03
"""Seconds from one look at a command's memory to the next."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run.

    `seconds` are by the clock; `cpu` are seconds of user and system time, of the command and of all processes that
    it waited for. `peak` is in bytes: the largest sum over all processes of the command (proportional set size,
    which counts what they share once), or None if it was not watched or there is no /proc.
    """

    seconds: float
    cpu: float
    peak: int | None
    code: int
    stdout: str
    stderr: str
    stopped: bool


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    limit: float | None = None,
    watch: bool = False,
) -> Measured:
    """Run a command; after `limit` seconds it is stopped, with all that it started. Raises OSError."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        with _stopping(process.pid, limit) as stopped, _watching(process.pid, watch) as peaks:
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                _kill(process.pid)
                process.wait()
                raise
            seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        return Measured(
            seconds=seconds,
            cpu=usage.ru_utime + usage.ru_stime,
            peak=max(peaks, default=None),
            code=process.returncode,
            stdout=_text(out),
            stderr=_text(err),
            stopped=stopped.is_set(),
        )


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


@contextmanager
def _stopping(pid: int, limit: float | None) -> Iterator[threading.Event]:
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        _kill(pid)

    timer = threading.Timer(limit or 0, stop)
    if limit is not None:
        timer.start()
    try:
        yield stopped
    finally:
        timer.cancel()


def _kill(pid: int) -> None:
    """End a session of processes; being one of its own, no interrupt from the keyboard reaches it."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


@contextmanager
def _watching(pid: int, enabled: bool) -> Iterator[list[int]]:
    """The list grows by one sum of bytes at each look."""
    sums: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            sums.extend(filter(None, [_memory(pid)]))
            over.wait(_BETWEEN_SAMPLES)

    thread = threading.Thread(target=watch, daemon=True)
    if enabled:
        thread.start()
    try:
        yield sums
    finally:
        over.set()
        if enabled:
            thread.join()


def _memory(pid: int) -> int:
    """Bytes of a process and of those below it; 0 if it is gone."""
    return _proportional(pid) + sum(map(_memory, _children(pid)))


def _proportional(pid: int) -> int:
    try:
        found = re.search(rb"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_bytes(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_bytes().split())
    return children
