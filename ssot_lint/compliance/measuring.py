"""The compliance of the working tree."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ssot_lint import session
from ssot_lint.cache_folder import CacheUse
from ssot_lint.checking import Checker
from ssot_lint.compliance.numbers import Compliance, Entry, Status, Tally, count_rules, largest_first
from ssot_lint.compliance.sites import GENERATION, USE, Surveyor, tally_by_file, tally_by_rule
from ssot_lint.discovery import SourceFile, discover
from ssot_lint.engine.pool import Workers
from ssot_lint.errors import SsotLintError
from ssot_lint.fixing import owners
from ssot_lint.model import Finding, Report
from ssot_lint.session import CheckRequest
from ssot_lint.settings import SettingsIndex

Progress = Callable[[int, int], None]
OwnerOf = Callable[[str], str]
"""The owner of the file at a path relative to the project's root; empty if it has none."""


@dataclass(frozen=True, slots=True)
class _Grouping:
    """How files are grouped; a package is named by at most `depth` folders."""

    depth: int
    owner_of: OwnerOf | None

    def package(self, path: str) -> str:
        """The folder of a file, cut to `depth` names; `.` for the project's own."""
        folders = posixpath.dirname(path).split("/")
        return "/".join(folders[: self.depth]) or "."

    def owner(self, path: str) -> str:
        return self.owner_of(path) if self.owner_of is not None else ""


def measure(request: CheckRequest, progress: Progress, depth: int = 2) -> Compliance:
    """Measures the files that a check with this request would check; raises InputError like one.

    A package is named by at most `depth` folders; owners are those in the repository's CODEOWNERS.
    """
    report = session.check(request, progress)
    grouping = _Grouping(depth, _owners(report.root))
    index = SettingsIndex(report.root, request.config)
    paths = [str(request.cwd / path) for path in request.paths]
    files = [file for file in discover(paths, index, report.root).files if counts(file)]
    entries = tuple(_entries(report, grouping))
    sites = _sites(report.root, entries, files, request)
    tallies = tally_by_file(sites)
    return Compliance(
        root=report.root,
        sources=tuple(dict.fromkeys(each.target for file in files for each in file.settings.sources)),
        total=sum(tallies.values(), Tally()),
        packages=largest_first(_grouped(tallies, grouping.package)),
        owners=largest_first(_grouped(tallies, grouping.owner)) if grouping.owner_of else (),
        rules=count_rules(entries, tally_by_rule(sites)),
        entries=entries,
        failures=report.failures,
        checked=report.checked,
        notices=(*report.notices, *_not_run(files)),
    )


def counts(file: SourceFile) -> bool:
    """Whether what a file makes is measured: not where a rule that would find it is switched off."""
    return GENERATION.isdisjoint(file.settings.ignored_in(file.path))


def _sites(
    root: Path, entries: Iterable[Entry], files: Iterable[SourceFile], request: CheckRequest
) -> list[Finding]:
    """The findings in all files that are measured, accepted or not, and the uses of the source."""
    measured = {file.relative: file for file in files}
    findings = [entry.finding for entry in entries]
    uses = _uses(root, tuple(measured.values()), request)
    return [each for each in (*findings, *uses) if each.path in measured]


def _uses(root: Path, files: tuple[SourceFile, ...], request: CheckRequest) -> Iterator[Finding]:
    """The uses of the source; as with findings, what was found before is remembered."""
    workers = Workers(request.jobs)
    cache = CacheUse(request.cache_dir) if request.with_cache else None
    try:
        checker = Checker(root, Surveyor(root, with_rules=False), cache)
        checked = checker.check(files, _content, workers, lambda _done, _total: None)
    finally:
        workers.close()
    return (finding for finding in checked.findings if finding.rule == USE)


def _entries(report: Report, grouping: _Grouping) -> list[Entry]:
    def entry(finding: Finding, status: Status, reason: str = "") -> Entry:
        path = finding.path
        return Entry(finding, status, grouping.package(path), grouping.owner(path), reason)

    found = [entry(finding, Status.NEW) for finding in report.findings]
    found += [entry(finding, Status.BASELINED) for finding in report.baselined]
    found += [entry(each.finding, Status.SUPPRESSED, each.reason) for each in report.suppressed]
    return sorted(found, key=lambda each: each.finding.sort_key)


def _grouped(tallies: Mapping[str, Tally], name_of: Callable[[str], str]) -> Mapping[str, Tally]:
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    for path, tally in tallies.items():
        groups[name_of(path)] += tally
    return groups


def _not_run(files: Iterable[SourceFile]) -> Iterator[str]:
    """What the rate leaves out because nobody looks for it."""
    every = {id(file.settings): file.settings for file in files}.values()
    for rule in sorted(GENERATION):
        if not all(settings.runs(rule) for settings in every):
            yield f"{rule} is switched off, so what it would find is not counted"


def _owners(root: Path) -> OwnerOf | None:
    """Who owns the files below a project's root, None if no CODEOWNERS file says it."""
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    file = owners.find(top)
    if file is None:
        return None
    try:
        rules = owners.parse(file.read_bytes().decode("utf-8", "replace"))
    except OSError as error:
        raise SsotLintError(f"{file.as_posix()}: cannot be read: {error.strerror}") from None
    prefix = root.relative_to(top)
    return lambda path: " ".join(owners.owners_of((prefix / path).as_posix(), rules))


def _content(file: SourceFile) -> bytes:
    return Path(file.path).read_bytes()
