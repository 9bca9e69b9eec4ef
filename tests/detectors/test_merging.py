"""Repeated calls of one generator become one: what the code looks like then, and that it does the same."""

from __future__ import annotations

from itertools import product
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorder import Rewritten, rewrite, run

from ssot_lint.engine.plan import Plan
from ssot_lint.model import Applicability

MERGED = {
    "unpacked one after the other": (
        """
        def work(user_id):
            thread_id, _, _ = Ids.context(user_id, "chat")  # the thread
            note(thread_id)
            # the run
            _, run_id, _ = Ids.context(user_id, operation="chat")  # of it
            return thread_id, run_id
        """,
        """
        def work(user_id):
            thread_id, run_id, _ = Ids.context(user_id, "chat")  # the thread
            note(thread_id)
            # the run
            # of it
            return thread_id, run_id
        """,
    ),
    "two of the later": (
        """
        def work(user_id):
            thread_id, _, _ = Ids.context(user_id)
            _, run_id, request_id = Ids.context(user_id)
            return thread_id, run_id, request_id
        """,
        """
        def work(user_id):
            thread_id, run_id, request_id = Ids.context(user_id)
            return thread_id, run_id, request_id
        """,
    ),
    "in the other order, with names for what is unused": (
        """
        def work(user_id):
            [_thread, _run, request_id] = Ids.context(user_id)
            (thread_id, _run, _request) = Ids.context(user_id)
            return thread_id, request_id
        """,
        """
        def work(user_id):
            [thread_id, _run, request_id] = Ids.context(user_id)
            return thread_id, request_id
        """,
    ),
    "subscripts": (
        """
        def work(user_id):
            thread_id = Ids.context(user_id)[0]
            run_id = Ids.context(
                user_id,  # who
                "context",
            )[-2]
            return {
                "thread_id": thread_id,
                "run_id": run_id,
                "request_id": Ids.context(user_id)[2],
            }
        """,
        """
        def work(user_id):
            thread_id, run_id, request_id = Ids.context(user_id)
            # who
            return {
                "thread_id": thread_id,
                "run_id": run_id,
                "request_id": request_id,
            }
        """,
    ),
    "the first is the one of several rows": (
        """
        def work(user_id):
            if user_id:
                run_id = Ids.context(
                    user_id,  # who
                    "context",
                )[1]
                thread_id = Ids.context(user_id)[0]
                return thread_id, run_id
        """,
        """
        def work(user_id):
            if user_id:
                thread_id, run_id, _ = Ids.context(
                    user_id,  # who
                    "context",
                )
                return thread_id, run_id
        """,
    ),
    "a dict": (
        """
        def work(user_id):
            ids = {"thread_id": Ids.context(user_id)[0], "run_id": Ids.context(user_id)[1]}
            return ids
        """,
        """
        def work(user_id):
            thread_id, run_id, _ = Ids.context(user_id)
            ids = {"thread_id": thread_id, "run_id": run_id}
            return ids
        """,
    ),
    "keywords, with a call behind them": (
        """
        def work(user_id):
            return Box(thread_id=Ids.context(user_id)[0], run_id=Ids.context(user_id)[1], user=note(user_id))
        """,
        """
        def work(user_id):
            thread_id, run_id, _ = Ids.context(user_id)
            return Box(thread_id=thread_id, run_id=run_id, user=note(user_id))
        """,
    ),
    "a returned tuple, with names that are taken": (
        """
        def work(user_id, thread_id=None, new_run_id=None, run_id=None):
            return thread_id, new_run_id, run_id, Ids.context(user_id)[0], Ids.context(user_id)[1]
        """,
        """
        def work(user_id, thread_id=None, new_run_id=None, run_id=None):
            new_thread_id, new_run_id_2, _ = Ids.context(user_id)
            return thread_id, new_run_id, run_id, new_thread_id, new_run_id_2
        """,
    ),
    "inside of an f-string": (
        """
        def work(user_id):
            thread_id = Ids.context(user_id)[0]
            return f"{thread_id}/{Ids.context(user_id)[1]!s}"
        """,
        """
        def work(user_id):
            thread_id, run_id, _ = Ids.context(user_id)
            return f"{thread_id}/{run_id!s}"
        """,
    ),
    "attributes": (
        """
        def work(user_id):
            box = Box()
            box.thread_id = Ids.context(user_id)[0]

            box.run_id = Ids.context(user_id)[1]
            note(box.run_id)
            box.request_id = Ids.context(user_id)[2]
            return box
        """,
        """
        def work(user_id):
            box = Box()
            box.thread_id, box.run_id, request_id = Ids.context(user_id)

            note(box.run_id)
            box.request_id = request_id
            return box
        """,
    ),
    "lazy guards": (
        """
        def work(user_id, thread_id=None, request_id=None):
            # the request
            if not request_id:
                # made here
                _, _, made_request_id = Ids.context(user_id, "session")
                request_id = made_request_id

            # the thread
            if not thread_id:
                made_thread_id, _, _ = Ids.context(user_id, "session")  # and here
                thread_id = made_thread_id
                # all done

            # behind them
            return thread_id, request_id
        """,
        """
        def work(user_id, thread_id=None, request_id=None):
            # the request
            if not request_id or not thread_id:
                made_thread_id, _, made_request_id = Ids.context(user_id, "session")
                if not request_id:
                    # made here
                    request_id = made_request_id

                # the thread
                if not thread_id:
                    # and here
                    thread_id = made_thread_id
                    # all done

            # behind them
            return thread_id, request_id
        """,
    ),
    "three lazy guards, with strings of several rows": (
        '''
        def work(user_id, thread_id=None, run_id=None, request_id=None):
            if thread_id is None:
                thread_id, _, _ = Ids.context(user_id)
                note("""one
            two""")
            if run_id is None:
                _, run_id, _ = Ids.context(user_id)
                note(
                    "three",
                )
            if request_id is None:
                request_id = Ids.context(user_id)[2]
            return thread_id, run_id, request_id
        ''',
        '''
        def work(user_id, thread_id=None, run_id=None, request_id=None):
            if thread_id is None or run_id is None or request_id is None:
                new_thread_id, new_run_id, new_request_id = Ids.context(user_id)
                if thread_id is None:
                    thread_id = new_thread_id
                    note("""one
            two""")
                if run_id is None:
                    run_id = new_run_id
                    note(
                        "three",
                    )
                if request_id is None:
                    request_id = new_request_id
            return thread_id, run_id, request_id
        ''',
    ),
    "lazy guards on one row each": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id: thread_id, _, _ = Ids.context(user_id)
            if not run_id: run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id or not run_id:
                new_thread_id, new_run_id, _ = Ids.context(user_id)
                if not thread_id: thread_id = new_thread_id
                if not run_id: run_id = new_run_id
            return thread_id, run_id
        """,
    ),
    "guards that are expressions": (
        """
        def work(user_id, thread_id=None, run_id=None, request_id=None):
            thread_id = thread_id or Ids.context(user_id)[0]
            run_id = run_id if run_id is not None else Ids.context(user_id)[1]
            request_id = Ids.context(user_id)[2] if request_id is None else request_id
            return thread_id, run_id, request_id
        """,
        """
        def work(user_id, thread_id=None, run_id=None, request_id=None):
            if not thread_id or not (run_id is not None) or request_id is None:
                new_thread_id, new_run_id, new_request_id = Ids.context(user_id)
                thread_id = thread_id or new_thread_id
                run_id = run_id if run_id is not None else new_run_id
                request_id = new_request_id if request_id is None else request_id
            return thread_id, run_id, request_id
        """,
    ),
    "a guard, and one that is made each time": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id:
                thread_id = Ids.context(user_id)[0]
            _, new_run_id, _ = Ids.context(user_id)
            return thread_id, new_run_id
        """,
        """
        def work(user_id, thread_id=None, run_id=None):
            new_thread_id, new_run_id, _ = Ids.context(user_id)
            if not thread_id:
                thread_id = new_thread_id
            return thread_id, new_run_id
        """,
    ),
    "one that is made each time, and a guard": (
        """
        def work(user_id, thread_id=None, run_id=None):
            thread_id, _, _ = Ids.context(user_id)
            note(thread_id)
            if run_id is None:
                _, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
        """
        def work(user_id, thread_id=None, run_id=None):
            thread_id, new_run_id, _ = Ids.context(user_id)
            note(thread_id)
            if run_id is None:
                run_id = new_run_id
            return thread_id, run_id
        """,
    ),
    "a value that is looked at if something fails between": (
        """
        def work(user_id, thread_id=None, run_id=None):
            try:
                thread_id, _, _ = Ids.context(user_id)
                note(thread_id * (1 // len(user_id)))
                _, run_id, _ = Ids.context(user_id)
            except ZeroDivisionError:
                note(run_id)
            return run_id
        """,
        """
        def work(user_id, thread_id=None, run_id=None):
            try:
                thread_id, new_run_id, _ = Ids.context(user_id)
                note(thread_id * (1 // len(user_id)))
                run_id = new_run_id
            except ZeroDivisionError:
                note(run_id)
            return run_id
        """,
    ),
    "a variable that is used between": (
        """
        def work(user_id, thread_id=None, run_id=None):
            thread_id, _, _ = Ids.context(user_id)
            note(run_id)
            _, run_id, _ = Ids.context(user_id)
            return thread_id, run_id
        """,
        """
        def work(user_id, thread_id=None, run_id=None):
            thread_id, new_run_id, _ = Ids.context(user_id)
            note(run_id)
            run_id = new_run_id
            return thread_id, run_id
        """,
    ),
    "a variable that a function inside may use between": (
        """
        def work(user_id, thread_id=None, run_id=None):
            def show():
                return note(run_id)

            thread_id, _, _ = Ids.context(user_id)
            show()
            _, run_id, _ = Ids.context(user_id)
            return thread_id, show()
        """,
        """
        def work(user_id, thread_id=None, run_id=None):
            def show():
                return note(run_id)

            thread_id, new_run_id, _ = Ids.context(user_id)
            show()
            run_id = new_run_id
            return thread_id, show()
        """,
    ),
    "all kept under one name": (
        """
        def work(user_id):
            ids = Ids.context(user_id)
            thread_id = ids[0]
            _, run_id, request_id = Ids.context(user_id)
            return thread_id, run_id, request_id
        """,
        """
        def work(user_id):
            ids = Ids.context(user_id)
            thread_id = ids[0]
            run_id, request_id = ids[1], ids[2]
            return thread_id, run_id, request_id
        """,
    ),
    "the later kept under one name": (
        """
        def work(user_id):
            thread_id, _, _ = Ids.context(user_id)
            ids = Ids.context(user_id)

            def later():
                return f"{ids[1]}"

            return thread_id, later(), ids[2]
        """,
        """
        def work(user_id):
            thread_id, run_id, request_id = Ids.context(user_id)

            def later():
                return f"{run_id}"

            return thread_id, later(), request_id
        """,
    ),
    "where the underscore means something": (
        """
        def work(user_id, _=str):
            thread_id = Ids.context(user_id)[0]
            run_id = Ids.context(user_id)[1]
            return _(user_id), thread_id, run_id
        """,
        """
        def work(user_id, _=str):
            thread_id, run_id, _request_id = Ids.context(user_id)
            return _(user_id), thread_id, run_id
        """,
    ),
    "awaited": (
        """
        async def work(user_id):
            order_id, _ = await Ids.later(user_id)
            note(order_id)
            item_id = (await Ids.later(user_id))[1]
            return order_id, item_id
        """,
        """
        async def work(user_id):
            order_id, item_id = await Ids.later(user_id)
            note(order_id)
            return order_id, item_id
        """,
    ),
    "an annotated variable": (
        """
        def work(user_id):
            thread_id: str = Ids.context(user_id)[0]
            run_id: str = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        """
        def work(user_id):
            new_thread_id, new_run_id, _ = Ids.context(user_id)
            thread_id: str = new_thread_id
            run_id: str = new_run_id
            return thread_id, run_id
        """,
    ),
    "two sets in one function": (
        """
        def work(user_id, other=""):
            mine = [Ids.context(user_id)[0], Ids.context(user_id)[1]]
            note(other)
            return mine, Box(thread_id=Ids.context(other)[0], run_id=Ids.context(other)[1])
        """,
        """
        def work(user_id, other=""):
            thread_id, run_id, _ = Ids.context(user_id)
            mine = [thread_id, run_id]
            note(other)
            new_thread_id, new_run_id, _ = Ids.context(other)
            return mine, Box(thread_id=new_thread_id, run_id=new_run_id)
        """,
    ),
    "in a loop": (
        """
        def work(user_id):
            for number in range(2):
                thread_id = Ids.context(user_id)[0]
                run_id = Ids.context(user_id)[1]
                note(thread_id + run_id)
        """,
        """
        def work(user_id):
            for number in range(2):
                thread_id, run_id, _ = Ids.context(user_id)
                note(thread_id + run_id)
        """,
    ),
}

REFUSED = {
    "something happens before": (
        """
        def work(user_id):
            return Box(user=note(user_id), thread_id=Ids.context(user_id)[0], run_id=Ids.context(user_id)[1])
        """,
        "something else happens before the first is made",
    ),
    "something happens between two guards": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id:
                thread_id = Ids.context(user_id)[0]
            note("between")
            if not run_id:
                run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "something else stands between",
    ),
    "something happens in a guard before": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id:
                note("none yet")
                thread_id = Ids.context(user_id)[0]
            if not run_id:
                run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "something else happens before an ID is made",
    ),
    "a guard that does something": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not note(thread_id):
                thread_id = Ids.context(user_id)[0]
            if not run_id:
                run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "may do more than look at variables",
    ),
    "a guard that depends on what the first one did": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id:
                thread_id = Ids.context(user_id)[0]
                run_id = None
            if not run_id:
                run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "`run_id` may be changed before a condition looks at it",
    ),
    "a guard on what a call may change": (
        """
        def work(user_id, thread_id=None, run_id=None):
            def forget():
                nonlocal run_id
                run_id = None

            if not thread_id:
                thread_id = Ids.context(user_id)[0]
                forget()
            if not run_id:
                run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "`run_id` in a condition is no variable of the function alone",
    ),
    "guards of something else": (
        """
        def work(user_id, thread_id=None, run_id=None):
            mine = thread_id or Ids.context(user_id)[0]
            other = run_id or Ids.context(user_id)[1]
            return mine, other
        """,
        "on a condition that the others do not share",
    ),
    "a guard with an alternative": (
        """
        def work(user_id, thread_id=None, run_id=None):
            if not thread_id:
                thread_id = Ids.context(user_id)[0]
            else:
                note(thread_id)
            if not run_id:
                run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "on a condition that the others do not share",
    ),
    "an object that is changed between": (
        """
        def work(user):
            thread_id = Ids.context(user.id)[0]
            user.reload()
            run_id = Ids.context(user.id)[1]
            return thread_id, run_id
        """,
        "an argument may be changed between the calls",
    ),
    "an object, and others that run between": (
        """
        async def work(user):
            order_id, _ = await Ids.later(user.id)
            await note(user)
            _, item_id = await Ids.later(user.id)
            return order_id, item_id
        """,
        "other code runs between the calls",
    ),
    "an argument that a function inside may change": (
        """
        def work(user_id):
            def switch():
                nonlocal user_id
                user_id = "other"

            thread_id = Ids.context(user_id)[0]
            switch()
            run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "`user_id` may be changed by another function",
    ),
    "several statements on one row": (
        """
        def work(user_id):
            thread_id = Ids.context(user_id)[0]; note(thread_id)
            run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "several statements share a line",
    ),
    "variables that are looked up by name": (
        """
        def work(user_id):
            thread_id = Ids.context(user_id)[0]
            run_id = Ids.context(user_id)[1]
            return "{thread_id} {run_id}".format(**locals())
        """,
        "looks its variables up by name",
    ),
    "in the head of a block": (
        """
        def work(user_id):
            if Ids.context(user_id)[0]:
                return Ids.context(user_id)[1]
        """,
        "no room for a line in front of the first",
    ),
    "the first may have failed": (
        """
        def work(user_id):
            try:
                thread_id = Ids.context(user_id)[0]
            finally:
                note("tried")
            run_id = Ids.context(user_id)[1]
            return thread_id, run_id
        """,
        "on a condition that the others do not share",
    ),
    "in a class body": (
        """
        def work(user_id):
            class Context:
                thread_id = Ids.context(user_id)[0]
                run_id = Ids.context(user_id)[1]
            return Context
        """,
        "not a part of the function itself",
    ),
}


