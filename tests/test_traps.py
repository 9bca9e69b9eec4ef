"""What people did when they made IDs the same everywhere, and what other tools do: each trap, and the way past.

A function is shown with « and » around what makes an ID by hand, and the call that `ssot-lint fix` writes there,
if it writes one. What holds for the old function must hold for the new one, with the IDs of a real source.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from marked import unmark
from projects import contents, runner, write

from ssot_lint.cli import main

SOURCE = """\
import itertools
import secrets

_counter = itertools.count(1)


class Ids:
    @staticmethod
    def base(prefix: str = "id") -> str:
        return f"{prefix}_{next(_counter)}_{secrets.token_hex(4)}"

    @staticmethod
    def context(user_id: str, operation: str = "context") -> tuple[str, str, str]:
        end = f"{operation}_{next(_counter)}_{secrets.token_hex(4)}"
        thread_id = f"thread_{end}"
        run_id = f"run_{end}"
        request_id = f"req_{end}"
        return thread_id, run_id, request_id

    @staticmethod
    def session(user_id: str) -> str:
        return f"session_{user_id[:8]}_{next(_counter)}_{secrets.token_hex(4)}"

    @staticmethod
    def ticket(user_id: str) -> str:
        return f"ticket_{user_id[:8]}"

    @staticmethod
    def job(user_id: str) -> tuple[str, str]:
        job_id = f"job_{next(_counter)}_{secrets.token_hex(4)}"
        step_id = f"step_{user_id}"
        return job_id, step_id
