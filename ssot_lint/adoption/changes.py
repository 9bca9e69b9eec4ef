"""What is to become of one file."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from ssot_lint.errors import SsotLintError
from ssot_lint.files import replace_file


@dataclass(frozen=True, slots=True)
class Step:
    """What is planned for a file, and a line that says so.

    `before` is its text, None if there is no such file; `after` is what it becomes, None if it stays.
    `is_refused` says that it should have changed, and `remark` why it cannot.
    """

    file: Path
    remark: str
    before: str | None = None
    after: str | None = None
    is_refused: bool = False


def read(file: Path) -> str | None:
    """The text of a file with its line ends as they are, None if there is none; raises SsotLintError."""
    try:
        return file.read_bytes().decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SsotLintError(f"{file.as_posix()}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SsotLintError(f"{file.as_posix()}: is not UTF-8") from None


def appended(text: str, addition: str) -> str:
    """The text with lines added at its end, with line ends like its own."""
    newline = "\r\n" if "\r\n" in text else "\n"
    end = "" if not text or text.endswith("\n") else newline
    return text + end + addition.replace("\n", newline)


def diff(step: Step, name: str) -> str:
    """The step as a patch of the file `name`; empty if it changes nothing."""
    if step.after is None:
        return ""
    old = (step.before or "").splitlines(keepends=True)
    new = step.after.splitlines(keepends=True)
    before = "/dev/null" if step.before is None else f"a/{name}"
    lines = unified_diff(old, new, before, f"b/{name}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def carry_out(step: Step) -> None:
    """Writes the file, unless it has changed since it was planned; raises SsotLintError, and leaves it."""
    if step.after is None:
        return
    if read(step.file) != step.before:
        raise SsotLintError(f"{step.file.as_posix()}: has changed meanwhile, and was left as it is")
    try:
        step.file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(step.file, step.after.encode())
    except OSError as error:
        raise SsotLintError(f"{step.file.as_posix()}: cannot be written: {error.strerror}") from None
