"""Writing: to the terminal or the pipe that is there, or to a file in one step."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO

import click

from ssot_lint.errors import SsotLintError
from ssot_lint.files import replace_file


def wants_color(stream: TextIO) -> bool:
    """Whether escape sequences are welcome there: on a terminal, unless NO_COLOR or FORCE_COLOR decide."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Writes to standard output; that its reader has gone is no failure."""
    try:
        click.echo(text, nl=False, color=wants_color(sys.stdout))
    except BrokenPipeError:
        silence_output()
    except OSError as error:
        raise SsotLintError(f"cannot write to standard output: {error.strerror}") from error


def silence_output() -> None:
    """Lets what is still buffered for a reader that has gone vanish, which would else fail at exit."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device is no Path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def write_file(file: Path, text: str) -> None:
    """Writes UTF-8 to a file that is either as it was or complete; devices and pipes are written directly."""
    content = text.encode("utf-8", "backslashreplace")
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(content)
        else:
            replace_file(file, content)
    except OSError as error:
        raise SsotLintError(f"{file.as_posix()}: cannot be written: {error.strerror}") from error
