"""The words of a suppression: `# ssot-lint: ignore[rule, rule] until=2027-01-31 -- reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

EXAMPLE = "# ssot-lint: ignore[rule] -- reason"

_OPENING = re.compile(r"(?:\A|(?<=[ \t]))#[ \t]*ssot-lint:")
_NEXT_COMMENT = re.compile(r"[ \t]+(?=#[ \t]|#ssot-lint:)|[ \t]{2,}(?=#)")
_PRAGMA = re.compile(
    r"#[ \t]*ssot-lint:[ \t]*(?P<word>ignore-file|ignore)\[(?P<rules>[^\[\]]*)\]"
    r"(?:[ \t]+until=(?P<until>\S*))?(?:[ \t]*--[ \t]*(?P<reason>.*))?"
)
_WORD = re.compile(r"#[ \t]*ssot-lint:[ \t]*(?P<word>[\w-]*)(?P<rest>.*)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNTIL = re.compile(r"\buntil[ \t]*=")


class PragmaError(ValueError):
    """What begins like a suppression and is none; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Pragma:
    """A suppression as it is written; `names` is where in its text the rules stand, without the brackets."""

    whole_file: bool
    rules: tuple[str, ...]
    names: tuple[int, int]
    until: date | None
    reason: str


def find(comment: str) -> Iterator[tuple[int, int]]:
    """Where in a comment the pragmas stand, well-formed or not; each ends where another comment begins.

    A comment may hold several, and words for people and other tools before, between and behind them, each
    with a `#` of its own.
    """
    for opening in _OPENING.finditer(comment):
        following = _NEXT_COMMENT.search(comment, opening.end())
        end = following.start() if following else len(comment)
        yield opening.start(), opening.start() + len(comment[opening.start() : end].rstrip())


def read(text: str) -> Pragma:
    """The pragma that is all of `text`; raises `PragmaError`."""
    matched = _PRAGMA.fullmatch(text)
    if not matched:
        raise PragmaError(_complaint(text))
    rules = [name.strip() for name in matched["rules"].split(",")]
    if not all(rules):
        raise PragmaError("a rule's name is missing between the brackets")
    reason = matched["reason"] or ""
    if _UNTIL.search(reason):
        raise PragmaError("until= stands before the --, right behind the brackets")
    return Pragma(
        whole_file=matched["word"] == "ignore-file",
        rules=tuple(dict.fromkeys(rules)),
        names=matched.span("rules"),
        until=None if matched["until"] is None else _date(matched["until"]),
        reason=reason,
    )


def write(rules: Sequence[str], reason: str) -> str:
    """The pragma that accepts findings of those rules; raises `PragmaError` if `reason` cannot be one."""
    text = f"# ssot-lint: ignore[{', '.join(rules)}] -- {reason}"
    if not _fits(reason, text):
        raise PragmaError(f"{reason!r} cannot stand in a comment as a reason")
    return text


def _fits(reason: str, text: str) -> bool:
    """Whether the pragma `text` is read as one with that reason."""
    try:
        alone = list(find(text)) == [(0, len(text))]
        return bool(reason) and reason.isprintable() and alone and read(text).reason == reason
    except PragmaError:
        return False


def _date(text: str) -> date:
    from datetime import date

    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise PragmaError(f'"{text}" is no date like 2027-01-31')


def _complaint(text: str) -> str:
    """What is wrong with a text that is no pragma."""
    matched = _WORD.match(text)
    word, rest = (matched["word"], matched["rest"]) if matched else ("", "")
    if word not in ("ignore", "ignore-file"):
        return f'"{word}" is neither ignore nor ignore-file'
    if not rest.startswith("["):
        return f"the rules stand in brackets right behind {word}"
    if "]" not in rest:
        return "the bracket is not closed"
    return "behind the brackets there is only room for until= and a date, and then for -- and the reason"
