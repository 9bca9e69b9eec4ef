"""`ssot-lint fix`: applies the fixes that can be trusted, then reports what remains."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import (
    AcceptanceFlags,
    OutputFlags,
    RunFlags,
    acceptance_options,
    known_rules,
    output_options,
    pick,
    run_options,
)
from ssot_lint.cli._output import write
from ssot_lint.cli._progress import ProgressBar
from ssot_lint.cli._report import deliver, renderer
from ssot_lint.files import replace_file
from ssot_lint.syntax.decode import decode

if TYPE_CHECKING:
    from ssot_lint.session import Fixes, FixRequest


@click.command("fix", short_help="Rewrite code to the one call of the source of truth.")
@run_options
@output_options
@acceptance_options
@click.option("--unsafe-fixes", is_flag=True, help="Also apply fixes that somebody may notice.")
@click.option("--diff", is_flag=True, help="Show what would change, write nothing.")
def command(unsafe_fixes: bool, diff: bool, **flags: Any) -> int:
    """Rewrite code to the one call of the source of truth, then report what remains.

    PATHS are files and folders, by default the current folder; - is standard input, fixed on standard output.
    """
    from ssot_lint import session

    run, output = pick(RunFlags, flags), pick(OutputFlags, flags)
    render = renderer(output)
    check = pick(AcceptanceFlags, flags).apply(run.request())
    load_rules = functools.cache(lambda: session.load_catalogue(check))
    if names := (*run.select, *run.ignore):
        known_rules(names, load_rules())
    fixes = _compute(session.FixRequest(check, unsafe_fixes), output)
    if check.stdin is not None:
        return _print_fixed(fixes, check.stdin[1])
    if diff:
        return _print_diff(fixes)
    _write_all(fixes, output)
    report = session.check(replace(check, with_fixes=True))
    return deliver(report, render, output, load_rules)


def _compute(request: FixRequest, output: OutputFlags) -> Fixes:
    from ssot_lint import session

    with ProgressBar(enabled=not output.quiet) as progress:
        return session.fix(request, progress)


def _print_fixed(fixes: Fixes, content: bytes) -> int:
    """Standard input as it is fixed, on standard output; 1 if something remains that was found."""
    after = next((repair.after for repair in fixes.repairs if repair.after is not None), content)
    click.get_binary_stream("stdout").write(after)
    return int(len(fixes.found) > sum(len(repair.applied) for repair in fixes.repairs))


def _print_diff(fixes: Fixes) -> int:
    """All patches; 1 if there are any."""
    patches = "".join(_patches(fixes))
    write(patches)
    return int(bool(patches))


def _patches(fixes: Fixes) -> Iterator[str]:
    for repair in fixes.repairs:
        if repair.after is not None:
            before, after = (
                decode(content).splitlines(keepends=True) for content in (repair.before, repair.after)
            )
            yield from unified_diff(before, after, f"a/{repair.path}", f"b/{repair.path}")


def _write_all(fixes: Fixes, output: OutputFlags) -> None:
    changed = applied = 0
    for repair in fixes.repairs:
        if repair.after is None:
            continue
        replace_file(Path(fixes.files[repair.path]), repair.after)
        changed += 1
        applied += len(repair.applied)
    if changed and not output.quiet:
        click.echo(f"Fixed {_count(applied, 'finding')} in {_count(changed, 'file')}.", err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
