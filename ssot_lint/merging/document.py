"""A part as it was written: what it says about itself, and the entries of its format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from ssot_lint.errors import InputError, Problem
from ssot_lint.reporters._parts import KEY, Part, read

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """The part in the file `name`; `results` and `failures` are as its `format` writes them.

    `run` is what a SARIF run holds beside its results.
    """

    name: str
    format: str
    part: Part
    results: Sequence[Entry]
    failures: Sequence[Entry]
    run: Entry


def load(name: str, content: bytes) -> Document:
    """Reads a part; raises InputError for anything else."""
    try:
        written = json.loads(content)
    except (ValueError, RecursionError) as error:
        _refuse(name, f"is not valid JSON: {error}")
    try:
        if isinstance(written, list):
            return _from_json(name, written)
        return _from_sarif(name, written)
    except (LookupError, TypeError, ValueError, AttributeError):
        _refuse(name, "is no part of a report: check --shard I/N writes those, in the formats json and sarif")


def by_path(documents: Iterable[Document]) -> Iterator[Entry]:
    """All results in the order of the whole: each file's are those of one part, and in order."""
    stretches = []
    for document in documents:
        results = iter(document.results)
        for path, count in document.part.paths.items():
            stretches.append((path, [next(results) for _ in range(count)]))
    for _, stretch in sorted(stretches, key=lambda each: each[0]):
        yield from stretch


def failures(documents: Iterable[Document]) -> list[Entry]:
    """All that could not be checked, in the order of the whole."""
    pairs = (
        pair for document in documents for pair in zip(document.part.failures, document.failures, strict=True)
    )
    return [entry for _, entry in sorted(pairs, key=lambda pair: pair[0])]


def _from_json(name: str, written: list[Entry]) -> Document:
    *entries, last = written
    part = read(last[KEY], name)
    end = sum(part.paths.values())
    return _checked(Document(name, "json", part, entries[:end], entries[end:], {}))


def _from_sarif(name: str, written: Mapping[str, Any]) -> Document:
    run = dict(written["runs"][0])
    results = run.pop("results")
    part = read(run.pop("properties")[KEY], name)
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    return _checked(Document(name, "sarif", part, results, notifications, run))


def _checked(document: Document) -> Document:
    part = document.part
    counts = (sum(part.paths.values()), len(part.failures))
    if counts != (len(document.results), len(document.failures)):
        _refuse(document.name, "does not hold the entries that it was written with")
    return document


def _refuse(name: str, message: str) -> NoReturn:
    raise InputError([Problem(name, "", message)])
