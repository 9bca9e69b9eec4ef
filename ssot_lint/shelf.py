"""A few values kept from run to run, in one JSON file of the cache folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from ssot_lint.cache_folder import ignore_itself
from ssot_lint.files import replace_file

_KEPT = 16


class Shelf:
    """Values that JSON can hold, under keys; whatever goes wrong with the file, there is nothing in it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, key: str) -> Any:
        """The value that was put there last; None if there is none, or it has been damaged."""
        try:
            text, checksum = self._texts()[key]
            return json.loads(text) if crc32(text.encode()) == checksum else None
        except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
            return None

    def put(self, key: str, value: object) -> None:
        """Keeps the value in the place of the oldest of too many."""
        text = json.dumps(value)
        kept = [each for each in self._texts().items() if each[0] != key][1 - _KEPT :]
        with suppress(OSError):
            ignore_itself(self._file.parent)
            replace_file(self._file, json.dumps({**dict(kept), key: (text, crc32(text.encode()))}).encode())

    def _texts(self) -> Mapping[str, Any]:
        try:
            found = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}
