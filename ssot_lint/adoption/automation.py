"""The hook, the CI jobs and the merge rule: what calls ssot-lint without being asked."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import yaml

from ssot_lint.adoption.changes import Step, appended, read
from ssot_lint.adoption.installation import Installation
from ssot_lint.adoption.yaml_text import CannotAddError, document, value_of, with_item, with_key

HOOKS = ".pre-commit-config.yaml"
GITHUB = ".github/workflows/ssot-lint.yml"
GITLAB = ".gitlab-ci.yml"
ATTRIBUTES = ".gitattributes"

_JOB = "ssot-lint"
_GITHUB = """\
name: ssot-lint

on: [push, pull_request]

permissions:
  contents: read
  security-events: write # for the last step

jobs:
  ssot-lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - name: Install
        run: |
          python -m pip install {requirement}
      - name: Check
        run: |
          ssot-lint check --output-format github --stale-baseline error {path}
      - name: Report
        if: always()
        run: |
          ssot-lint report --output-format markdown {path} >> "$GITHUB_STEP_SUMMARY"
          ssot-lint report --output-format html --output-file ssot-lint.html {path}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: ssot-lint
          path: ssot-lint.html
      # Code scanning knows neither suppressions nor baselines, so only what nobody has accepted is uploaded.
      - name: Find alerts
        if: always()
        run: |
          ssot-lint check --exit-zero --output-format sarif --output-file ssot-lint.sarif {path}
          jq '.runs[].results |= map(select(.suppressions == null and .baselineState != "absent"))' \\
            ssot-lint.sarif > alerts.sarif
      - uses: github/codeql-action/upload-sarif@v4
        if: always()
        continue-on-error: true # a private repository may not have code scanning
        with:
          sarif_file: alerts.sarif
"""
_GITLAB = """\
{stage}image: python:3.13
script:
  - python -m pip install {requirement}
  - ssot-lint check --output-format gitlab --output-file gl-code-quality-report.json
    --stale-baseline error --exit-zero {path}
  - ssot-lint report --output-format html --output-file ssot-lint.html {path}
  - ssot-lint check --stale-baseline error {path}
artifacts:
  when: always
  paths:
    - ssot-lint.html
  reports:
    codequality: gl-code-quality-report.json
"""


def github_job(installation: Installation, path: str) -> str:
    """A workflow that checks `path`, relative to the repository, and puts the compliance into its summary."""
    return _GITHUB.format(requirement=_word(installation.requirement), path=_word(path))


def gitlab_job(installation: Installation, path: str, stage: str | None = None) -> str:
    """A job that checks `path` and hands the findings on; its stage is `test` unless given."""
    body = _GITLAB.format(
        requirement=_word(installation.requirement),
        path=_word(path),
        stage=f"stage: {stage}\n" if stage else "",
    )
    return "".join(f"  {line}\n" for line in body.splitlines())


def hook_entry(installation: Installation) -> str:
    """An item of the list `repos` in the configuration of pre-commit."""
    if installation.repository:
        return (
            f"- repo: {installation.repository}\n  rev: {installation.revision}\n"
            "  hooks:\n    - id: ssot-lint\n"
        )
    requirement = installation.requirement.replace("'", "''")
    return (
        "- repo: local\n  hooks:\n    - id: ssot-lint\n      name: ssot-lint\n"
        "      entry: ssot-lint check\n      language: python\n"
        f"      additional_dependencies: ['{requirement}']\n"
        "      types_or: [python, pyi]\n      require_serial: true\n"
    )


def hook_step(repository: Path, installation: Installation) -> Step:
    file = repository / HOOKS
    before = read(file)
    entry = hook_entry(installation)
    if before is None or not before.strip():
        return Step(file, "runs ssot-lint before each commit", before, _fresh("repos", entry))
    try:
        top = document(before)
        if top is not None and "ssot-lint" in set(_hook_ids(top)):
            return Step(file, "has the hook already", before)
        after = with_item(before, "repos", entry)
    except CannotAddError as error:
        return Step(file, _by_hand(error, "repos:\n" + _indented(entry)), before, is_refused=True)
    return Step(file, "runs ssot-lint before each commit", before, after)


def github_step(repository: Path, installation: Installation, path: str) -> Step:
    file = repository / GITHUB
    before = read(file)
    if before is not None:
        return Step(file, "is there already", before)
    return Step(file, "checks each push and pull request", None, github_job(installation, path))


def gitlab_step(repository: Path, installation: Installation, path: str) -> Step:
    file = repository / GITLAB
    before = read(file)
    job = gitlab_job(installation, path)
    if before is None or not before.strip():
        return Step(file, "checks each merge request", before, f"{_JOB}:\n{job}")
    try:
        top = document(before)
        if top is not None and value_of(top, _JOB) is not None:
            return Step(file, "has the job already", before)
        after = with_key(before, _JOB, gitlab_job(installation, path, _stage(top)))
    except CannotAddError as error:
        return Step(file, _by_hand(error, f"{_JOB}:\n{job}"), before, is_refused=True)
    return Step(file, "checks each merge request", before, after)


def attributes_step(repository: Path, baseline: str) -> Step:
    """Lets git merge the baselines of two branches line by line; `baseline` is the file's name."""
    file = repository / ATTRIBUTES
    before = read(file)
    pattern = baseline.replace(" ", "?")
    for line in (before or "").splitlines():
        words = line.split()
        if words[:1] == [pattern] and "merge=union" in words:
            return Step(file, "has the rule for the baseline already", before)
    after = appended(before or "", f"{pattern} merge=union\n")
    return Step(file, "lets git merge two baselines", before, after)


def _word(text: str) -> str:
    """One word for a shell, without what ends a plain value in YAML."""
    return shlex.quote(text).replace(": ", ":'' ").replace(" #", " ''#")


def _fresh(key: str, item: str) -> str:
    return f"{key}:\n{_indented(item)}"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def _by_hand(error: CannotAddError, text: str) -> str:
    return f"was left as it is, because {error}; add by hand:\n{text}"


def _hook_ids(node: yaml.Node) -> Iterator[str]:
    """The `id` of every hook, wherever it stands."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _hook_ids(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                yield value.value
            yield from _hook_ids(value)


def _stage(top: yaml.MappingNode | None) -> str | None:
    """The stage of the job in a file whose own stages lack `test`, which is that of jobs without one."""
    stages = None if top is None else value_of(top, "stages")
    if not isinstance(stages, yaml.SequenceNode):
        return None
    names = [item.value for item in stages.value if isinstance(item, yaml.ScalarNode)]
    return None if not names or "test" in names else names[0]
