"""The hashes by which GitHub code scanning knows a line again when others move.

`github/codeql-action` computes them too when it uploads a report, and warns of every result that holds
another value. So this is the same function: a polynomial over 100 UTF-16 units from the start of the line,
blanks left out, and the number of the line among those with equal hashes. There it is rolled over a whole
file; here it is computed for the lines that are asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from operator import mul

_WINDOW = 100
_MASK = (1 << 64) - 1
_POWERS = [pow(37, exponent, 1 << 64) for exponent in reversed(range(_WINDOW))]
_END_OF_FILE = "\uffff"
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def line_hashes(content: bytes, rows: Collection[int]) -> dict[int, str]:
    """The hash of each of those rows, which count from 1; a row that the file does not have is left out."""
    lines = _units(content).split("\n")
    openings = {lines[row - 1][:_WINDOW] for row in rows if row <= len(lines)}
    seen: Counter[str] = Counter()
    hashes = {}
    for row, line in enumerate(lines, 1):
        if line[:_WINDOW] in openings:  # where lines are equal, hashes may be
            window = "\n".join(lines[row - 1 : row + _WINDOW])[:_WINDOW]
            seen[window] += 1
            if row in rows:
                hashes[row] = f"{_hash(window):x}:{seen[window]}"
    return hashes


def _units(content: bytes) -> str:
    """The file without blanks, one character for each UTF-16 unit, as JavaScript sees it."""
    valid = content.decode("utf-8", "replace").encode()
    lines = valid.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = lines.translate(None, b" \t").decode()
    return (text if text.isascii() else _ASTRAL.sub(_pair, text)) + _END_OF_FILE


def _pair(character: re.Match[str]) -> str:
    high, low = divmod(ord(character[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _hash(window: str) -> int:
    """A window that the end of the file cuts short counts as filled up with zeros."""
    total: int = sum(map(mul, map(ord, window), _POWERS))
    return total & _MASK
