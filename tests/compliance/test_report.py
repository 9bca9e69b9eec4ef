"""What the numbers of a report mean, and how each format says them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from ssot_lint.reporters._terminal import printable
from tests.support.projects import git, write

if TYPE_CHECKING:
    from tests.support.projects import Run


def measured(run: Run, *arguments: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run("report", "--output-format", "json", *arguments).out)
    return result


def tally(part: Mapping[str, Any]) -> tuple[int, int]:
    return part["by_source"], part["elsewhere"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("", (0, 0), id="nothing"),
        pytest.param("x = Ids.make()\n", (1, 0), id="call"),
        pytest.param("x, y = Ids.context('a')\n", (1, 0), id="one call that makes two is one place"),
        pytest.param("make = Ids.make\nx = make()\ny = make()\n", (1, 0), id="handed on"),
        pytest.param(
            "from app.ids import Ids as I\n\n\ndef f(x=I.make):\n    return I().make()\n",
            (2, 0),
            id="spellings",
        ),
        pytest.param("x = [Ids.make(), Ids.make()]\n", (2, 0), id="two in a statement"),
        pytest.param("class Ids:\n    make = str\n\n\nx = Ids.make()\n", (0, 0), id="shadowed"),
        pytest.param("x = uuid.uuid4()\n", (0, 1), id="raw"),
        pytest.param("x = [uuid.uuid4(), uuid.uuid4()]\n", (0, 2), id="two raw ones"),
        pytest.param("x = uuid.uuid4()\nx = uuid.uuid4()\n", (0, 2), id="two equal statements"),
        pytest.param('x = f"thread_{uuid.uuid4()}"\n', (0, 1), id="one ID, two findings"),
        pytest.param(
            'x = f"thread_{uuid.uuid4()}", f"run_{uuid.uuid4()}"\n', (0, 2), id="two IDs, four findings"
        ),
        pytest.param('x = f"thread_{time.time_ns()}"\n', (0, 1), id="only a prefix"),
        pytest.param('x = f"thread_{user}"\n', (0, 0), id="derived"),
        pytest.param(
            "x = str(uuid.uuid4())  # ssot-lint: ignore[direct-uuid] -- a nonce\n", (0, 1), id="suppressed"
        ),
        pytest.param('x = Ids.make(f"thread_{uuid.uuid4()}")\n', (1, 1), id="both"),
    ],
)
def test_a_place_is_counted_once(project: Path, run: Run, code: str, expected: tuple[int, int]) -> None:
    write(project, {"app/code.py": f"import time\nimport uuid\n\nfrom app.ids import Ids\n\n{code}"})
    assert tally(measured(run, "app/code.py")["total"]) == expected


@pytest.mark.usefixtures("project")
def test_the_rate_is_the_share_of_the_source(run: Run) -> None:
    report = measured(run)
    assert report["total"] == {"by_source": 2, "elsewhere": 1, "rate": pytest.approx(2 / 3)}
    assert report["sources"] == ["app.ids.Ids"]


def test_what_is_accepted_counts_and_is_told_apart(project: Path, run: Run) -> None:
    assert run("baseline").code == 0
    write(
        project,
        {
            "app/new.py": "import uuid\n\nuser_id = uuid.uuid4()\n",
            "app/old.py": "import uuid\n\nnonce = uuid.uuid4()  # ssot-lint: ignore[direct-uuid] -- a nonce\n",
        },
    )
    report = measured(run)
    assert tally(report["total"]) == (2, 3)
    assert report["rules"] == [
        {"rule": "direct-uuid", "new": 1, "baselined": 1, "suppressed": 1, "findings": 3, "rate": 0.4}
    ]
    assert [
        (each["filename"], each["status"], each["suppression_reason"]) for each in report["findings"]
    ] == [
        ("app/new.py", "new", None),
        ("app/old.py", "suppressed", "a nonce"),
        ("app/orders.py", "baselined", None),
    ]


def test_the_rate_of_a_rule_is_against_what_it_finds(project: Path, run: Run) -> None:
    prefix = 'import time\n\nx = f"thread_{time.time()}"\n'
    ignore = "import uuid\n\nx = uuid.uuid4()  # ssot-lint: ignore[direct-uuid]\n"
    write(project, {"app/new.py": prefix, "app/old.py": ignore})
    rates = {each["rule"]: each["rate"] for each in measured(run)["rules"]}
    assert rates == {"direct-uuid": 0.5, "hardcoded-id-prefix": 2 / 3, "unexplained-suppression": None}


def test_files_in_which_anything_goes_are_not_measured(project: Path, run: Run) -> None:
    configuration = (project / "pyproject.toml").read_text()
    write(
        project,
        {
            "pyproject.toml": configuration
            + '[tool.ssot-lint.per-file-ignores]\n"tests/" = ["direct-uuid"]\n',
            "tests/test_a.py": "import uuid\n\nfrom app.ids import Ids\n\na, b = uuid.uuid4(), Ids.make()\n",
        },
    )
    assert tally(measured(run)["total"]) == (2, 1)


def test_a_rule_that_is_switched_off_is_named(project: Path, run: Run) -> None:
    configuration = (project / "pyproject.toml").read_text()
    write(project, {"pyproject.toml": f'{configuration}ignore = ["direct-uuid"]\n'})
    report = measured(run)
    assert tally(report["total"]) == (2, 0)
    assert report["notices"] == ["direct-uuid is switched off, so what it would find is not counted"]


def test_without_a_source_everything_is_made_elsewhere(project: Path, run: Run) -> None:
    write(project, {"pyproject.toml": "[tool.ssot-lint]\n"})
    result = run("report")
    assert (result.code, "no source of truth is configured" in result.err) == (0, True)
    assert result.out.startswith("No source of truth is configured; 3 places make IDs.\n")


def test_packages_are_folders(project: Path, run: Run) -> None:
    write(
        project,
        {
            "app/db/models/a.py": "import uuid\n\na, b = uuid.uuid4(), uuid.uuid4()\n",
            "app/db/b.py": "from app.ids import Ids\n\nb = Ids.make()\n",
            "main.py": "import uuid\n\nmain = uuid.uuid4()\n",
        },
    )
    packages = [(each["name"], *tally(each)) for each in measured(run)["packages"]]
    assert packages == [("app/db", 1, 2), ("app", 2, 1), (".", 0, 1)]
    packages = [(each["name"], *tally(each)) for each in measured(run, "--depth", "1")["packages"]]
    assert packages == [("app", 3, 3), (".", 0, 1)]


def test_owners_are_those_of_the_repository(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    git(project, "init", "--quiet")
    write(project, {"services/chat/pyproject.toml": '[tool.ssot-lint]\nsource = "lib.ids"\n'})
    write(
        project, {"services/chat/lib/ids.py": "import uuid\n\n\ndef make():\n    return uuid.uuid4().hex\n"}
    )
    write(project, {"services/chat/lib/a.py": "import uuid\n\na, b = uuid.uuid4(), uuid.uuid4()\n"})
    write(project, {"services/chat/b.py": "from lib.ids import make\n\nb = make()\n"})
    write(project, {"CODEOWNERS": "* @all\n/services/chat/lib/ @chat @ids\n/services/chat/b.py\n"})
    monkeypatch.chdir(project / "services" / "chat")
    report = measured(run)
    assert [(each["name"], *tally(each)) for each in report["owners"]] == [("@chat @ids", 0, 2), ("", 1, 0)]
    assert {each["owner"] for each in report["findings"]} == {"@chat @ids"}


@pytest.mark.usefixtures("project")
def test_without_owners_there_is_no_such_part(run: Run) -> None:
    assert measured(run)["owners"] == []
    assert "OWNER" not in run("report").out


def test_paths_confine_the_report(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tally(measured(run, "app/orders.py")["total"]) == (0, 1)
    monkeypatch.chdir(project / "app")
    assert tally(measured(run, "threads.py")["total"]) == (2, 0)


def test_a_file_that_cannot_be_checked_is_told_and_the_rest_reported(project: Path, run: Run) -> None:
    write(project, {"app/broken.py": "import uuid\n\nuuid.uuid4(\n"})
    result = run("report", "--output-format", "json")
    report = json.loads(result.out)
    assert (result.code, result.err.count("app/broken.py")) == (2, 1)
    assert tally(report["total"]) == (2, 1)
    assert [failure["filename"] for failure in report["failures"]] == ["app/broken.py"]


@pytest.mark.usefixtures("project")
def test_the_terminal_gets_the_sentence_and_tables(run: Run) -> None:
    out = run("report").out
    assert out.startswith(
        "66.7 % of the IDs come from the source of truth: 2 of 3 places that make IDs use `app.ids.Ids`.\n"
    )
    rows = [line.split() for line in out.splitlines()]
    assert ["app", "2", "1", "66.7", "%", "\u2588" * 11 + "\u2591" * 6] in rows
    assert ["direct-uuid", "1", "0", "0", "66.7", "%"] in rows


@pytest.mark.parametrize(("columns", "has_bars"), [("120", True), ("45", False)])
@pytest.mark.usefixtures("project")
def test_a_narrow_terminal_has_the_numbers_rather_than_the_bars(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str, has_bars: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    rows = [line.split() for line in run("report").out.splitlines()]
    (row,) = (row for row in rows if row[:1] == ["app"])
    assert (row[:5], len(row) > 5) == (["app", "2", "1", "66.7", "%"], has_bars)


@pytest.mark.parametrize(
    ("uses", "raw", "text"),
    [
        pytest.param(0, 0, "No IDs are made here.", id="none"),
        pytest.param(1, 0, "100 % of the IDs", id="all"),
        pytest.param(0, 1, "0 % of the IDs", id="none of them"),
        pytest.param(1, 2500, "0.1 % of the IDs", id="nearly none"),
        pytest.param(2500, 1, "99.9 % of the IDs", id="nearly all"),
    ],
)
def test_a_rate_never_looks_better_or_worse_than_it_is(
    project: Path, run: Run, uses: int, raw: int, text: str
) -> None:
    lines = [
        "import uuid\n",
        "from app.ids import Ids\n",
        *["Ids.make()\n"] * uses,
        *["uuid.uuid4()\n"] * raw,
    ]
    write(project, {"code.py": "".join(lines)})
    assert run("report", "code.py", "--no-cache").out.startswith(text)


def test_markdown_is_tables_that_others_can_read(project: Path, run: Run) -> None:
    write(project, {"a|b/c`d.py": "import uuid\n\nx = uuid.uuid4()\n", "CODEOWNERS": "* @all\n"})
    out = run("report", "--output-format", "markdown").out
    html = MarkdownIt("commonmark").enable("table").render(out)
    assert html.count("<table>") == 3
    assert "<code>a|b</code>" in html
    assert "<td>@all</td>" in html


HOSTILE = ["`a`", "``", "n\nl", "\x1b[31mred", "\u202egnp", "[bold]x", "*a* <b> &amp; \\", "ü | ö"]


@pytest.mark.parametrize("name", HOSTILE, ids=map(ascii, HOSTILE))
def test_names_are_shown_and_never_obeyed(project: Path, run: Run, name: str) -> None:
    write(project, {f"{name}/a.py": "import uuid\n\nx = uuid.uuid4()\n"})
    (project / "CODEOWNERS").write_text(f"* @{printable(name)}\n")
    text = run("report", "--no-cache")
    shown = printable(name)
    assert [line.startswith(shown) for line in text.out.splitlines()].count(True) == 1
    assert all(line.isprintable() for line in text.out.splitlines())
    markdown = run("report", "--no-cache", "--output-format", "markdown").out
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    cells = re.findall(r"<td>(.*?)</td>", html)
    assert f"<code>{escape(shown)}</code>" in cells
    assert escape(f"@{shown}") in cells


@pytest.mark.parametrize("name", ["text", "markdown", "json", "html"])
def test_a_report_can_be_written_to_a_file(project: Path, run: Run, name: str) -> None:
    shown = run("report", "--output-format", name).out
    assert run("report", "--output-format", name, "--output-file", "report").out == ""
    assert (project / "report").read_text("utf-8") == shown


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--every", "0"), id="no commit at all"),
        pytest.param(("--depth", "0"), id="no name"),
        pytest.param(("--output-format", "pdf"), id="unknown format"),
        pytest.param(("nowhere",), id="no such path"),
    ],
)
@pytest.mark.usefixtures("project")
def test_bad_usage_is_told(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("report", *arguments)
    assert (result.code, result.out) == (2, "")
    assert arguments[-1] in result.err
