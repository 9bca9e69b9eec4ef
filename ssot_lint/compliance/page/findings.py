"""The findings, file by file, each with its place, its rule and its line of code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from ssot_lint.compliance.numbers import Compliance, Entry, Share, Status
from ssot_lint.compliance.page.markup import code_spans, element, escape, rule_name
from ssot_lint.compliance.wording import counted, number
from ssot_lint.model import fingerprints

_LONGEST_LINE = 160
_IDENTITY = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a finding: its line of code only `with_code`; `url` has `{path}` and `{row}` in it.

    `explained` are the rules whose texts are on the page.
    """

    with_code: bool
    url: str | None
    explained: Collection[str]


def findings(compliance: Compliance, shown: Shown) -> Iterator[str]:
    """The section with all findings, piece by piece."""
    entries = compliance.entries
    yield '<section aria-labelledby="findings"><h2 id="findings">Findings</h2>'
    if not entries:
        yield element("p", "There are none.")
    else:
        yield _filters(compliance)
        identities = fingerprints(entry.finding for entry in entries)
        marked = list(zip(entries, identities, strict=True))
        for path, group in groupby(marked, key=lambda each: each[0].finding.path):
            yield _file(path, list(group), shown)
    yield "</section>"


def _filters(compliance: Compliance) -> str:
    """What a script needs to narrow the list down; without one it stays hidden, and the list whole."""
    statuses = [status for status in Status if any(each.counts[status] for each in compliance.rules)]
    controls = [
        '<label>Find <input type="search" name="text" placeholder="path, message or code"></label>',
        _choice("rule", "Rule", (each.rule for each in compliance.rules)),
        _choice("packages", "Package", _names(compliance.packages)),
        _choice("owners", "Owner", _names(compliance.owners)),
        _choice("status", "Status", statuses),
        '<button type="reset">Show all</button>',
        f"<output>{counted(len(compliance.entries), 'finding')}</output>",
    ]
    return element("form", *controls, class_="filters", hidden="", aria_label="Filter the findings")


def _names(shares: Sequence[Share]) -> list[str]:
    return [share.name for share in shares if share.tally.elsewhere]


def _choice(name: str, label: str, values: Iterable[str]) -> str:
    options = "".join(
        element("option", escape(value or "(nobody)"), value=value or "(nobody)") for value in values
    )
    if not options:
        return ""
    return f'<label>{label} <select name="{name}"><option value="">all</option>{options}</select></label>'


def _file(path: str, marked: Sequence[tuple[Entry, str]], shown: Shown) -> str:
    items = "\n".join(_finding(entry, identity, shown) for entry, identity in marked)
    first = marked[0][0]
    title = f"{element('code', escape(path))} {element('span', number(len(marked)), class_='count')}"
    return element(
        "details",
        element("summary", title),
        element("ul", items),
        class_="file",
        data_packages=first.package,
        data_owners=first.owner or "(nobody)",
    )


def _finding(entry: Entry, identity: str, shown: Shown) -> str:
    finding = entry.finding
    start = finding.span.start
    place = f"{start.row}:{start.column}"
    if shown.url:
        path = quote(finding.path.encode("utf-8", "surrogateescape"))
        target = shown.url.replace("{row}", str(start.row)).replace("{path}", path)
        place = element("a", place, href=target)
    note = f" ({escape(entry.reason)})" if entry.reason else ""
    line = finding.line.strip()
    return element(
        "li",
        element("span", place, class_="place"),
        " ",
        rule_name(finding.rule, shown.explained),
        " ",
        element("span", f"{entry.status}{note}", class_=f"status {entry.status}"),
        element("p", code_spans(finding.message)),
        element("pre", element("code", escape(_cut(line)))) if shown.with_code and line else "",
        id=f"finding-{identity[:_IDENTITY]}",
        data_rule=finding.rule,
        data_status=entry.status,
    )


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
