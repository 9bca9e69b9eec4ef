"""One statement as it looks to a rule: what it need not see is left out, and what it cannot tell apart is alike."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from dataclasses import dataclass

from ssot_lint.engine.statement import Item, Statement, parts_of
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
_PART = re.compile(
    rf"""(?P<text>(?>(?:[^{{}}"']++|\{{\{{|\}}\}})+))|(?P<field>{_FIELD})|(?P<quote>["'])""", re.VERBOSE
)
_FIELD_PART = re.compile(r"[^\W\d]\w*|\d\w*|\W+")
_OPENED = re.compile(r"(\w*)([\"'])")
_KEYWORDS = frozenset(keyword.kwlist)
_PLAIN_KEYWORDS = frozenset({"None", "True", "False", "and", "or", "not", "is", "in", "if", "else"})
_OTHER_STATEMENTS = _KEYWORDS - {"return", "assert", "raise", "await", "yield", "not", "lambda", "None"} | {
    "match",
    "case",
    "type",
}
_UNKNOWN, _NUMBER, _TEXT, _ENOUGH = "_", "0", '"', "@"


@dataclass(slots=True)
class _Level:
    """An open bracket: which piece is the first in it, and the first of its present item.

    That item may have one of the names in it, or stay for another reason. A call or a display in braces
    `spares` its last comma. In a `clause`, which a `lambda` or `for` begins, a comma ends no item.
    """

    bracket: str
    first: int
    begin: int
    spares: bool = False
    any_named: bool = False
    any_stays: bool = False
    named: bool = False
    stays: bool = False
    gives: bool = False
    clause: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether the bracket may do without the item."""
        return self.gives and self.bracket != "["

    @property
    def blank(self) -> str:
        return "_:_" if self.gives else "_"


def look_at(text: str, start: int, end: int, names: Collection[str], alike: Alike) -> list[Statement] | None:
    """The statement at these offsets as rules see it that look for `names`; None where that is not sure.

    Items of calls and displays without one of the names are left out, or stand as a name that means nothing.
    Where several items have such names, there is a statement for each, without the others.
    """
    return _Look(text, names, alike).run(start, end)


class _Look:
    def __init__(self, text: str, names: Collection[str], alike: Alike) -> None:
        self._text = text
        self._names = names
        self._words = re.compile(alike.words)
        self._texts = re.compile(alike.texts)
        self._enough = re.compile(alike.enough)
        self._statement = Statement()
        self._levels = [_Level("", 0, 0, stays=True)]
        self._items: list[Item] = []
        self._strings: set[int] = set()
        self._telling: set[int] = set()

    def run(self, start: int, end: int) -> list[Statement] | None:
        at = start
        for token in _TOKEN.finditer(self._text, start, end):
            if token.start() != at or not self._take(token, first=at == start):
                return None
            at = token.end()
        if at != end or len(self._levels) > 1:
            return None
        parts = list(parts_of(self._statement, self._items))
        for part in parts:
            self._tell_texts(part)
        return parts

    def _tell_texts(self, part: Statement) -> None:
        """Where a text tells something, texts that differ are not alike."""
        placed = list(zip(part.starts, part.pieces, strict=True))
        if not any(start in self._telling and piece != _UNKNOWN for start, piece in placed):
            return
        for index, (start, piece) in enumerate(placed):
            if start in self._strings:
                part.keys[index] = piece

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
            return self._open(text, start)
        elif kind == "close" or kind == "comma":
            return self._end_item(text, start, level)
        elif kind == "space":
            self._space(start, level)
        else:
            is_product = text == "*" and len(self._statement.pieces) > level.begin
            level.stays = level.stays or (kind == "stays" and not is_product)
            level.gives = level.gives or kind == "gives"
            level.clause = level.clause and text != ":"
            self._statement.add(start, text, _NUMBER if text[0].isdigit() else text)
        return True

    def _space(self, start: int, level: _Level) -> None:
        if not level.bracket or len(self._statement.pieces) > level.begin:
            self._statement.add(start, " ", " ")

    def _open(self, text: str, start: int) -> bool:
        statement = self._statement
        last = statement.last
        if text == "(" and last in (")", "]"):
            return False  # what is called has no name
        statement.add(start, text, text)
        spares = text == "{" or (text == "(" and last.isidentifier() and last not in _KEYWORDS)
        first = len(statement.pieces)
        self._levels.append(_Level(text, first, first, spares))
        return True

    def _word(self, text: str, start: int, level: _Level) -> None:
        known = text in self._names
        level.clause = text in ("lambda", "for") or (level.clause and text != "in")
        level.named = level.named or known
        level.stays = level.stays or (text in _KEYWORDS and text not in _PLAIN_KEYWORDS)
        self._statement.add(start, text, self._key(text))

    def _key(self, word: str) -> str:
        tells = word in self._names or word in _KEYWORDS or self._words.fullmatch(word) is not None
        return word if tells else _UNKNOWN

    def _string(self, text: str, start: int, level: _Level, has_fields: bool) -> bool:
        opened = _OPENED.match(text)
        assert opened is not None
        parts = list(_PART.finditer(text, opened.end())) if has_fields else []
        said = "".join(part[0] for part in parts if part["text"]) if has_fields else text[opened.end() : -1]
        tells = self._texts.search(said) is not None
        if not any(name in text for name in self._names):
            self._put_text(start, text, opened[1] + _TEXT, tells)
            return True
        if not has_fields:
            return False
        level.named = True
        is_enough = tells and self._enough.fullmatch(said) is not None
        self._statement.add(start, opened[0], opened[1] + (_ENOUGH if is_enough else _TEXT))
        for part in parts:
            at = start + part.start()
            if part["field"]:
                self._field(part[0], at)
            elif part["quote"]:
                self._statement.add(at, part[0], _TEXT)
            else:
                self._put_text(at, part[0], _UNKNOWN, tells and not is_enough)
        return True

    def _put_text(self, start: int, text: str, key: str, tells: bool) -> None:
        self._strings.add(start)
        if tells:
            self._telling.add(start)
        self._statement.add(start, text, key)

    def _field(self, text: str, start: int) -> None:
        for part in _FIELD_PART.finditer(text):
            at, word = start + part.start(), part[0]
            if word[0].isidentifier():
                self._statement.add(at, word, self._key(word))
            else:
                self._statement.add(at, word, _NUMBER if word[0].isdigit() else word)

    def _end_item(self, text: str, start: int, level: _Level) -> bool:
        if level.clause and text == ",":
            return False
        if level.bracket == "":
            self._statement.add(start, text, text)
            return text == ","
        self._settle_item(level)
        any_named = level.any_named or level.named
        any_stays = level.any_stays or level.stays
        if text == ",":
            is_empty = len(self._statement.pieces) == level.first
            if not is_empty:
                self._statement.add(start, text, text)
            begin = len(self._statement.pieces)
            self._levels[-1] = _Level(level.bracket, level.first, begin, level.spares, any_named, any_stays)
        else:
            self._statement.add(start, text, text)
            self._levels.pop()
            self._levels[-1].named |= any_named
            self._levels[-1].stays |= any_stays
        return True

    def _settle_item(self, level: _Level) -> None:
        """Leave an item out, or remember that it is there for the names in it alone."""
        statement = self._statement
        if len(statement.pieces) > level.begin and statement.pieces[-1] == " ":
            statement.cut(len(statement.pieces) - 1)
        in_front = level.begin - (level.begin > level.first)
        if len(statement.pieces) == level.begin:
            if level.spares:
                statement.cut(in_front)
        elif level.named and not level.stays:
            begin, blank = (in_front, "") if level.is_optional else (level.begin, level.blank)
            self._items.append(Item(begin, len(statement.pieces), blank))
        elif not level.stays:
            start = statement.starts[level.begin]
            statement.cut(in_front if level.is_optional else level.begin)
            if not level.is_optional:
                statement.add(start, level.blank, level.blank)
