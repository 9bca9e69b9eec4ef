"""The suppressions of a file, as the next steps see them; cheap to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ssot_lint.model import Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a suppression stands, in the terms of a finding."""

    span: Span
    symbol: str
    snippet: str
    line: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """A well-formed suppression.

    `rows` are those of the findings that it covers, all of them for a whole file; it is empty if the comment
    stands neither on the first nor on the last row of a statement. `names` is what stands between the
    brackets, `removal` what must go to leave nothing of the suppression but what stands around it.
    """

    place: Place
    rules: tuple[str, ...]
    rows: range
    whole_file: bool
    until: date | None
    reason: str
    names: Span
    removal: Span


@dataclass(frozen=True, slots=True)
class Malformed:
    """What begins like a suppression and is none, with what is wrong with it."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The suppressions of one file, in its order."""

    suppressions: tuple[Suppression, ...] = ()
    malformed: tuple[Malformed, ...] = ()
