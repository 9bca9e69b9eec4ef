"""What each tool says on its streams: how many findings, where, and how many files it read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from comparison.errors import ReadingError
from comparison.measuring import Measured

Place = tuple[str, int]
"""A path from the tree's root, and a row from 1."""


@dataclass(frozen=True, slots=True)
class Output:
    """`findings` are of all rules that ran, `places` those of raw generators; `files` is None if nobody said."""

    findings: int
    places: Counter[Place]
    files: int | None


Reader = Callable[[Measured], Output]


def ssot_lint(run: Measured) -> Output:
    """`ssot-lint check --output-format concise`; raises ReadingError."""
    return _ssot_lint(run, "direct-uuid")


def every_rule(run: Measured) -> Output:
    """The same, with the places of all findings; raises ReadingError."""
    return _ssot_lint(run, "[a-z-]+")


def ruff(run: Measured) -> Output:
    """`ruff check --output-format concise`, with `--verbose` for the number of files; raises ReadingError."""
    if run.code not in (0, 1):
        raise ReadingError(_last_line(run))
    rows = re.findall(r"^(.+?):(\d+):\d+: TID251 ", run.stdout, re.MULTILINE)
    return Output(len(rows), _places(rows), _number(r"Checked (\d+) files? in", run.stderr))


def semgrep(run: Measured) -> Output:
    """`semgrep scan --json`; raises ReadingError."""
    try:
        report = json.loads(run.stdout)
        rows = [(entry["path"], entry["start"]["line"]) for entry in report["results"]]
        return Output(len(rows), _places(rows), len(report["paths"]["scanned"]))
    except (ValueError, KeyError) as error:
        raise ReadingError(_last_line(run)) from error


def ast_grep(run: Measured) -> Output:
    """`ast-grep scan --report-style short --inspect summary`; raises ReadingError."""
    files = _number(r"scannedFileCount=(\d+)", run.stderr)
    if files is None:
        raise ReadingError(_last_line(run))
    rows = re.findall(r"^(.+?):(\d+):\d+: \w+\[direct-uuid\]", run.stdout, re.MULTILINE)
    return Output(len(rows), _places(rows), files)


def fixit(run: Measured) -> Output:
    """`fixit lint`; raises ReadingError."""
    files = _number(r"(\d+) files? (?:checked|clean)", run.stderr)
    if files is None:
        raise ReadingError(_last_line(run))
    rows = re.findall(r"^(.+?)@(\d+):\d+ DirectUuid: ", run.stdout, re.MULTILINE)
    return Output(len(rows), _places(rows), files)


def nothing(run: Measured) -> Output:
    """A command that only has to end well; raises ReadingError."""
    if run.code:
        raise ReadingError(_last_line(run))
    return Output(0, Counter(), None)


def fixes(run: Measured) -> Output:
    """`ssot-lint fix`: `findings` are those that it fixed; raises ReadingError."""
    number = _number(r"Fixed ([\d,]+) finding", run.stderr)
    if number is None:
        raise ReadingError(_last_line(run))
    return Output(number, Counter(), None)


def _ssot_lint(run: Measured, rule: str) -> Output:
    rows = re.findall(r"^(.+?):(\d+):\d+: ([a-z-]+) ", run.stdout, re.MULTILINE)
    files = _number(r"\((\d+) files? checked", run.stdout + run.stderr)
    if files is None:
        raise ReadingError(_last_line(run))
    places = _places((path, row) for path, row, name in rows if re.fullmatch(rule, name))
    return Output(len(rows), places, files)


def _places(rows: Iterable[tuple[str, str | int]]) -> Counter[Place]:
    return Counter((PurePosixPath(path).as_posix(), int(row)) for path, row in rows)


def _number(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1].replace(",", "")) if found else None


def _last_line(run: Measured) -> str:
    lines = (run.stderr.strip() or run.stdout.strip()).splitlines()
    return lines[-1].strip() if lines else f"ended with {run.code}"
