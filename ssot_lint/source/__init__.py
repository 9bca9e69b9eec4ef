"""Reads the source of truth, without importing it, and says what it makes and owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ssot_lint.source.contract import Contract
from ssot_lint.source.targets import Override, Target


def learn(
    targets: Sequence[Target], source_roots: Sequence[Path], root: Path, overrides: Mapping[str, Override]
) -> Contract:
    """What the targets' code says; `source_roots` are relative to `root`, the project's, or absolute.

    Raises `InputError` with all problems at once. Their keys are `source` and `overrides.NAME`; their file is
    empty, because only the settings know where these keys are written.
    """
    from ssot_lint.source.learning import learn_contract  # who only uses a contract need not load it
    from ssot_lint.source.library import Library

    return learn_contract(targets, Library(source_roots, root), overrides)


__all__ = ["Contract", "Override", "Target", "learn"]
