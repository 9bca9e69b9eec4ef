"""Accepted findings: a file with one JSON object a line, which knows neither rows nor dates.

An entry counts the equal findings of one rule, path, symbol and snippet. Where fewer are left at its path,
the rest covers findings of the same rule, symbol and snippet elsewhere, so that code may move between files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ssot_lint.errors import InputError, Problem
from ssot_lint.model import Finding, Identity, StaleEntry, in_order

Baseline = Mapping[Identity, int]
"""How many findings of each identity are accepted, at least one."""

Look = Callable[[str], Iterable[Finding] | None]
"""The findings in a file that the run did not see: none if there is no such file, None if nobody can tell."""

_Content = tuple[str, str, str]
_STRINGS = Identity._fields
_KEYS = dict.fromkeys((*_STRINGS, "count")).keys()
_CONFLICT_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run held against the baseline.

    `paths` are the files that it saw, None for all of the project; nothing is known about files and folders
    in `failed`. `rules` are those that it was confined to, None for all, `but_rules` those that it was told
    to leave out.
    """

    paths: Collection[str] | None = None
    failed: Collection[str] = ()
    rules: Collection[str] | None = None
    but_rules: Collection[str] = ()

    def judges(self, identity: Identity) -> bool:
        """Whether the run would have found what an entry stands for."""
        ran = self.rules is None or identity.rule in self.rules
        known = self.paths is None or identity.path in self.paths
        return ran and identity.rule not in self.but_rules and known and not self.has_failed(identity.path)

    def has_failed(self, path: str) -> bool:
        parents = map(str, PurePosixPath(path).parents) if self.failed else ()
        return path in self.failed or any(parent in self.failed for parent in parents)


@dataclass(frozen=True, slots=True)
class Moved:
    """A finding that is covered by what the entry `origin`, for another path, has left over."""

    finding: Finding
    origin: Identity


@dataclass(frozen=True, slots=True)
class Match:
    """Findings held against a baseline.

    `covered` are accepted, those in `moved` among them, `new` are not; all are sorted by position. `stale` is
    what the entries have left over, as far as the run judges them; a run over some files only judges none.
    """

    new: tuple[Finding, ...]
    covered: tuple[Finding, ...]
    moved: tuple[Moved, ...]
    stale: tuple[StaleEntry, ...]


