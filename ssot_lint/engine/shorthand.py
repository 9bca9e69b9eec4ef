"""The tokens of a statement in shorthand: what a rule tells apart stays as it is, all else looks the same.

Names that the rule looks for, keywords and texts are *veiled*: their characters are moved to code points where
no code has any, so that a regular expression knows them from the rest. Code that is *revealed* is Python again,
and has every character where it was.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from ssot_lint.kinds import Interest

NAMES, TEXTS, KEYWORDS = 0xF0000, 0x100000, 0xE000
"""How far the characters of names, of texts and of keywords are moved: to code points for private use."""

NAME, TEXT, KEYWORD = "\U000f0000-\U000fffff", "\U00100000-\U0010ffff", "\ue000-\ue0ff"
"""Where these characters are then, for a set of them in a regular expression."""

TELLS = "§"
"""Stands for a text that tells something."""

REFUSED = chr(ord("?") + NAMES)
"""Stands for what cannot be decided on, and must not be left out."""

_OPEN, _CLOSE = chr(ord("{") + KEYWORDS), chr(ord("}") + KEYWORDS)
"""The braces of fields, which are no brackets of the statement."""

_MOST_KEPT = 100_000
_QUOTES = ('"""', "'''", '"', "'")


def _literal(quote: str, inside: str, apart: str = "") -> str:
    """A string in these quotes; `inside` it are other things than single characters, which are not those `apart`."""
    mark = quote[0]
    if len(quote) == 1:
        return rf"{mark}(?!{mark}{mark})(?>(?:[^{mark}\\\n{apart}]++|{inside})*){mark}"
    return rf"{quote}(?>(?:[^{mark}\\{apart}]++|{mark}(?!{mark}{mark})|{inside})*){quote}"


def _field(quotes: Iterable[str]) -> str:
    """A field of an f-string, with nothing but short strings in these quotes in it."""
    strings = "".join(rf"|{quote}[^{quote}\n\\{{}}]*+{quote}" for quote in quotes)
    return rf"\{{(?>(?:[^{{}}\"'\n\\]++{strings}|\{{[^{{}}\"'\n\\]*+\}})*)\}}"


def _format(quote: str) -> str:
    field = _field({'"', "'"} - {quote[0]})
    return _literal(quote, rf"\\[^N{{}}]|\{{\{{|\}}\}}|{field}", apart="{}")


_STRINGS = "|".join(_literal(quote, r"\\[\s\S]") for quote in _QUOTES)
_FORMATS = "|".join(map(_format, _QUOTES))
_TOKEN = re.compile(
    rf"""(?>[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?!["'])|[^\w"'\\\#]+
    |(?:[fF][rR]?|[rR][fF])(?:{_FORMATS})|[rRbBuU]{{0,2}}(?:{_STRINGS})
    |(?:\#[^\n]*|\\\r?\n)\s*|\d[\w.]*+(?!["'])""",
    re.VERBOSE,
)
_OPENED = re.compile(r"(\w*)(\"\"\"|'''|[\"'])")
_PART = re.compile(rf"(?P<text>(?>(?:[^{{}}]++|\{{\{{|\}}\}})+))|(?P<field>{_field(_QUOTES[2:])})")
_PUNCTUATION = re.compile(r"[][(){},.:;=+\-*/%@&|^~<>!]+")
_UNKNOWN = re.compile(r"(?<=\b_)(?:\._)+")
_NAMED = re.compile(f"[{NAME}]")
_NO_FIELD = re.compile(rf"\A\{{|[\"'{TEXT}]")
_NO_TEXT = re.compile(r"[\"\n]")
_TELLING = frozenset(keyword.kwlist) - {"None", "True", "False"}
_SIMPLE = frozenset({"return", "assert", "raise", "await", "yield", "not", "lambda"})
_OTHER_STATEMENTS = (frozenset(keyword.kwlist) - _SIMPLE) | {"match", "case", "type"}


def tokens_of(statement: str) -> list[str] | None:
    """A simple statement in pieces; None for other statements, and where these are not sure to be its tokens."""
    tokens = _TOKEN.findall(statement)
    is_sure = sum(map(len, tokens)) == len(statement) and tokens[0] not in _OTHER_STATEMENTS
    return tokens if is_sure else None


def veil(text: str, distance: int) -> str:
    return "".join(_veiled(char, distance) for char in text)


def _veiled(char: str, distance: int) -> str:
    if char > "\uffff":
        return char if char < "\U000f0000" else "?"  # what is where the veiled ones are says nothing
    return chr(ord(char) + distance)


def reveal(code: str) -> str:
    return "".join(map(_revealed, code))


