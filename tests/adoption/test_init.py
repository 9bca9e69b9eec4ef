"""What a project gets that takes the linter into use, as a shell sees it."""

from __future__ import annotations

import io
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.adoption.conftest import BY_HAND, IDS, PROJECT
from tests.support.projects import contents, git, write

if TYPE_CHECKING:
    from tests.support.projects import Run

SOURCE = "app.ids.IdGenerator"
BROKEN = "import uuid\n\nuuid.uuid4(\n"


def settings(root: Path) -> Mapping[str, object]:
    """What a project's pyproject.toml says about the linter."""
    table: Mapping[str, object] = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["ssot-lint"]
    return table


def test_a_project_is_ready_at_once(project: Path, run: Run) -> None:
    assert run("init", "--yes").code == 0
    assert settings(project) == {"source": SOURCE}
    assert run("check").code == 0
    write(project, {"app/users.py": BY_HAND})
    result = run("check", "--output-format", "concise", "--quiet")
    assert (result.code, [line.split(":")[0] for line in result.out.splitlines()]) == (1, ["app/users.py"])


def test_all_that_was_there_stays(project: Path, run: Run) -> None:
    before = contents(project)
    run("init", "--yes")
    after = contents(project)
    assert {path for path in before if not after[path].startswith(before[path])} == set()


def test_a_second_run_changes_nothing(project: Path, run: Run) -> None:
    run("init", "--yes", "--github", "--gitlab")
    before = contents(project)
    result = run("init", "--yes", "--github", "--gitlab")
    assert (result.code, contents(project)) == (0, before)
    assert {line.split("  ")[0] for line in result.out.splitlines()} == {"as it is"}


@pytest.mark.usefixtures("project")
def test_the_candidates_come_with_reasons(run: Run) -> None:
    rows = run("init", "--yes").out.splitlines()
    assert rows[1].split() == [*f"1 {SOURCE} 1 file 2 of 2 functions 1 app/ids.py:5".split()]


def test_a_dry_run_writes_nothing_and_its_patch_does_the_same(
    project: Path, run: Run, tmp_path: Path
) -> None:
    before = contents(project)
    patch = run("init", "--diff", "--github").out
    assert contents(project) == before
    (tmp_path / "patch").write_text(patch)
    git(project, "apply", "patch")
    patched = contents(project)
    git(project, "apply", "--reverse", "patch")
    run("init", "--yes", "--github")
    written = contents(project)
    assert written.pop(".ssot-baseline.jsonl")
    assert patched == written


@pytest.mark.parametrize(
    ("files", "source", "roots"),
    [
        pytest.param({}, SOURCE, None, id="class"),
        pytest.param(
            {
                "app/ids.py": "import uuid\n\n\ndef new_id(prefix):\n    return f'{prefix}_{uuid.uuid4()}'\n",
                "app/threads.py": "from .ids import new_id\n",
            },
            "app.ids",
            None,
            id="functions, relative import",
        ),
        pytest.param(
            {
                "app/__init__.py": "from .ids import IdGenerator\n",
                "app/threads.py": "from app import IdGenerator\n",
                "app/users.py": "import app.other\n",
                "app/other.py": IDS.replace("IdGenerator", "OtherIds"),
            },
            SOURCE,
            None,
            id="passed on by the package",
        ),
        pytest.param(
            {
                "app/ids.py": "",
                "app/threads.py": "",
                "services/chat/lib/ids.py": IDS,
                "services/chat/lib/a.py": "from lib.ids import IdGenerator\n",
            },
            "lib.ids.IdGenerator",
            [".", "services/chat"],
            id="imported from a folder further down",
        ),
        pytest.param(
            {"app/ids.py": "", "src/shop/ids.py": IDS, "src/shop/a.py": "from shop.ids import IdGenerator\n"},
            "shop.ids.IdGenerator",
            None,
            id="below src",
        ),
        pytest.param(
            {
                "tests/ids.py": IDS,
                **{f"tests/test_{i}.py": "from tests.ids import IdGenerator\n" for i in range(9)},
            },
            SOURCE,
            None,
            id="tests have none",
        ),
        pytest.param(
            {
                "app/models.py": "import uuid\n\n\nclass Model:\n    @staticmethod\n    def new_id():\n"
                "        return f'm_{uuid.uuid4().hex}'\n"
                + "".join(f"\n    def part_{i}(self):\n        return {i}\n" for i in range(20)),
                **{f"app/m{i}.py": "from app.models import Model\n" for i in range(4)},
            },
            SOURCE,
            None,
            id="rather than what does much else",
        ),
    ],
)
def test_the_likeliest_source_is_found(
    project: Path, run: Run, files: Mapping[str, str], source: str, roots: list[str] | None
) -> None:
    write(project, files)
    assert run("init", "--yes").code == 0
    found = settings(project)
    assert (found.get("source"), found.get("source-roots")) == (source, roots)
    assert run("source").code == 0


