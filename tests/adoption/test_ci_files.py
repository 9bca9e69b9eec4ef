"""The CI files in docs/: `init` writes the same, and what they run runs."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from ssot_lint.adoption.automation import github_job, gitlab_job
from ssot_lint.adoption.installation import Installation
from tests.support.projects import Run

CHECKOUT = Path(__file__).parents[2]
FILES = CHECKOUT / "docs" / "ci"
INSTALLATION = Installation("ssot-lint @ git+https://github.com/your-org/ssot-lint")
WRITTEN = {
    "github.yml": {"ssot-lint.html", "ssot-lint.sarif"},
    "gitlab.yml": {"ssot-lint.html", "gl-code-quality-report.json"},
}


def scripts(name: str) -> list[str]:
    """What the job of a file hands to a shell."""
    content = yaml.safe_load((FILES / name).read_text("utf-8"))
    if name == "gitlab.yml":
        return list(content["ssot-lint"]["script"])
    return [step["run"] for step in content["jobs"]["ssot-lint"]["steps"] if "run" in step]


def commands(name: str) -> list[list[str]]:
    """The words of each call of the linter, without what the shell does with its output."""
    lines = (line for script in scripts(name) for line in script.splitlines())
    calls = (line.partition(" >> ")[0] for line in lines if line.startswith("ssot-lint "))
    return [shlex.split(call)[1:] for call in calls]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("github.yml", github_job(INSTALLATION, ".")),
        ("gitlab.yml", f"ssot-lint:\n{gitlab_job(INSTALLATION, '.')}"),
    ],
)
def test_the_files_are_what_init_writes(name: str, text: str) -> None:
    assert (FILES / name).read_text("utf-8") == text


@pytest.mark.parametrize("path", ["a b", "a: b", "a #b", "it's", "{a}", "- a"])
def test_any_folder_is_one_word(path: str) -> None:
    job = yaml.safe_load(f"ssot-lint:\n{gitlab_job(INSTALLATION, path)}")["ssot-lint"]
    steps = yaml.safe_load(github_job(INSTALLATION, path))["jobs"]["ssot-lint"]["steps"]
    checks = [job["script"][-1], next(step["run"] for step in steps if step.get("name") == "Check")]
    assert [shlex.split(check)[-1] for check in checks] == [path, path]


@pytest.fixture
def chat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, which is the working directory."""
    monkeypatch.chdir(shutil.copytree(CHECKOUT / "examples" / "chat", tmp_path / "chat"))
    return tmp_path / "chat"


@pytest.mark.parametrize("name", WRITTEN)
def test_all_that_they_run_runs(name: str, chat: Path, run: Run) -> None:
    assert run("baseline").code == 0
    before = {file.name for file in chat.iterdir()}
    for words in commands(name):
        result = run(*words)
        assert (words, result.code, result.err) == (words, 0, "")
    assert {file.name for file in chat.iterdir()} - before == WRITTEN[name]


@pytest.mark.usefixtures("chat")
@pytest.mark.parametrize("name", WRITTEN)
def test_the_job_fails_with_what_is_new(name: str, run: Run) -> None:
    assert [words[0] for words in commands(name) if run(*words).code] == ["check"]
