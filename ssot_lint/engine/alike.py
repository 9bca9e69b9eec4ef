"""One statement as it looks to a rule: what it need not see is left out, and what it cannot tell apart is alike."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from ssot_lint.kinds import Alike

_FIELD = r"\{[^{}\"'\n\\]*+(?>(?:\{[^{}\"'\n\\]*+\}[^{}\"'\n\\]*+)*)\}"
_TOKEN = re.compile(
    rf"""(?P<space>(?>(?:[ \t\f\r\n]|\\\r?\n|\#[^\n]*)+))
    |(?P<format>(?:[fF][rR]?|[rR][fF])(?:
        "(?!"")(?>(?:[^"\\\n{{}}]++|\{{\{{|\}}\}}|{_FIELD})*)"|'(?!'')(?>(?:[^'\\\n{{}}]++|\{{\{{|\}}\}}|{_FIELD})*)'))
    |(?P<string>[rRbBuU]{{0,2}}(?:
        "(?!"")[^"\\\n]*+(?>(?:\\.[^"\\\n]*+)*)"|'(?!'')[^'\\\n]*+(?>(?:\\.[^'\\\n]*+)*)'))
    |(?P<word>[^\W\d]\w*+(?!["']))
    |(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<comma>,)
    |(?P<stays>:=|\*|[=!<>]=)|(?P<gives>[=:])
    |(?P<other>[^\w\s"'\#\\]|\d[\w.]*+(?!["']))""",
    re.VERBOSE,
)
_PART = re.compile(r"[^\W\d]\w*|\d\w*|\W+")
_WORD = re.compile(r"\w+")
_FIELDS = re.compile(_FIELD)
_CALLED = re.compile(r"(?:\s|\\|\#[^\n]*\n)*\(")
_KEYWORDS = frozenset(keyword.kwlist)
_PLAIN_KEYWORDS = frozenset({"None", "True", "False", "and", "or", "not", "is", "in"})
_OTHER_STATEMENTS = _KEYWORDS - {"return", "assert", "raise", "await", "yield", "not", "lambda", "None"} | {
    "match",
    "case",
    "type",
}
_UNKNOWN = "_"


@dataclass(slots=True)
class Statement:
    """What is left of a statement, in pieces, and where in the file each of them begins.

    Statements with the same `key` are alike piece by piece.
    """

    pieces: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return "\n".join(self.keys)

    @property
    def last(self) -> str:
        """The last piece that is no white space; empty if there is none."""
        return next((piece for piece in reversed(self.pieces) if piece != " "), "")

    def add(self, start: int, piece: str, key: str) -> None:
        self.pieces.append(piece)
        self.keys.append(key)
        self.starts.append(start)

    def cut(self, length: int) -> None:
        del self.pieces[length:], self.keys[length:], self.starts[length:]


@dataclass(slots=True)
class _Level:
    """An open bracket: at which piece its present item begins, and whether that one stays, or any before it.

    In a `clause`, which a `lambda` or `for` begins, a comma ends no item.
    """

    bracket: str
    begin: int
    any_stays: bool = False
    stays: bool = False
    gives: bool = False
    clause: bool = False


def look_at(text: str, start: int, end: int, names: Collection[str], alike: Alike) -> Statement | None:
    """The statement at these offsets as rules see it that look for `names`; None where that is not sure.

    Items of calls and displays without one of the names are left out, or stand as a name that means nothing.
    """
    return _Look(text, names, alike).run(start, end)


class _Look:
    def __init__(self, text: str, names: Collection[str], alike: Alike) -> None:
        self._text = text
        self._names = names
        self._words = re.compile(alike.words)
        self._texts = re.compile(alike.texts)
        self._statement = Statement()
        self._levels = [_Level("", 0, stays=True)]
        self._strings: list[int] = []
        self._texts_tell = False

    def run(self, start: int, end: int) -> Statement | None:
        at = start
        for token in _TOKEN.finditer(self._text, start, end):
            if token.start() != at or not self._take(token, first=at == start):
                return None
            at = token.end()
        if at != end or len(self._levels) > 1:
            return None
        statement = self._statement
        if self._texts_tell:
            for index in self._strings:
                statement.keys[index] = statement.pieces[index]
        return statement

    def _take(self, token: re.Match[str], first: bool) -> bool:
        kind, text, start = token.lastgroup, token[0], token.start()
        level = self._levels[-1]
        if kind == "word":
            if first and text in _OTHER_STATEMENTS:
                return False
            self._word(text, start, level)
        elif kind == "string" or kind == "format":
            return self._string(text, start, level, kind == "format")
        elif kind == "open":
            if text == "(" and self._statement.last in (")", "]"):
                return False  # what is called has no name
            self._statement.add(start, text, text)
            self._levels.append(_Level(text, len(self._statement.pieces)))
        elif kind == "close" or kind == "comma":
            return self._end_item(text, start, level)
        else:
            level.stays = level.stays or kind == "stays"
            level.gives = level.gives or kind == "gives"
            level.clause = level.clause and text != ":"
            piece = " " if kind == "space" else text
            self._statement.add(start, piece, piece)
        return True

    def _word(self, text: str, start: int, level: _Level) -> None:
        known = text in self._names
        level.clause = text in ("lambda", "for") or (level.clause and text != "in")
        level.stays = level.stays or known or (text in _KEYWORDS and text not in _PLAIN_KEYWORDS)
        self._statement.add(start, text, text if known or self._tells(text, start) else _UNKNOWN)

    def _tells(self, word: str, start: int) -> bool:
        return (
            word in _KEYWORDS
            or _CALLED.match(self._text, start + len(word)) is not None
            or self._words.fullmatch(word) is not None
        )

    def _string(self, text: str, start: int, level: _Level, has_fields: bool) -> bool:
        self._texts_tell |= self._texts.search(_FIELDS.sub("", text) if has_fields else text) is not None
        if not any(name in text for name in self._names):
            self._strings.append(len(self._statement.pieces))
            opening = re.split("[\"']", text, maxsplit=1)[0]
            self._statement.add(start, text, opening + _WORD.sub(_UNKNOWN, text[len(opening) :]))
            return True
        if not has_fields:
            return False
        level.stays = True
        opening_end = 2 if text[1] in "\"'" else 3
        self._statement.add(start, text[:opening_end], text[:opening_end])
        for part in _PART.finditer(text, opening_end):
            at = start + part.start()
            tells = not part[0][0].isidentifier() or part[0] in self._names or self._tells(part[0], at)
            self._strings.append(len(self._statement.pieces))
            self._statement.add(at, part[0], part[0] if tells else _UNKNOWN)
        return True

    def _end_item(self, text: str, start: int, level: _Level) -> bool:
        if level.clause and text == ",":
            return False
        if level.bracket == "":
            self._statement.add(start, text, text)
            return text == ","
        is_gone = not level.stays and self._leave_out(level)
        if text != "," or not is_gone:
            self._statement.add(start, text, text)
        any_stays = level.any_stays or level.stays
        if text == ",":
            self._levels[-1] = _Level(level.bracket, len(self._statement.pieces), any_stays)
        else:
            self._levels.pop()
            self._levels[-1].stays |= any_stays
        return True

    def _leave_out(self, level: _Level) -> bool:
        """Put a name that means nothing in place of an item; whether nothing is needed there, not even that."""
        statement = self._statement
        if all(piece == " " for piece in statement.pieces[level.begin :]):
            return False
        start = statement.starts[level.begin]
        statement.cut(level.begin)
        self._strings = [index for index in self._strings if index < level.begin]
        if level.gives and level.bracket != "[":
            return True
        blank = "_:_" if level.gives else "_"
        statement.add(start, blank, blank)
        return False