def test_without_a_clear_source_none_is_written(project: Path, run: Run) -> None:
    write(project, {"app/ids.py": "", "app/threads.py": ""})
    result = run("init", "--yes")
    assert (result.code, "--source" in result.err) == (0, True)
    assert settings(project) == {}
    assert run("check").code == 0


def test_the_source_may_be_named(project: Path, run: Run) -> None:
    assert run("init", "--yes", "--source", "app.ids.IdGenerator.generate_base_id").code == 0
    assert settings(project)["source"] == "app.ids.IdGenerator.generate_base_id"


def test_a_named_source_that_is_none_stops_everything(project: Path, run: Run) -> None:
    before = contents(project)
    result = run("init", "--yes", "--source", "app.nowhere")
    assert (result.code, len(result.err.splitlines()), contents(project)) == (2, 1, before)
    assert "app.nowhere" in result.err


def test_files_that_cannot_be_parsed_are_left_out_by_name(project: Path, run: Run) -> None:
    write(project, {"app/broken.py": BROKEN, "odd [1].py": BROKEN})
    assert run("init", "--yes").code == 0
    assert settings(project)["extend-exclude"] == ["app/broken.py", r"/odd \[1].py"]
    assert "never closed" in (project / "pyproject.toml").read_text()
    assert run("check").code == 0


@pytest.mark.parametrize(
    ("pyproject", "file"),
    [
        pytest.param(None, "ssot-lint.toml", id="none"),
        pytest.param("tool = { other = { key = 1 } }\n", "ssot-lint.toml", id="cannot take a table"),
        pytest.param('[project]\nname = "shop"', "pyproject.toml", id="no line end"),
        pytest.param('[project]\r\nname = "shop"\r\n', "pyproject.toml", id="CRLF"),
        pytest.param('\ufeff[project]\nname = "shop"\n', "pyproject.toml", id="BOM"),
        pytest.param(
            "[tool.ruff]\nline-length = 99\n\n[tool.mypy]\nstrict = true\n", "pyproject.toml", id="tools"
        ),
        pytest.param("", "pyproject.toml", id="empty"),
    ],
)
def test_the_configuration_is_added_to_what_is_there(
    project: Path, run: Run, pyproject: str | None, file: str
) -> None:
    if pyproject is None:
        (project / "pyproject.toml").unlink()
    else:
        write(project, {"pyproject.toml": pyproject})
    assert run("init", "--yes").code == 0
    after = (project / file).read_bytes().decode()
    assert after.startswith((pyproject or "") if file == "pyproject.toml" else "source = ")
    assert after.count("\r\n") in (0, after.count("\n"))
    assert run("source").code == 0
    assert run("check").code == 0


def test_a_broken_pyproject_is_named(project: Path, run: Run) -> None:
    write(project, {"pyproject.toml": "[project\n"})
    before = contents(project)
    result = run("init", "--yes")
    assert (result.code, contents(project)) == (2, before)
    assert result.err.startswith(f"error: {project.as_posix()}/pyproject.toml: is not valid TOML")


def test_a_configuration_without_a_source_is_not_changed(project: Path, run: Run) -> None:
    write(project, {"pyproject.toml": "[tool.ssot-lint]\nselect = ['direct-uuid']\n"})
    before = contents(project)
    result = run("init", "--yes")
    assert (result.code, contents(project)) == (2, before)
    assert 'add `source = "package.module.Class"`' in result.err


