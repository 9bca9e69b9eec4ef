"""Fixes that are shown and not written: on standard output, or as patches in a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssot_lint.cli._output import silence_output
from ssot_lint.errors import SsotLintError
from ssot_lint.files import replace_file
from ssot_lint.fixing import owners, patches

if TYPE_CHECKING:
    from ssot_lint.session import Fixes


def write_fixed(fixes: Fixes, content: bytes) -> int:
    """Standard input as it is fixed, on standard output; 1 if something remains that was found."""
    after = next((repair.after for repair in fixes.repairs if repair.after is not None), content)
    _write_bytes(after)
    return int(len(fixes.found) > sum(len(repair.applied) for repair in fixes.repairs))


def write_diff(fixes: Fixes) -> int:
    """All changes as one patch on standard output; 1 if there are any."""
    content = b"".join(map(patches.diff, _changes(fixes)))
    _write_bytes(content)
    return int(bool(content))


def write_patches(fixes: Fixes, folder: Path, by_owner: bool, quiet: bool) -> int:
    """A patch for each top folder or owner, in a folder without other patches; 1 if there are any."""
    if folder.is_dir() and any(folder.glob("*.patch")):
        raise SsotLintError(f"{folder.as_posix()}: has patches already, which would be mixed with new ones")
    found = patches.group(_changes(fixes), _owner_of(fixes.root) if by_owner else patches.directory_of)
    for patch in found:
        _write_patch(folder / f"{patch.name}.patch", patch.content)
    if found and not quiet:
        number = "1 patch" if len(found) == 1 else f"{len(found)} patches"
        click.echo(f"Wrote {number} to {folder.as_posix()}.", err=True)
    return int(bool(found))


def _changes(fixes: Fixes) -> list[patches.FileChange]:
    return [
        patches.FileChange(repair.path, repair.before, repair.after)
        for repair in fixes.repairs
        if repair.after is not None
    ]


def _owner_of(root: Path) -> Callable[[str], str]:
    file = owners.find(root)
    if file is None:
        raise SsotLintError(f"--patch-by owner needs one of {', '.join(owners.PLACES)} in {root.as_posix()}")
    try:
        rules = owners.parse(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SsotLintError(f"{file.as_posix()}: cannot be read: {error}") from error
    return lambda path: " ".join(owners.owners_of(path, rules))


def _write_patch(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, content)
    except OSError as error:
        raise SsotLintError(f"{file.as_posix()}: cannot be written: {error.strerror}") from error


def _write_bytes(content: bytes) -> None:
    """As they are, whatever the encoding and the line ends of the terminal."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence_output()
    except OSError as error:
        raise SsotLintError(f"cannot write to standard output: {os.strerror(error.errno or 0)}") from error
