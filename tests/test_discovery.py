from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.discovery import Discovery, discover, find_module, module_name
from ssot_lint.errors import InputError, SsotLintError
from ssot_lint.model import Failure, FailureKind
from ssot_lint.settings import SettingsIndex

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


def write(folder: Path, files: dict[str, str] | Iterable[str]) -> Path:
    contents = files if isinstance(files, dict) else dict.fromkeys(files, "")
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return folder


def run(root: Path, *paths: str | Path, config: Path | None = None) -> Discovery:
    """The paths are relative to the root, which is also the default."""
    return discover([root / path for path in paths] or [root], SettingsIndex(root, config), root)


def found(root: Path, *paths: str | Path) -> list[str]:
    return [file.relative for file in run(root, *paths).files]


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.ignorecase=false", "-c", "core.quotepath=false", *arguments]
    return subprocess.run(command, cwd=folder, env=GIT, check=True, capture_output=True, text=True).stdout


# What is found


def test_python_files_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(
        tmp_path, ["b.py", "a/z.pyi", "a/b/c.py", "a.py", "a/readme.md", "a/x.pyc", "a/.hidden.py", ".x/y.py"]
    )
    assert found(tmp_path) == [".x/y.py", "a.py", "a/.hidden.py", "a/b/c.py", "a/z.pyi", "b.py"]


def test_a_file_has_its_absolute_path_and_its_settings(tmp_path: Path) -> None:
    write(tmp_path, ["a/b.py", "ssot-lint.toml"])
    (file,) = run(tmp_path).files
    assert file.path == str(tmp_path / "a" / "b.py")
    assert file.settings.file == tmp_path / "ssot-lint.toml"


def test_paths_may_be_relative_and_overlap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, ["a/b.py", "a/c.py", "d.py"])
    monkeypatch.chdir(tmp_path / "a")
    discovery = discover(["b.py", ".", "../a/b.py", Path("..")], SettingsIndex(tmp_path), tmp_path)
    assert [file.relative for file in discovery.files] == ["a/b.py", "a/c.py", "d.py"]


def test_a_file_outside_the_root_is_seen_from_the_root(tmp_path: Path) -> None:
    write(tmp_path, ["one/a.py", "two/b.py", "two/build/c.py"])
    assert found(tmp_path / "one", "../two", "../two/build/c.py", "a.py") == [
        "../two/b.py",
        "../two/build/c.py",
        "a.py",
    ]


def test_a_named_file_needs_no_ending(tmp_path: Path) -> None:
    write(tmp_path, ["bin/tool", "bin/other"])
    assert found(tmp_path, "bin/tool") == ["bin/tool"]


def test_notebooks_are_counted_and_not_checked(tmp_path: Path) -> None:
    write(tmp_path, ["a.ipynb", "b/c.ipynb", "d.py", "build/e.ipynb"])
    assert (run(tmp_path).notebooks, found(tmp_path)) == (2, ["d.py"])
    assert (run(tmp_path, "a.ipynb").notebooks, found(tmp_path, "a.ipynb")) == (1, [])


def test_paths_that_are_not_there_are_named_together(tmp_path: Path) -> None:
    write(tmp_path, ["a.py"])
    with pytest.raises(SsotLintError) as caught:
        discover([tmp_path / "a.py", "x.py", "y"], SettingsIndex(tmp_path), tmp_path)
    assert caught.value.lines == ("x.py: No such file or directory", "y: No such file or directory")


def test_a_path_that_no_system_accepts(tmp_path: Path) -> None:
    with pytest.raises(SsotLintError, match="null"):
        discover(["a\0b"], SettingsIndex(tmp_path), tmp_path)


def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, ["a.py", "locked/b.py", "open/c.py"])
    monkeypatch.setattr(
        os, "scandir", _refusing("locked", PermissionError(errno.EACCES, "Permission denied"))
    )
    discovery = run(tmp_path)
    assert [file.relative for file in discovery.files] == ["a.py", "open/c.py"]
    assert discovery.failures == (
        Failure(FailureKind.UNREADABLE, "locked", "cannot be listed: Permission denied"),
    )


