"""The page in a real browser: it asks nobody for anything, and what can be clicked does what it says."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ssot_lint.cli import main
from tests.compliance.conftest import PROJECT
from tests.support.projects import git, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
RAW = "import uuid\n\n\ndef make_{name}():\n    return uuid.uuid4()\n"
NOT_EMPTY = re.compile(r"\S")
MARKER = "https://host.example/"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync"]
LATER = {
    "app/new.py": 'import time\n\nx = f"thread_{time.time()}"\n',
    "app/old.py": "import uuid\n\nx = uuid.uuid4()  # ssot-lint: ignore[direct-uuid] -- a nonce\n",
    "CODEOWNERS": "* @all\n/app/sub/ @sub\n",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests, which speaks to nobody of its own accord."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium: install one, or name it in the environment as CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        except sync_api.Error as error:
            pytest.skip(f"{found} does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with two packages, two owners, three rules, all statuses and a history."""
    project = tmp_path_factory.mktemp("project")
    write(project, {**PROJECT, ".gitignore": ".ssot-lint-cache/\n*.html\n"})
    git(project, "init", "--quiet")
    for day in range(1, 6):
        write(project, {f"app/sub/m{day}.py": RAW.format(name=day)})
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message", "Change", day=day)
    with contextlib.chdir(project):
        assert main(["baseline", "--quiet"]) == 0
        write(project, LATER)
        arguments = [
            "--output-format",
            "html",
            "--output-file",
            "report.html",
            "--url",
            f"{MARKER}{{path}}#{{row}}",
        ]
        assert main(["report", "--quiet", *arguments, "--history"]) == 0
    return project / "report.html"


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The page, open; afterwards it must have loaded nothing but itself, and no script may have failed."""
    requests: list[str] = []
    errors: list[str] = []
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text))
        page.goto(report.as_uri())
        yield page
        assert {url.partition("#")[0] for url in requests} == {report.as_uri()}
        assert errors == []


def shown(page: Page) -> list[str]:
    """The paths of the files whose findings are listed."""
    return page.locator("details.file:not([hidden]) > summary code").all_text_contents()


def test_the_watch_over_requests_sees_one(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f'<img src="{MARKER}x.png">', "utf-8")
    requests: list[str] = []
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "page.html").as_uri())
    assert f"{MARKER}x.png" in requests


def test_even_what_somebody_adds_to_the_page_is_not_loaded(browser: Browser, report: Path) -> None:
    script = """() => new Promise((done) => {
      document.addEventListener("securitypolicyviolation", (event) => done(event.blockedURI), {once: true});
      new Image().src = "https://host.example/x.png";
    })"""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(report.as_uri())
        assert page.evaluate(script) == f"{MARKER}x.png"


def test_the_numbers_can_be_read(page: Page) -> None:
    assert page.title().startswith("ID compliance of ")
    assert page.locator(".ring").get_attribute("aria-label") == "20.0 % compliance"
    tiles = [tile.split("\n") for tile in page.locator(".tiles div").all_inner_texts()]
    assert tiles[:2] == [["places use the source", "2"], ["places make IDs elsewhere", "8"]]


def test_everything_that_works_has_a_name(page: Page) -> None:
    for role in ("link", "button", "searchbox", "combobox", "img", "table", "region"):
        found = page.get_by_role(role)  # type: ignore[arg-type]
        named = page.get_by_role(role, name=NOT_EMPTY)  # type: ignore[arg-type]
        assert found.count() == named.count() > 0, role


def test_a_package_leads_to_its_findings(page: Page) -> None:
    page.get_by_role("link", name="app/sub").click()
    assert shown(page) == [f"app/sub/m{day}.py" for day in range(1, 6)]
    assert page.locator("output").inner_text() == "5 findings"
    page.get_by_role("button", name="Show all").click()
    page.locator("output", has_text="8 findings").wait_for()


def test_an_owner_and_a_rule_lead_to_theirs(page: Page) -> None:
    page.get_by_role("link", name="@sub").click()
    assert len(shown(page)) == 5
    page.locator("a[data-filter=rule][data-value=hardcoded-id-prefix]").click()
    assert shown(page) == ["app/new.py"]


def test_findings_can_be_looked_for(page: Page) -> None:
    page.get_by_role("searchbox").fill("m3 called")
    assert shown(page) == ["app/sub/m3.py"]
    page.get_by_role("searchbox").fill("nonce")
    assert shown(page) == ["app/old.py"]
    page.get_by_role("searchbox").fill("")
    page.get_by_label("Status").select_option("new")
    assert shown(page) == ["app/new.py"]


def test_a_finding_leads_to_its_code_and_to_its_rule(page: Page) -> None:
    page.get_by_role("searchbox").fill("orders.py")
    page.locator("details.file:not([hidden]) summary").click()
    finding = page.locator("details.file:not([hidden]) li")
    assert finding.locator("pre").inner_text() == "return str(uuid.uuid4())"
    assert finding.locator(".place a").get_attribute("href") == f"{MARKER}app/orders.py#5"
    text = page.locator("#rule-direct-uuid")
    assert not text.is_visible()
    finding.get_by_role("link", name="direct-uuid").click()
    text.wait_for(state="visible")
    assert page.get_by_role("heading", name="Leaves alone").is_visible()


def test_a_link_to_one_finding_opens_it(page: Page, report: Path) -> None:
    identity = page.locator("details.file li").nth(2).get_attribute("id")
    page.goto(f"{report.as_uri()}#{identity}")
    page.reload()
    page.locator(f"#{identity}").wait_for(state="visible")


@pytest.mark.parametrize("width", [375, 1200])
def test_the_pointer_reads_the_chart(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    chart = page.locator(".lines:visible").first
    chart.scroll_into_view_if_needed()
    box: Any = chart.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 50)
    assert page.get_by_role("status").first.inner_text().startswith("2024-01-01 12:00 UTC, ")
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 50)
    assert page.get_by_role("status").first.inner_text().endswith("6 elsewhere, 2 by the source, 25.0 %")
    page.mouse.move(1, 1)
    assert page.get_by_role("status").first.inner_text() == ""


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for width in (320, 768, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def luminance(page: Page, selector: str, name: str) -> float:
    """How bright a colour of an element is, from 0 to 1, as contrast is reckoned on the web."""
    style = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    parts = map(float, re.findall(r"[\d.]+", page.evaluate(style, [selector, name]))[:3])
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


TEXTS = (
    ("h2", "color"),
    (".note", "color"),
    ("section a", "color"),
    (".status.new", "color"),
    (".lines .tick", "fill"),
    (".lines .label.source", "fill"),
    (".lines .label.elsewhere", "fill"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    back = luminance(page, "section", "backgroundColor")
    assert (back > 0.5) == (scheme == "light")
    for selector, name in TEXTS:
        text = luminance(page, selector, name)
        assert (max(text, back) + 0.05) / (min(text, back) + 0.05) >= 4.5, selector


def test_names_are_shown_and_never_obeyed(browser: Browser, project: Path) -> None:
    name = "</script><img src=x onerror=alert(1)>'\"\u202e&amp;"
    write(project, {f"{name}/a.py": "import uuid\n\nx = uuid.uuid4()\n", "CODEOWNERS": f"* {name}\n"})
    assert main(["report", "--quiet", "--output-format", "html", "--output-file", "page.html"]) == 0
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((project / "page.html").as_uri())
        assert page.locator("img").count() == 0
        page.locator("#packages + .scrolls").get_by_role("link", name="onerror").click()
        assert shown(page) == [f"{name}/a.py"]


def test_print_has_the_numbers_and_not_the_list(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Burn-down").is_visible()
    assert not page.get_by_role("heading", name="Findings").is_visible()


def test_without_scripts_the_list_is_whole(browser: Browser, report: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(report.as_uri())
        assert len(shown(page)) == 8
        assert not page.get_by_role("searchbox").is_visible()
