"""What was looked at when something was learned, and whether it still is what it was then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ssot_lint.discovery import find_module

Witnesses = Mapping[str, str]
"""For the dotted name of each module that was looked for, its state."""


def state(path: str, was_read: bool) -> str:
    """A module's path, and behind a space the digest of its content if that was read; raises OSError."""
    if not was_read:
        return path.replace(" ", "%20")
    from hashlib import blake2b

    digest = blake2b(Path(path).read_bytes(), digest_size=20).hexdigest()
    return f"{path.replace(' ', '%20')} {digest}"


def agree(witnesses: Witnesses, source_roots: Sequence[Path], root: Path) -> bool:
    """Whether all modules are in the states that were recorded; `source_roots` are seen from `root`."""
    roots = [root / each for each in source_roots]
    try:
        return all(
            state(str(find_module(name, roots) or ""), was_read=" " in known) == known
            for name, known in witnesses.items()
        )
    except OSError:
        return False
