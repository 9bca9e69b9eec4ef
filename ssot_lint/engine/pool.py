"""Spreads files over processes when there is enough to decide; hands over contents and plans, never paths."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from ssot_lint.engine.plan import Answers, FileInput, FileResult, Plan, UndecidedError
from ssot_lint.engine.scan import Scanner

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future, ProcessPoolExecutor
    from multiprocessing.context import BaseContext

    from ssot_lint.engine.decisions import Decided

_T = TypeVar("_T")

Packed = Sequence[tuple[str, Sequence[Any]]]
"""The results of a batch by path, as plain values: objects take three times as long to hand over."""

Batch = list[FileInput]

_BATCH_BYTES = 500_000
_WORTH_LIBCST = 4
"""So many batches take about as long to decide as LibCST to load."""
_WORTH_PREPARING = 1_000
_BATCHES_AHEAD = 4
_MOST_BATCHES_HELD = 24


class Workers:
    """Scans files in this process, and in others as soon as there is enough to share out.

    To an `Executor`, whichever it is, all is handed out. Without one, this process and up to `jobs` - 1 others
    that it starts have a part in the work (None: one process for each processor).
    """

    def __init__(self, jobs: int | None = None, executor: Executor | None = None) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._others = self._jobs - 1
        self._executor = executor
        self._own: ProcessPoolExecutor | None = None

    def prepare(self, files: int) -> None:
        """Start other processes if they are likely to be worth it for so many files, something being found in one."""
        if self._executor is None and self._own is None and self._others and files >= _WORTH_PREPARING:
            executor = self._started()
            for _ in range(self._others):
                executor.submit(_load)

    def scan(self, plan: Plan, files: Iterable[FileInput], answers: Answers) -> Iterator[FileResult]:
        """The results of all files, in no order; `files` is consumed as results are."""
        batches = _batches(files)
        if self._executor is not None:
            return _hand_out(self._executor, self._jobs, plan, batches, answers)
        first = list(islice(batches, _WORTH_LIBCST)) if self._others and self._own is None else []
        if self._own is not None or len(first) == _WORTH_LIBCST:
            return _Crew(self._started(), self._others, plan, answers).scan(chain(first, batches))
        scanner = Scanner(plan)
        return (result for batch in chain(first, batches) for result in _scan(scanner, batch, answers))

    def close(self) -> None:
        """Ends the processes that were started here."""
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        if self._own is None:
            from concurrent.futures import ProcessPoolExecutor  # slow to load, and few runs need it

            import ssot_lint.engine.ladder
            import ssot_lint.engine.packing  # noqa: F401 - needed here, too, and loaded once by a fork

            self._own = ProcessPoolExecutor(self._others, process_context())
        return self._own


class _Crew:
    """This process and `others`, which share a scan.

    The others load LibCST. This one reads, and scans what it can without LibCST, knowing what the others have
    decided; it loads LibCST itself when so much is left that it is worth it.
    """

    def __init__(self, executor: Executor, others: int, plan: Plan, answers: Answers) -> None:
        self._executor = executor
        self._most_away = others * _BATCHES_AHEAD
        self._plan = packed(plan)
        self._answers = answers
        # With fixes, no statement is like another.
        self._scanner = Scanner(plan, decides=plan.with_fixes)
        self._can_scan = plan.with_fixes
        self._fresh: deque[Batch] = deque()
        self._undecided: deque[Batch] = deque()
        self._away: set[Future[tuple[Packed, Decided]]] = set()

    def scan(self, batches: Iterable[Batch]) -> Iterator[FileResult]:
        for batch in batches:
            self._fresh.append(batch)
            self._send_away()
            yield from self._came_back(wait=False)
            # While the others load LibCST, there is nothing to do here but to read.
            while len(self._fresh) > (_BATCHES_AHEAD if self._scanner.decides else _MOST_BATCHES_HELD):
                yield from self._go_on()
        while self._fresh or self._undecided or self._away:
            yield from self._go_on()

    def _go_on(self) -> Iterator[FileResult]:
        """Do what there is to do here, or else wait for the others."""
        self._send_away()
        yield from self._came_back(wait=False)
        if len(self._undecided) >= _WORTH_LIBCST:
            self._scanner.decide()
        if self._undecided and self._scanner.decides:
            yield from self._scan_here(self._undecided.popleft())
        elif self._fresh and self._can_scan:
            yield from self._scan_here(self._fresh.popleft())
        elif self._away:
            yield from self._came_back(wait=True)

    def _send_away(self) -> None:
        """Keep the others supplied, but not so well that this process is done long before them."""
        while len(self._away) < self._most_away:
            is_full = len(self._undecided) > 1 or len(self._fresh) <= self._most_away
            queue = self._undecided if self._undecided and is_full else self._fresh
            if not queue or len(self._away) > len(self._fresh):
                break
            work = self._plan, queue.popleft(), self._answers
            self._away.add(self._executor.submit(_scan_and_tell, *work))

    def _came_back(self, wait: bool) -> Iterator[FileResult]:
        done = _some_of(self._away)[0] if wait else {each for each in self._away if each.done()}
        self._away -= done
        for future in done:
            results, decided = future.result()
            self._scanner.learn(decided)
            self._can_scan = True
            yield from _unpacked(results)

    def _scan_here(self, batch: Batch) -> list[FileResult]:
        results: list[FileResult] = []
        left: Batch = []
        with collected_afterwards():
            for file in batch:
                try:
                    results.append(self._scanner.scan(file, self._answers))
                except UndecidedError:
                    left.append(file)
        if left:
            self._undecided += _batches([*(self._undecided.pop() if self._undecided else ()), *left])
        return results


def _hand_out(
    executor: Executor, jobs: int, plan: Plan, batches: Iterable[Batch], answers: Answers
) -> Iterator[FileResult]:
    work = packed(plan)
    pending: set[Future[Packed]] = set()
    for batch in batches:
        pending.add(executor.submit(scan_batch, work, batch, answers))
        while len(pending) > jobs * _BATCHES_AHEAD:
            done, pending = _some_of(pending)
            yield from (result for future in done for result in _unpacked(future.result()))
    yield from (result for future in pending for result in _unpacked(future.result()))


def scan_batch(plan: bytes, files: Sequence[FileInput], answers: Answers) -> Packed:
    """What a worker does: scan `files` for a pickled plan."""
    from ssot_lint.engine.packing import pack  # the process that hands out the work may be spared it

    return [(result.path, pack(result)) for result in _scan(scanner_for(plan), files, answers)]


def _scan_and_tell(plan: bytes, files: Sequence[FileInput], answers: Answers) -> tuple[Packed, Decided]:
    """The same, and what had to be decided for it."""
    return scan_batch(plan, files, answers), scanner_for(plan).latest_decisions()


def _load() -> None:
    """Load what it takes to decide."""
    import ssot_lint.engine.decide  # noqa: F401


def _unpacked(results: Packed) -> Iterator[FileResult]:
    from ssot_lint.engine.packing import unpack  # not needed in a run with nothing to decide

    return (unpack(path, each) for path, each in results)


@lru_cache(maxsize=4)
def scanner_for(plan: bytes) -> Scanner:
    """The scanner of this process for a plan that `packed` has made ready to hand over."""
    import pickle

    return Scanner(pickle.loads(plan))


def packed(plan: Plan) -> bytes:
    """A plan as it is handed to other processes, again and again."""
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


def _batches(files: Iterable[FileInput]) -> Iterator[Batch]:
    batch: Batch = []
    size = 0
    for file in files:
        batch.append(file)
        size += len(file.content)
        if size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _some_of(pending: set[Future[_T]]) -> tuple[set[Future[_T]], set[Future[_T]]]:
    """Those that are done, at least one, and the others."""
    from concurrent.futures import FIRST_COMPLETED, wait

    return wait(pending, return_when=FIRST_COMPLETED)


def process_context() -> BaseContext | None:
    """Forked processes start fastest, where there are any."""
    import multiprocessing

    return multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None
