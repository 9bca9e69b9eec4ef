"""What hooks and CI jobs install, from what pip wrote down about the installation that is running."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ssot_lint import __version__
from ssot_lint.adoption.installation import Installation, installed

REMOTE = "https://github.com/your-org/ssot-lint"
VERSION = Installation(f"ssot-lint=={__version__}")


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param(None, VERSION, id="from an index"),
        pytest.param(
            {"url": "file:///home/me/ssot-lint", "dir_info": {"editable": True}}, VERSION, id="folder"
        ),
        pytest.param(
            {"url": REMOTE}, Installation(f"ssot-lint @ git+{REMOTE}@4f5e", REMOTE, "4f5e"), id="git"
        ),
        pytest.param({"url": "file:///home/me/ssot-lint"}, VERSION, id="git on this machine"),
    ],
)
def test_the_installation_is_one_that_others_can_make(
    monkeypatch: pytest.MonkeyPatch, origin: dict[str, object] | None, expected: Installation
) -> None:
    if origin is not None and "dir_info" not in origin:
        origin |= {"vcs_info": {"vcs": "git", "commit_id": "4f5e"}}
    found = SimpleNamespace(read_text=lambda _: None if origin is None else json.dumps(origin))
    monkeypatch.setattr("ssot_lint.adoption.installation.distribution", lambda _: found)
    assert installed() == expected