"""


@dataclass(frozen=True)
class Trap:
    """A module, and the call that is written in it (None: it stays), or all of the module that comes of it.

    `unsafe` says that this takes `--unsafe-fixes`, `says` what is reported of the module after that: a part of
    each finding's rule, message or reason. `holds` is true in the module before and after, `heals` only after.
    """

    text: str
    call: str | None = None
    into: str | None = None
    unsafe: bool = False
    says: tuple[str, ...] = ()
    holds: str = "True"
    heals: str = "True"
    folder: str = "app"

    @property
    def before(self) -> str:
        text, spans = unmark(dedent(self.text).lstrip("\n"))
        return _importing("import uuid", text) if spans else text

    @property
    def after(self) -> str:
        if self.into is not None:
            return dedent(self.into).lstrip("\n")
        if self.call is None:
            return self.before
        call = self.call
        text = re.sub("«.*?»", lambda _: call, dedent(self.text).lstrip("\n"), flags=re.DOTALL)
        return _importing("from ids import Ids", text)


def _importing(line: str, text: str) -> str:
    return f"{line}\n\n\n{text}" if text.startswith("def ") else f"{line}\n\n{text}"


RUN = 'Ids.base("run")'
FIXED_BY_HAND = {
    "a default that is never needed is made all the same, and needs its import": Trap(
        """
        def work(data):
            return data.get("run_id", «str(uuid.uuid4())»)
        """,
        RUN,
        holds='work({"run_id": "given"}) == "given"',
    ),
    "the quotes of an f-string inside of it": Trap(
        """
        def work():
            return f"see {dict(run_id=«str(uuid.uuid4())»)['run_id']}"
        """,
        "Ids.base('run')",
        holds='work().startswith("see ")',
    ),
    "a slice that leaves only the prefix": Trap(
        """
        def work():
            run_id = «str(uuid.uuid4())[:8]»
            return run_id
        """,
        RUN,
        unsafe=True,
        holds="work() != work()",
    ),
    "a prefix twice": Trap(
        """
        def work():
            thread_id = «f"thread_{uuid.uuid4()}"»
            return thread_id
        """,
        'Ids.base("thread")',
        holds='work().count("thread") == 1',
    ),
    "other fields of the string": Trap(
        """
        def work(log):
            return dict(run_id=«f"run_{log.append(1)}_{log.append(2)}_{uuid.uuid4().hex}"», last=log.append(3))
        """,
        'Ids.base(f"run_{log.append(1)}_{log.append(2)}")',
        holds="[work(log := []), log][1] == [1, 2, 3]",
    ),
    "a default that loses its lambda": Trap(
        """
        run_id = dict(default=lambda: «str(uuid.uuid4())»)
        """,
        RUN,
        holds='run_id["default"]() != run_id["default"]()',
    ),
    "`or` that becomes `is None`": Trap(
        """
        def work(run_id):
            run_id = run_id or «str(uuid.uuid4())»
            return run_id
        """,
        RUN,
        holds='work("") != "" and work("given") == "given"',
    ),
    "`is None` that becomes `or`": Trap(
        """
        def work(run_id):
            run_id = «str(uuid.uuid4())» if run_id is None else run_id
            return run_id
        """,
        RUN,
        holds='work("") == "" and work(None)',
    ),
    "one suffix, and nobody to make the IDs for": Trap(
        """
        import uuid


        def work():
            suffix = uuid.uuid4().hex
            thread_id = f"thread_{suffix}"
            run_id = f"run_{suffix}"
            return thread_id, run_id
        """,
        says=("`user_id` is not surely at hand",),
        holds='len({each.partition("_")[2] for each in work()}) == 1',
    ),
    "a set that the source does not make unique": Trap(
        """
        import uuid


        def work(user_id: str):
            suffix = uuid.uuid4().hex
            job_id = f"job_{suffix}"
            step_id = f"step_{suffix}"
            return job_id, step_id
        """,
        says=("`job` does not make `step_id` unique",),
        holds='work("alice") != work("alice")',
    ),
    "an ID that the source does not make unique": Trap(
        """
        def work(user_id: str):
            ticket_id = «str(uuid.uuid4())»
            return ticket_id
        """,
        'Ids.base("ticket")',
        holds='work("alice") != work("alice")',
    ),
    "a user that may be None, and is sliced": Trap(
        """
        def work(user_id: str | None):
            session_id = «str(uuid.uuid4())»
            return session_id
        """,
        'Ids.base("session")',
        holds="work(None) != work(None)",
    ),
    "a user that is at hand": Trap(
        """
        def work(user_id: str):
            session_id = «str(uuid.uuid4())»
            return session_id
        """,
        "Ids.session(user_id)",
        holds='work("alice") != work("alice")',
    ),
    "the claim of a token": Trap("claims = {'jti': «str(uuid.uuid4())»}\n", says=("`jti` is a secret",)),
    "a nonce": Trap("nonce = «uuid.uuid4().hex»\n", says=("`nonce` is a secret",)),
    "the state of OAuth": Trap("oauth_state = «str(uuid.uuid4())»\n", says=("`oauth_state` is a secret",)),
    "a token": Trap("reset_token_id = «str(uuid.uuid4())»\n", says=("`reset_token_id` is a secret",)),
    "a column that is too short": Trap(
        """
        from sqlalchemy import Column, String


        class Connection:
            run_id = Column(String(50), default=lambda: «str(uuid.uuid4())»)
        """,
        says=("the column holds 50 characters",),
    ),
    "a column of UUIDs": Trap(
        """
        from sqlalchemy import UUID, Column


        class Run:
            run_id = Column(UUID(as_uuid=False), default=lambda: «str(uuid.uuid4())»)
        """,
        says=("the column holds a UUID",),
    ),
    "a column of UUIDs that only SQL declares": Trap(
        """
        TABLE = "CREATE TABLE runs (run_id UUID, name String) ENGINE = MergeTree"
        run_id = «str(uuid.uuid4())»
        """,
        says=("a column `run_id` holds a UUID",),
    ),
    "a length that is asserted": Trap(
        """
        def work():
            run_id = «str(uuid.uuid4())»
            return run_id, len(run_id) == 36
        """,
        RUN,
        unsafe=True,
    ),
    "a pattern of UUIDs": Trap(
        """
        IS_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
        run_id = «str(uuid.uuid4())»
        """,
        RUN,
        unsafe=True,
    ),
    "a UUID that is read back": Trap(
        """
        def work():
            run_id = «str(uuid.uuid4())»
            return run_id


        def read(run_id):
            return uuid.UUID(run_id)
        """,
        into="""
        import uuid

        from ids import Ids


        def work():
            run_id = Ids.base("run")
            return run_id


        def read(run_id):
            return uuid.UUID(run_id)
        """,
        unsafe=True,
        holds="work() != work()",
    ),
    "one suffix in three IDs": Trap(
        """
        import uuid


        def work(user_id: str):
            suffix = uuid.uuid4().hex
            thread_id = f"thread_{suffix}"
            run_id = f"run_{suffix}"
            request_id = f"req_{suffix}"
            return thread_id, run_id, request_id
        """,
        into="""
        from ids import Ids


        def work(user_id: str):
            thread_id, run_id, request_id = Ids.context(user_id)
            return thread_id, run_id, request_id
        """,
        holds='len({each.partition("_")[2] for each in work("alice")}) == 1',
    ),
    "a test": Trap(
        """
        def test_run():
            run_id = «str(uuid.uuid4())»
            assert run_id
        """,
        RUN,
        unsafe=True,
        folder="tests",
    ),
}
WHAT_IS_THERE = {
    "a UUID that never becomes a string": Trap(
        "run_id = «uuid.uuid4()»\n", says=("a UUID object",), holds="run_id.int"
    ),
    "text behind the UUID": Trap("run_id = «f'run_{uuid.uuid4()}_end'»\n", says=("followed by more text",)),
    "an e-mail address": Trap(
        "user_id = «f'user_{uuid.uuid4()}@example.com'»\n", says=("an e-mail address",)
    ),
    "a span ID": Trap("span_id = «uuid.uuid4().hex[:16]»\n", says=("`span_id`",)),
    "a prefix with nothing fresh behind it": Trap(
        """
        def work(user_id, name):
            breaker, event, email = f"session_{name}", "run_" + name, f"ticket_{user_id}@example.com"
            return breaker, event, email, f"thread_{user_id}" == f"req_{user_id}"
        """,
        holds='work("a", "b") == work("a", "b")',
    ),
    "texts that look like checks of a prefix": Trap(
        """
        def work(data):
            return "user_id" in data, data.get("thread_id"), data["path"].startswith("thread_pool")
        """,
    ),
    "two users": Trap(
        """
        from ids import Ids


        def work(user_id: str, other_id: str):
            thread_id, _, _ = Ids.context(user_id)
            _, run_id, _ = Ids.context(other_id)
            return thread_id, run_id
        """,
    ),
    "two branches": Trap(
        """
        from ids import Ids


        def work(user_id: str, is_new: bool):
            if is_new:
                thread_id, run_id, _ = Ids.context(user_id)
            else:
                thread_id, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
    ),
    "a loop": Trap(
        """
        from ids import Ids


        def work(user_id: str):
            thread_id, _, _ = Ids.context(user_id)
            return [thread_id, *[Ids.context(user_id)[1] for _ in range(2)]]
        """,
        holds='len({each.split("_")[2] for each in work("alice")}) == 3',
    ),
    "two on purpose": Trap(
        """
        from ids import Ids


        def work():
            one, _, _ = Ids.context("alice")
            two, _, _ = Ids.context("alice")
            return one != two
        """,
        holds="work()",
        folder="tests",
    ),
    "calls that do belong together": Trap(
        """
        from ids import Ids


        def work(user_id: str):
            thread_id, _, _ = Ids.context(user_id)
            _, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
        into="""
        from ids import Ids


        def work(user_id: str):
            thread_id, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
        heals='len({each.partition("_")[2] for each in work("alice")}) == 1',
    ),
    "a local import that shadows the module's": Trap(
        """
        import uuid


        def work():
            import uuid
            run_id = str(uuid.uuid4())
            return run_id


        KEY = uuid.NAMESPACE_URL
        """,
        into="""
        import uuid

        from ids import Ids


        def work():
            run_id = Ids.base("run")
            return run_id


        KEY = uuid.NAMESPACE_URL
        """,
        holds="work() != work() and KEY",
    ),
}
IN_OTHER_TOOLS = {
    "nine spellings": Trap(
        """
        import importlib
        import uuid
        import uuid as unique
        from uuid import uuid4
        from uuid import uuid4 as new


        def work():
            from uuid import uuid4 as local
            return [
                dict(run_id=str(uuid.uuid4())), dict(run_id=str(unique.uuid4())), dict(run_id=str(uuid4())),
                dict(run_id=str(new())), dict(run_id=str(local())), dict(run_id=str(uuid.uuid1())),
                dict(run_id=str(__import__("uuid").uuid4())), dict(run_id=str(getattr(uuid, "uuid4")())),
                dict(run_id=str(importlib.import_module("uuid").uuid4())),
            ]
        """,
        into="""
        from ids import Ids


        def work():
            return [
                dict(run_id=Ids.base("run")), dict(run_id=Ids.base("run")), dict(run_id=Ids.base("run")),
                dict(run_id=Ids.base("run")), dict(run_id=Ids.base("run")), dict(run_id=Ids.base("run")),
                dict(run_id=Ids.base("run")), dict(run_id=Ids.base("run")),
                dict(run_id=Ids.base("run")),
            ]
        """,
        holds='len({each["run_id"] for each in work()}) == 9',
    ),
    "a parameter that happens to be called uuid": Trap(
        """
        def work(uuid):
            run_id = uuid.uuid4()
            return run_id
        """,
    ),
    "an import that nothing calls": Trap("from uuid import uuid4\n"),
    "a re-export under another roof": Trap(
        """
        from app.an_import_that_nothing_calls import uuid4


        run_id = str(uuid4())
        """,
        into="""
        from ids import Ids

        run_id = Ids.base("run")
        """,
    ),
    "prose about a suppression": Trap(
        """
        # An `ssot-lint: ignore` would silence this, a noqa would not.
        run_id = «str(uuid.uuid4())»  # nosem, and no ssot-lint here
        """,
        RUN,
    ),
    "imports that are sorted": Trap(
        '''
        """Doc."""

        from __future__ import annotations

        import os
        import uuid

        from zoo import (
            a,  # first
            b,
        )

        run_id = str(uuid.uuid4())
        ''',
        into='''
        """Doc."""

        from __future__ import annotations

        import os

        from zoo import (
            a,  # first
            b,
        )

        from ids import Ids

        run_id = Ids.base("run")
        ''',
    ),
    "an import for type checkers": Trap(
        """
        from __future__ import annotations

        import uuid
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from ids import Ids


        def work(ids: Ids | None = None):
            run_id = str(uuid.uuid4())
            return run_id
        """,
        into="""
        from __future__ import annotations

        from ids import Ids


        def work(ids: Ids | None = None):
            run_id = Ids.base("run")
            return run_id
        """,
        holds="work() != work()",
    ),
    "the comment behind an import": Trap(
        """
        import os, uuid  # both

        run_id = str(uuid.uuid4())
        """,
        into="""
        import os  # both

        from ids import Ids

        run_id = Ids.base("run")
        """,
    ),
    "an if that has nothing left in it": Trap(
        """
        if 1:
            import uuid

        run_id = str(uuid.uuid4())
        """,
        into="""
        from ids import Ids

        run_id = Ids.base("run")
        """,
    ),
}
LEFT_BROKEN = {
    "a local import in one branch": Trap(
        """
        from ids import Ids


        def work(is_new):
            if is_new:
                from ids import Ids
                note = Ids.base("note")
            return Ids.base("run")
        """,
        into="""
        from ids import Ids


        def work(is_new):
            if is_new:
                note = Ids.base("note")
            return Ids.base("run")
        """,
        holds="work(True)",
        heals="work(False)",
    ),
    "an import that was forgotten": Trap(
        """
        def work(data):
            return data.get("run_id", Ids.base("run"))
        """,
        into="""
        from ids import Ids


        def work(data):
            return data.get("run_id", Ids.base("run"))
        """,
        heals='work({"run_id": "given"}) == "given"',
    ),
    "a keyword that the generator does not have": Trap(
        """
        from ids import Ids


        def work(user_id):
            return Ids.base("run", user_id=user_id)
        """,
        says=("`base` got an unexpected keyword argument 'user_id'",),
    ),
    "a slice down to the prefix": Trap(
        """
        from ids import Ids


        def work():
            return Ids.base("connection")[:8]
        """,
        says=("mismatched-source-call",),
    ),
    "a prefix before the prefix": Trap(
        """
        from ids import Ids


        def work():
            return f"thread_{Ids.base('thread')}"
        """,
        says=("begins with `thread_` already",),
    ),
}
TRAPS: Mapping[str, Trap] = FIXED_BY_HAND | WHAT_IS_THERE | IN_OTHER_TOOLS | LEFT_BROKEN


