"""`ssot-lint check`: finds, and changes nothing."""

from __future__ import annotations

import functools
import os
import time
from dataclasses import replace
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

if TYPE_CHECKING:
    from ssot_lint.sharding import Shard


def _shard(ctx: click.Context, param: click.Parameter, value: str | None) -> Shard | None:
    if value is None:
        return None
    from ssot_lint.sharding import Shard

    try:
        return Shard.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


@click.command("check", short_help="Find IDs that are not made by the source of truth.")
@run_options
@output_options
@acceptance_options
@click.option(
    "--add-ignores", metavar="REASON", help="Suppress what is found by comments that give this reason."
)
@click.option(
    "--shard", callback=_shard, metavar="I/N", help="Only the I-th of N parts of the files; see merge."
)
@click.option("--show-settings", is_flag=True, help="Show what is configured for PATHS, check nothing.")
@click.option("--fix", is_flag=True, help="The same as the command fix.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix, also fixes that somebody may notice.")
def command(
    add_ignores: str | None,
    shard: Shard | None,
    show_settings: bool,
    fix: bool,
    unsafe_fixes: bool,
    **flags: Any,
) -> int:
    """Find IDs that are not made by the source of truth.

    PATHS are files and folders, by default the current folder; - is standard input.
    """
    run = pick(RunFlags, flags)
    if show_settings:
        return _show_settings(run)
    acceptance = pick(AcceptanceFlags, flags)
    if "-" in run.paths and (add_ignores is not None or acceptance.diff_base is not None):
        raise click.UsageError("--add-ignores and --diff-base work on files, and - is none")
    excluded = {
        "--add-ignores": add_ignores is not None,
        "--diff-base": acceptance.diff_base is not None,
        "--fix": fix,
        "--statistics": flags["statistics"],
        "-": "-" in run.paths,
    }
    if shard is not None and any(excluded.values()):
        names = " and ".join(name for name, given in excluded.items() if given)
        raise click.UsageError(f"--shard and {names} exclude each other")
    if fix:
        return _fix(run, acceptance, add_ignores, pick(OutputFlags, flags), unsafe_fixes)
    if unsafe_fixes:
        raise click.UsageError("--unsafe-fixes says what --fix does, which is not given")
    return _check(run, acceptance, shard, add_ignores, pick(OutputFlags, flags))


def _fix(
    run: RunFlags, acceptance: AcceptanceFlags, reason: str | None, output: OutputFlags, unsafe: bool
) -> int:
    from ssot_lint.cli.fix import FixFlags, fix

    if reason is not None:
        raise click.UsageError("--fix and --add-ignores exclude each other")
    return fix(run, acceptance, output, FixFlags(unsafe_fixes=unsafe))


def _check(
    run: RunFlags,
    acceptance: AcceptanceFlags,
    shard: Shard | None,
    reason: str | None,
    output: OutputFlags,
) -> int:
    from ssot_lint import reporters, session
    from ssot_lint.rule_pages import built_in_names

    started = time.monotonic()
    render = renderer(output)
    with_fixes = reporters.shows_fixes(output.output_format)
    request = replace(acceptance.apply(run.request()), with_fixes=with_fixes, shard=shard)
    load_rules = functools.cache(lambda: session.load_catalogue(request))
    names = (*run.select, *run.ignore)
    if names and not built_in_names().issuperset(names):
        known_rules(names, session.rule_names(request))
    with ProgressBar(enabled=not output.quiet) as progress:
        report = session.check(request, progress)
    if reason is not None:
        from ssot_lint.ignoring import ignore_findings

        report = ignore_findings(report, reason.strip())
    if output.verbose:
        seconds = time.monotonic() - started
        click.echo(f"{report.root.as_posix()}: checked {report.checked} files in {seconds:.2f} s", err=True)
    return deliver(report, render, output, load_rules)


def _show_settings(run: RunFlags) -> int:
    from ssot_lint.settings import SettingsIndex, project_root, render

    cwd = Path.cwd()
    index = SettingsIndex(project_root(cwd), run.config and run.config.absolute())
    paths = [cwd / path for path in run.paths or (".",)]
    folders = [os.path.normpath(path if path.is_dir() else path.parent) for path in paths]
    shown = [
        replace(settings, select=run.select or settings.select, ignore=(*settings.ignore, *run.ignore))
        for settings in map(index.for_directory, folders)
    ]
    write("".join(dict.fromkeys(f"{render(settings)}\n" for settings in shown)))
    return 0
