"""`ssot-lint fix` on whole projects on disk: what is written, what is said, and how it can be undone."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ssot_lint.engine.plan import Answers, FileInput, FileResult
from ssot_lint.engine.scan import Scanner
from ssot_lint.fixing import write as writing

if TYPE_CHECKING:
    from tests.cli.conftest import Run

CONFIG = '[tool.ssot-lint]\nsource = "app.ids.Ids"\n'
IDS = """\
import uuid


class Ids:
    @staticmethod
    def make(prefix: str) -> str:
        return f"{prefix}_{uuid.uuid4().hex}"
"""
ORDER = "import uuid\n\norder_id = str(uuid.uuid4())\n"
ORDER_FIXED = 'from app.ids import Ids\n\norder_id = Ids.make("order")\n'
CART = "import uuid\n\ncart_id = str(uuid.uuid4())\n"
CART_FIXED = 'from app.ids import Ids\n\ncart_id = Ids.make("cart")\n'
SHORT = "import uuid\n\nuser_id = uuid.uuid4().hex[:8]\n"
SHORT_FIXED = 'from app.ids import Ids\n\nuser_id = Ids.make("user")\n'
SECRET = "import uuid\n\nnonce = uuid.uuid4().hex\n"
PROJECT = {
    "pyproject.toml": CONFIG,
    "app/__init__.py": "",
    "app/ids.py": IDS,
    "app/order.py": ORDER,
    "web/cart.py": CART,
}
BREAKING = f"{sys.executable} check.py"


def read(root: Path) -> dict[str, str]:
    """The Python files of a project."""
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.py"))}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two findings with safe fixes in two folders."""
    root = tmp_path / "project"
    add(root, PROJECT)
    monkeypatch.chdir(root)
    return root