def test_a_folder_that_is_deleted_meanwhile_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, ["a.py", "gone/b.py"])
    monkeypatch.setattr(os, "scandir", _refusing("gone", FileNotFoundError(errno.ENOENT, "gone")))
    discovery = run(tmp_path)
    assert [file.relative for file in discovery.files] == ["a.py"]
    assert discovery.failures == ()


def _refusing(name: str, error: OSError) -> Any:
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if Path(path).name == name:
            raise error
        return scandir(path)

    return refuse


# Links


@needs_links
def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, ["a/b.py"])
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "copy.py").symlink_to(tmp_path / "a", target_is_directory=True)
    assert found(tmp_path) == ["a/b.py"]


@needs_links
def test_a_named_link_to_a_folder_is_followed_once(tmp_path: Path) -> None:
    write(tmp_path, ["a/b.py"])
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path, "a/loop") == ["a/loop/a/b.py"]
    assert found(tmp_path, "a/loop/a/b.py") == ["a/loop/a/b.py"]
    assert found(tmp_path, ".", "a/loop") == ["a/b.py"]


@needs_links
def test_a_link_that_leads_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    assert found(tmp_path) == []
    with pytest.raises(SsotLintError, match=r"loop: Too many levels of symbolic links"):
        run(tmp_path, "loop")


@needs_links
def test_each_real_file_is_found_once_and_under_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, ["project/m.py", "outside.py", "project/build/gen.py"])
    project = tmp_path / "project"
    for name, target in {
        "a.py": "m.py",
        "z.py": "m.py",
        "o1.py": "../outside.py",
        "o2.py": "../outside.py",
    }.items():
        (project / name).symlink_to(target)
    (project / "gone.py").symlink_to("nothing.py")
    (project / "gen.py").symlink_to("build/gen.py")
    assert found(project) == ["gen.py", "m.py", "o1.py"]
    assert found(project, "z.py") == ["z.py"]
    assert found(project, "z.py", "m.py") == ["m.py"]


@needs_links
def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, ["real/a/b.py"])
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert found(tmp_path / "link") == ["a/b.py"]
    assert found(tmp_path / "link", ".", "../real/a") == ["a/b.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_named_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert found(tmp_path) == []


# What is excluded


@pytest.mark.parametrize(
    ("config", "excluded"),
    [
        pytest.param("", {"build/a.py", "x/venv/a.py"}, id="defaults"),
        pytest.param('exclude = ["x/"]', {"x/a.py", "x/venv/a.py", "y/x/a.py"}, id="replaced"),
        pytest.param('extend-exclude = ["/x"]', {"build/a.py", "x/a.py", "x/venv/a.py"}, id="extended"),
        pytest.param('extend-exclude = ["./x"]', {"build/a.py", "x/a.py", "x/venv/a.py"}, id="with-dot"),
        pytest.param('extend-exclude = ["y/**/a.py"]', {"build/a.py", "x/venv/a.py", "y/x/a.py"}, id="stars"),
        pytest.param('extend-exclude = ["!build/"]', {"x/venv/a.py"}, id="taken-back"),
        pytest.param("exclude = []", set(), id="none"),
    ],
)
def test_what_is_excluded_in_the_walk_is_excluded_when_named(
    tmp_path: Path, config: str, excluded: set[str]
) -> None:
    names = ["build/a.py", "x/a.py", "x/venv/a.py", "y/x/a.py", "z.py"]
    write(tmp_path, {**dict.fromkeys(names, ""), "ssot-lint.toml": config})
    assert set(names) - set(found(tmp_path)) == excluded
    assert {name for name in names if not found(tmp_path, name)} == excluded
    assert run(tmp_path, *names).excluded == len(excluded)


def test_an_excluded_folder_that_is_named_stays_excluded(tmp_path: Path) -> None:
    write(tmp_path, ["build/a/b.py"])
    discovery = run(tmp_path, "build", "build/a", "build/a/b.py")
    assert (discovery.files, discovery.excluded) == ((), 3)


def test_what_the_project_lies_in_excludes_nothing(tmp_path: Path) -> None:
    project = write(tmp_path / "build" / "venv", ["a.py", "ssot-lint.toml"])
    assert found(project) == found(project, "a.py") == ["a.py"]


def test_the_nearest_configuration_decides_for_its_folder(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ssot-lint.toml": 'exclude = ["gen/", "other/"]',
            "sub/ssot-lint.toml": 'exclude = ["mine/"]',
            "other/ssot-lint.toml": "",
        },
    )
    names = ["gen/a.py", "sub/gen/a.py", "sub/mine/a.py", "sub/other/a.py", "other/a.py"]
    write(tmp_path, names)
    expected = ["sub/gen/a.py", "sub/other/a.py"]
    assert found(tmp_path) == expected
    assert [name for name in names if found(tmp_path, name)] == expected
    assert {file.settings.file for file in run(tmp_path).files} == {tmp_path / "sub" / "ssot-lint.toml"}