def test_a_configured_project_gets_the_rest(project: Path, run: Run) -> None:
    write(
        project, {"pyproject.toml": f'[tool.ssot-lint]\nsource = "{SOURCE}"\nbaseline = "lint/old.jsonl"\n'}
    )
    assert run("init", "--yes").code == 0
    assert (project / "lint/old.jsonl").exists()
    assert (project / ".gitattributes").read_text() == "old.jsonl merge=union\n"
    assert run("check").code == 0


def test_tests_are_checked_unless_they_are_let_off(project: Path, run: Run) -> None:
    run("init", "--yes", "--ignore-tests")
    ignored = settings(project)["per-file-ignores"]
    assert isinstance(ignored, dict)
    assert "direct-uuid" in ignored["tests/"]
    entries = (project / ".ssot-baseline.jsonl").read_text().splitlines()
    assert {json.loads(entry)["path"] for entry in entries} == {"app/orders.py"}
    assert run("check").code == 0


def test_a_baseline_that_is_there_is_kept(project: Path, run: Run) -> None:
    write(project, {".ssot-baseline.jsonl": ""})
    assert run("init", "--yes").code == 0
    assert (project / ".ssot-baseline.jsonl").read_text() == ""
    assert run("check").code == 1


def test_without_findings_there_is_no_baseline(project: Path, run: Run) -> None:
    write(project, {"app/orders.py": "", "tests/test_orders.py": ""})
    assert run("init", "--yes").code == 0
    assert not (project / ".ssot-baseline.jsonl").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("* text=auto\n", "* text=auto\n.ssot-baseline.jsonl merge=union\n", id="others"),
        pytest.param("*.png binary", "*.png binary\n.ssot-baseline.jsonl merge=union\n", id="no line end"),
        pytest.param(
            ".ssot-baseline.jsonl  merge=union text\n", ".ssot-baseline.jsonl  merge=union text\n", id="there"
        ),
    ],
)
def test_git_merges_baselines_line_by_line(project: Path, run: Run, before: str, after: str) -> None:
    write(project, {".gitattributes": before})
    run("init", "--yes")
    assert (project / ".gitattributes").read_text() == after
    assert git(project, "check-attr", "merge", ".ssot-baseline.jsonl").endswith("merge: union\n")


def test_files_that_git_ignores_are_named(project: Path, run: Run) -> None:
    write(project, {".gitignore": ".*\n!.gitignore\n"})
    git(project, "add", "--all")
    result = run("init", "--yes")
    assert result.code == 0
    command = result.err.splitlines()[-1].rpartition(": ")[2]
    assert command == "git add --force .ssot-baseline.jsonl .gitattributes .pre-commit-config.yaml"
    git(project, *command.split()[1:])
    assert run("init", "--yes").err == ""


