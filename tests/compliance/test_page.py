"""The HTML page as a text: whole, escaped, and without anything that a browser would have to load."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.support.projects import write

if TYPE_CHECKING:
    from tests.support.projects import Run

VOID = {"br", "hr", "img", "input", "link", "meta"}
LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed, no identity is given twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.identities: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.texts: list[str] = []
        self.elements: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append(tag)
        self.loaded += [f"{tag} {name}" for name in attributes if name in LOADS]
        if tag == "a":
            self.links.append(attributes["href"] or "")
        if identity := attributes.get("id"):
            self.identities.append(identity)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(run: Run, *arguments: str) -> str:
    result = run("report", "--output-format", "html", *arguments)
    assert result.code == 0, result.err
    return result.out


@pytest.mark.usefixtures("project")
def test_the_page_is_whole_and_loads_nothing(run: Run) -> None:
    found = Page(page(run))
    assert (found.loaded, found.elements.count("link")) == ([], 0)
    assert not {"img", "iframe", "object", "embed", "audio", "video"} & set(found.elements)
    assert len(found.identities) == len(set(found.identities))
    inside = {link.removeprefix("#") for link in found.links if link.startswith("#")}
    assert inside <= set(found.identities)
    assert [link for link in found.links if not link.startswith("#")] == []


@pytest.mark.usefixtures("project")
def test_the_browser_is_told_to_load_nothing(run: Run) -> None:
    html = page(run)
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\(", html)


def test_whatever_the_code_holds_is_text(project: Path, run: Run) -> None:
    evil = "app/<img src=x>&\"'.py"
    code = 'import uuid\n\nx = uuid.uuid4(), "</script><script>alert(1)</script><!--"\n'
    write(project, {evil: code, "CODEOWNERS": "* @a<b>\n"})
    html = page(run, "--title", "</title><b>")
    found = Page(html)
    assert "img" not in found.elements
    assert html.count("<script") == 1
    assert {evil, "</title><b>", "@a<b>"} <= {
        *found.texts,
        *"".join(found.texts).replace("ID compliance of ", "\n").split("\n"),
    }
    assert code.splitlines()[2] in found.texts


@pytest.mark.usefixtures("project")
def test_code_may_be_left_out(run: Run) -> None:
    line = "return str(uuid.uuid4())"
    assert line in page(run)
    assert line not in page(run, "--no-code")


def test_places_lead_to_the_code_that_a_host_shows(project: Path, run: Run) -> None:
    write(project, {"app/ö #1.py": "import uuid\n\nx = uuid.uuid4()\n"})
    links = Page(page(run, "--url", "https://host.example/{path}?at={row}")).links
    assert "https://host.example/app/orders.py?at=5" in links
    assert "https://host.example/app/%C3%B6%20%231.py?at=3" in links


def test_each_broken_rule_is_explained(project: Path, run: Run) -> None:
    write(project, {"app/b.py": 'import time\n\nx = f"thread_{time.time()}"\n'})
    found = Page(page(run))
    assert {"rule-direct-uuid", "rule-hardcoded-id-prefix"} <= set(found.identities)
    assert "rule-repeated-id-generation" not in found.identities


def test_without_findings_there_is_a_page_too(project: Path, run: Run) -> None:
    write(project, {"app/orders.py": ""})
    assert "There are none." in Page(page(run)).texts


def test_files_that_could_not_be_checked_are_named(project: Path, run: Run) -> None:
    write(project, {"app/broken.py": "import uuid\n\nuuid.uuid4(\n"})
    result = run("report", "--output-format", "html")
    assert result.code == 2
    assert {"1 file could not be checked", "app/broken.py"} <= set(Page(result.out).texts)


@pytest.mark.usefixtures("project")
def test_drawings_are_valid(run: Run) -> None:
    for drawing in re.findall(r"<svg.*?</svg>", page(run), re.DOTALL):
        ElementTree.fromstring(drawing)


def test_a_rule_of_a_part_of_the_tree_needs_no_text_on_the_page(project: Path, run: Run) -> None:
    rule = (Path(__file__).parents[2] / "rules" / "direct-uuid.md").read_text("utf-8")
    write(project, {"part/ssot-lint.toml": 'rule-paths = ["rules"]\n', "part/rules/raw-id.md": rule})
    write(project, {"part/a.py": "import uuid\n\nx = uuid.uuid4()\n"})
    found = Page(page(run))
    assert "raw-id" in found.texts
    assert {link.removeprefix("#") for link in found.links if link.startswith("#")} <= set(found.identities)