@dataclass(frozen=True)
class Tree:
    """The modules of all traps: their texts after `fix` and after `fix --unsafe-fixes`, and what remains."""

    root: Path
    safe: Mapping[str, str]
    unsafe: Mapping[str, str]
    left: Mapping[str, list[str]]


def _path(name: str) -> str:
    trap = TRAPS[name]
    stem = re.sub(r"\W+", "_", name).strip("_")
    return f"{trap.folder}/{'test_' * (trap.folder == 'tests')}{stem}.py"


def _fix(root: Path, *flags: str) -> list[dict[str, Any]]:
    report = root / "report.json"
    outputs = ["--output-format", "json", "--output-file", str(report)]
    main(["fix", "--no-cache", "--jobs", "1", "--quiet", *flags, *outputs, str(root)])
    return json.loads(report.read_text())


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    root = tmp_path_factory.mktemp("traps")
    write(root, {"ids.py": SOURCE, "ssot-lint.toml": 'source = "ids.Ids"\n'})
    write(root, {_path(name): trap.before for name, trap in TRAPS.items()})
    _fix(root)
    safe = contents(root)
    left = _fix(root, "--unsafe-fixes")
    unsafe = contents(root)
    assert _fix(root, "--unsafe-fixes") == left
    assert contents(root) == unsafe
    paths = {name: _path(name) for name in TRAPS}
    return Tree(
        root,
        {name: safe[path].decode() for name, path in paths.items()},
        {name: unsafe[path].decode() for name, path in paths.items()},
        {
            name: [
                f"{each['code']}: {each['message']}: {each['reason']}"
                for each in left
                if each["filename"].endswith(path)
            ]
            for name, path in paths.items()
        },
    )


