"""Fixes that are written: as all of them or as the user's check allows, with a record, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssot_lint import applying
from ssot_lint.cli._verifying import Check
from ssot_lint.errors import SsotLintError
from ssot_lint.fixing import manifest as manifests
from ssot_lint.fixing.write import WriteError
from ssot_lint.reporters import file_namer

if TYPE_CHECKING:
    from ssot_lint.applying import Applied
    from ssot_lint.cli.fix import FixFlags
    from ssot_lint.session import Fixes


def apply(fixes: Fixes, how: FixFlags, quiet: bool) -> Applied:
    """Writes, keeps record, and says what was done; raises SsotLintError where nothing was."""
    if how.manifest is not None and how.manifest.exists():
        raise SsotLintError(f"{how.manifest.as_posix()}: is there already, and may be needed for --undo")
    check = Check(how.verify, fixes.root, quiet) if how.verify else None
    try:
        if how.manifest is not None:
            manifests.save(applying.plan(fixes), how.manifest)
        applied = applying.apply(fixes, check)
        if how.manifest is not None:
            manifests.save(applying.record(fixes, applied, how.unsafe_fixes), how.manifest)
    except WriteError as error:
        raise SsotLintError(f"{how.manifest}: cannot be written: {error}") from error
    if applied.is_untestable and check is not None:
        raise SsotLintError(*check.complaint())
    _say(fixes, applied, quiet)
    return applied


def undo(file: Path, root: Path, quiet: bool) -> int:
    """Puts back what the run of a manifest changed; 2 if a file had to be left as it is."""
    undone = manifests.undo(manifests.load(file), root)
    name = file_namer(root, Path.cwd())
    if not quiet:
        already = f", {len(undone.untouched)} were as before" if undone.untouched else ""
        click.echo(f"Put back {_count(len(undone.restored), 'file')}{already}.", err=True)
    for each in undone.left:
        click.echo(f"error: {name(each.path)}: was left as it is: {each.reason}", err=True)
    return 2 if undone.left else 0


def _say(fixes: Fixes, applied: Applied, quiet: bool) -> None:
    name = file_namer(fixes.root, Path.cwd())
    if applied.written and not quiet:
        findings = sum(len(repair.applied) for repair in applied.written)
        click.echo(
            f"Fixed {_count(findings, 'finding')} in {_count(len(applied.written), 'file')}.", err=True
        )
    for repair in applied.taken_back:
        click.echo(f"taken back: {name(repair.path)}: the command of --verify fails with its fixes", err=True)
    for each in applied.failed:
        click.echo(f"error: {name(each.path)}: was not fixed: {each.reason}", err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