def read(file: Path) -> Baseline | None:
    """The baseline in a file, None if there is none; raises InputError with all that is wrong in it."""
    name = file.as_posix()
    try:
        return loads(file.read_bytes().decode("utf-8-sig"), name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError([Problem(name, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        raise InputError([Problem(name, f"line {row}", "is not UTF-8")]) from None


def loads(text: str, name: str) -> Baseline:
    """The baseline in a text, in any order; of entries that stand there twice, the smaller count holds.

    That is what makes a union of two shrunken baselines right: neither branch has more findings left than the
    smaller count says. `name` is what the problems of the InputError call the file.
    """
    lines = {row: line for row, line in enumerate(text.split("\n"), 1) if line.strip()}
    entries = _entries(list(lines.values()))
    if entries is None:
        raise InputError(_problems(lines, name))
    baseline: dict[Identity, int] = {}
    for entry in entries:
        identity = Identity(entry["path"], entry["rule"], entry["symbol"], entry["snippet"])
        baseline[identity] = min(entry["count"], baseline.get(identity, entry["count"]))
    return baseline


def dumps(baseline: Baseline) -> str:
    """The text of a baseline, sorted by path."""
    return "".join(f"{_line(identity, count)}\n" for identity, count in sorted(baseline.items()))


def accept(findings: Iterable[Finding]) -> Baseline:
    """A baseline of just these findings."""
    return Counter(finding.identity for finding in findings)


def match(findings: Iterable[Finding], baseline: Baseline, seen: Seen, look: Look) -> Match:
    """Holds the findings of a run against a baseline; of too many equal ones, the last are new.

    `look` is only asked for files that the run did not see and whose entries could cover one that has moved.
    """
    groups: defaultdict[Identity, list[Finding]] = defaultdict(list)
    for finding in in_order(findings):
        groups[finding.identity].append(finding)
    stock = _Stock(baseline, groups, seen, look)
    accepted = [each for identity, group in groups.items() for each in group[: baseline.get(identity, 0)]]
    surplus = [each for identity, group in groups.items() for each in group[baseline.get(identity, 0) :]]
    moved, new = stock.cover(in_order(surplus))
    return Match(
        new=tuple(new),
        covered=in_order([*accepted, *(each.finding for each in moved)]),
        moved=tuple(moved),
        stale=stock.rest() if seen.paths is None else (),
    )


def update(baseline: Baseline, matched: Match, seen: Seen, grow: bool = False) -> Baseline:
    """The baseline after a run: without what is left over, moved entries at their new paths.

    What the run does not judge stays as it is. Only with `grow` are new findings accepted.
    """
    taken = Counter(each.origin for each in matched.moved)
    kept = Counter({each: count - taken[each] for each, count in baseline.items() if not seen.judges(each)})
    kept.update(finding.identity for finding in (*matched.covered, *(matched.new if grow else ())))
    return +kept


class _Stock:
    """What the entries of a baseline have left over, and give to findings that have moved."""

    def __init__(
        self, baseline: Baseline, groups: Mapping[Identity, Sequence[Finding]], seen: Seen, look: Look
    ) -> None:
        self._baseline = baseline
        self._seen = seen
        self._look = look
        self._left = {
            identity: max(count - len(groups.get(identity, ())), 0)
            for identity, count in baseline.items()
            if seen.judges(identity)
        }

    def cover(self, findings: Sequence[Finding]) -> tuple[list[Moved], list[Finding]]:
        """The findings for which something is left, first come first served, and the others."""
        origins = self._origins({_content(finding.identity) for finding in findings})
        moved: list[Moved] = []
        others: list[Finding] = []
        for finding in findings:
            candidates = origins[_content(finding.identity)]
            if origin := next((each for each in candidates if self._count(each)), None):
                self._left[origin] -= 1
                moved.append(Moved(finding, origin))
            else:
                others.append(finding)
        return moved, others

    def _origins(self, contents: set[_Content]) -> Mapping[_Content, Sequence[Identity]]:
        """The entries that could cover findings of those contents, those first for which no file is read."""
        origins: defaultdict[_Content, list[Identity]] = defaultdict(list)
        entries = (identity for identity in self._baseline if _content(identity) in contents)
        for identity in sorted(entries, key=lambda each: (each not in self._left, each)):
            origins[_content(identity)].append(identity)
        return origins

    def rest(self) -> tuple[StaleEntry, ...]:
        return tuple(StaleEntry(identity, count) for identity, count in sorted(self._left.items()) if count)

    def _count(self, identity: Identity) -> int:
        """What an entry has left over; the first time that it is asked for a file, that is looked at."""
        if identity not in self._left:
            self._look_at(identity.path)
        return self._left[identity]

    def _look_at(self, path: str) -> None:
        found = None if self._seen.has_failed(path) else self._look(path)
        present = Counter(finding.identity for finding in found or ())
        for identity, count in self._baseline.items():
            if identity.path == path and identity not in self._left:
                self._left[identity] = 0 if found is None else max(count - present[identity], 0)


def _content(identity: Identity) -> _Content:
    return identity.rule, identity.symbol, identity.snippet


def _line(identity: Identity, count: int) -> str:
    """ASCII only where a path has bytes that are no UTF-8, which can be written in no other way."""
    import json

    entry = {**identity._asdict(), "count": count}
    line = json.dumps(entry, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(entry)
    return line


def _entries(lines: Sequence[str]) -> list[Any] | None:
    """What the lines say, read at one go; None if anything is wrong."""
    import json  # few runs have anything to hold against a baseline

    try:
        entries = json.loads(f"[{','.join(lines)}]")
    except (ValueError, RecursionError):
        return None
    is_right = len(entries) == len(lines) and not any(map(_wrong, entries))
    return entries if is_right else None


def _problems(lines: Mapping[int, str], file: str) -> list[Problem]:
    """Each line with something wrong; nothing but the conflict marker if there is one."""
    problems = []
    for row, line in lines.items():
        if line.startswith(_CONFLICT_MARKERS):
            message = "is a conflict marker: keep the lines of both sides, and prune what they have too much"
            return [Problem(file, f"line {row}", message)]
        if wrong := _wrong_line(line):
            problems.append(Problem(file, f"line {row}", wrong))
    return problems


def _wrong_line(line: str) -> str | None:
    import json

    try:
        return _wrong(json.loads(line))
    except json.JSONDecodeError as error:
        return f"is not valid JSON: {error.msg}"
    except (ValueError, RecursionError) as error:
        return f"is not valid JSON: {error}"


def _wrong(entry: Any) -> str | None:
    """What is wrong with a line's value, if anything is."""
    if not isinstance(entry, dict) or entry.keys() != _KEYS:
        return f"must be an object with exactly the keys {', '.join(_KEYS)}"
    if not all(isinstance(entry[key], str) for key in _STRINGS):
        return f"{', '.join(_STRINGS)} must be strings"
    if type(entry["count"]) is not int or entry["count"] < 1:
        return "count must be a whole number of at least 1"
    return None
