"""Spreads files over processes when there is enough to decide; hands over contents and plans, never paths."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan
from ssot_lint.engine.scan import Scanner

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future, ProcessPoolExecutor
    from multiprocessing.context import BaseContext

Packed = list[tuple[str, Sequence[Any]]]
"""The results of a batch by path, as plain values: objects take three times as long to hand over."""

_BATCH_BYTES = 500_000
_WORTH_PROCESSES = 2_000_000
_BATCHES_AHEAD = 3


class Workers:
    """Scans files in this process, and in others as soon as there is enough to share out.

    Any `Executor` will do; without one, `jobs` processes are started when they are worth it (None: one for
    each processor).
    """

    def __init__(self, jobs: int | None = None, executor: Executor | None = None) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._executor = executor
        self._own: ProcessPoolExecutor | None = None

    def scan(self, plan: Plan, files: Iterable[FileInput], answers: Answers) -> Iterator[FileResult]:
        """The results of all files, in no order; `files` is consumed as results are."""
        if self._executor is None and self._jobs == 1:
            scanner = Scanner(plan)
            yield from (result for batch in _batches(files) for result in _scan(scanner, batch, answers))
            return
        packed = b""
        pending: set[Future[Packed]] = set()
        held: list[FileInput] = []
        for batch in _batches(files):
            executor = self._executor_for(held, batch)
            if executor is None:
                held += batch
                continue
            packed = packed or _packed(plan)
            pending |= {executor.submit(scan_batch, packed, part, answers) for part in (held, batch) if part}
            held = []
            while len(pending) > self._jobs * _BATCHES_AHEAD:
                done, pending = _some_of(pending)
                yield from _results(done)
        yield from _scan(Scanner(plan), held, answers)
        yield from _results(pending)

    def close(self) -> None:
        """Ends the processes that were started here."""
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _executor_for(self, held: Sequence[FileInput], batch: Sequence[FileInput]) -> Executor | None:
        if self._executor is None:
            size = sum(len(file.content) for file in (*held, *batch))
            if size >= _WORTH_PROCESSES:
                from concurrent.futures import ProcessPoolExecutor  # slow to load, and few runs need it

                self._executor = self._own = ProcessPoolExecutor(self._jobs, process_context())
        return self._executor


def scan_batch(plan: bytes, files: Sequence[FileInput], answers: Answers) -> Packed:
    """What a worker does: scan `files` for a pickled plan."""
    from ssot_lint.engine.packing import pack  # the process that hands out the work may be spared it

    return [(result.path, pack(result)) for result in _scan(_scanner(plan), files, answers)]


def _results(futures: Iterable[Future[Packed]]) -> Iterator[FileResult]:
    for future in futures:
        from ssot_lint.engine.packing import unpack  # not needed in a run with nothing to decide

        yield from (unpack(path, packed) for path, packed in future.result())


@lru_cache(maxsize=4)
def _scanner(plan: bytes) -> Scanner:
    import pickle

    return Scanner(pickle.loads(plan))


def _packed(plan: Plan) -> bytes:
    import pickle  # needed by the runs that start processes

    return pickle.dumps(plan)


def _scan(scanner: Scanner, files: Sequence[FileInput], answers: Answers) -> list[FileResult]:
    with collected_afterwards():
        return [scanner.scan(file, answers) for file in files]


@contextmanager
def collected_afterwards() -> Iterator[None]:
    """Syntax trees are many small objects that live as long as their file: there is no garbage among them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _batches(files: Iterable[FileInput]) -> Iterator[list[FileInput]]:
    batch: list[FileInput] = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.content)
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _some_of(pending: set[Future[Packed]]) -> tuple[set[Future[Packed]], set[Future[Packed]]]:
    """Those that are done, at least one, and the others."""
    from concurrent.futures import FIRST_COMPLETED, wait

    return wait(pending, return_when=FIRST_COMPLETED)


def process_context() -> BaseContext | None:
    """Forked processes start fastest, where there are any."""
    import multiprocessing

    return multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None