def _revealed(char: str) -> str:
    if char < "\ue000" or "\ue100" <= char < "\U000f0000":
        return char
    return chr(ord(char) - next(each for each in (TEXTS, NAMES, KEYWORDS) if ord(char) >= each))


class Shorthand(dict[str, str]):
    """What each token is in shorthand to a rule of that interest; without `with_texts`, all that tell are alike.

    `hits` are the offsets behind those words in a token by which the rule may be broken.
    """

    def __init__(self, interest: Interest, with_texts: bool) -> None:
        assert interest.alike is not None
        self.hits: dict[str, Sequence[int]] = {}
        self._interest = interest
        self._with_texts = with_texts
        self._names = re.compile("|".join(map(re.escape, sorted(interest.names))))
        self._words = re.compile(interest.alike.words)
        self._texts = re.compile(interest.alike.texts)
        self._enough = re.compile(interest.alike.enough)

    def make_room(self) -> None:
        if len(self) > _MOST_KEPT:
            self.clear()
            self.hits.clear()

    def code(self, tokens: Iterable[str]) -> str:
        return "".join(map(self.__getitem__, tokens))

    def hits_in(self, tokens: Iterable[str], start: int) -> list[int]:
        """The offsets behind the hits in tokens that begin at `start`, once these have been read."""
        found = []
        for token in tokens:
            if token in self.hits:
                found += [start + hit for hit in self.hits[token]]
            start += len(token)
        return found

    def __missing__(self, token: str) -> str:
        self[token] = short = self._short(token)
        return short

    def _short(self, token: str) -> str:
        opened = _OPENED.match(token)
        if opened is not None:
            read = self._format if "f" in opened[1].lower() else self._string
            return read(token, opened.end(), len(token) - len(opened[2]))
        if token[0].isidentifier():
            return self._words_of(token)
        if token[0] in "#\\":
            return ""
        if token[0].isdigit():
            return "_"
        code = "".join(token.split())
        return (code if _PUNCTUATION.fullmatch(code) else REFUSED) if code else " "

    def _words_of(self, token: str) -> str:
        """A word, or words with dots between them; an attribute of what means nothing means nothing."""
        words = token.split(".")
        ends = accumulate(map(len, words), lambda end, length: end + len(".") + length)
        hits = [end for end, word in zip(ends, words, strict=True) if word in self._interest.literals]
        if hits:
            self.hits[token] = hits
        return _UNKNOWN.sub("", ".".join(map(self._word, words)))

    def _word(self, word: str) -> str:
        if word in self._interest.names:
            return veil(word, NAMES)
        if word in _TELLING:
            return veil(f" {word} ", KEYWORDS)
        return word if self._words.fullmatch(word) else "_"

    def _string(self, token: str, start: int, end: int) -> str:
        said = token[start:end]
        return REFUSED if said in self._interest.literals else self._text(token, said)

    def _text(self, token: str, said: str) -> str:
        """A string without a name in a field."""
        if self._with_texts:
            return veil(f"{token} ", TEXTS)
        return TELLS if "\\" in said or self._texts.search(said) else '""'

    def _format(self, token: str, start: int, end: int) -> str:
        """An f-string: its fields with a name, and its text if that tells something."""
        parts = list(_PART.finditer(token, start, end))
        said = "".join(part[0] for part in parts if part["text"])
        possible = [part for part in parts if part["field"] and self._names.search(part[0])]
        fields = {part: code for part in possible if _NAMED.search(code := self._field(part[0]))}
        if not fields:
            return self._text(token, said)
        self.hits[token] = [part.start() + hit for part in fields for hit in self.hits[part[0]]]
        code = "".join(fields.values())
        if not self._texts.search(said):
            return f'f"{code}"'
        if self._enough.fullmatch(said):
            return f'f"{veil("".join(sorted(set(self._texts.findall(said)))), TEXTS)}{code}"'
        if not self._with_texts:
            return f'f"{TELLS}{code}"'
        if _NO_TEXT.search(said):
            return REFUSED
        return (
            f'f"{"".join(fields.get(part, veil(part[0], TEXTS) if part["text"] else "") for part in parts)}"'
        )

    def _field(self, field: str) -> str:
        """A field with its braces, which is no token but is kept like one."""
        if field not in self:
            tokens = _TOKEN.findall(field[1:-1])
            code = self.code(tokens).replace('""', "_")
            self.hits[field] = self.hits_in(tokens, start=1)
            self[field] = REFUSED if _NO_FIELD.search(code) else f"{_OPEN}{code}{_CLOSE}"
        return self[field]
