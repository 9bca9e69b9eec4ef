"""IDs that are made piece by piece: which ones belong together, and what making them together looks like."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
import recorder
from hypothesis import given, settings
from hypothesis import strategies as st
from recorder import Rewritten, rewrite, run

from ssot_lint.engine.plan import Plan
from ssot_lint.model import Applicability
from ssot_lint.source.contract import Contract

MADE_TOGETHER = {
    "unpacked": (
        """
        def work(user_id: str):
            run_id, more, thread_id = f"run_{uuid.uuid4()}", note(1), f"thread_{uuid.uuid4()}"
            return thread_id, run_id, more
        """,
        """
        def work(user_id: str):
            new_thread_id, new_run_id, _ = Ids.context(user_id)
            run_id, more, thread_id = new_run_id, note(1), new_thread_id
            return thread_id, run_id, more
        """,
    ),
    "an operation in what they share": (
        """
        def work(user_id: str):
            operation = "chat"
            base = f"{operation}_{user_id[:2]}_{uuid.uuid4().hex}"
            thread_id = f"thread_{base}"
            run_id = f"run_{base}"
            return thread_id, run_id
        """,
        """
        def work(user_id: str):
            operation = "chat"
            thread_id, run_id, _ = Ids.context(user_id, operation=operation)
            return thread_id, run_id
        """,
    ),
    "one suffix for all": (
        """
        def work(user_id: str):
            note(user_id)
            suffix = uuid.uuid4().hex  # shared
            stamp = int(time.time())
            # the IDs
            thread_id = f"thread_{stamp}_{suffix}"
            run_id = "run_" + suffix  # the run
            request_id = "req_%s_%d" % (suffix, stamp)
            return thread_id, run_id, request_id
        """,
        """
        def work(user_id: str):
            note(user_id)
            # shared
            # the IDs
            thread_id, run_id, request_id = Ids.context(user_id)
            # the run
            return thread_id, run_id, request_id
        """,
    ),
    "a suffix that is called like an ID": (
        """
        def work(user_id: str):
            base = uuid.uuid4()
            unique_id = str(base)
            thread_id = f"thread_{unique_id}"
            run_id = f"run_{unique_id}"
            return thread_id, run_id
        """,
        """
        def work(user_id: str):
            thread_id, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
    ),
    "a time that is used for something else": (
        """
        def work(user_id: str):
            now = time.time()
            thread_id = f"thread_{now}"
            run_id = f"run_{now}"
            return thread_id, run_id, note(now > 0)
        """,
        """
        def work(user_id: str):
            now = time.time()
            thread_id, run_id, _ = Ids.context(user_id)
            return thread_id, run_id, note(now > 0)
        """,
    ),
    "each by itself, with something between": (
        """
        def work(user_id: str):
            thread_id = str(uuid.uuid4())
            note(len(thread_id) > 0)
            run_id = f"run_{user_id}_{uuid.uuid4()}"
            return thread_id, run_id
        """,
        """
        def work(user_id: str):
            thread_id, run_id, _ = Ids.context(user_id)
            note(len(thread_id) > 0)
            return thread_id, run_id
        """,
    ),
    "keyword arguments": (
        """
        def work(user_id: str):
            return Box(
                user_id=user_id,
                connection=str(uuid.uuid4()) and "made",
                thread_id=f"thread_{uuid.uuid4()}",
                run_id=str(uuid.uuid4()),
                more=note(1),
            )
        """,
        """
        def work(user_id: str):
            thread_id, run_id, _ = Ids.context(user_id)
            return Box(
                user_id=user_id,
                connection=str(uuid.uuid4()) and "made",
                thread_id=thread_id,
                run_id=run_id,
                more=note(1),
            )
        """,
    ),
    "the user that the call names": (
        """
        def work(user_id: str, guest: str = "bob"):
            thread_id = f"thread_{uuid.uuid4()}"
            return Box(user_id=guest, thread_id=thread_id, run_id=f"run_{uuid.uuid4()}")
        """,
        """
        def work(user_id: str, guest: str = "bob"):
            thread_id, run_id, _ = Ids.context(guest)
            return Box(user_id=guest, thread_id=thread_id, run_id=run_id)
        """,
    ),
    "a user that is written out": (
        """
        def work(user_id):
            return {"user_id": "system", "threadId": f"thread_{uuid.uuid4()}", "runId": f"run_{uuid.uuid4()}"}
        """,
        """
        def work(user_id):
            thread_id, run_id, _ = Ids.context("system")
            return {"user_id": "system", "threadId": thread_id, "runId": run_id}
        """,
    ),
    "a user that was made before": (
        """
        def work(number):
            user_id = f"user_{number}"
            thread_id = f"thread_{user_id}_{uuid.uuid4()}"
            run_id = f"run_{user_id}_{uuid.uuid4()}"
            return thread_id, run_id
        """,
        """
        def work(number):
            user_id = f"user_{number}"
            thread_id, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
    ),
    "attributes": (
        """
        def work(user_id: str):
            box = Box()
            box._thread_id = f"thread_{uuid.uuid4()}"
            box._run_id = f"run_{uuid.uuid4()}"
            return box
        """,
        """
        def work(user_id: str):
            box = Box()
            box._thread_id, box._run_id, _ = Ids.context(user_id)
            return box
        """,
    ),
    "elements": (
        """
        def work(user_id: str):
            box = {}
            box["thread_id"] = f"thread_{uuid.uuid4()}"
            box["run_id"] = f"run_{uuid.uuid4()}"
            return box
        """,
        """
        def work(user_id: str):
            box = {}
            thread_id, run_id, _ = Ids.context(user_id)
            box["thread_id"] = thread_id
            box["run_id"] = run_id
            return box
        """,
    ),
    "lazy guards": (
        """
        def work(user_id: str, thread_id=None, run_id=None):
            suffix = uuid.uuid4()
            if not thread_id:
                thread_id = f"thread_{suffix}"
            if not run_id:
                run_id = f"run_{suffix}"
            return thread_id, run_id
        """,
        """
        def work(user_id: str, thread_id=None, run_id=None):
            if not thread_id or not run_id:
                new_thread_id, new_run_id, _ = Ids.context(user_id)
                if not thread_id:
                    thread_id = new_thread_id
                if not run_id:
                    run_id = new_run_id
            return thread_id, run_id
        """,
    ),
    "guards that are expressions": (
        """
        def work(user_id: str, thread_id=None, run_id=None):
            thread_id = thread_id or f"thread_{uuid.uuid4()}"
            run_id: str = f"run_{uuid.uuid4()}" if run_id is None else run_id
            return thread_id, run_id
        """,
        """
        def work(user_id: str, thread_id=None, run_id=None):
            if not thread_id or run_id is None:
                new_thread_id, new_run_id, _ = Ids.context(user_id)
                thread_id = thread_id or new_thread_id
                run_id: str = new_run_id if run_id is None else run_id
            return thread_id, run_id
        """,
    ),
    "one that may be given, others that are always made": (
        """
        def work(user_id: str, thread_id=None):
            return Box(thread_id=thread_id or f"thread_{uuid.uuid4()}", run_id=f"run_{uuid.uuid4()}")
        """,
        """
        def work(user_id: str, thread_id=None):
            new_thread_id, run_id, _ = Ids.context(user_id)
            return Box(thread_id=thread_id or new_thread_id, run_id=run_id)
        """,
    ),
    "a default that a getter has": (
        """
        def work(user_id: str, given={"run_id": "given"}):
            thread_id = given.get("thread_id", f"thread_{uuid.uuid4()}")
            run_id = given.get("run_id", f"run_{uuid.uuid4()}")
            return thread_id, run_id
        """,
        """
        def work(user_id: str, given={"run_id": "given"}):
            new_thread_id, new_run_id, _ = Ids.context(user_id)
            thread_id = given.get("thread_id", new_thread_id)
            run_id = given.get("run_id", new_run_id)
            return thread_id, run_id
        """,
    ),
    "where the generator is called for something else": (
        """
        def work(user_id: str, other: str = "bob"):
            box = Box(thread_id=Ids.context(other)[0])
            note(box)
            return box, {"thread_id": f"thread_{uuid.uuid4()}", "run_id": f"run_{uuid.uuid4()}"}
        """,
        """
        def work(user_id: str, other: str = "bob"):
            box = Box(thread_id=Ids.context(other)[0])
            note(box)
            made_thread_id, made_run_id, _ = Ids.context(user_id)
            return box, {"thread_id": made_thread_id, "run_id": made_run_id}
        """,
    ),
    "two sets": (
        """
        def work(user_id: str, guest: str = "bob"):
            mine = {"user_id": user_id, "thread_id": f"thread_{uuid.uuid4()}", "run_id": f"run_{uuid.uuid4()}"}
            other = {"user_id": guest, "thread_id": f"thread_{uuid.uuid4()}", "run_id": f"run_{uuid.uuid4()}"}
            return mine, other
        """,
        """
        def work(user_id: str, guest: str = "bob"):
            thread_id, run_id, _ = Ids.context(user_id)
            mine = {"user_id": user_id, "thread_id": thread_id, "run_id": run_id}
            new_thread_id, new_run_id, _ = Ids.context(guest)
            other = {"user_id": guest, "thread_id": new_thread_id, "run_id": new_run_id}
            return mine, other
        """,
    ),
}

FALLBACKS = {
    "one suffix for all": (
        """
        def work(user_id: str):
            try:
                thread_id, run_id, request_id = Ids.context(user_id)
            except ValueError as error:
                note(error)
                # made by hand
                suffix = uuid.uuid4().hex
                stamp = int(time.time())
                thread_id = f"ws_thread_{stamp}_{suffix}"
                run_id = f"ws_run_{user_id}_{stamp}_{suffix}"
                request_id = f"ws_req_{stamp}_{suffix}"
            stamp = note("later")
            return thread_id, run_id, request_id, stamp
        """,
        """
        def work(user_id: str):
            try:
                thread_id, run_id, request_id = Ids.context(user_id)
            except ValueError as error:
                note(error)
                # made by hand
                thread_id = Ids.base("thread")
                run_id = Ids.base(f"run_{user_id}")
                request_id = Ids.base("req")
            stamp = note("later")
            return thread_id, run_id, request_id, stamp
        """,
    ),
    "arguments of a call": (
        """
        def work(user_id):
            try:
                return Box(thread_id=Ids.context(user_id)[0], run_id=note("made"))
            except ValueError:
                return Box(thread_id=str(uuid.uuid4()), run_id=str(uuid.uuid4()))
        """,
        """
        def work(user_id):
            try:
                return Box(thread_id=Ids.context(user_id)[0], run_id=note("made"))
            except ValueError:
                return Box(thread_id=Ids.base("thread"), run_id=Ids.base("run"))
        """,
    ),
}

REFUSED = {
    "something else in what they share": (
        """
        def work(user_id: str, agent: str):
            base = f"{agent}_{uuid.uuid4().hex}"
            thread_id = f"thread_{base}"
            run_id = f"run_{base}"
            return thread_id, run_id
        """,
        "`agent` would no longer be part of it",
    ),
    "a user that may be None": (
        """
        def work(user_id=None):
            thread_id = f"thread_{uuid.uuid4()}"
            run_id = f"run_{uuid.uuid4()}"
            return thread_id, run_id
        """,
        "`user_id` is not surely at hand",
    ),
    "a user that comes later": (
        """
        def work():
            thread_id = f"thread_{uuid.uuid4()}"
            user_id = "alice"
            run_id = f"run_{uuid.uuid4()}"
            return thread_id, run_id
        """,
        "`user_id` is not surely at hand",
    ),
    "a user that is another one each time": (
        """
        def work():
            return Box(user_id=str(uuid.uuid4()), thread_id=str(uuid.uuid4()), run_id=str(uuid.uuid4()))
        """,
        "may not be the same each time",
    ),
    "IDs for two users": (
        """
        def work(user_id: str, guest: str):
            thread_id = f"thread_{uuid.uuid4()}"
            run_id = f"run_{uuid.uuid4()}"
            return Box(user_id=user_id, thread_id=thread_id), Box(user_id=guest, run_id=run_id)
        """,
        "the IDs are for several `user_id`s",
    ),
    "a user that is changed between": (
        """
        def work(user_id: str):
            thread_id = f"thread_{uuid.uuid4()}"
            user_id = user_id.lower()
            return Box(user_id=user_id, thread_id=thread_id, run_id=f"run_{uuid.uuid4()}")
        """,
        "`user_id` is ",
    ),
    "more in it than the user": (
        """
        def work(user_id: str, agent: str):
            thread_id = f"thread_{agent}_{uuid.uuid4()}"
            run_id = f"run_{agent}_{uuid.uuid4()}"
            return thread_id, run_id
        """,
        "`agent` would no longer be part of it",
    ),
    "a suffix that something else has as well": (
        """
        def work(user_id: str):
            suffix = uuid.uuid4().hex
            thread_id = f"thread_{suffix}"
            run_id = f"run_{suffix}"
            return thread_id, run_id, suffix
        """,
        "`suffix` is used for something else as well",
    ),
    "a suffix that the next round has as well": (
        """
        def work(user_id: str):
            suffix = "none"
            for _ in range(2):
                note(suffix)
                suffix = uuid.uuid4().hex
                thread_id = f"thread_{suffix}"
                run_id = f"run_{suffix}"
                note(thread_id + run_id)
        """,
        "`suffix` is used for something else as well",
    ),
    "UUID objects": (
        """
        def work(user_id: str):
            return Box(thread_id=uuid.uuid4(), run_id=uuid.uuid4())
        """,
        "a UUID object",
    ),
    "something that happens before": (
        """
        def work(user_id: str):
            return Box(more=note(1), thread_id=f"thread_{uuid.uuid4()}", run_id=f"run_{uuid.uuid4()}")
        """,
        "something else happens before the first is made",
    ),
    "one of them where the generator failed": (
        """
        def work(user_id: str):
            try:
                Ids.context(user_id)
            except ValueError:
                thread_id = f"thread_{uuid.uuid4()}"
                try:
                    Ids.context(user_id)
                except ValueError:
                    run_id = f"run_{uuid.uuid4()}"
                    return thread_id, run_id
        """,
        "only some of them are made where `context` fails",
    ),
    "IDs that are given to something else": (
        """
        def work(user_id: str, thread_id=None, run_id=None):
            box = Box()
            box.thread_id = thread_id or f"thread_{uuid.uuid4()}"
            box.run_id = run_id or f"run_{uuid.uuid4()}"
            return box
        """,
        "on a condition that the others do not share",
    ),
    "one that is only sometimes made, with others inside of one expression": (
        """
        def work(user_id: str, thread_id=None, run_id=None):
            return {"thread_id": thread_id or str(uuid.uuid4()), "run_id": run_id or str(uuid.uuid4())}
        """,
        "on a condition that the others do not share",
    ),
}

LEFT_ALONE = {
    "constants and parameters": """
        def work(user_id: str, suffix: str):
            thread_id = "thread_1"
            run_id = f"run_{suffix}"
            return Box(thread_id=thread_id, run_id=run_id, request_id=f"req_{user_id}")
        """,
    "derived from an ID": """
        def work(user_id: str):
            session_id = str(uuid.uuid4())
            note(session_id)
            return Box(thread_id=f"thread_{session_id}", run_id=f"run_{session_id}")
        """,
    "one derived from the other": """
        def work(user_id: str):
            thread_id = f"thread_{uuid.uuid4()}"
            run_id = f"run_{thread_id}"
            return thread_id, run_id
        """,
    "derived from what is the same each time": """
        def work(user_id: str):
            suffix = uuid.uuid5(uuid.NAMESPACE_URL, user_id)
            return Box(thread_id=f"thread_{suffix}", run_id=f"run_{suffix}")
        """,
    "made of what another function was given": """
        def work(user_id: str):
            user = note(uuid.uuid4())
            return Box(thread_id=f"thread_{user.name}", run_id=f"run_{user.name}")
        """,
    "one suffix for all rounds of a loop": """
        def work(user_id: str):
            suffix = uuid.uuid4().hex
            return [work(number, suffix) for number in range(3)]


        def work_2(user_id: str):
            suffix = uuid.uuid4().hex
            for number in range(3):
                thread_id = f"thread_{suffix}_{number}"
                run_id = f"run_{suffix}_{number}"
                note(thread_id + run_id)
        """,
    "things of their own": """
        def work(user_id: str):
            note(dict(thread_id=f"thread_{uuid.uuid4()}"))
            note(dict(run_id=f"run_{uuid.uuid4()}"))
        """,
    "exclusive branches": """
        def work(user_id: str, is_thread):
            if is_thread:
                thread_id = f"thread_{uuid.uuid4()}"
                return thread_id
            else:
                run_id = f"run_{uuid.uuid4()}"
                return run_id
        """,
    "different functions": """
        def work(user_id: str):
            def later():
                run_id = f"run_{uuid.uuid4()}"
                return run_id

            thread_id = f"thread_{uuid.uuid4()}"
            return thread_id, later
        """,
    "fields of a class": """
        class Context:
            thread_id: str = str(uuid.uuid4())
            run_id: str = str(uuid.uuid4())
        """,
    "IDs of other generators": """
        def work(user_id: str):
            return Box(thread_id=f"thread_{uuid.uuid4()}", order_id=f"order_{uuid.uuid4()}")
        """,
    "made by the source": """
        def work(user_id: str):
            return Box(thread_id=Ids.base("thread"), run_id=Ids.base("run"))
        """,
}


def module(text: str) -> str:
    return "import time\nimport uuid\nfrom ids import Ids\n\n\n" + dedent(text).lstrip("\n")


def _choices(function: str) -> list[tuple[object, ...]]:
    """A user, and every way to give or to leave out the IDs that the function takes."""
    header = function.strip().split("\n")[0]
    return [("alice", *given) for given in product((None, "", "given"), repeat=header.count("=None"))]


def _without_ends(text: str) -> str:
    """What a function gave, with IDs by their role alone."""
    text = re.sub(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", "*", text)
    return re.sub(r"'(?:(?:thread|run|req)_[\w.*-]*|\*|(?:thread|run|request)#\d+)'", "'ID'", text)


@pytest.mark.parametrize(("before", "after"), MADE_TOGETHER.values(), ids=MADE_TOGETHER)
def test_pieces_are_made_together(piecewise: Plan, before: str, after: str) -> None:
    rewritten = rewrite(piecewise, module(before))
    assert rewritten.text == module(after)
    assert rewrite(piecewise, rewritten.text) == Rewritten((), rewritten.text)


@pytest.mark.parametrize(("before", "after"), MADE_TOGETHER.values(), ids=MADE_TOGETHER)
def test_one_call_does_what_the_pieces_did(before: str, after: str) -> None:
    for arguments in _choices(before):
        old, new = run(module(before), *arguments), run(module(after), *arguments)
        assert _without_ends(new.result) == _without_ends(old.result)
        assert [_without_ends(note) for note in new.notes] == [_without_ends(note) for note in old.notes]


@pytest.mark.parametrize(("before", "after"), MADE_TOGETHER.values(), ids=MADE_TOGETHER)
def test_the_call_is_made_only_if_something_is_missing(before: str, after: str) -> None:
    for arguments in _choices(before):
        old, new = run(module(before), *arguments), run(module(after), *arguments)
        makes_some = _without_ends(old.result) != old.result
        assert (new.calls - old.calls > 0) == (makes_some or "given=" in before)
        assert new.calls - old.calls <= before.count('"thread') + before.count("thread_id = str")


def test_pieces_share_the_number_of_their_set() -> None:
    new = run(module(MADE_TOGETHER["one suffix for all"][1]), "alice")
    assert new.sets == {"1"}


@pytest.mark.parametrize(("before", "after"), FALLBACKS.values(), ids=FALLBACKS)
def test_a_generator_that_failed_is_not_called_again(piecewise: Plan, before: str, after: str) -> None:
    rewritten = rewrite(piecewise, module(before))
    assert rewritten.text == module(after)
    assert rewrite(piecewise, rewritten.text) == Rewritten((), rewritten.text)
    old, new = (run(module(text), "alice", fails=True) for text in (before, after))
    assert new.notes == old.notes
    assert sum(entry.startswith("call of context") for entry in new.log) == 1
    assert re.findall(r"'(thread|run|req)(?:_alice)?#\d'", new.result)[:2] == ["thread", "run"]


@pytest.mark.parametrize(("before", "after"), FALLBACKS.values(), ids=FALLBACKS)
def test_a_generator_that_works_is_enough(before: str, after: str) -> None:
    old, new = (run(module(text), "alice") for text in (before, after))
    assert new == old


@pytest.mark.parametrize(("before", "reason"), REFUSED.values(), ids=REFUSED)
def test_pieces_stay_where_one_call_would_not_do(piecewise: Plan, before: str, reason: str) -> None:
    rewritten = rewrite(piecewise, module(before))
    assert rewritten.text == module(before)
    assert [reason in (given or "") for given in rewritten.reasons] == [True]


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_is_no_piece_is_left_alone(piecewise: Plan, text: str) -> None:
    assert rewrite(piecewise, module(text)).findings == ()


def test_the_message_names_the_roles_and_the_generator(piecewise: Plan) -> None:
    finding = rewrite(piecewise, module(MADE_TOGETHER["one suffix for all"][0])).findings[0]
    assert finding.message == (
        "`thread_id`, `run_id` and `request_id` are made one by one; one call of `context` makes them together"
    )
    assert finding.line.strip() == 'thread_id = f"thread_{stamp}_{suffix}"'


def test_an_id_that_the_generator_does_not_make_unique_gets_no_fix(tmp_path: Path) -> None:
    source = recorder.SOURCE.replace('run_id = f"run_{end}"', "run_id = operation")
    plan = recorder.plan_in(tmp_path, "piecewise-context-ids", source=source)
    found = rewrite(plan, module(MADE_TOGETHER["attributes"][0])).reasons
    assert found == ["`context` does not make `run_id` unique"]


@pytest.mark.parametrize(
    ("before", "path", "applicability"),
    [
        ("str(uuid.uuid4())", "app/code.py", Applicability.SAFE),
        ("str(uuid.uuid4())[:8]", "app/code.py", Applicability.UNSAFE),
        ("str(uuid.uuid4())", "tests/test_code.py", Applicability.UNSAFE),
        ("str(uuid.UUID(note())) and str(uuid.uuid4())", "app/code.py", None),
    ],
    ids=["application", "cut short", "test", "more than a piece"],
)
def test_how_far_the_fix_may_be_trusted(
    piecewise: Plan, before: str, path: str, applicability: Applicability | None
) -> None:
    text = module(f"def work(user_id: str):\n    return Box(thread_id={before}, run_id=str(uuid.uuid4()))\n")
    found = [finding.fix.applicability for finding in rewrite(piecewise, text, path).findings if finding.fix]
    assert found == ([applicability] if applicability else [])


SINGLE_RULES = ("direct-uuid", "hardcoded-id-prefix")


@pytest.mark.parametrize("rule", SINGLE_RULES)
@pytest.mark.parametrize(
    "name", ["one suffix for all", "a suffix that is called like an ID", "keyword arguments", "lazy guards"]
)
def test_no_other_rule_makes_pieces_apart(tmp_path: Path, rule: str, name: str) -> None:
    before = MADE_TOGETHER[name][0].replace('connection=str(uuid.uuid4()) and "made",', "")
    rewritten = rewrite(recorder.plan_in(tmp_path, rule), module(before))
    assert rewritten.text == module(before)
    assert all(reason is not None for reason in rewritten.reasons)


def test_a_piece_by_itself_is_rewritten(tmp_path: Path) -> None:
    text = module('def work(user_id: str):\n    thread_id = f"thread_{uuid.uuid4()}"\n    return thread_id\n')
    rewritten = rewrite(recorder.plan_in(tmp_path, "direct-uuid"), text)
    assert 'thread_id = Ids.base("thread")' in rewritten.text


def test_a_source_without_tuples_has_no_pieces(piecewise: Plan) -> None:
    contract = piecewise.contract
    assert contract is not None
    source = contract.sources[0]
    single = tuple(item for item in source.generators if len(item.roles) < 2)
    plan = replace(piecewise, contract=Contract((replace(source, generators=single),)))
    assert rewrite(plan, module(MADE_TOGETHER["attributes"][0])).findings == ()


SLOTS = {"thread_id": "thread", "run_id": "run", "request_id": "req"}
FORMS = (
    "{name} = f'{prefix}_{{suffix}}'",
    "{name} = '{prefix}_' + suffix",
    "{name} = str(uuid.uuid4())",
    "{name} = {name} or f'{prefix}_{{suffix}}'",
    "{name} = {name} or str(uuid.uuid4())",
    "if not {name}:\n    {name} = f'{prefix}_{{uuid.uuid4().hex[:8]}}'",
    "if {name} is None:\n    {name} = note(str(uuid.uuid4()))",
    "box.{name} = f'{prefix}_{{suffix}}'",
    "note({name} if {name} else str(uuid.uuid4()))",
    "box.made = Box({name}={name} or f'{prefix}_{{suffix}}', user=note(user_id))",
    "try:\n    {name} = f'{prefix}_{{suffix}}'\nexcept KeyError:\n    note({name})",
)
OTHERS = ("note(box)", "note([thread_id, run_id, request_id])", "suffix = uuid.uuid4().hex", "# nothing")


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A function that makes up to three IDs piece by piece, with other statements between."""
    body = ["suffix = uuid.uuid4().hex"]
    for name in draw(st.permutations(list(SLOTS))):
        form = draw(st.sampled_from(FORMS)).format(name=name, prefix=SLOTS[name])
        body += [form, *draw(st.lists(st.sampled_from(OTHERS), max_size=1))]
    lines = "\n".join(["box = Box()", *body, "return box, thread_id, run_id, request_id"]).split("\n")
    header = "def work(user_id: str, thread_id=None, run_id=None, request_id=None):"
    return "\n".join([header, *(f"    {line}" for line in lines), ""])


@settings(max_examples=40)
@given(functions())
def test_any_function_does_the_same_as_before(piecewise: Plan, function: str) -> None:
    before = module(function)
    after = rewrite(piecewise, before).text
    for arguments in _choices(function):
        old, new = (run(text, *arguments, logs_raw=True) for text in (before, after))
        assert _without_ends(new.result) == _without_ends(old.result)
        assert [_without_ends(note) for note in new.notes] == [_without_ends(note) for note in old.notes]
        assert len(new.numbers) == len(old.numbers)
        assert len({*zip(old.numbers, new.numbers, strict=True)}) == len({*old.numbers})
