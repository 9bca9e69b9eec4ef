"""HTML text, escaped where it has to be."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable

_CODE = re.compile("`([^`]+)`")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def escape(text: str) -> str:
    """Text as it is shown, or as the value of an attribute; what HTML cannot hold is replaced."""
    return html.escape(_UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text))


def code_spans(text: str) -> str:
    """Text in which what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def element(name: str, *content: str, **attributes: str | None) -> str:
    """An element around HTML; of attributes, `_` stands for `-`, one that is None is left out."""
    opening = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{opening}>{''.join(content)}</{name}>"


def rule_name(rule: str, explained: Collection[str]) -> str:
    """The name of a rule, which leads to its text if that is on the page."""
    name = element("code", escape(rule))
    return element("a", name, href=f"#rule-{rule}") if rule in explained else name


def table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]], numbers_from: int = 1) -> str:
    """A table of HTML cells, the first of each row its header; from `numbers_from` on they hold numbers."""

    def css(column: int) -> str | None:
        return "number" if column >= numbers_from else None

    columns = "".join(element("th", text, scope="col", class_=css(at)) for at, text in enumerate(head))
    body = (
        "".join(
            element("td", cell, class_=css(at)) if at else element("th", cell, scope="row")
            for at, cell in enumerate(row)
        )
        for row in rows
    )
    lines = "\n".join(element("tr", cells) for cells in body)
    return (
        f'<div class="scrolls"><table>{element("caption", escape(caption))}'
        f"<thead>{element('tr', columns)}</thead>\n<tbody>\n{lines}\n</tbody></table></div>"
    )
