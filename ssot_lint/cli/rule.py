"""`ssot-lint rule`: shows the pages of the catalogue and runs their examples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssot_lint.cli._options import complete_rule, config_option, format_option, known_rules
from ssot_lint.cli._output import write
from ssot_lint.cli._show import show_markdown, show_table

if TYPE_CHECKING:
    from ssot_lint.pages import Example, Page


@click.command("rule", short_help="Show what rules find and why, or run the examples of their pages.")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_rule)
@click.option("--all", "show_all", is_flag=True, help="The pages of all rules.")
@click.option("--test", is_flag=True, help="Run the examples of the pages; a page may be given by its path.")
@config_option
@format_option("text", "json")
def command(
    names: tuple[str, ...], show_all: bool, test: bool, config: Path | None, output_format: str
) -> int:
    """Show what rules find and why, or run the examples of their pages.

    Without NAME, lists all rules. With --test, NAME may also be the path of a page or of a folder of pages,
    and the exit code is 1 if an example does not hold.
    """
    if names and show_all:
        raise click.UsageError("--all and the name of a rule exclude each other")
    pages = _pages(names, config, with_paths=test)
    if test:
        return _test(pages, output_format)
    if output_format == "json":
        write(json.dumps([_page_json(page) for page in pages], indent=2) + "\n")
    elif names or show_all:
        show_markdown("\n".join(map(_markdown, pages)))
    else:
        show_table(
            ("rule", "severity", "finds"),
            [(page.rule.name, page.rule.severity.value, page.summary) for page in pages],
        )
    return 0


def _pages(names: Sequence[str], config: Path | None, with_paths: bool) -> list[Page]:
    """The pages of those names, or paths, in their order; without any, all of the catalogue."""
    from ssot_lint import session
    from ssot_lint.pages import read_pages

    rules = session.load_catalogue(
        session.CheckRequest(paths=(), cwd=Path.cwd(), config=config and config.absolute())
    )
    if not names:
        return read_pages(rule.file for rule in rules.values())
    paths = {name for name in names if with_paths and name not in rules and Path(name).exists()}
    known_rules([name for name in names if name not in paths], rules)
    return read_pages(
        file for name in names for file in (_files(Path(name)) if name in paths else [rules[name].file])
    )


def _files(path: Path) -> list[Path]:
    from ssot_lint.catalogue import load_rules

    return [rule.file for rule in load_rules([path]).values()] if path.is_dir() else [path]


def _markdown(page: Page) -> str:
    from ssot_lint.catalogue import FRONT_MATTER

    text = page.rule.file.read_text("utf-8-sig")
    return FRONT_MATTER.sub(
        lambda matter: f"# {page.rule.name}\n\n```toml\n{matter['toml']}```\n", text, count=1
    )


def _page_json(page: Page) -> dict[str, Any]:
    rule = {name: value for name, value in asdict(page.rule).items() if name != "file"}
    return {**rule, "summary": page.summary, "sections": page.sections}


def _test(pages: Sequence[Page], output_format: str) -> int:
    from ssot_lint.examples import run

    outcomes: list[dict[str, Any]] = []
    for page, example in [(each, example) for each in pages for example in each.examples]:
        rule = page.rule
        problems = run(rule, example, page.counterpart(example))
        outcomes.append(_outcome(rule.name, example, problems))
        if output_format == "text":
            state = "FAIL" if problems else "ok  "
            write(f"{state} {rule.name}: {example.section} {example.number} (row {example.row})\n")
            write("".join(f"     {problem}\n" for problem in problems))
    held = sum(outcome["holds"] for outcome in outcomes)
    if output_format == "json":
        write(json.dumps(outcomes, indent=2) + "\n")
    else:
        write(f"{held} of {len(outcomes)} examples hold.\n")
    return 0 if held == len(outcomes) else 1


def _outcome(rule: str, example: Example, problems: list[str]) -> dict[str, Any]:
    return {
        "rule": rule,
        "section": example.section,
        "number": example.number,
        "row": example.row,
        "holds": not problems,
        "problems": problems,
    }
