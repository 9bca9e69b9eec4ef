"""`ssot-lint merge`: puts the reports of several shards together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ssot_lint.cli._report import publish
from ssot_lint.errors import SsotLintError

_FILE = click.Path(path_type=Path)


@click.command("merge", short_help="Put the reports of check --shard together.")
@click.argument("reports", nargs=-1, required=True, type=_FILE, metavar="REPORT...")
@click.option("--output-file", type=_FILE, metavar="PATH", help="Write the whole there.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also if there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Errors only on standard error.")
def command(reports: Sequence[Path], output_file: Path | None, exit_zero: bool, quiet: bool) -> int:
    """Put the reports of `check --shard I/N` together, one for each shard, all in the format json or sarif.

    The whole is what one check of all files would have written, and so is the exit code. It needs nothing but
    the reports.
    """
    from ssot_lint.merging import load, merge

    merged = merge([load(report.as_posix(), _read(report)) for report in reports])
    for line in (*(() if quiet else merged.notices), *merged.failures, *merged.faults):
        click.echo(line, err=True)
    publish(merged.text, output_file)
    if merged.failures:
        return 2
    return 1 if (merged.found or merged.faults) and not exit_zero else 0


def _read(report: Path) -> bytes:
    try:
        return report.read_bytes()
    except OSError as error:
        raise SsotLintError(f"{report.as_posix()}: cannot be read: {error.strerror}") from None