@pytest.mark.parametrize("name", TRAPS)
def test_nobody_falls_into_it(tree: Tree, name: str) -> None:
    trap = TRAPS[name]
    assert tree.unsafe[name] == trap.after
    assert tree.safe[name] == (trap.before if trap.unsafe else trap.after)
    assert bool(tree.left[name]) == bool(trap.says), tree.left[name]
    for said in trap.says:
        assert any(said in each for each in tree.left[name]), tree.left[name]


@pytest.mark.parametrize(
    "name", [name for name, trap in TRAPS.items() if trap.holds + trap.heals != "TrueTrue"]
)
def test_the_new_code_does_what_the_old_code_did(
    tree: Tree, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = TRAPS[name]
    monkeypatch.syspath_prepend(tree.root)
    monkeypatch.delitem(sys.modules, "ids", raising=False)
    for text in (trap.before, trap.after):
        assert _evaluated(text, trap.holds)
    assert _evaluated(trap.after, trap.heals)
    if trap.heals != "True":
        assert not _evaluated(trap.before, trap.heals)


def _evaluated(text: str, expression: str) -> bool:
    namespace: dict[str, Any] = {"__name__": "trap"}
    exec(compile(text, "trap.py", "exec"), namespace)
    try:
        return bool(eval(expression, namespace))
    except NameError:
        return False


@dataclass(frozen=True)
class Act:
    """What a run does after some `files` have changed since what was there was accepted, if it `was_accepted`.

    The run leaves the files in `keeps` as they are; a part of what it says is in `says`.
    """

    arguments: str
    code: int
    files: Mapping[str, str]
    says: str = ""
    keeps: tuple[str, ...] = ()
    was_accepted: bool = False


OLD = "import uuid\n\n\ndef work():\n    return uuid.uuid4()\n"
BASELINE = ".ssot-baseline.jsonl"
ACTS = {
    "one entry that absorbs any number": Act(
        "check", 1, {"app/old.py": f"{OLD}    return uuid.uuid4()\n"}, "Found 1 finding in", was_accepted=True
    ),
    "an entry that is lost when lines move": Act(
        "check", 0, {"app/old.py": f"# more\n\n{OLD}"}, "1 in the baseline", was_accepted=True
    ),
    "an entry that is lost when a file moves": Act(
        "check", 0, {"app/old.py": "", "app/new.py": OLD}, was_accepted=True
    ),
    "an entry that nobody needs": Act(
        "check --stale-baseline error", 1, {"app/old.py": ""}, "baseline", was_accepted=True
    ),
    "some files that say something about all": Act(
        "check --stale-baseline error app/new.py",
        0,
        {"app/old.py": "", "app/new.py": "x = 1\n"},
        was_accepted=True,
    ),
    "a hook that writes the baseline": Act(
        "fix --no-update-baseline --baselined",
        0,
        {"app/new.py": 'import uuid\n\nrun_id = f"run_{uuid.uuid4()}"\n'},
        "Fixed 2 findings in 1 file",
        (BASELINE, "app/old.py"),
        was_accepted=True,
    ),
    "a fix of what is accepted": Act(
        "fix --unsafe-fixes", 0, {}, "", ("app/old.py", BASELINE), was_accepted=True
    ),
    "success though something is left": Act("fix", 1, {}, "Found 1 finding in", ("app/old.py",)),
    "a suppression without a reason": Act(
        "check",
        1,
        {"app/old.py": f"{OLD[:-1]}  # ssot-lint: ignore[direct-uuid]\n"},
        "unexplained-suppression",
    ),
    "a suppression that never ends": Act(
        "check",
        1,
        {"app/old.py": f"{OLD[:-1]}  # ssot-lint: ignore[direct-uuid] until=2020-01-31 -- later\n"},
        "expired-suppression",
    ),
    "a suppression that suppresses nothing": Act(
        "check",
        1,
        {"app/old.py": "x = 1  # ssot-lint: ignore[direct-uuid] -- legacy\n"},
        "unused-suppression",
    ),
    "a file that does not parse": Act(
        "fix",
        2,
        {"app/bad.py": f"{OLD}    return str(uuid.uuid4(\n"},
        "app/bad.py",
        ("app/bad.py", "app/old.py"),
    ),
    "copies in a backup": Act("check app backups", 1, {"backups/old.py": OLD}, "Found 1 finding in 1 file"),
    "a source that runs, and rejects what it makes": Act(
        "check",
        1,
        {"ids.py": f"raise SystemExit('run')\n{SOURCE}\n\ndef parse_id(text):\n    raise ValueError(text)\n"},
        "Found 1 finding in 1 file",
    ),
    "a service in which the source is not installed": Act(
        "fix --unsafe-fixes",
        1,
        {
            "ssot-lint.toml": 'source = [{ target = "ids.Ids", paths = ["app/"] }]\n',
            "auth/new.py": "import uuid\n\nrun_id = str(uuid.uuid4())\n",
        },
        "auth/new.py",
        ("auth/new.py",),
    ),
    "importers in functions, and in strings": Act(
        "importers ids",
        0,
        {
            "app/inside.py": "def work():\n    from ids import Ids\n    return Ids\n",
            "tests/test_it.py": "from unittest import mock\n\nmock.patch('ids.Ids.base')\n",
        },
        "app/inside.py",
    ),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"ids.py": SOURCE, "ssot-lint.toml": 'source = "ids.Ids"\n', "app/old.py": OLD})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_run_does_it(project: Path, act: Act, capfd: pytest.CaptureFixture[str]) -> None:
    run = runner(capfd)
    if act.was_accepted:
        assert run("baseline").code == 0
    write(project, act.files)
    before = contents(project)
    result = run(*act.arguments.split())
    after = contents(project)
    assert (result.code, act.says in result.out + result.err) == (act.code, True), result
    assert [after[path] for path in act.keeps] == [before[path] for path in act.keeps]