def test_what_was_found_is_kept_for_the_first_check(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("init", "--diff")
    assert not (project / ".ssot-lint-cache").exists()
    run("init", "--yes")
    monkeypatch.setattr("ssot_lint.engine.decide.decide", lambda *_: pytest.fail("is decided again"))
    assert run("check").code == 0


def test_outside_of_a_repository_only_the_linter_itself_is_set_up(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, PROJECT)
    monkeypatch.chdir(tmp_path)
    before = contents(tmp_path)
    assert run("init", "--yes", "--github", "--pre-commit").code == 0
    assert contents(tmp_path).keys() - before.keys() == {".ssot-baseline.jsonl"}


def test_a_project_below_the_top_of_its_repository(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / "services" / "chat", PROJECT)
    monkeypatch.chdir(project / "services" / "chat" / "app")
    assert run("init", "--yes", "--github").code == 0
    assert settings(project / "services" / "chat") == {"source": SOURCE}
    workflow = (project / ".github/workflows/ssot-lint.yml").read_text()
    assert "ssot-lint check --output-format github --stale-baseline error services/chat" in workflow
    monkeypatch.chdir(project)
    assert run("check", "services/chat").code == 0


@pytest.mark.parametrize(
    ("files", "remote", "written"),
    [
        pytest.param({}, None, set(), id="unknown"),
        pytest.param(
            {".github/CODEOWNERS": ""}, None, {".github/workflows/ssot-lint.yml"}, id="folder of GitHub"
        ),
        pytest.param(
            {}, "https://github.com/a/b", {".github/workflows/ssot-lint.yml"}, id="remote on GitHub"
        ),
        pytest.param({}, "git@gitlab.example.com:a/b", {".gitlab-ci.yml"}, id="remote on GitLab"),
    ],
)
def test_the_job_fits_the_host(
    project: Path, run: Run, files: Mapping[str, str], remote: str | None, written: set[str]
) -> None:
    write(project, files)
    if remote:
        git(project, "remote", "add", "origin", remote)
    run("init", "--yes")
    assert contents(project).keys() & {".github/workflows/ssot-lint.yml", ".gitlab-ci.yml"} == written


def test_a_workflow_that_is_there_is_kept(project: Path, run: Run) -> None:
    write(project, {".github/workflows/ssot-lint.yml": "mine\n"})
    assert run("init", "--yes").code == 0
    assert (project / ".github/workflows/ssot-lint.yml").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("requirement", "hook"),
    [
        pytest.param(
            "ssot-lint @ git+https://github.com/your-org/ssot-lint@v1.2",
            {"repo": "https://github.com/your-org/ssot-lint", "rev": "v1.2", "hooks": [{"id": "ssot-lint"}]},
            id="revision in git",
        ),
        pytest.param(
            "ssot-lint @ git+ssh://git@host.example/a/ssot-lint.git@4f5e",
            {"repo": "ssh://git@host.example/a/ssot-lint.git", "rev": "4f5e", "hooks": [{"id": "ssot-lint"}]},
            id="user in the address",
        ),
    ],
)
def test_hook_and_job_install_what_is_asked_for(
    project: Path, run: Run, requirement: str, hook: Mapping[str, object]
) -> None:
    assert run("init", "--yes", "--gitlab", "--requirement", requirement).code == 0
    assert yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"] == [hook]
    script = yaml.safe_load((project / ".gitlab-ci.yml").read_text())["ssot-lint"]["script"]
    assert script[0] == f"python -m pip install '{requirement}'"


def test_without_a_revision_pre_commit_installs_it_into_a_hook_of_its_own(project: Path, run: Run) -> None:
    assert run("init", "--yes", "--requirement", "ssot-lint==9.9").code == 0
    (repo,) = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"]
    assert (repo["repo"], repo["hooks"][0]["additional_dependencies"]) == ("local", ["ssot-lint==9.9"])


def test_what_cannot_be_added_safely_is_said_and_the_rest_done(project: Path, run: Run) -> None:
    write(project, {".pre-commit-config.yaml": "repos: []\n"})
    result = run("init", "--yes")
    assert (result.code, settings(project)) == (2, {"source": SOURCE})
    assert (project / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert result.err.startswith("error: .pre-commit-config.yaml was left as it is, because it has no list")
    assert "- id: ssot-lint" in result.err


def test_with_nobody_to_ask_it_asks_for_a_flag(project: Path, run: Run) -> None:
    before = contents(project)
    result = run("init")
    assert (result.code, contents(project)) == (2, before)
    assert "--yes" in result.err


class Terminal(io.StringIO):
    """Answers that somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        pytest.param(
            "1\nn\ny\nn\ny\nn\n",
            {".ssot-baseline.jsonl", ".gitattributes", ".github/workflows/ssot-lint.yml"},
            id="some",
        ),
        pytest.param(
            "\n\n\n\n\n\n",
            {".ssot-baseline.jsonl", ".gitattributes", ".pre-commit-config.yaml"},
            id="what is proposed",
        ),
        pytest.param("0\nn\nn\nn\nn\nn\n", set(), id="hardly anything"),
    ],
)
def test_on_a_terminal_it_asks(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, answers: str, written: set[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answers))
    before = contents(project)
    assert run("init").code == 0
    assert contents(project).keys() - before.keys() == written
    assert settings(project) == ({} if answers.startswith("0") else {"source": SOURCE})


def test_who_stops_answering_has_changed_nothing(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("1\ny\n"))
    before = contents(project)
    assert run("init").code == 130
    assert contents(project) == before


def test_a_folder_without_python_is_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("init", "--yes")
    assert (result.code, "no Python file" in result.err, contents(tmp_path)) == (2, True, {})
