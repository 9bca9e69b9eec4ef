"""Which baseline accepts the findings of which files, and what a run makes of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssot_lint.baseline import Baseline, Look, Match, Seen, match, read, update
from ssot_lint.model import Failure, FailureKind, Finding, StaleEntry
from ssot_lint.settings import Settings, StaleBaseline, relative_path
from ssot_lint.sparing import spare

_STRICTEST = (StaleBaseline.ERROR, StaleBaseline.WARN, StaleBaseline.OFF)


@dataclass(frozen=True, slots=True)
class Sight:
    """How much of a project a run saw: everything below `folders`, absolute paths, and what is in `files`.

    The keys of `files` are relative to `root`, as are the paths in `seen`, which says the rest.
    """

    root: Path
    folders: Collection[str]
    files: Mapping[str, Settings]
    seen: Seen

    def covers(self, path: str | Path) -> bool:
        """Whether everything at and below a path, absolute or relative to the root, was seen."""
        inside = _with_separator(os.path.normpath(self.root / path))
        return any(inside.startswith(_with_separator(folder)) for folder in self.folders)


@dataclass(frozen=True, slots=True)
class Held:
    """Findings held against the baseline in `file`; its paths are relative to the project's root.

    `before` is None if there is no such file.
    """

    file: Path
    when_stale: StaleBaseline
    before: Baseline | None
    seen: Seen
    match: Match

    @property
    def stale(self) -> tuple[StaleEntry, ...]:
        return () if self.when_stale is StaleBaseline.OFF else self.match.stale

    @property
    def gone(self) -> tuple[StaleEntry, ...]:
        """What `shrunken` leaves out, which is more than what is stale if the run saw a part."""
        origins = (each.origin for each in self.match.moved)
        left = Counter(self.before or {}) - Counter(self.shrunken) - Counter(origins)
        return tuple(StaleEntry(identity, count) for identity, count in sorted(left.items()))

    @property
    def shrunken(self) -> Baseline:
        """The baseline without what is left over, moved findings at their new paths."""
        return update(self.before or {}, self.match, self.seen)

    @property
    def grown(self) -> Baseline:
        """The same with all that is new."""
        return update(self.before or {}, self.match, self.seen, grow=True)


def hold(
    findings: Sequence[Finding],
    sight: Sight,
    look: Look,
    when_stale: StaleBaseline | None = None,
    even_without: bool = False,
) -> Iterator[Held]:
    """Holds the findings against the baselines of their files; raises InputError for one that cannot be read.

    A baseline is judged as a whole by a run that saw all the files which it could speak of. By any other, one
    of files without a finding is not even read, unless `even_without` is set. `when_stale` goes before what
    the settings say.
    """
    users: dict[Path, dict[str, Settings]] = {}
    for path, settings in sight.files.items():
        users.setdefault(settings.baseline, {})[path] = settings
    for file, files in sorted(users.items()):
        here = [finding for finding in findings if finding.path in files]
        is_whole = all(sight.covers(base) for base in {settings.base for settings in files.values()})
        if here or is_whole or even_without:
            mode = when_stale or min((each.stale_baseline for each in files.values()), key=_STRICTEST.index)
            yield _held(file, mode, here, files, sight, is_whole, look)


def outgrown(held: Iterable[Held], mode: StaleBaseline, root: Path) -> Iterator[Failure]:
    """Each baseline that can shrink where that is an error, or a warning, as `mode` says."""
    for each in held:
        if each.stale and each.when_stale is mode:
            yield outgrowth(relative_path(str(each.file), str(root)), each.stale)


def outgrowth(path: str, stale: Iterable[StaleEntry]) -> Failure:
    """That the baseline at the path has stale entries."""
    count = sum(entry.count for entry in stale)
    findings = "1 finding that it accepts is" if count == 1 else f"{count} findings that it accepts are"
    message = f"can shrink: {findings} gone; run ssot-lint baseline --prune"
    return Failure(FailureKind.STALE, path, message)


def sparing(findings: Iterable[Finding], covered: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, without fixes that would rewrite what baselines accept."""
    return spare(findings, covered, "the baseline covers")


def relocated(baseline: Baseline, base: Path, new_base: Path) -> Baseline:
    """The baseline with paths that are relative to `base` made relative to `new_base`."""
    if base == new_base:
        return baseline
    return {
        identity._replace(path=relative_path(str(base / identity.path), str(new_base))): count
        for identity, count in baseline.items()
    }


def _held(
    file: Path,
    when_stale: StaleBaseline,
    findings: Sequence[Finding],
    files: Mapping[str, Settings],
    sight: Sight,
    is_whole: bool,
    look: Look,
) -> Held:
    stored = read(file)
    before = None if stored is None else relocated(stored, file.parent, sight.root)
    is_whole = is_whole and all(sight.covers(path) for path in {identity.path for identity in before or ()})
    seen = sight.seen if is_whole else replace(sight.seen, paths=frozenset(files))
    return Held(file, when_stale, before, seen, match(findings, before or {}, seen, look))


def _with_separator(path: str) -> str:
    return os.path.join(path, "")  # noqa: PTH118 - pathlib drops the separator at the end
