"""`ssot-lint check`: finds, and changes nothing."""

from __future__ import annotations

import functools
import time
from typing import Any

import click

from ssot_lint.cli._options import OutputFlags, RunFlags, known_rules, output_options, pick, run_options
from ssot_lint.cli._progress import ProgressBar
from ssot_lint.cli._report import deliver, renderer


@click.command("check", short_help="Find IDs that are not made by the source of truth.")
@run_options
@output_options
def command(**flags: Any) -> int:
    """Find IDs that are not made by the source of truth.

    PATHS are files and folders, by default the current folder; - is standard input.
    """
    return _check(pick(RunFlags, flags), pick(OutputFlags, flags))


def _check(run: RunFlags, output: OutputFlags) -> int:
    from ssot_lint import session

    started = time.monotonic()
    render = renderer(output)
    request = run.request()
    load_rules = functools.cache(lambda: session.load_catalogue(request))
    if names := (*run.select, *run.ignore):
        known_rules(names, load_rules())
    with ProgressBar(enabled=not output.quiet) as progress:
        report = session.check(request, progress)
    if output.verbose:
        seconds = time.monotonic() - started
        click.echo(f"{report.root.as_posix()}: checked {report.checked} files in {seconds:.2f} s", err=True)
    return deliver(report, render, output, load_rules)