def module(text: str) -> str:
    return "from ids import Ids\n\n\n" + dedent(text).lstrip("\n")


@pytest.mark.parametrize(("before", "after"), MERGED.values(), ids=MERGED)
def test_calls_become_one(merging: Plan, before: str, after: str) -> None:
    rewritten = rewrite(merging, module(before))
    assert rewritten.text == module(after)
    assert rewrite(merging, rewritten.text) == Rewritten((), rewritten.text)


@pytest.mark.parametrize(("before", "after"), MERGED.values(), ids=MERGED)
def test_one_call_does_what_several_did(before: str, after: str) -> None:
    for arguments in _arguments(before):
        old, new = run(module(before), *arguments), run(module(after), *arguments)
        assert new.shape == old.shape
        assert new.order == old.order


@pytest.mark.parametrize(("before", "after"), MERGED.values(), ids=MERGED)
def test_ids_of_one_set_come_from_one_call(before: str, after: str) -> None:
    for arguments in _arguments(before):
        old, new = run(module(before), *arguments), run(module(after), *arguments)
        assert new.calls <= old.calls
        assert (new.calls == 0) == (old.calls == 0)
        if "two sets" not in before and "other" not in before:
            assert len(new.sets) <= 1


def _arguments(function: str) -> list[tuple[str | None, ...]]:
    """A user, and every way to give or to leave out the IDs that the function takes."""
    header = function.strip().split("\n")[0]
    choices = product((None, "", "given"), repeat=header.count("=None"))
    return [(user, *given) for user in ("alice", "") for given in choices]


