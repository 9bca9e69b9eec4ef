"""Which changed files to take back so that the user's own check passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a search ended; unless it is `BROKEN_BEFORE`, the check passes with the files that are kept."""

    PASSES = "passes"
    BROKEN_BEFORE = "fails without any change"
    OUT_OF_RUNS = "passes, but not every file could be tried"


@dataclass(frozen=True, slots=True)
class Bisection:
    """What to keep and what to take back, in the order given; `runs` counts the runs of the check."""

    verdict: Verdict
    kept: tuple[str, ...]
    taken_back: tuple[str, ...]
    runs: int


def bisect(
    files: Sequence[str], passes: Callable[[frozenset[str]], bool], most_runs: int | None = None
) -> Bisection:
    """Find few files to take back, so that `passes` is true for the set of those that stay changed.

    Each file taken back costs about log2(len(files)) runs, and every state that is built upon has been run.
    Files that only fail together lose the last of them. If the check fails on the untouched tree, nothing
    can be told and nothing is kept. After `most_runs`, everything not yet known to pass is taken back.
    """
    return _Search(files, passes, most_runs).run()


class _OutOfRunsError(Exception):
    pass


class _Search:
    def __init__(
        self, files: Sequence[str], passes: Callable[[frozenset[str]], bool], most_runs: int | None
    ) -> None:
        self._files = list(dict.fromkeys(files))
        self._passes = passes
        self._most_runs = most_runs
        self._known: dict[frozenset[str], bool] = {}
        self._good: list[str] = []

    def run(self) -> Bisection:
        if self._try(self._files):
            return self._result(Verdict.PASSES, self._files)
        if not self._try(()):
            return self._result(Verdict.BROKEN_BEFORE, ())
        rest = self._files
        try:
            while not self._try((*self._good, *rest)):
                count = self._longest_good(rest)
                self._good.extend(rest[:count])
                rest = rest[count + 1 :]
        except _OutOfRunsError:
            return self._result(Verdict.OUT_OF_RUNS, self._good)
        return self._result(Verdict.PASSES, [*self._good, *rest])

    def _longest_good(self, rest: Sequence[str]) -> int:
        """How many files of `rest`, from its start, can join the good ones: the next makes it fail.

        Whatever the check does, both ends of the last step have been run.
        """
        low, high = 0, len(rest)
        while high - low > 1:
            middle = (low + high) // 2
            if self._try((*self._good, *rest[:middle])):
                low = middle
            else:
                high = middle
        return low

    def _try(self, files: Iterable[str]) -> bool:
        """Run the check for a set of changed files, each set once; the first two runs are always made."""
        changed = frozenset(files)
        if changed not in self._known:
            if self._most_runs is not None and len(self._known) >= max(self._most_runs, 2):
                raise _OutOfRunsError
            self._known[changed] = self._passes(changed)
        return self._known[changed]

    def _result(self, verdict: Verdict, kept: Sequence[str]) -> Bisection:
        stays = set(kept)
        gone = tuple(file for file in self._files if file not in stays)
        return Bisection(
            verdict, tuple(file for file in self._files if file in stays), gone, len(self._known)
        )
