"""Parts in the format json."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ssot_lint.merging.document import Document, Entry, by_path, failures
from ssot_lint.merging.settlement import Settlement
from ssot_lint.reporters.json import array


def merge(documents: Sequence[Document], settlement: Settlement) -> tuple[Iterator[str], bool]:
    """The text of the whole, and whether anything was found that nobody has accepted."""
    found = [
        _settled(entry, settlement)
        for entry in by_path(documents)
        if entry["fingerprint"] not in settlement.covered
    ]
    faults = [{**each.entry, "message": each.message} for each in settlement.faults]
    return array([*found, *failures(documents), *faults]), bool(found)


def _settled(entry: Entry, settlement: Settlement) -> Entry:
    fingerprint = entry["fingerprint"]
    named = {**entry, "fingerprint": settlement.renamed.get(fingerprint, fingerprint)}
    reason = settlement.reasons.get(fingerprint)
    return named if reason is None else {**named, "fix": None, "reason": reason}
