"""LibCST's parser, with all that may go wrong in it as one kind of error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import libcst as cst

from ssot_lint.syntax.lexer import LexError, Region, scan

_DEEPEST = 2_000
_TOKEN = re.compile(r"[,;]|[-+~.]|[*/%@&|^<>!=]+|\b(?:and|or|not|if|else|for|in|is|lambda|await)\b")
_ENDS = (Region.CLOSE, ",", ";")


class ParseError(ValueError):
    """The text is no module to LibCST; `row` and `column`, from 1, are where it gave up, if it says so."""

    def __init__(self, message: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


class TooDeepError(ParseError):
    """An expression is nested more deeply than LibCST's parser and Python's own compiler are sure to bear."""

    def __init__(self) -> None:
        super().__init__("an expression is nested too deeply")


def parse(text: str, lines: Sequence[int] = ()) -> cst.Module:
    """The tree of a module whose logical lines begin at the offsets `lines`; raises ParseError."""
    bounds = pairwise((*(lines or (0,)), len(text)))
    if any(end - start > _DEEPEST and _depth(text, start, end) > _DEEPEST for start, end in bounds):
        # The native parser would run out of stack, which ends the process.
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


def _depth(text: str, start: int, end: int) -> int:
    """No fewer than the levels of the deepest expression: each operator, bracket or string may be one."""
    levels = [0]
    deepest = 0
    for token in _tokens(text, start, end):
        if token in _ENDS:
            deepest = max(deepest, sum(levels))
        if token is Region.CLOSE:
            levels.pop()
        elif token in _ENDS:
            levels[-1] = 0
        else:
            levels[-1] += 1
            if token is Region.OPEN:
                levels.append(0)
    return max(deepest, sum(levels))


def _tokens(text: str, start: int, end: int) -> Iterator[Region | str]:
    """What adds to the depth, and the separators behind which it begins anew, as far as the text is Python."""
    at = start
    try:
        for stretch in scan(text, start, end):
            yield from (match[0] for match in _TOKEN.finditer(text, at, stretch.start))
            at = stretch.end
            if stretch.region in (Region.OPEN, Region.CLOSE, Region.STRING):
                yield stretch.region
    except LexError:
        return
    yield from (match[0] for match in _TOKEN.finditer(text, at, end))
