"""Parts in the format sarif."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ssot_lint.merging.document import Document, Entry, by_path, failures
from ssot_lint.merging.settlement import Settlement
from ssot_lint.reporters import sarif
from ssot_lint.reporters._sarif_outcomes import EXTERNAL, most_important
from ssot_lint.reporters._sarif_rules import LEVELS, bare_descriptor

_RANKS = {level: rank for rank, level in enumerate(LEVELS.values())}


def merge(documents: Sequence[Document], settlement: Settlement) -> tuple[Iterator[str], bool]:
    """The text of the whole, and whether anything was found that nobody has accepted."""
    results = [_settled(each, settlement) for each in by_path(documents)] + list(settlement.stale)
    if not any(each.get("baselineState") in ("unchanged", "absent") for each in results):
        results = [_without(each, "baselineState") for each in results]
    kept = most_important(results, sarif.MAX_RESULTS, _weight)
    rules = _rules(documents, kept)
    indexes = {rule["id"]: index for index, rule in enumerate(rules)}
    notifications = [*_notifications(documents, settlement), *sarif.omission(len(results) - len(kept))]
    run = _run(documents, rules, notifications)
    text = sarif.document(run, ({**each, "ruleIndex": indexes[each["ruleId"]]} for each in kept))
    return text, not all(_weight(each)[0] for each in results)


def _settled(result: Entry, settlement: Settlement) -> Entry:
    fingerprint = result["partialFingerprints"]["ssotLint/v1"]
    if fingerprint in settlement.reasons:
        result = _without(result, "fixes")
    if fingerprint not in settlement.covered:
        return result
    return {**_without(result, "fixes"), "baselineState": "unchanged", "suppressions": [EXTERNAL]}


def _without(result: Entry, key: str) -> Entry:
    return {name: value for name, value in result.items() if name != key}


def _weight(result: Entry) -> tuple[bool, int]:
    """As an outcome has it."""
    accepted = "suppressions" in result or result.get("baselineState") == "absent"
    return accepted, _RANKS[result["level"]]


def _rules(documents: Sequence[Document], kept: Sequence[Entry]) -> list[Entry]:
    """The descriptors of the catalogue, and those of other rules that have results, in order."""
    named = {rule["id"]: rule for each in documents for rule in each.run["tool"]["driver"]["rules"]}
    used = {result["ruleId"] for result in kept}
    return [rule for name, rule in sorted(named.items()) if name in used or rule != bare_descriptor(name)]


def _notifications(documents: Sequence[Document], settlement: Settlement) -> list[Entry]:
    faults = ({**each.entry, "message": {"text": each.message}} for each in settlement.faults)
    return [*failures(documents), *faults]


def _run(documents: Sequence[Document], rules: list[Entry], notifications: list[Entry]) -> dict[str, Any]:
    first = documents[0].run
    invocation = {
        "executionSuccessful": not failures(documents),
        "toolExecutionNotifications": notifications,
    }
    return {
        **first,
        "tool": {"driver": {**first["tool"]["driver"], "rules": rules}},
        "invocations": [invocation],
    }
