"""The parts of a report, each on one shard, put together to what one run over all files would have said."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from ssot_lint.merging.checks import check
from ssot_lint.merging.document import Document, load
from ssot_lint.merging.settlement import Settlement, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Merged", "load", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """A whole report: its text, and what a run says beside it, in lines for standard error.

    `found` says whether anything was found that nobody has accepted.
    """

    text: str
    found: bool
    checked: int
    notices: tuple[str, ...]
    failures: tuple[str, ...]
    faults: tuple[str, ...]


class _Format(Protocol):
    def merge(self, documents: Sequence[Document], settlement: Settlement) -> tuple[Iterator[str], bool]:
        """The text of the whole, and whether anything was found that nobody has accepted."""


def merge(documents: Sequence[Document]) -> Merged:
    """Puts the parts together, whatever their order; raises InputError for those that do not go together."""
    check(documents)
    documents = sorted(documents, key=lambda each: each.part.index)
    parts = [each.part for each in documents]
    settlement = settle(parts)
    format_ = cast(_Format, importlib.import_module(f"{__name__}.as_{documents[0].format}"))
    text, found = format_.merge(documents, settlement)
    lines = {path: line for part in parts for path, line in part.failures.items()}
    return Merged(
        text="".join(text),
        found=found,
        checked=sum(part.checked for part in parts),
        notices=(*parts[0].notices, *settlement.notices),
        failures=tuple(lines[path] for path in sorted(lines)),
        faults=tuple(each.line for each in settlement.faults),
    )
