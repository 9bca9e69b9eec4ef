"""The values that pass between the layers: frozen, comparable, picklable.

A module is loaded when one of its names is asked for: a run that finds nothing needs few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssot_lint.model.findings import (
        Applicability,
        Edit,
        Failure,
        FailureKind,
        Finding,
        Fix,
        Identity,
        Position,
        Span,
        fingerprints,
    )
    from ssot_lint.model.report import Report, StaleEntry, Suppressed, in_order
    from ssot_lint.model.severity import Severity
    from ssot_lint.model.share import Ledger, Share, Surplus

__all__ = [
    "Applicability",
    "Edit",
    "Failure",
    "FailureKind",
    "Finding",
    "Fix",
    "Identity",
    "Ledger",
    "Position",
    "Report",
    "Severity",
    "Share",
    "Span",
    "StaleEntry",
    "Suppressed",
    "Surplus",
    "fingerprints",
    "in_order",
]

_BESIDE_FINDINGS = {
    "Report": "report",
    "StaleEntry": "report",
    "Suppressed": "report",
    "in_order": "report",
    "Severity": "severity",
    "Ledger": "share",
    "Share": "share",
    "Surplus": "share",
}


def __getattr__(name: str) -> object:
    return getattr(import_module(f"{__name__}.{_BESIDE_FINDINGS.get(name, 'findings')}"), name)
