"""Ignore patterns as git reads them: `gitignore(5)` for the lines, git's `wildmatch` for the globs.

Entries are decided one by one while a tree is walked, as git does it: a pattern is held against the name of
an entry or against its path, never against what lies below it. That is what makes negation come out as in
git, and it costs a tenth of matching whole paths against all patterns.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ITEM = r"\[:(?P<posix>[^\]]*):\]|(?P<low>\\.|[^\\])-(?P<high>\\.|[^\\\]])|(?P<one>\\.|[^\\])"
_UNNAMED_ITEM = re.sub(r"P<\w+>", ":", _ITEM)
# Atomic groups, because git never takes back an item that it has read, even if no closing bracket follows.
_CLASS = rf"\[(?P<negation>[!^]?+)(?P<items>(?>{_UNNAMED_ITEM})(?>(?:(?!\])(?>{_UNNAMED_ITEM}))*))\]"
_TOKENS = (
    rf"(?P<folders>(?<![^/])\*{{2,}}/)|(?P<anything>(?<![^/])\*{{2,}}(?=\\/|\Z))|(?P<star>\*+)|(?P<any>\?)"
    rf"|{_CLASS}|(?P<char>\\.|[^\[\\])"
)
_FIXED = {"folders": "(?:.*/)?", "anything": ".*", "star": "[^/]*", "any": "[^/]"}
_WILDCARD = re.compile(r"[*?\[\\]")
_POSIX = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern; its glob is held against an entry's path if it is `anchored`, else against its name."""

    glob: str
    regex: str
    negated: bool
    folders_only: bool
    anchored: bool


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Patterns of one file in their order, the last that matches decides; made by `compile_patterns`.

    Everything but `patterns` is an index that answers quickly for the many entries that none of them matches.
    """

    patterns: tuple[Pattern, ...]
    names: frozenset[str]
    endings: tuple[str, ...]
    paths: frozenset[str]
    name_regex: re.Pattern[str] | None
    path_regex: re.Pattern[str] | None

    def decide(self, name: str, path: str, is_folder: bool) -> bool | None:
        """Whether the entry is ignored, None if no pattern matches it.

        `path` is relative to the folder that the patterns stand in, with forward slashes; the folders on the
        way to it are taken to have been decided before.
        """
        if not (
            name in self.names
            or path in self.paths
            or name.endswith(self.endings)
            or (self.name_regex and self.name_regex.fullmatch(name))
            or (self.path_regex and self.path_regex.fullmatch(path))
        ):
            return None
        for pattern in reversed(self.patterns):
            text = path if pattern.anchored else name
            if (is_folder or not pattern.folders_only) and re.fullmatch(pattern.regex, text):
                return not pattern.negated
        return None

    def covers(self, path: str) -> bool:
        """Whether a file, or one of the folders that it lies in, is ignored; `path` as in `decide`."""
        end = path.find("/")
        while end != -1:
            folder = path[:end]
            if self.decide(folder[folder.rfind("/") + 1 :], folder, True):
                return True
            end = path.find("/", end + 1)
        return bool(self.decide(path[path.rfind("/") + 1 :], path, False))


@dataclass(frozen=True, slots=True)
class Globs:
    """Patterns that stand in the folder `base`, an absolute path; made by `globs_in`."""

    base: str
    lines: tuple[str, ...]
    patterns: PatternSet = field(compare=False, repr=False)

    def covers(self, path: str) -> bool:
        """Whether the file at an absolute path, or a folder below `base` that it lies in, is matched.

        Of a file that is not below `base` only the name is looked at.
        """
        inside = path_below(self.base, path)
        return self.patterns.covers(path.rpartition(os.sep)[2] if inside is None else inside)


def globs_in(base: str, lines: Iterable[str]) -> Globs:
    """The given patterns standing in a folder; as people expect, `./a` is the same as `/a`."""
    lines = tuple(re.sub(r"\A(!?)\./", r"\1/", line) for line in lines)
    return Globs(base, lines, compile_patterns(lines))


def path_below(folder: str, path: str) -> str | None:
    """`path` relative to `folder` with forward slashes, None if it is not below; both are absolute."""
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(start) :].replace(os.sep, "/") if path.startswith(start) else None


def pattern_lines(text: str) -> list[str]:
    """The patterns in the text of a `.gitignore`: no comments, no blank lines, no white space at the end."""
    lines = (line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n"))
    return [_without_trailing_spaces(line) for line in lines if line.strip(" ") and not line.startswith("#")]


def compile_patterns(lines: Iterable[str]) -> PatternSet:
    """The set of the given patterns; one that git could never match is left out, as git does."""
    patterns = tuple(pattern for pattern in map(parse_pattern, lines) if pattern)
    literal = [pattern for pattern in patterns if _is_literal(pattern.glob)]
    endings = [pattern for pattern in patterns if _is_ending(pattern)]
    others = [pattern for pattern in patterns if not _is_literal(pattern.glob) and not _is_ending(pattern)]
    return PatternSet(
        patterns,
        names=frozenset(pattern.glob for pattern in literal if not pattern.anchored),
        endings=tuple({pattern.glob[1:]: None for pattern in endings}),
        paths=frozenset(pattern.glob for pattern in literal if pattern.anchored),
        name_regex=_any_of([pattern.regex for pattern in others if not pattern.anchored]),
        path_regex=_any_of([pattern.regex for pattern in others if pattern.anchored]),
    )


def parse_pattern(line: str) -> Pattern | None:
    """One pattern, None if nothing can match it."""
    glob = line.removeprefix("!")
    folders_only = glob.endswith("/")
    glob = glob.removesuffix("/")
    anchored = "/" in glob
    glob = glob.removeprefix("/")
    regex = _translate(glob)
    if not glob or regex is None:
        return None
    return Pattern(glob, regex, line.startswith("!"), folders_only, anchored)


def _without_trailing_spaces(line: str) -> str:
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and bare != line else bare


def _is_literal(glob: str) -> bool:
    return not _WILDCARD.search(glob)


def _is_ending(pattern: Pattern) -> bool:
    return not pattern.anchored and pattern.glob.startswith("*") and _is_literal(pattern.glob[1:])


def _any_of(regexes: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(regexes)) if regexes else None


def _translate(glob: str) -> str | None:
    """A glob as a regular expression, None if git would never match it.

    git compares the literal head first and then forgets it, so two stars behind it count as a whole segment.
    """
    if _is_literal(glob.removeprefix("*")):  # most patterns; it spares them to compile the tokens
        return ("[^/]*" if glob.startswith("*") else "") + re.escape(glob.removeprefix("*"))
    head = _WILDCARD.split(glob, maxsplit=1)[0]
    parts = [re.escape(head)]
    rest, at = glob[len(head) :], 0
    tokens = re.compile(_TOKENS, re.DOTALL)
    while at < len(rest):
        token = tokens.match(rest, at)
        regex = _translate_token(token) if token else None
        if token is None or regex is None:
            return None
        parts.append(regex)
        at = token.end()
    return f"(?s:{''.join(parts)})"


def _translate_token(token: re.Match[str]) -> str | None:
    if token.lastgroup in _FIXED:
        return _FIXED[token.lastgroup]
    if token["char"]:
        return re.escape(token["char"][-1])
    items = [_translate_item(item) for item in re.finditer(_ITEM, token["items"], re.DOTALL)]
    if None in items:
        return None
    return f"(?!/)[{'^' if token['negation'] else ''}{''.join(filter(None, items))}]"


def _translate_item(item: re.Match[str]) -> str | None:
    """An item between brackets, None for a class that git does not know; an empty range matches its start."""
    if item["posix"] is not None:
        return _POSIX.get(item["posix"])
    if item["one"]:
        return re.escape(item["one"][-1])
    low, high = item["low"][-1], item["high"][-1]
    return f"{re.escape(low)}-{re.escape(max(low, high))}"