@pytest.mark.parametrize(("before", "reason"), REFUSED.values(), ids=REFUSED)
def test_calls_stay_apart_where_one_would_not_do_the_same(merging: Plan, before: str, reason: str) -> None:
    rewritten = rewrite(merging, module(before))
    assert rewritten.text == module(before)
    assert [reason in (given or "") for given in rewritten.reasons] == [True]


def test_every_finding_of_a_set_has_the_fix_of_all(merging: Plan) -> None:
    found = rewrite(merging, module(MERGED["subscripts"][0])).findings
    assert len(found) == 2
    assert found[0].fix is not None
    assert found[0].fix == found[1].fix


@pytest.mark.parametrize(
    ("path", "applicability"),
    [("app/code.py", Applicability.SAFE), ("tests/test_code.py", Applicability.UNSAFE)],
    ids=["application", "test"],
)
def test_a_merge_is_safe_outside_of_tests(merging: Plan, path: str, applicability: Applicability) -> None:
    found = rewrite(merging, module(MERGED["subscripts"][0]), path).findings
    assert {finding.fix.applicability for finding in found if finding.fix} == {applicability}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("indentation", ["\t", "  "], ids=["tab", "two blanks"])
@pytest.mark.parametrize("name", MERGED)
def test_the_layout_of_the_file_stays(merging: Plan, name: str, indentation: str, end: str) -> None:
    before, after = (module(text).replace("    ", indentation).replace("\n", end) for text in MERGED[name])
    assert rewrite(merging, before).text == after


