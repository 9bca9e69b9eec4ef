"""LibCST's parser, with all that may go wrong in it as one kind of error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import libcst as cst

from ssot_lint.syntax.lexer import LexError, Region, scan

_DEEPEST = 2_000
_MOST_BRACKETS = 200
_MOST_BRANCHES = 4_000
_TOKEN = re.compile(r"[,;]|[-+~.]|[*/%@&|^<>!=]+|\b(?:and|or|not|if|else|for|in|is|lambda|await)\b")
_NESTING = (Region.OPEN, Region.CLOSE, Region.STRING, Region.NEWLINE)


class ParseError(ValueError):
    """The text is no module to LibCST; `row` and `column`, from 1, are where it gave up, if it says so."""

    def __init__(self, message: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


class TooDeepError(ParseError):
    """Something is nested more deeply than LibCST's parser and Python's own compiler are sure to bear."""

    def __init__(self) -> None:
        super().__init__("an expression or a statement is nested too deeply")


def parse(text: str, lines: Sequence[int] = ()) -> cst.Module:
    """The tree of a module; `lines` are the offsets at which its logical lines begin, if these are known.

    Raises ParseError, also for what would make the native parser run out of stack, which ends the process.
    """
    if _is_too_deep(text, lines):
        raise TooDeepError
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise ParseError(error.message, error.raw_line, error.raw_column + 1) from None
    except RecursionError:
        raise TooDeepError from None
    except (cst.CSTValidationError, TypeError, UnicodeError) as error:
        # Its nodes check themselves, and some of the checks fail on valid code: `elif(lambda: 1):`
        raise ParseError(f"cannot be parsed: {error}") from None


def _is_too_deep(text: str, lines: Sequence[int]) -> bool:
    bounds = pairwise((*lines, len(text))) if lines else [(0, len(text))]
    try:
        return text.count("elif") > _MOST_BRANCHES or any(
            _nests_too_deeply(text, start, end) for start, end in bounds if _may_nest(text, start, end)
        )
    except LexError as error:
        row = text.count("\n", 0, error.offset) + 1
        raise ParseError(str(error), row, error.offset - text.rfind("\n", 0, error.offset)) from None


def _may_nest(text: str, start: int, end: int) -> bool:
    """Whether there is room for deep nesting: no operator is shorter than a character, no bracket than two."""
    if end - start > _DEEPEST:
        return True
    return (
        end - start > _MOST_BRACKETS
        and sum(text.count(bracket, start, end) for bracket in "([{") > _MOST_BRACKETS
    )


def _nests_too_deeply(text: str, start: int, end: int) -> bool:
    """Counts no fewer levels than there are: each operator, bracket or string of an expression may be one."""
    levels = [0]
    total = 0
    for token in _tokens(text, start, end):
        if token is Region.CLOSE:
            total -= levels.pop()
        elif token in (",", ";") or (token is Region.NEWLINE and len(levels) == 1):
            total -= levels[-1]
            levels[-1] = 0
        elif token is not Region.NEWLINE:
            total += 1
            levels[-1] += 1
            if token is Region.OPEN:
                levels.append(0)
        if total > _DEEPEST or len(levels) > _MOST_BRACKETS:
            return True
    return False


def _tokens(text: str, start: int, end: int) -> Iterator[Region | str]:
    """What adds to the depth, and what it begins anew behind."""
    at = start
    for stretch in scan(text, start, end):
        yield from (match[0] for match in _TOKEN.finditer(text, at, stretch.start))
        at = stretch.end
        if stretch.region in _NESTING:
            yield stretch.region
    yield from (match[0] for match in _TOKEN.finditer(text, at, end))