def test_lines_and_days_in_a_baseline_that_conflict_when_branches_merge(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert runner(capfd)("baseline").code == 0
    (entry,) = map(json.loads, (project / BASELINE).read_text().splitlines())
    assert sorted(entry) == ["count", "path", "rule", "snippet", "symbol"]


def test_a_report_that_only_its_own_machine_can_read(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write(project, {"app/old.py": 'import uuid\n\nrun_id = f"run_{uuid.uuid4()}"\n'})
    log = json.loads(runner(capfd)("check", "--output-format", "sarif").out)
    for result in log["runs"][0]["results"]:
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "app/old.py"
        assert result["partialFingerprints"]
        assert "Ids.base" in json.dumps(result["fixes"])


def test_more_changed_than_has_to_be(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = "import uuid\nx = [1,2]\n\nrun_id = str(uuid.uuid4())\n\n\ny = {  'a':1}\n"
    write(project, {"app/old.py": text.replace("\n", "\r\n")})
    out = runner(capfd)("fix", "--diff").out
    changed = [line.rstrip("\r") for line in out.split("\n") if re.match("[+-][^+-]", line)]
    assert changed == [
        "-import uuid",
        "+from ids import Ids",
        "+",
        "-run_id = str(uuid.uuid4())",
        f"+run_id = {RUN}",
    ]
