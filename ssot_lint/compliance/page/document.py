"""The page as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ssot_lint import __version__
from ssot_lint.compliance.numbers import Compliance, History
from ssot_lint.compliance.page import sections
from ssot_lint.compliance.page.findings import Shown, findings
from ssot_lint.compliance.page.markup import code_spans, element, escape
from ssot_lint.compliance.wording import headline
from ssot_lint.pages import Page

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""Lets the browser load nothing, wherever the page may come to lie."""


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How a page is made.

    `project` is its title, `date` the day that it speaks of. Without `with_code` no line of code is in it.
    A finding's place leads to `url`, in which `{path}` and `{row}` are replaced.
    """

    project: str
    date: str
    with_code: bool = True
    url: str | None = None


def render(
    compliance: Compliance, history: History | None, rules: Iterable[Page], options: PageOptions
) -> Iterator[str]:
    """The page, piece by piece; `rules` are the pages of the rules that were broken."""
    texts = {page.rule.name: _html(page) for page in rules}
    yield _head(options)
    yield _banner(compliance, options)
    yield "<main>\n"
    yield sections.summary(compliance, history)
    if history is not None and history.points:
        yield sections.over_time(history)
    if compliance.packages:
        yield sections.parts("packages", "Packages", "Package", compliance.packages)
    if compliance.owners:
        yield sections.parts("owners", "Owners", "Owner", compliance.owners)
    if compliance.rules:
        yield sections.rules(compliance.rules, texts)
    yield from findings(compliance, Shown(options.with_code, options.url, texts))
    if texts:
        yield sections.rule_texts(texts)
    yield sections.explanation(compliance)
    yield f"</main>\n<footer>Made by ssot-lint {escape(__version__)}</footer>\n"
    yield f"<script>{_resource('script.js')}</script>\n</body>\n</html>\n"


def _head(options: PageOptions) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>ID compliance of {escape(options.project)}</title>\n"
        f"<style>{_resource('style.css')}</style>\n</head>\n<body>\n"
    )


def _banner(compliance: Compliance, options: PageOptions) -> str:
    title = element("h1", f"ID compliance of {escape(options.project)}")
    line = code_spans(headline(compliance.total, compliance.sources))
    when = element("p", element("time", options.date, datetime=options.date), class_="date")
    skip = '<a class="skip" href="#findings">Skip to the findings</a>'
    return element("header", skip, when, title, element("p", line, class_="lead")) + "\n"


def _html(page: Page) -> str:
    """A rule's page; what looks like HTML in it is shown as text."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return "".join(
        element("h4", escape(title)) + markdown.render(text) for title, text in page.sections.items()
    )


def _resource(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")
