"""Comments that accept findings: what they say, what they cover, and how to write and remove them.

Everything here is cheap to import. A file without `MARK` in it has no suppressions.
"""

from __future__ import annotations

MARK = b"ssot-lint:"

UNEXPLAINED = "unexplained-suppression"
UNKNOWN = "unknown-suppression"
EXPIRED = "expired-suppression"
UNUSED = "unused-suppression"
OWN_RULES = frozenset({UNEXPLAINED, UNKNOWN, EXPIRED, UNUSED})
"""The rules about suppressions, which cannot be suppressed themselves."""