def test_a_file_without_a_last_line_end_gets_none(merging: Plan) -> None:
    before = module(
        """
        def work(self, user_id):
            self.thread_id = Ids.context(user_id)[0]
            self.run_id = Ids.context(user_id)[1]
        """
    ).rstrip("\n")
    after = module(
        """
        def work(self, user_id):
            self.thread_id, run_id, _ = Ids.context(user_id)
            self.run_id = run_id
        """
    ).rstrip("\n")
    assert rewrite(merging, before).text == after


SLOTS = {"thread_id": 0, "run_id": 1, "request_id": 2}
FORMS = (
    "{name} = Ids.context(user_id)[{slot}]",
    "{name} = {name} or Ids.context(user_id)[{slot}]",
    "made = {name} or Ids.context(user_id)[{slot}]\nnote(made)",
    "if not {name}:\n    {name} = Ids.context(user_id)[{slot}]",
    "if {name} is None:\n    {targets} = Ids.context(user_id)\n    {name} = made_{name}",
    "{targets} = Ids.context(user_id)\nnote(made_{name})",
    "box.{name} = Ids.context(user_id)[{slot}]",
    "note([{name}, Ids.context(user_id)[{slot}]])",
    "note(Box({name}=Ids.context(user_id)[{slot}], user=note(user_id)))",
    "if user_id:\n    {name} = Ids.context(user_id)[{slot}]\n    note({name})",
    "try:\n    {name} = Ids.context(user_id)[{slot}]\nexcept KeyError:\n    note({name})",
)
OTHERS = ("note(box)", "note([thread_id, run_id, request_id])", "pass", "# nothing", "note(len(user_id))")


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A function that takes up to three IDs, each once, in any of the forms, with other statements between."""
    body = []
    for name in draw(st.permutations(list(SLOTS))):
        targets = ", ".join(f"made_{name}" if other == name else "_" for other in SLOTS)
        form = draw(st.sampled_from(FORMS)).format(name=name, slot=SLOTS[name], targets=targets)
        body += [form, *draw(st.lists(st.sampled_from(OTHERS), max_size=1))]
    if draw(st.booleans()):
        lines = "\n".join(body).split("\n")
        body = ["for number in range(2):", *(f"    {line}" for line in lines), "    pass"]
    lines = "\n".join(["box = Box()", *body, "return box, thread_id, run_id, request_id"]).split("\n")
    header = "def work(user_id, thread_id=None, run_id=None, request_id=None):"
    return "\n".join([header, *(f"    {line}" for line in lines), ""])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(functions())
def test_any_function_does_the_same_as_before(merging: Plan, function: str) -> None:
    before = module(function)
    after = rewrite(merging, before).text
    for arguments in _arguments(function):
        old, new = run(before, *arguments), run(after, *arguments)
        assert new.shape == old.shape
        assert new.notes == old.notes
        assert new.calls <= old.calls
        assert (new.calls == 0) == (old.calls == 0)
