"""Learned contracts, kept until something changes that they were learned from."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from ssot_lint.cache_folder import Stamp, code_stamp, ignore_itself
from ssot_lint.discovery import find_module
from ssot_lint.errors import InputError
from ssot_lint.files import replace_file
from ssot_lint.source import Override, Target
from ssot_lint.source.contract import Contract

_FILE = "contracts.json"
_KEPT = 16


class ContractStore:
    """The contracts kept in a cache folder; whatever goes wrong with it, they are learned anew."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / _FILE

    def contract(
        self,
        targets: Sequence[Target],
        source_roots: Sequence[Path],
        root: Path,
        overrides: Mapping[str, Override],
    ) -> Contract:
        """What `learn` gives; raises InputError like it."""
        key = _key(targets, source_roots, root, overrides)
        stored = self._stored()
        known = _known(stored.get(key), source_roots, root)
        if known is not None:
            return known
        contract, witnesses = _learn(targets, source_roots, root, overrides)
        if witnesses is not None:
            text = _dump(contract)
            kept = list(stored.items())[1 - _KEPT :]
            self._store({**dict(kept), key: (witnesses, text, crc32(text.encode()))})
        return contract

    def _stored(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _store(self, contracts: Mapping[str, Any]) -> None:
        with suppress(OSError):
            ignore_itself(self._file.parent)
            replace_file(self._file, json.dumps(contracts).encode())


def _learn(
    targets: Sequence[Target], source_roots: Sequence[Path], root: Path, overrides: Mapping[str, Override]
) -> tuple[Contract, dict[str, str] | None]:
    """The contract, and the state of every module that was looked at; None if one was changed meanwhile."""
    from ssot_lint.source.learning import learn_contract
    from ssot_lint.source.library import Library

    started = time.time_ns()
    library = Library(source_roots, root)
    contract = learn_contract(targets, library, overrides)
    looked_up = library.looked_up()
    try:
        witnesses = {name: _state(path, was_read) for name, (path, was_read) in looked_up.items()}
        stamps = [Stamp.of(path) for path, was_read in looked_up.values() if was_read]
    except OSError:
        return contract, None
    is_as_read = all(max(stamp.modified, stamp.changed) < started for stamp in stamps)
    return contract, witnesses if is_as_read else None


def _known(entry: Any, source_roots: Sequence[Path], root: Path) -> Contract | None:
    """The contract of an entry, if all that it was learned from is as it was."""
    if entry is None:
        return None
    from ssot_lint.source.export import from_json

    roots = [root / each for each in source_roots]
    try:
        witnesses, text, checksum = entry
        if crc32(text.encode()) != checksum:
            return None
        for name, state in witnesses.items():
            if _state(str(find_module(name, roots) or ""), was_read=" " in state) != state:
                return None
        return from_json(json.loads(text), _FILE)
    except (InputError, ValueError, TypeError, AttributeError, OSError):
        return None


def _state(path: str, was_read: bool) -> str:
    """A module's path, and behind a space the digest of its content if that was read; raises OSError."""
    if not was_read:
        return path.replace(" ", "%20")
    from hashlib import blake2b

    digest = blake2b(Path(path).read_bytes(), digest_size=20).hexdigest()
    return f"{path.replace(' ', '%20')} {digest}"


def _dump(contract: Contract) -> str:
    from ssot_lint.source.export import to_json

    return json.dumps(to_json(contract))


def _key(
    targets: Sequence[Target], source_roots: Sequence[Path], root: Path, overrides: Mapping[str, Override]
) -> str:
    from hashlib import blake2b

    asked = (code_stamp(), list(targets), list(map(str, source_roots)), str(root), sorted(overrides.items()))
    return blake2b(repr(asked).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
