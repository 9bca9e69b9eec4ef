from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ssot_lint.reporters import file_namer, formats, load


def test_every_format_can_render() -> None:
    assert {"text", "concise", "json"} <= set(formats())
    for name in formats():
        assert callable(load(name).render)


@pytest.mark.parametrize(
    ("cwd", "path", "expected"),
    [
        ("/project", "app/a.py", "app/a.py"),
        ("/project/app", "app/a.py", "a.py"),
        ("/", "app/a.py", "project/app/a.py"),
        ("/project/tests", "app/a.py", "/project/app/a.py"),
        ("/project/app", "app2/a.py", "/project/app2/a.py"),
        ("/project", "../other/a.py", "/other/a.py"),
        ("/project", "/other/a.py", "/other/a.py"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="the paths are POSIX")
def test_files_are_named_as_seen_from_the_working_directory(cwd: str, path: str, expected: str) -> None:
    assert file_namer(Path("/project"), Path(cwd))(path) == expected


@pytest.mark.skipif(sys.platform != "win32", reason="the paths are those of Windows")
def test_files_are_named_with_forward_slashes() -> None:
    name = file_namer(Path("C:\\project"), Path("C:\\project\\app"))
    assert [name("app/a.py"), name("b/c.py")] == ["a.py", "C:/project/b/c.py"]