def add(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")


@pytest.mark.parametrize("command", [("fix",), ("check", "--fix")], ids=["fix", "check --fix"])
def test_safe_fixes_are_written_and_a_second_run_changes_nothing(
    run: Run, project: Path, command: tuple[str, ...]
) -> None:
    first = run(*command)
    after = read(project)
    second = run(*command)

    assert (first.code, first.out) == (0, "All clear (4 files checked).\n")
    assert first.err == "Fixed 2 findings in 2 files.\n"
    assert after == {
        "app/__init__.py": "",
        "app/ids.py": IDS,
        "app/order.py": ORDER_FIXED,
        "web/cart.py": CART_FIXED,
    }
    assert (second.code, second.err, read(project)) == (0, "", after)


@pytest.mark.parametrize("command", [("fix",), ("check", "--fix")], ids=["fix", "check --fix"])
def test_unsafe_fixes_are_announced_and_applied_on_request(
    run: Run, project: Path, command: tuple[str, ...]
) -> None:
    add(project, {"app/user.py": SHORT})

    announced = run(*command)
    before = read(project)["app/user.py"]
    applied = run(*command, "--unsafe-fixes")

    assert (announced.code, before) == (1, SHORT)
    assert announced.err.endswith("1 more can be fixed with --unsafe-fixes\n")
    assert (applied.code, read(project)["app/user.py"]) == (0, SHORT_FIXED)
    assert "--unsafe-fixes" not in applied.err


def test_what_remains_is_reported_with_the_reason(run: Run, project: Path) -> None:
    add(project, {"app/secret.py": SECRET})

    result = run("fix")

    assert result.code == 1
    assert "app/secret.py:3:9" in result.out
    assert "no fix:" in result.out


def test_without_a_cache_what_is_not_changed_is_scanned_once_and_nothing_is_kept(
    run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(project, {"app/secret.py": SECRET})
    scanned: list[str] = []

    def scan(scanner: Scanner, file: FileInput, answers: Answers) -> FileResult:
        scanned.append(file.path)
        return original(scanner, file, answers)

    original = Scanner.scan
    monkeypatch.setattr(Scanner, "scan", scan)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    result = run("fix", "--no-cache")

    assert (result.code, result.out.count("nonce")) == (1, 2)
    assert read(project)["app/order.py"] == ORDER_FIXED
    assert scanned.count("app/secret.py") == 1
    assert not (project / ".ssot-lint-cache").exists()
    assert not list(temporary.iterdir())


def test_a_file_that_cannot_be_written_is_left_alone_and_reported(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(path: Path, content: bytes, expected: bytes) -> None:
        if path.name == "order.py":
            path.write_text("edited = 1\n", "utf-8")
        writing.replace(path, content, expected)

    monkeypatch.setattr("ssot_lint.applying.replace", replace)

    result = run("fix")

    assert result.code == 2
    assert "error: app/order.py: was not fixed: it has changed since it was read\n" in result.err
    assert read(project)["app/order.py"] == "edited = 1\n"
    assert read(project)["web/cart.py"] == CART_FIXED


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be written by root")
def test_a_read_only_file_is_left_alone(run: Run, project: Path) -> None:
    (project / "app/order.py").chmod(0o444)

    result = run("fix")

    assert (result.code, read(project)["app/order.py"]) == (2, ORDER)
    assert "error: app/order.py: was not fixed: it may not be written\n" in result.err


def test_standard_input_is_fixed_on_standard_output(project: Path) -> None:
    def fix(text: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "ssot_lint", "fix", "-", "--stdin-filename", "app/new.py"]
        path = os.pathsep.join(sys.path)
        env = {**os.environ, "PYTHONPATH": path}
        return subprocess.run(
            command, input=text.encode(), env=env, cwd=project, capture_output=True, check=False
        )

    fixed = fix(ORDER.replace("\n", "\r\n"))
    broken = fix("import uuid\nuuid.uuid4(\n")

    assert (fixed.returncode, fixed.stdout.decode()) == (0, ORDER_FIXED.replace("\n", "\r\n"))
    assert (broken.returncode, broken.stdout) == (2, b"import uuid\nuuid.uuid4(\n")


class TestDiff:
    def test_it_applies_with_git_and_gives_what_fix_gives(self, run: Run, project: Path) -> None:
        add(project, {"app/windows.py": ORDER.replace("\n", "\r\n"), "web/sp ace.py": CART.rstrip("\n")})
        before = read(project)

        shown = run("fix", "--diff")

        assert (shown.code, read(project)) == (1, before)
        apply(project, shown.out.encode())
        applied = read(project)
        add(project, before)
        run("fix")
        assert read(project) == applied != before

    @pytest.mark.usefixtures("project")
    def test_without_changes_it_says_nothing(self, run: Run) -> None:
        run("fix")

        shown = run("fix", "--diff")

        assert (shown.code, shown.out, shown.err) == (0, "", "")


class TestPatchDir:
    OWNERS = "*  @team\n/web/  @shop/web @ann\n"

    @pytest.mark.parametrize(
        ("flags", "names"),
        [
            ((), {"app.patch", "web.patch"}),
            (("--patch-by", "directory"), {"app.patch", "web.patch"}),
            (("--patch-by", "owner"), {"@team.patch", "@shop-web-@ann.patch"}),
        ],
        ids=["default", "directory", "owner"],
    )
    def test_each_patch_applies_alone(
        self, run: Run, project: Path, tmp_path: Path, flags: tuple[str, ...], names: set[str]
    ) -> None:
        add(project, {"CODEOWNERS": self.OWNERS})
        before = read(project)
        folder = tmp_path / "patches"

        result = run("fix", "--patch-dir", str(folder), *flags)

        assert (result.code, read(project)) == (1, before)
        assert {path.name.lower().lstrip("@") for path in folder.iterdir()} == {
            name.lstrip("@") for name in names
        }
        changed = []
        for patch in folder.iterdir():
            apply(project, patch.read_bytes())
            changed.append({path for path, text in read(project).items() if text != before[path]})
            add(project, before)
        assert sorted(changed, key=sorted) == [{"app/order.py"}, {"web/cart.py"}]

    @pytest.mark.usefixtures("project")
    def test_patches_of_two_runs_are_not_mixed(self, run: Run, tmp_path: Path) -> None:
        folder = tmp_path / "patches"
        run("fix", "--patch-dir", str(folder))
        before = {path.name: path.read_bytes() for path in folder.iterdir()}

        again = run("fix", "app", "--patch-dir", str(folder))

        assert again.code == 2
        assert again.err.startswith(f"error: {folder.as_posix()}: has patches already")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    @pytest.mark.usefixtures("project")
    def test_owners_need_a_file_that_names_them(self, run: Run, tmp_path: Path) -> None:
        result = run("fix", "--patch-dir", str(tmp_path / "patches"), "--patch-by", "owner")

        assert result.code == 2
        assert result.err.startswith("error: --patch-by owner needs one of .github/CODEOWNERS")


def test_only_the_importers_of_a_module_are_fixed_and_reported(run: Run, project: Path) -> None:
    add(
        project,
        {
            "app/direct.py": "import uuid\n\nimport app.order\n\na_id = str(uuid.uuid4())\n",
            "app/inside.py": "import uuid\n\ndef f():\n    from . import order\n    b_id = uuid.uuid4().hex\n",
            "app/named.py": 'import uuid\n\nc_id = str(uuid.uuid4())\nname = "app.order"\n',
        },
    )
    before = read(project)

    result = run("fix", "--importers-of", "app.order")

    changed = {path for path, text in read(project).items() if text != before[path]}
    assert changed == {"app/direct.py", "app/inside.py"}
    assert result.code == 0


class TestInteractive:
    @pytest.mark.parametrize(
        ("answers", "fixed"),
        [
            ("y\ny\n", {"app/order.py", "web/cart.py"}),
            ("n\ny\n", {"web/cart.py"}),
            ("accept\nreject\n", {"app/order.py"}),
            ("all\n", {"app/order.py", "web/cart.py"}),
            ("n\na\n", {"web/cart.py"}),
            ("y\nq\n", {"app/order.py"}),
            ("y\n", {"app/order.py"}),
            ("what\n?\nn\nY\n", {"web/cart.py"}),
            ("", set()),
        ],
        ids=["yes", "reject", "words", "all", "all others", "quit", "end", "nonsense", "nothing"],
    )
    def test_the_answers_decide(
        self, run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, answers: str, fixed: set[str]
    ) -> None:
        before = read(project)
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))

        result = run("fix", "--interactive")

        assert {path for path, text in read(project).items() if text != before[path]} == fixed
        assert "-order_id = str(uuid.uuid4())\n" in result.err
        assert '+order_id = Ids.make("order")\n' in result.err
        assert result.code == (0 if len(fixed) == 2 else 1)

    def test_what_is_shown_is_what_is_written(
        self, run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add(project, {"app/order.py": ORDER + "cart_id = str(uuid.uuid4())\n", "web/cart.py": ""})
        add(project, {"wanted/order.py": ORDER_FIXED + 'cart_id = Ids.make("cart")\n'})

        shown = []
        for answers in ("y\nn\n", "y\n"):
            monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
            shown.append(run("fix", "--interactive").err)

        assert "-import uuid" not in shown[0].partition("(1/2)")[0]
        assert "-import uuid\n" in shown[1].partition("(1/1)")[0]
        assert read(project)["app/order.py"] == read(project)["wanted/order.py"]


class TestManifest:
    def test_a_run_is_recorded_and_undone(self, run: Run, project: Path, tmp_path: Path) -> None:
        add(project, {"app/user.py": SHORT, "app/secret.py": SECRET})
        before = read(project)
        file = tmp_path / "run.json"

        run("fix", "--manifest", str(file))
        data = json.loads(file.read_text("utf-8"))
        undone = run("fix", "--undo", str(file))

        assert [item["path"] for item in data["changed"]] == ["app/order.py", "web/cart.py"]
        assert {item["path"]: item["reason"] for item in data["skipped"]}.keys() == {
            "app/user.py",
            "app/secret.py",
        }
        assert "its fix is unsafe" in {item["reason"] for item in data["skipped"]}
        assert (undone.code, undone.err) == (0, "Put back 2 files.\n")
        assert read(project) == before

    def test_what_has_changed_since_is_left_alone(self, run: Run, project: Path, tmp_path: Path) -> None:
        file = tmp_path / "run.json"
        run("fix", "--manifest", str(file))
        add(project, {"app/order.py": "edited = 1\n"})

        undone = run("fix", "--undo", str(file))

        assert undone.code == 2
        assert "error: app/order.py: was left as it is: it has changed since the run\n" in undone.err
        assert read(project)["app/order.py"] == "edited = 1\n"
        assert read(project)["web/cart.py"] == CART

    def test_a_manifest_is_never_written_over(self, run: Run, project: Path, tmp_path: Path) -> None:
        file = tmp_path / "run.json"
        file.write_text("precious", "utf-8")
        before = read(project)

        result = run("fix", "--manifest", str(file))

        assert (result.code, file.read_text("utf-8"), read(project)) == (2, "precious", before)

    def test_nothing_is_fixed_that_could_not_be_recorded(
        self, run: Run, project: Path, tmp_path: Path
    ) -> None:
        before = read(project)

        result = run("fix", "--manifest", str(tmp_path / "missing" / "run.json"))

        assert (result.code, read(project)) == (2, before)
        assert "run.json: cannot be written: " in result.err


class TestVerify:
    CHECK = "import sys\nsys.exit('Ids' in open('app/order.py').read())\n"

    def test_the_file_that_breaks_the_check_is_taken_back(
        self, run: Run, project: Path, tmp_path: Path
    ) -> None:
        add(project, {"check.py": self.CHECK})
        file = tmp_path / "run.json"

        result = run("fix", "--verify", BREAKING, "--manifest", str(file))

        assert result.code == 1
        assert "taken back: app/order.py: " in result.err
        assert read(project)["app/order.py"] == ORDER
        assert read(project)["web/cart.py"] == CART_FIXED
        assert "no fix: the command of --verify fails" in result.out
        data = json.loads(file.read_text("utf-8"))
        assert [item["path"] for item in data["changed"]] == ["web/cart.py"]
        assert [item["path"] for item in data["skipped"]] == ["app/order.py"]

    def test_a_check_that_passes_keeps_everything(self, run: Run, project: Path) -> None:
        result = run("fix", "--verify", f"{sys.executable} -c 0")

        assert (result.code, read(project)["app/order.py"]) == (0, ORDER_FIXED)

    def test_a_check_that_always_fails_says_nothing_about_the_fixes(self, run: Run, project: Path) -> None:
        add(project, {"check.py": "raise SystemExit('no database')\n"})
        before = read(project)

        result = run("fix", "--verify", BREAKING)

        assert (result.code, read(project)) == (2, before)
        assert f"error: {BREAKING}: fails on the untouched tree, so nothing was changed\n" in result.err
        assert "error: no database\n" in result.err

    def test_an_interrupt_puts_every_file_back(
        self, run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_arguments: object, **_options: object) -> None:
            assert read(project)["app/order.py"] == ORDER_FIXED
            raise KeyboardInterrupt

        before = read(project)
        monkeypatch.setattr("ssot_lint.cli._verifying.subprocess.run", interrupt)

        result = run("fix", "--verify", "anything")

        assert (result.code, read(project)) == (130, before)

    def test_the_example(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        example = Path(__file__).parents[2] / "examples/verify"
        root = tmp_path / "verify"
        shutil.copytree(example, root, ignore=shutil.ignore_patterns("__pycache__", ".ssot-lint-cache"))
        monkeypatch.chdir(root)
        before = read(root)

        result = run("fix", "--verify", f"{sys.executable} -m unittest -q")

        changed = {path for path, text in read(root).items() if text != before[path]}
        assert (result.code, changed) == (1, {"shop/orders.py", "shop/parcels.py"})
        told = [
            line for line in (example / "README.md").read_text("utf-8").splitlines() if line in result.err
        ]
        assert [line for line in result.err.splitlines() if line not in told] == []


class TestBaseline:
    def test_what_is_accepted_is_only_fixed_on_request(self, run: Run, project: Path) -> None:
        run("baseline")
        before = read(project)
        accepted = (project / ".ssot-baseline.jsonl").read_bytes()

        unasked = run("fix")
        untouched = read(project)
        asked = run("fix", "app", "--baselined")

        assert (unasked.code, untouched) == (0, before)
        assert asked.code == 0
        assert read(project)["app/order.py"] == ORDER_FIXED
        lines = (project / ".ssot-baseline.jsonl").read_bytes().splitlines()
        assert lines == [line for line in accepted.splitlines() if b"web/cart.py" in line]
        assert ".ssot-baseline.jsonl accepts 1 finding (1 gone)\n" in asked.err

    def test_the_baseline_stays_as_it_is_with_the_flag_of_the_hook(self, run: Run, project: Path) -> None:
        run("baseline")
        accepted = (project / ".ssot-baseline.jsonl").read_bytes()

        run("fix", "--baselined", "--no-update-baseline")

        assert read(project)["app/order.py"] == ORDER_FIXED
        assert (project / ".ssot-baseline.jsonl").read_bytes() == accepted

    def test_new_findings_do_not_get_in(self, run: Run, project: Path) -> None:
        run("baseline")
        add(project, {"app/secret.py": SECRET})

        result = run("fix", "--baselined")

        assert result.code == 1
        assert (project / ".ssot-baseline.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    "flags",
    [
        ("--diff", "--verify", "true"),
        ("--patch-dir", "p", "--manifest", "m"),
        ("--diff", "--patch-dir", "p"),
        ("--patch-by", "owner"),
        ("-", "--stdin-filename", "a.py", "--interactive"),
        ("--undo", "pyproject.toml", "app"),
        ("--undo", "pyproject.toml", "--diff"),
    ],
    ids=" ".join,
)
def test_flags_that_make_no_sense_together_are_refused(
    run: Run, project: Path, flags: tuple[str, ...]
) -> None:
    before = read(project)

    result = run("fix", *flags)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: ")
    assert read(project) == before


def test_an_import_that_others_take_from_the_file_is_kept_whatever_the_paths_are(
    run: Run, project: Path
) -> None:
    add(project, {"web/other.py": "from app.order import uuid\n\nUUID = uuid.UUID\n"})

    run("fix", "app/order.py")

    assert "import uuid\n" in read(project)["app/order.py"]
    assert 'order_id = Ids.make("order")' in read(project)["app/order.py"]


def apply(root: Path, patch: bytes) -> None:
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=patch, cwd=root, check=True)


def test_ids_that_belong_together_are_not_made_one_by_one(run: Run, project: Path) -> None:
    together = IDS + (
        "\n    @classmethod\n    def make_context(cls, user_id: str) -> tuple[str, str, str]:\n"
        "        suffix = uuid.uuid4().hex\n        thread_id = f'thread_{suffix}'\n"
        "        run_id = f'run_{suffix}'\n        request_id = f'req_{suffix}'\n"
        "        return thread_id, run_id, request_id\n"
    )
    context = (
        "import uuid\n\n\ndef context(user_id):\n    thread_id = str(uuid.uuid4())\n"
        "    run_id = str(uuid.uuid4())\n    request_id = str(uuid.uuid4())\n"
        "    return thread_id, run_id, request_id\n"
    )
    add(project, {"app/ids.py": together, "app/context.py": context})

    result = run("fix", "--select", "direct-uuid", "--unsafe-fixes")

    assert (result.code, read(project)["app/context.py"]) == (1, context)
    assert read(project)["app/order.py"] == ORDER_FIXED
