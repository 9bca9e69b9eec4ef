"""`ssot-lint report`: how many of the IDs come from the source of truth, now and over time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
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
    from ssot_lint.compliance.numbers import Compliance, History, Share
    from ssot_lint.session import CheckRequest

_PATH = click.Path(path_type=Path)
_SHOWN = 20
_POINTS = 12
_CELLS = 16


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
    history = _measure_history(given, compliance.root) if given.history else None
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


def _measure_history(given: _Flags, root: Path) -> History:
    from ssot_lint.compliance.history import HistoryRequest, measure_history
    from ssot_lint.compliance.wording import scope
    from ssot_lint.settings import relative_path

    started = time.monotonic()
    paths = tuple(relative_path(str(Path.cwd() / path), str(root)) for path in given.paths)
    request = HistoryRequest(
        root=root,
        revisions=given.history or "HEAD",
        every=given.every,
        paths=() if "." in paths else paths,
        config=given.config and given.config.absolute(),
        jobs=given.jobs,
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
    blocks = (
        block if isinstance(block, str) else plain_table([[cell.upper() for cell in block.head], *block.rows])
        for block in _blocks(compliance, history)
    )
    return "".join(blocks)


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


@dataclass(frozen=True, slots=True)
class _Table:
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def _show(compliance: Compliance, history: History | None) -> None:
    for block in _blocks(compliance, history):
        if isinstance(block, str):
            write(block)
        else:
            show_table(block.head, block.rows)


def _blocks(compliance: Compliance, history: History | None) -> Iterator[str | _Table]:
    """The report for a terminal: lines of text, and tables."""
    from ssot_lint.compliance.wording import headline, unmeasured

    yield headline(compliance.total, compliance.sources) + "\n"
    if remark := unmeasured(compliance):
        yield remark + "\n"
    yield from _shares("package", compliance.packages)
    yield from _shares("owner", compliance.owners)
    yield from _rules(compliance)
    if history is not None and history.points:
        yield from _history(history)


def _shares(what: str, shares: Sequence[Share]) -> Iterator[str | _Table]:
    from ssot_lint.compliance.wording import number, percent

    if not shares:
        return
    most = max(share.tally.total for share in shares)
    rows = [
        (
            share.name or "(nobody)",
            f"{number(share.tally.by_source):>9}",
            f"{number(share.tally.elsewhere):>9}",
            f"{percent(share.tally.rate):>10}",
            _bar(share.tally.by_source, share.tally.elsewhere, most),
        )
        for share in shares[:_SHOWN]
    ]
    yield "\n"
    yield _Table((what, "by source", "elsewhere", "compliance", ""), rows)
    if len(shares) > _SHOWN:
        yield f"and {number(len(shares) - _SHOWN)} more\n"


def _rules(compliance: Compliance) -> Iterator[str | _Table]:
    from ssot_lint.compliance.numbers import Status
    from ssot_lint.compliance.wording import number

    if compliance.rules:
        rows = [
            (each.rule, *(f"{number(each.counts[status]):>9}" for status in Status))
            for each in compliance.rules
        ]
        yield "\n"
        yield _Table(("rule", *(f"{status:>9}" for status in Status)), rows)


def _history(history: History) -> Iterator[str | _Table]:
    from ssot_lint.compliance.as_markdown import selected
    from ssot_lint.compliance.wording import change, minute, number, percent

    points = [history.points[index] for index in selected(history, _POINTS)]
    most = max(point.tally.total for point in points) or 1
    rows = [
        (
            minute(point.time),
            point.commit[:10],
            f"{number(point.tally.by_source):>9}",
            f"{number(point.tally.elsewhere):>9}",
            f"{percent(point.tally.rate):>10}",
            _bar(point.tally.by_source, point.tally.elsewhere, most),
        )
        for point in points
    ]
    yield "\n"
    yield _Table(("time (UTC)", "commit", "by source", "elsewhere", "compliance", ""), rows)
    yield "\n" + change(history.points[0], history.points[-1]) + "\n"


def _bar(by_source: int, elsewhere: int, most: int) -> str:
    """A bar of characters, the source's part full; nothing that is there rounds to nothing."""
    full, shaded = (-(-_CELLS * count // most) for count in (by_source, elsewhere))
    return "\N{FULL BLOCK}" * full + "\N{LIGHT SHADE}" * shaded
