"""`ssot-lint report`: how many of the IDs come from the source of truth, now and over time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import config_option, format_option, pick
from ssot_lint.cli._output import write, write_file
from ssot_lint.cli._progress import ProgressBar
from ssot_lint.cli._report import failure_lines
from ssot_lint.cli._show import plain_table, show_table

if TYPE_CHECKING:
    from ssot_lint.compliance.numbers import Compliance, History
    from ssot_lint.session import CheckRequest

_PATH = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class _Flags:
    paths: tuple[str, ...]
    config: Path | None
    jobs: int | None
    output_format: str
    output_file: Path | None
    history: str | None
    every: int
    depth: int
    code: bool
    url: str | None
    title: str | None
    cache: bool
    cache_dir: Path | None
    quiet: bool

    def request(self) -> CheckRequest:
        from ssot_lint.session import CheckRequest

        return CheckRequest(
            paths=self.paths or (".",),
            cwd=Path.cwd(),
            config=self.config and self.config.absolute(),
            jobs=self.jobs,
            with_cache=self.cache,
            cache_dir=self.cache_dir and self.cache_dir.absolute(),
        )


@click.command("report", short_help="Measure how many IDs come from the source of truth.")
@click.argument("paths", nargs=-1, type=click.Path())
@config_option
@format_option("text", "markdown", "json", "html")
@click.option(
    "--output-file", type=click.Path(path_type=Path), metavar="PATH", help="Write the report there."
)
@click.option(
    "--history",
    is_flag=False,
    flag_value="HEAD",
    metavar="[REV..REV]",
    help="Measure the commits of a range too, or all up to one, which is HEAD by default; goes behind PATHS.",
)
@click.option("--every", type=click.IntRange(min=1), default=1, metavar="N", help="Only each N-th commit.")
@click.option(
    "--depth", type=click.IntRange(min=1), default=2, metavar="N", help="Folders in a package's name."
)
@click.option("--code/--no-code", default=True, help="Whether lines of code are in the HTML page.")
@click.option("--url", metavar="URL", help="Where the HTML page leads, such as https://host/{path}#L{row}.")
@click.option("--title", metavar="NAME", help="The project's name in the HTML page, else that of its folder.")
@click.option("--cache/--no-cache", default=True, help="Whether results are kept from run to run.")
@click.option("--cache-dir", type=_PATH, help="Keep results there instead of where it is configured.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use at most.")
@click.option("-q", "--quiet", is_flag=True, help="The report and errors only.")
def command(**flags: Any) -> int:
    """Measure how many IDs come from the source of truth, by package, by owner and by rule.

    A place counts as made elsewhere whether its finding is new, in the baseline or suppressed. The exit code
    says nothing about the findings; it is 2 if a file could not be checked.
    """
    given = pick(_Flags, flags)
    compliance = _measure(given)
    history = _measure_history(given, compliance.root, given.history) if given.history is not None else None
    for line in failure_lines(compliance.root, compliance.failures):
        click.echo(line, err=True)
    if not given.quiet:
        for notice in compliance.notices:
            click.echo(notice, err=True)
    _deliver(given, compliance, history)
    return 2 if compliance.failures else 0


def _measure(given: _Flags) -> Compliance:
    from ssot_lint.compliance.measuring import measure

    with ProgressBar(enabled=not given.quiet) as progress:
        return measure(given.request(), progress, given.depth)


def _measure_history(given: _Flags, root: Path, revisions: str) -> History:
    from ssot_lint.cache_folder import CacheUse
    from ssot_lint.compliance.history import HistoryRequest, measure_history
    from ssot_lint.compliance.wording import scope
    from ssot_lint.settings import relative_path

    started = time.monotonic()
    paths = tuple(relative_path(str(Path.cwd() / path), str(root)) for path in given.paths)
    request = HistoryRequest(
        root=root,
        revisions=revisions,
        every=given.every,
        paths=() if "." in paths else paths,
        config=given.config and given.config.absolute(),
        jobs=given.jobs,
        cache=CacheUse(given.cache_dir and given.cache_dir.absolute()) if given.cache else None,
    )
    with ProgressBar(enabled=not given.quiet) as progress:
        history = measure_history(request, progress)
    if not given.quiet:
        click.echo(f"{scope(history)} {time.monotonic() - started:.1f} s", err=True)
    return history


def _deliver(given: _Flags, compliance: Compliance, history: History | None) -> None:
    if given.output_format == "text" and given.output_file is None:
        _show(compliance, history)
        return
    text = _rendered(given, compliance, history)
    if given.output_file is None:
        write(text)
    else:
        write_file(given.output_file, text)


def _rendered(given: _Flags, compliance: Compliance, history: History | None) -> str:
    match given.output_format:
        case "markdown":
            from ssot_lint.compliance import as_markdown

            return as_markdown.render(compliance, history)
        case "json":
            from ssot_lint.compliance import as_json

            return as_json.render(compliance, history)
        case "html":
            return _page(given, compliance, history)
    return _plain(compliance, history)


def _plain(compliance: Compliance, history: History | None) -> str:
    from ssot_lint.compliance.as_text import blocks

    return "".join(
        block if isinstance(block, str) else plain_table([[cell.upper() for cell in block.head], *block.rows])
        for block in blocks(compliance, history)
    )


def _page(given: _Flags, compliance: Compliance, history: History | None) -> str:
    from datetime import date

    from ssot_lint.compliance.page import PageOptions, render
    from ssot_lint.pages import read_pages
    from ssot_lint.session import load_catalogue

    options = PageOptions(
        given.title or compliance.root.name, date.today().isoformat(), given.code, given.url
    )
    catalogue = load_catalogue(given.request())
    broken = [each.rule for each in compliance.rules]
    pages = read_pages(catalogue[rule].file for rule in broken if rule in catalogue)
    return "".join(render(compliance, history, pages, options))


def _show(compliance: Compliance, history: History | None) -> None:
    from ssot_lint.compliance.as_text import blocks

    for block in blocks(compliance, history):
        if isinstance(block, str):
            write(block)
        else:
            show_table(block.head, block.rows, with_bars=not block.head[-1])
