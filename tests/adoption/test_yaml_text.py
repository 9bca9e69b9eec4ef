"""Files of pre-commit and GitLab that people wrote: what is added is there, all else is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ssot_lint.adoption.yaml_text import CannotAddError, with_item, with_key
from tests.support.projects import contents, write

if TYPE_CHECKING:
    from tests.support.projects import Run

ITEM = "- repo: local\n  hooks:\n    - id: ssot-lint\n"
NEW = {"repo": "local", "hooks": [{"id": "ssot-lint"}]}
RUFF = "- repo: https://host.example/ruff\n  rev: v1\n  hooks:\n  - id: ruff\n"


def indented(text: str, by: int = 2) -> str:
    return "".join(f"{' ' * by}{line}" for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(f"repos:\n{RUFF}", id="flush"),
        pytest.param(f"repos:\n{indented(RUFF)}", id="indented"),
        pytest.param(f"repos:\n{indented(RUFF, 5)}", id="indented deeply"),
        pytest.param(f"repos:\n{RUFF}".rstrip("\n"), id="no line end"),
        pytest.param(f"repos:\n{RUFF}".replace("\n", "\r\n"), id="CRLF"),
        pytest.param(f"\ufeffrepos:\n{RUFF}", id="BOM"),
        pytest.param(f"# Hooks.\n\nrepos:  # all\n{RUFF}\n\n# The end.\n", id="comments"),
        pytest.param(
            f"repos:\n{RUFF}    # of ruff\nci:\n  skip: [ruff]\n", id="comment of the last item, a key behind"
        ),
        pytest.param(f"---\nrepos:\n{RUFF}...\n", id="marked document"),
        pytest.param(
            "repos:\n- repo: local\n  hooks:\n  - id: a\n    entry: |\n      one\n      two\n\nci: {}\n",
            id="block scalar",
        ),
        pytest.param(
            "repos:\n- repo: local\n  hooks: [{id: a, args: [x,\n    y]}]  # flow\nci: {}\n", id="flow inside"
        ),
        pytest.param("repos:\n- repo: local\n  hooks:\n", id="nothing at the end"),
        pytest.param('repos:\n- repo: "local\n    place"\n  hooks: []\n', id="quoted over lines"),
    ],
)
def test_an_item_is_added_at_the_end_of_the_list(before: str) -> None:
    after = with_item(before, "repos", ITEM)
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    assert new == {**old, "repos": [*old["repos"], NEW]}
    lines = iter(after.splitlines())
    assert all(line in lines for line in before.splitlines()), "no line is changed or moved"
    assert after.count("\r\n") in (0, after.count("\n"))


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        pytest.param("repos: []\n", "no list", id="empty flow list"),
        pytest.param("repos: [{repo: local, hooks: []}]\n", "no list", id="flow list"),
        pytest.param("repos:\n", "no list", id="no list"),
        pytest.param("other: 1\n", "no list", id="no key"),
        pytest.param("- repos\n", "no mapping", id="no mapping"),
        pytest.param("{repos: []}\n", "no mapping", id="flow mapping"),
        pytest.param("repos:\n- &a\n  repo: b\n- *a\n", "would change", id="alias at the end"),
        pytest.param("repos:\n- a: [\n", "not valid YAML in line 3", id="not valid"),
        pytest.param("repos:\n\t- a\n", "not valid YAML in line 2", id="tab"),
    ],
)
def test_what_is_not_understood_is_not_touched(before: str, reason: str) -> None:
    with pytest.raises(CannotAddError, match=reason):
        with_item(before, "repos", ITEM)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("test:\n  script: [pytest]\n", id="plain"),
        pytest.param("test:\n  script: [pytest]", id="no line end"),
        pytest.param("test:\r\n  script: [pytest]\r\n", id="CRLF"),
        pytest.param("test:\n  script:\n    - |\n      one\n\n      two\n", id="block scalar at the end"),
        pytest.param("spec:\n  inputs: {}\n---\ntest:\n  script: [pytest]\n", id="two documents"),
        pytest.param("  test:\n    script: [pytest]\n", id="indented as a whole"),
        pytest.param("test:\n  script: [pytest]\n# the end\n", id="comment at the end"),
    ],
)
def test_a_key_is_added_at_the_end(before: str) -> None:
    after = with_key(before, "ssot-lint", "  script:\n    - ssot-lint check\n")
    old, new = (list(yaml.safe_load_all(text)) for text in (before, after))
    assert new == [*old[:-1], {**old[-1], "ssot-lint": {"script": ["ssot-lint check"]}}]
    assert after.startswith(before)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("ssot-lint: {}\n", id="there already"),
        pytest.param("test: {}\n...\n", id="document is closed"),
        pytest.param("{test: {}}\n", id="flow mapping"),
        pytest.param("test: 'a\n", id="not valid"),
        pytest.param("test: |+\n  a\n\n\n", id="the gap would become part of a text"),
    ],
)
def test_a_key_is_not_forced_in(before: str) -> None:
    with pytest.raises(CannotAddError):
        with_key(before, "ssot-lint", "  script: []\n")


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc-", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(repos=st.lists(TREES, min_size=1, max_size=3), rest=TREES, width=st.integers(20, 90))
def test_whatever_is_written_an_addition_keeps_it_or_is_refused(
    repos: list[object], rest: object, width: int
) -> None:
    old = {"repos": repos, "rest": rest}
    before = yaml.safe_dump(old, width=width, allow_unicode=True, sort_keys=False)
    try:
        after = with_item(before, "repos", ITEM)
    except CannotAddError:
        return
    assert yaml.safe_load(after) == {**old, "repos": [*repos, NEW]}


@pytest.mark.parametrize(
    ("before", "stage"),
    [
        pytest.param("stages: [build, test]\n", None, id="has test"),
        pytest.param("stages:\n  - build\n  - deploy\n", "build", id="has none"),
        pytest.param("build:\n  script: !reference [.setup, script]\n", None, id="tag of GitLab"),
    ],
)
def test_a_job_of_gitlab_is_in_a_stage_that_there_is(
    project: Path, run: Run, before: str, stage: str | None
) -> None:
    write(project, {".gitlab-ci.yml": before})
    assert run("init", "--yes").code == 0
    after = (project / ".gitlab-ci.yml").read_text()
    assert after.startswith(before)
    job = yaml.safe_load(after.removeprefix(before))["ssot-lint"]
    assert job.get("stage") == stage


def test_hooks_that_are_there_are_seen_wherever_they_come_from(project: Path, run: Run) -> None:
    write(
        project,
        {".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - id: ssot-lint\n    name: x\n"},
    )
    before = contents(project)[".pre-commit-config.yaml"]
    assert run("init", "--yes").code == 0
    assert contents(project)[".pre-commit-config.yaml"] == before
