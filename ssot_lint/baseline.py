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

Content = tuple[str, str, str]
"""Rule, symbol and snippet."""

_STRINGS = Identity._fields
_KEYS = dict.fromkeys((*_STRINGS, "count")).keys()
_CONFLICT_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run held against the baseline.

    `paths` are the files that it saw, None for all of the project; nothing is known about files and folders
    in `failed`. `rules` are those that it was confined to, None for all, `but_rules` those that it was told
    to leave out. `others` are the files that the other shards of the run see, None in a run without shards.
    """

    paths: Collection[str] | None = None
    failed: Collection[str] = ()
    rules: Collection[str] | None = None
    but_rules: Collection[str] = ()
    others: Collection[str] | None = None

    def judges(self, identity: Identity) -> bool:
        """Whether the run would have found what an entry stands for."""
        ran = (self.rules is None or identity.rule in self.rules) and identity.rule not in self.but_rules
        known = self.paths is None or identity.path in self.paths
        return ran and known and not self.leaves(identity.path) and not self.has_failed(identity.path)

    def leaves(self, path: str) -> bool:
        """Whether the file is another shard's."""
        return self.others is not None and path in self.others

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

    A run over one shard cannot tell what is moved or stale: `left` is what the entries that it judges have
    over, `looked` the same of files that it looked at for that.
    """

    new: tuple[Finding, ...]
    covered: tuple[Finding, ...]
    moved: tuple[Moved, ...] = ()
    stale: tuple[StaleEntry, ...] = ()
    left: tuple[StaleEntry, ...] = ()
    looked: tuple[StaleEntry, ...] = ()


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
    accepted, surplus = _parted(findings, baseline)
    found = Counter(finding.identity for finding in accepted)
    left = {each: count - found[each] for each, count in baseline.items() if seen.judges(each)}
    unknown = [each for each in baseline if each not in left and not seen.leaves(each.path)]
    outlook = _Outlook(baseline, seen, look)
    if seen.others is not None:
        wanted = {content(each.identity) for each in surplus}
        looked = {each: outlook.left(each) for each in unknown if content(each) in wanted}
        return Match(surplus, accepted, left=entries(left), looked=entries(looked))
    origins, rest = cover([each.identity for each in surplus], left, unknown, outlook.left)
    moved = tuple(Moved(each, origin) for each, origin in zip(surplus, origins, strict=True) if origin)
    return Match(
        new=tuple(each for each, origin in zip(surplus, origins, strict=True) if not origin),
        covered=in_order([*accepted, *(each.finding for each in moved)]),
        moved=moved,
        stale=entries(rest) if seen.paths is None else (),
    )


def cover(
    surplus: Collection[Identity],
    left: Baseline,
    unknown: Iterable[Identity],
    ask: Callable[[Identity], int],
) -> tuple[list[Identity | None], Baseline]:
    """The entry that covers each finding, None where there is none, and what is left over then.

    First come, first served, from what is `left`, and then from the entries in `unknown`, of which `ask` says
    what they have left over.
    """
    wanted = set(map(content, surplus))
    origins: defaultdict[Content, list[Identity]] = defaultdict(list)
    for entry in (*sorted(left), *sorted(unknown)) if wanted else ():
        if content(entry) in wanted:
            origins[content(entry)].append(entry)
    stock = dict(left)
    covering: list[Identity | None] = []
    for identity in surplus:
        for origin in origins[content(identity)]:
            count = stock[origin] if origin in stock else ask(origin)
            stock[origin] = max(count - 1, 0)
            if count:
                covering.append(origin)
                break
        else:
            covering.append(None)
    return covering, stock


def entries(baseline: Baseline) -> tuple[StaleEntry, ...]:
    """The entries with a count, sorted."""
    return tuple(sorted(StaleEntry(identity, count) for identity, count in baseline.items() if count))


def content(identity: Identity) -> Content:
    """What stays of a finding that moves to another file."""
    return identity.rule, identity.symbol, identity.snippet


def update(baseline: Baseline, matched: Match, seen: Seen, grow: bool = False) -> Baseline:
    """The baseline after a run: without what is left over, moved entries at their new paths.

    What the run does not judge stays as it is. Only with `grow` are new findings accepted.
    """
    taken = Counter(each.origin for each in matched.moved)
    kept = Counter({each: count - taken[each] for each, count in baseline.items() if not seen.judges(each)})
    kept.update(finding.identity for finding in (*matched.covered, *(matched.new if grow else ())))
    return +kept


def _parted(
    findings: Iterable[Finding], baseline: Baseline
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that the entries of their own files accept, and the others."""
    counts: Counter[Identity] = Counter()
    accepted: list[Finding] = []
    surplus: list[Finding] = []
    for finding in in_order(findings):
        counts[finding.identity] += 1
        is_new = counts[finding.identity] > baseline.get(finding.identity, 0)
        (surplus if is_new else accepted).append(finding)
    return tuple(accepted), tuple(surplus)


class _Outlook:
    """What entries of files that a run did not see have left over; looks at each file once."""

    def __init__(self, baseline: Baseline, seen: Seen, look: Look) -> None:
        self._baseline = baseline
        self._seen = seen
        self._look = look
        self._present: dict[str, Counter[Identity] | None] = {}

    def left(self, identity: Identity) -> int:
        path = identity.path
        if path not in self._present:
            found = None if self._seen.has_failed(path) else self._look(path)
            self._present[path] = None if found is None else Counter(each.identity for each in found)
        present = self._present[path]
        return 0 if present is None else max(self._baseline[identity] - present[identity], 0)


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