def test_a_neighbour_outside_the_root_is_excluded_by_its_own_configuration(tmp_path: Path) -> None:
    write(
        tmp_path, {"two/ssot-lint.toml": 'exclude = ["pkg/gen/"]', "two/pkg/gen/a.py": "", "two/pkg/b.py": ""}
    )
    one = write(tmp_path / "one", ["a.py"])
    assert found(one, "../two/pkg/gen/a.py") == []
    assert found(one, "../two/pkg") == ["../two/pkg/b.py"]


def test_a_forced_configuration_holds_everywhere(tmp_path: Path) -> None:
    write(tmp_path, {"sub/ssot-lint.toml": 'exclude = ["a.py"]', "strict.toml": 'exclude = ["b.py"]'})
    write(tmp_path, ["sub/a.py", "sub/b.py"])
    assert [file.relative for file in run(tmp_path, config=tmp_path / "strict.toml").files] == ["sub/a.py"]


def test_the_problems_of_all_configurations_come_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ssot-lint.toml": "x = 1",
            "a/ssot-lint.toml": "y = 1",
            "a/b.py": "",
            "build/ssot-lint.toml": "z = 1",
        },
    )
    with pytest.raises(InputError) as caught:
        run(tmp_path, ".", "a/b.py")
    assert [problem.key for problem in caught.value.problems] == ["x", "y"]


# .gitignore


def test_gitignore_is_obeyed_below_what_is_named(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "gen/\n*_copy.py\n", "gen/a.py": "", "b_copy.py": "", "c.py": ""})
    assert found(tmp_path) == ["c.py"]
    assert found(tmp_path, "b_copy.py", "gen") == ["b_copy.py", "gen/a.py"]


def test_gitignore_can_be_disregarded(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*", "a.py": "", "ssot-lint.toml": "respect-gitignore = false"})
    assert found(tmp_path) == ["a.py"]


def test_a_gitignore_above_the_root_holds_within_its_repository(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"repo/.gitignore": "/sub/x.py\ny.py\n", "repo/sub/.gitignore": "!y.py", ".gitignore": "z.py"},
    )
    root = write(tmp_path / "repo" / "sub", ["x.py", "y.py", "z.py", "a/y.py"])
    assert found(root) == ["a/y.py", "x.py", "y.py", "z.py"]
    (tmp_path / "repo" / ".git").mkdir()
    assert found(root) == ["a/y.py", "y.py", "z.py"]
    assert found(root, "a") == ["a/y.py"]


def test_a_repository_in_the_tree_is_free_of_what_stands_above(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "x.py", "inner/.git/hooks/x.py": "", "inner/x.py": "", "inner/y.py": ""})
    write(tmp_path, {"inner/.git/info/exclude": "y.py", "x.py": ""})
    assert found(tmp_path) == ["inner/x.py"]


