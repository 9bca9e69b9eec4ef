from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from ssot_lint.fixing import write as writing
from ssot_lint.fixing.write import WriteError, replace, write

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither modes nor links for all")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "code.py"
    path.write_bytes(b"old\r\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def test_the_content_is_replaced(file: Path) -> None:
    replace(file, b"new\r\n", b"old\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert names(file.parent) == ["code.py"]


@posix_only
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600])
def test_the_mode_stays(mode: int, file: Path) -> None:
    file.chmod(mode)
    replace(file, b"new", b"old\r\n")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@posix_only
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 12, 34)
    replace(file, b"new", b"old\r\n")
    assert (file.stat().st_uid, file.stat().st_gid) == (12, 34)


@posix_only
def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(WriteError, match="no regular file"):
        replace(tmp_path / "pipe.py", b"new", b"")


@posix_only
def test_links_stay_and_their_target_changes(file: Path) -> None:
    link = file.parent / "sub" / "link.py"
    link.parent.mkdir()
    link.symlink_to(Path("..") / "code.py")
    replace(link, b"new", b"old\r\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert names(link.parent) == ["link.py"]


@posix_only
def test_other_hard_links_keep_the_old_content(file: Path) -> None:
    other = file.parent / "other.py"
    os.link(file, other)
    replace(file, b"new", b"old\r\n")
    assert (file.read_bytes(), other.read_bytes()) == (b"new", b"old\r\n")


def test_a_file_that_has_changed_is_left(file: Path) -> None:
    with pytest.raises(WriteError, match="it has changed since it was read"):
        replace(file, b"new", b"something else")
    assert (file.read_bytes(), names(file.parent)) == (b"old\r\n", ["code.py"])


def test_a_file_that_changes_meanwhile_is_left(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sync(_descriptor: int) -> None:
        file.write_bytes(b"edited by hand")

    monkeypatch.setattr(writing.os, "fsync", sync)
    with pytest.raises(WriteError, match="while it was being written"):
        replace(file, b"new", b"old\r\n")
    assert (file.read_bytes(), names(file.parent)) == (b"edited by hand", ["code.py"])


@posix_only
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anything")
def test_a_file_that_may_not_be_written_is_left(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(WriteError, match="may not be written"):
        replace(file, b"new", b"old\r\n")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_nothing_is_left_behind(error: BaseException, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise error

    monkeypatch.setattr(writing.os, "fsync", fail)
    expected = WriteError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected, match="No space left on device" if expected is WriteError else None):
        replace(file, b"new", b"old\r\n")
    assert (file.read_bytes(), names(file.parent)) == (b"old\r\n", ["code.py"])


@pytest.mark.parametrize("name", ["missing.py", "folder"])
def test_what_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError):
        replace(tmp_path / name, b"new", b"")


@posix_only
def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to("loop.py")
    with pytest.raises(WriteError):
        replace(tmp_path / "loop.py", b"new", b"")


@posix_only
def test_a_new_file_has_the_mode_of_new_files(tmp_path: Path) -> None:
    write(tmp_path / "run.json", b"{}")
    (tmp_path / "plain").touch()
    assert (tmp_path / "run.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_may_be_written_over(file: Path) -> None:
    write(file, b"new")
    assert (file.read_bytes(), names(file.parent)) == (b"new", ["code.py"])


def test_a_folder_must_exist(tmp_path: Path) -> None:
    with pytest.raises(WriteError):
        write(tmp_path / "missing" / "run.json", b"{}")
