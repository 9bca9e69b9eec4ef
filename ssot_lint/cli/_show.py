"""Tables and Markdown: laid out on a terminal, plain for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from ssot_lint.cli._output import wants_color, write

if TYPE_CHECKING:
    from rich.console import RenderableType


def show_markdown(text: str) -> None:
    """Rendered on a terminal, else as it is."""
    if not sys.stdout.isatty():
        write(text)
        return
    from rich.markdown import Markdown

    _show(Markdown(text))


def show_table(headers: Sequence[str], rows: Sequence[Sequence[str]], with_bars: bool = False) -> None:
    """Wrapped to the width of a terminal, else in columns as wide as they need to be.

    If the last column has bars, it is left out where a terminal has no room for it.
    """
    if not sys.stdout.isatty():
        write(plain_table([[header.upper() for header in headers], *rows]))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if with_bars and max(map(len, plain_table([headers, *rows]).splitlines())) > Console().width:
        headers, rows = headers[:-1], [row[:-1] for row in rows]

    table = Table(*headers, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(Text, row))
    _show(table)


def plain_table(rows: Sequence[Sequence[str]]) -> str:
    """The rows, which have equally many cells, in columns as wide as they need to be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _show(content: RenderableType) -> None:
    from rich.console import Console

    terminal = Console()
    text = StringIO()
    Console(file=text, width=terminal.width, force_terminal=True, no_color=not wants_color(sys.stdout)).print(
        content
    )
    write(text.getvalue())
