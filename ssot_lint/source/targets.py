"""What the configuration asks for: the sources of truth, and what it says about single generators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Target:
    """A source of truth as configured: its dotted name and the globs of the files it serves (none: all)."""

    target: str
    paths: tuple[str, ...] = ()


class Override(Protocol):
    """What may be said about a generator; `None` leaves what was learned.

    `roles` and `prefixes` replace the learned ones, `prefix_parameter` names the parameter that becomes the
    head, `optional` the parameters that accept `None`, `generator` says whether it is one at all.
    """

    @property
    def roles(self) -> Sequence[str] | None: ...
    @property
    def prefixes(self) -> Sequence[str] | None: ...
    @property
    def prefix_parameter(self) -> str | None: ...
    @property
    def optional(self) -> Sequence[str] | None: ...
    @property
    def generator(self) -> bool | None: ...
