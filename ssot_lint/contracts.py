"""Learned contracts, kept until something changes that they were learned from."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ssot_lint.cache_folder import Stamp, code_stamp
from ssot_lint.errors import InputError
from ssot_lint.shelf import Shelf
from ssot_lint.source import Override, Target
from ssot_lint.source.contract import Contract
from ssot_lint.witnesses import Witnesses, agree, state

_FILE = "contracts.json"


class ContractStore:
    """The contracts kept in a cache folder; whatever goes wrong with it, they are learned anew."""

    def __init__(self, directory: Path) -> None:
        self._shelf = Shelf(directory / _FILE)

    def contract(
        self,
        targets: Sequence[Target],
        source_roots: Sequence[Path],
        root: Path,
        overrides: Mapping[str, Override],
    ) -> tuple[Contract, Witnesses | None]:
        """What `learn` gives, and what it depends on, None if that cannot be told; raises InputError like it."""
        key = _key(targets, source_roots, root, overrides)
        known = _known(self._shelf.get(key), source_roots, root)
        if known is not None:
            return known
        contract, witnesses = _learn(targets, source_roots, root, overrides)
        if witnesses is not None:
            self._shelf.put(key, (witnesses, _plain(contract)))
        return contract, witnesses


def _learn(
    targets: Sequence[Target], source_roots: Sequence[Path], root: Path, overrides: Mapping[str, Override]
) -> tuple[Contract, Witnesses | None]:
    """The contract, and the state of every module that was looked at; None if one was changed meanwhile."""
    from ssot_lint.source.learning import learn_contract
    from ssot_lint.source.library import Library

    started = time.time_ns()
    library = Library(source_roots, root)
    contract = learn_contract(targets, library, overrides)
    looked_up = library.looked_up()
    try:
        witnesses = {name: state(path, was_read) for name, (path, was_read) in looked_up.items()}
        stamps = [Stamp.of(path) for path, was_read in looked_up.values() if was_read]
    except OSError:
        return contract, None
    is_as_read = all(max(stamp.modified, stamp.changed) < started for stamp in stamps)
    return contract, witnesses if is_as_read else None


def _known(entry: Any, source_roots: Sequence[Path], root: Path) -> tuple[Contract, Witnesses] | None:
    """The contract of an entry, if all that it was learned from is as it was."""
    if entry is None:
        return None
    from ssot_lint.source.export import from_json

    try:
        witnesses, contract = entry
        return (from_json(contract, _FILE), witnesses) if agree(witnesses, source_roots, root) else None
    except (InputError, ValueError, TypeError, AttributeError):
        return None


def _plain(contract: Contract) -> Mapping[str, Any]:
    from ssot_lint.source.export import to_json

    return to_json(contract)


def _key(
    targets: Sequence[Target], source_roots: Sequence[Path], root: Path, overrides: Mapping[str, Override]
) -> str:
    from hashlib import blake2b

    asked = (code_stamp(), list(targets), list(map(str, source_roots)), str(root), sorted(overrides.items()))
    return blake2b(repr(asked).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
