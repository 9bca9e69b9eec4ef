"""Who owns a file, by the project's CODEOWNERS: the last pattern that matches decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ssot_lint.gitignore import Pattern, parse_pattern

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may stand; the first that exists counts, as on GitHub."""

_FIELDS = re.compile(r"(?:\\.|[^\s\\])+")
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with its owners, in the order of the file; without owners, it takes them away."""

    pattern: Pattern
    owners: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """Whether the pattern holds for a file or, unless it ends in `/*`, for a folder around it."""
        if re.fullmatch(self.pattern.regex, _subject(self.pattern, path)) and not self.pattern.folders_only:
            return True
        if self.pattern.glob.endswith("/*"):
            return False
        parts = path.split("/")
        folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return any(re.fullmatch(self.pattern.regex, _subject(self.pattern, folder)) for folder in folders)


def _subject(pattern: Pattern, path: str) -> str:
    return path if pattern.anchored else path.rpartition("/")[2]


def find(root: Path) -> Path | None:
    """The CODEOWNERS file of a project."""
    return next((root / place for place in PLACES if (root / place).is_file()), None)


def parse(text: str) -> tuple[Rule, ...]:
    """The rules of a CODEOWNERS file; the sections of GitLab give default owners to the lines in them."""
    rules = []
    defaults: tuple[str, ...] = ()
    for line in text.removeprefix("\ufeff").splitlines():
        if section := _SECTION.match(line):
            defaults = _owners(line[section.end() :])
            continue
        fields = _FIELDS.match(line.lstrip())
        if fields is None or fields[0].startswith("#"):
            continue
        pattern = parse_pattern(fields[0].replace("\\ ", " "))
        if pattern is not None and not pattern.negated:
            rules.append(Rule(pattern, _owners(line.lstrip()[fields.end() :]) or defaults))
    return tuple(rules)


def _owners(text: str) -> tuple[str, ...]:
    owners: list[str] = []
    for word in text.split():
        if word.startswith("#"):
            break
        owners.append(word)
    return tuple(owners)


def owners_of(path: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The owners of a file, given by its posix path from the project's root; empty if it has none."""
    found: tuple[str, ...] = ()
    for rule in rules:
        if rule.matches(path):
            found = rule.owners
    return found
