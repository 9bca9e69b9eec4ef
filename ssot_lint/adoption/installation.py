"""Where this ssot-lint was installed from, so that a hook and a CI job can install the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from ssot_lint import __version__

_FROM_GIT = re.compile(
    r"\s*[\w.-]+\s*@\s*git\+(?P<url>[^@#\s]+(?:@[^@/#\s]+(?=[/:]))?[^@#\s]*)(?:@(?P<revision>[^@#\s]+))?\s*"
)


@dataclass(frozen=True, slots=True)
class Installation:
    """`requirement` is what pip installs; `repository` and `revision` are what pre-commit does, if it can."""

    requirement: str
    repository: str | None = None
    revision: str | None = None


def from_requirement(requirement: str) -> Installation:
    """A requirement as pip takes it; one that names a revision in git serves pre-commit as it stands."""
    match = _FROM_GIT.fullmatch(requirement)
    if match is None or match["revision"] is None:
        return Installation(requirement)
    return Installation(requirement, match["url"], match["revision"])


def installed() -> Installation:
    """The running installation; of one from a folder of this machine, its version."""
    try:
        origin = json.loads(distribution("ssot-lint").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    version_control = origin.get("vcs_info", {})
    if version_control.get("vcs") != "git" or origin["url"].startswith("file:"):
        return Installation(f"ssot-lint=={__version__}")
    commit = version_control["commit_id"]
    return from_requirement(f"ssot-lint @ git+{origin['url']}@{commit}")