def test_what_git_excludes_privately_in_a_work_tree(tmp_path: Path) -> None:
    main = write(tmp_path / "main", ["a.py"])
    git(main, "init", "-q")
    git(main, "add", ".")
    git(main, "-c", "user.name=x", "-c", "user.email=x@x.test", "commit", "-qm", "x")
    git(main, "worktree", "add", "-q", "../tree")
    tree = write(tmp_path / "tree", ["a.py", "private.py"])
    write(main, {".git/info/exclude": "private.py\n", "private.py": ""})
    assert found(main) == found(tree) == ["a.py"]
    assert git(tree, "ls-files", "-co", "--exclude-standard").split() == ["a.py"]


def test_an_unreadable_gitignore_ignores_nothing(tmp_path: Path) -> None:
    write(tmp_path, [".gitignore/x", "a.py"])
    assert found(tmp_path) == ["a.py"]


LINES = (
    *("a/", "/a", "b", "!b", "*.py", "!a.py", "!*.py", "*", "!*/", "a/*", "!a/b.py", "**/b/", "a/**", "/*/b"),
    *(
        "a/**/c.py",
        "!c.py",
        "[ab].py",
        "[!a]*",
        "?",
        "c.py ",
        "# a",
        "\\#a",
        "/",
        "!/a/",
        "b/c.py",
        "../a.py",
    ),
)
FOLDERS = ("", "a", "b", "a/a", "a/b", "b/a", "a/b/c", "c/b/a")
FILES = [f"{folder}/{name}".lstrip("/") for folder in FOLDERS for name in ("a.py", "b.py", "c.py", "b.pyi")]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("repository"), dict.fromkeys(FILES, ""))
    write(folder, {"ssot-lint.toml": "exclude = []"})
    git(folder, "init", "-q")
    return folder


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.dictionaries(
        st.sampled_from((*FOLDERS, ".git/info")),
        st.lists(st.sampled_from(LINES), min_size=1, max_size=4).map("\n".join),
        max_size=4,
    )
)
def test_the_same_files_are_found_as_by_git(repository: Path, ignored: dict[str, str]) -> None:
    for file in [*repository.rglob(".gitignore"), repository / ".git/info/exclude"]:
        file.unlink(missing_ok=True)
    for folder, text in ignored.items():
        write(repository / folder, {"exclude" if folder == ".git/info" else ".gitignore": text})
    listed = git(repository, "ls-files", "-z", "--others", "--exclude-standard").split("\0")
    assert found(repository) == sorted(path for path in listed if path.endswith((".py", ".pyi")))


# Modules


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", "a"),
        ("a/b/c.py", "a.b.c"),
        ("a/__init__.py", "a"),
        ("a/__init__.pyi", "a"),
        ("src/a/b.py", "a.b"),
        ("src/__init__.py", None),
        ("a/b-c/d.py", None),
        ("a/class/d.py", None),
        ("2a.py", None),
        ("größe/a.py", "größe.a"),
        ("a.b.py", None),
        ("tool", None),
        ("tool.txt", None),
        ("../elsewhere/a.py", None),
    ],
)
def test_module_name(tmp_path: Path, path: str, expected: str | None) -> None:
    roots = (tmp_path, tmp_path / "src")
    assert module_name(os.path.normpath(tmp_path / path), roots) == expected
    assert module_name(os.path.normpath(tmp_path / path), roots[::-1]) == expected


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        ("a", "a/__init__.py"),
        ("a.b", "a/b.py"),
        ("a.c", "a/c.pyi"),
        ("a.d", "a/d/__init__.py"),
        ("e", "src/e.py"),
        ("f", "src/f/__init__.pyi"),
        ("b", "b.py"),
        ("g", None),
        ("a.x", None),
        ("", None),
        ("a..b", None),
        ("../a", None),
        ("a.b-c", None),
    ],
)
def test_find_module(tmp_path: Path, dotted: str, expected: str | None) -> None:
    write(
        tmp_path,
        ["a/__init__.py", "a/b.py", "a/b.pyi", "a/c.pyi", "a/d.py", "a/d/__init__.py", "a/b-c.py", "a.py"],
    )
    write(tmp_path, ["src/e.py", "src/f/__init__.pyi", "src/b.py", "b.py", "g/x.txt"])
    found = find_module(dotted, (tmp_path, tmp_path / "src"))
    assert found == (tmp_path / expected if expected else None)
