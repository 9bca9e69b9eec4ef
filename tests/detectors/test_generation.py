"""IDs that are made by hand, each rewritten to a call of the source, and run before and after."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
import recorder
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import unmark
from recorder import Rewritten, rewrite, run

from ssot_lint.engine.plan import Plan
from ssot_lint.model import Applicability

BY_VALUE = {
    "a text": ("str(uuid.uuid4())", 'Ids.base("run")'),
    "without dashes": ('str(uuid.uuid4()).replace("-", "")', 'Ids.base("run")'),
    "hex digits": ("uuid.uuid4().hex", 'Ids.base("run")'),
    "some hex digits": ("uuid.uuid4().hex[:8]", 'Ids.base("run")'),
    "an f-string": ('f"run_{uuid.uuid4()}"', 'Ids.base("run")'),
    "an f-string of nothing else": ('f"{uuid.uuid4()}"', 'Ids.base("run")'),
    "an f-string with another prefix": ('f"job-{uuid.uuid4()}"', 'Ids.base("run")'),
    "an f-string with more in it": (
        "f\"run_{note(user_id)}_{note('b')}_{uuid.uuid4().hex[:8]}\"",
        "Ids.base(f\"run_{note(user_id)}_{note('b')}\")",
    ),
    "an f-string with conversions": (
        'f"run_{note(user_id)!r}_{7:03d}_{uuid.uuid4()}"',
        'Ids.base(f"run_{note(user_id)!r}_{7:03d}")',
    ),
    "an f-string in other quotes": (
        'f\'run_{note({"name": 1})["name"]}_{uuid.uuid4()}\'',
        'Ids.base(f\'run_{note({"name": 1})["name"]}\')',
    ),
    "a sum": ('"run_" + uuid.uuid4().hex', 'Ids.base("run")'),
    "a sum with more in it": (
        '"run_" + note(user_id) + "_" + uuid.uuid4().hex',
        'Ids.base("run_" + note(user_id))',
    ),
    "a sum of f-strings": (
        '"run_" + f"{7:03d}_" + note(user_id) + f"_{uuid.uuid4().hex}"',
        'Ids.base("run_" + f"{7:03d}_" + note(user_id))',
    ),
    "a sum with a text before it": (
        '"run_" + note(user_id) + "_op_" + str(uuid.uuid4())',
        'Ids.base("run_" + note(user_id) + "_op")',
    ),
    "a template with %": ('"run_%s" % uuid.uuid4()', 'Ids.base("run")'),
    "a template with format": ('"run_{}".format(uuid.uuid4())', 'Ids.base("run")'),
    "literals side by side": ('"run" f"_{uuid.uuid4()}"', 'Ids.base("run")'),
    "f-strings side by side": (
        'f"run_{7:03d}" f"_{note(user_id)!r}_{uuid.uuid4()}"',
        'Ids.base(f"run_{7:03d}" f"_{note(user_id)!r}")',
    ),
    "joined": ('"_".join(["run", uuid.uuid4().hex])', 'Ids.base("run")'),
    "imported where it is used": ('str(__import__("uuid").uuid4())', 'Ids.base("run")'),
}
BY_PLACE = {
    "a variable": """
        def work(user_id):
            run_id = «run»
            return run_id, run_id
        """,
    "an attribute": """
        def work(user_id):
            box = Box()
            box.run_id = «run»
            return box
        """,
    "an entry": """
        def work(user_id):
            data = {}
            data["run_id"] = «run»
            return data
        """,
    "a value of a dict": """
        def work(user_id):
            return {note("key"): note("value"), "run_id": «run», "user": note(user_id)}
        """,
    "an argument": """
        def work(user_id):
            return Box(first=note(1), run_id=«run», last=note(2))
        """,
    "a factory of fields": """
        def work(user_id):
            from dataclasses import dataclass, field

            @dataclass
            class Run:
                run_id: str = field(default_factory=lambda: «run»)

            note("defined")
            return Run().run_id, Run("given").run_id, Run().run_id
        """,
    "a default of a column": """
        def work(user_id):
            run_id = Box(default=lambda: «run»)
            return note("defined"), run_id.default(), run_id.default()
        """,
    "behind or": """
        def work(user_id, run_id=None):
            return Box(run_id=run_id or «run»)
        """,
    "behind and": """
        def work(user_id, flag=None):
            run_id = flag and «run»
            return run_id
        """,
    "a condition": """
        def work(user_id, run_id=None):
            run_id = run_id if run_id is not None else «run»
            return run_id
        """,
    "a guard": """
        def work(user_id, run_id=None):
            if not run_id:
                run_id = «run»
            return run_id
        """,
    "a default of get": """
        def work(user_id, run_id=None):
            data = {"run_id": run_id}
            return note(data.get("run_id", «run»)), {}.get("run_id", «run»), note("end")
        """,
    "setdefault": """
        def work(user_id, run_id=None):
            data = {} if run_id is None else {"run_id": run_id}
            return data.setdefault("run_id", «run»), data
        """,
    "getattr": """
        def work(user_id, run_id=None):
            box = Box(run_id=run_id) if run_id else Box()
            return getattr(box, "run_id", «run»)
        """,
    "a walrus": """
        def work(user_id, run_id=None):
            if not run_id and (run_id := «run»):
                note(run_id)
            return run_id
        """,
    "a comprehension": """
        def work(user_id):
            return [{"run_id": «run», "number": note(number)} for number in range(3)]
        """,
    "a loop": """
        def work(user_id):
            made = []
            for number in range(2):
                run_id = «run»
                made.append((note(number), run_id))
            return made
        """,
    "a generator": """
        def work(user_id):
            for number in range(2):
                run_id = «run»
                yield note(number), run_id
        """,
    "a handler": """
        def work(user_id, given=None):
            try:
                note("trying")
                run_id = given.run_id
            except AttributeError:
                run_id = «run»
            return run_id
        """,
    "a function of that name": """
        def work(user_id):
            def generate_run_id():
                return «run»
            return note(generate_run_id()), generate_run_id()
        """,
    "two, on purpose": """
        def work(user_id):
            run_id = «run»
            first = run_id
            run_id = «run»
            return first, run_id
        """,
    "a coroutine": """
        async def work(user_id):
            run_id = «run»
            return run_id
        """,
}
BY_GENERATOR = {
    "in other quotes than those around it": (
        """
        def work(user_id):
            return f"{note(1)} {dict(run_id=«str(uuid.uuid4())»)} {note(2)}"
        """,
        "Ids.base('run')",
    ),
    "the one of the role": (
        """
        def work(user_id: str):
            session_id = «str(uuid.uuid4())»
            return note(session_id)
        """,
        "Ids.session(user_id)",
    ),
    "the one of the role, in a lambda": (
        """
        def work(user_id: str):
            box = Box(session_id=lambda: «str(uuid.uuid4())»)
            return note(box.session_id()), box.session_id()
        """,
        "Ids.session(user_id)",
    ),
    "the generic one where an argument may be None": (
        """
        def work(user_id: str | None):
            session_id = «str(uuid.uuid4())»
            return session_id
        """,
        'Ids.base("session")',
    ),
    "the generic one where an argument is not at hand": (
        """
        def work(user):
            session_id = «str(uuid.uuid4())»
            return session_id
        """,
        'Ids.base("session")',
    ),
    "the generic one where there is more in the prefix": (
        """
        def work(user_id: str):
            session_id = «f"session_{user_id}_{note('web')}_{uuid.uuid4()}"»
            return session_id
        """,
        "Ids.base(f\"session_{user_id}_{note('web')}\")",
    ),
    "one that must be awaited": (
        """
        async def work(user_id: str):
            ticket_id = «str(uuid.uuid4())»
            return note(ticket_id)
        """,
        "(await Ids.ticket(user_id))",
    ),
}
FRESH = {
    "the time": ('f"run_{note(user_id)}_{time.time_ns()}"', 'Ids.base(f"run_{note(user_id)}")'),
    "a secret": ('"run_" + secrets.token_hex(8)', 'Ids.base("run")'),
    "a random number": ('"run_%s" % random.random()', 'Ids.base("run")'),
    "the time, cut": ('"run_{}".format(int(time.time()))', 'Ids.base("run")'),
}
REFUSED = {
    "a UUID": ("def work(user_id):\n    run_id = uuid.uuid4()\n", "UUID object"),
    "a UUID in a field": ("class Run:\n    run_id: uuid.UUID = uuid.uuid4()\n", "UUID object"),
    "text behind it": (
        "def work(user_id):\n    run_id = f'run_{uuid.uuid4()}_end'\n",
        "followed by more text",
    ),
    "the middle of it": ("def work(user_id):\n    run_id = str(uuid.uuid4())[4:8]\n", "cut out"),
    "upper case": ("def work(user_id):\n    run_id = str(uuid.uuid4()).upper()\n", "processed further"),
    "a default of a parameter": ("def work(run_id=str(uuid.uuid4())):\n    pass\n", "made once"),
    "the function itself": ("run_id = Box(default=uuid.uuid4)\n", "handed on"),
    "an awaitable where nothing can be awaited": (
        "def work(user_id: str):\n    ticket_id = str(uuid.uuid4())\n",
        "must be awaited",
    ),
    "a comment": ("def work(user_id):\n    run_id = str(  # mine\n        uuid.uuid4())\n", "comment"),
    "other values in a template": (
        "def work(user_id):\n    run_id = 'run_%s_%s' % (user_id, uuid.uuid4())\n",
        "cannot be written by itself",
    ),
    "a name that says nothing": (
        "def work(user_id):\n    value = str(uuid.uuid4())\n",
        "not an ID by its name",
    ),
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return recorder.plan_in(tmp_path_factory.mktemp("generation"), "direct-uuid", "hardcoded-id-prefix")


def module(text: str) -> str:
    return "import uuid\n\n\n" + dedent(text).lstrip("\n")


def arguments(function: str) -> list[tuple[str | None, ...]]:
    """A user or nobody, and every way to give or to leave out the ID that the function takes."""
    header = function.strip().split("\n")[0]
    users = ("alice",) if "user_id: str" in header else ("alice", None)
    choices = product((None, "", "given"), repeat=header.count("=None"))
    return [(user, *values) for values in choices for user in users]


def check(plan: Plan, before: str, after: str) -> None:
    """One becomes the other, and both do the same: as many IDs, each as late, the same one in each place."""
    rewritten = rewrite(plan, before)
    assert rewritten.text == after
    assert rewrite(plan, after) == Rewritten((), after)
    for values in arguments(before.partition("\n\n\n")[2]):
        old, new = (run(text, *values, logs_raw=True) for text in (before, after))
        assert new.story == old.story
        assert new.calls == old.calls


@pytest.mark.parametrize("place", BY_PLACE.values(), ids=BY_PLACE)
def test_the_place_of_an_id_stays_as_it_is(plan: Plan, place: str) -> None:
    text = module(place)
    check(plan, text.replace("«run»", "str(uuid.uuid4())"), text.replace("«run»", 'Ids.base("run")'))


@pytest.mark.parametrize(("code", "call"), BY_VALUE.values(), ids=BY_VALUE)
def test_the_value_becomes_one_call(plan: Plan, code: str, call: str) -> None:
    text = module("def work(user_id, run_id=None):\n    return Box(run_id=run_id or «run», then=note(2))\n")
    check(plan, text.replace("«run»", code), text.replace("«run»", call))


@pytest.mark.parametrize(("code", "call"), FRESH.values(), ids=FRESH)
def test_what_is_fresh_without_a_uuid_becomes_one_call(plan: Plan, code: str, call: str) -> None:
    imports = "import random\nimport secrets\nimport time\n\n\n"
    text = f"{imports}def work(user_id, run_id=None):\n    return Box(run_id=run_id or «run», then=note(2))\n"
    before, after = text.replace("«run»", code), text.replace("«run»", call)
    assert rewrite(plan, before).text == after
    for values in arguments(text.partition("\n\n\n")[2]):
        old, new = run(before, *values), run(after, *values)
        assert new.notes == old.notes
        assert ("'given'" in new.result) == ("'given'" in old.result) == (new.calls == 0)


@pytest.mark.parametrize(("text", "call"), BY_GENERATOR.values(), ids=BY_GENERATOR)
def test_the_call_is_of_the_best_generator_that_has_its_arguments(plan: Plan, text: str, call: str) -> None:
    before, _ = unmark(module(text))
    check(plan, before, re.sub("«.*»", lambda _: call, module(text)))


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_rewritten_stays(plan: Plan, text: str, reason: str) -> None:
    rewritten = rewrite(plan, module(text))
    assert rewritten.text == module(text)
    assert [reason in (given or "") for given in rewritten.reasons] == [True] * len(rewritten.findings) != []


def test_ids_come_from_the_first_source_that_makes_them_unique(tmp_path: Path) -> None:
    source = recorder.SOURCE.replace(
        "class Ids:",
        'class Ids:\n    @staticmethod\n    def name(prefix: str = "id") -> str:\n        return f"{prefix}_id"\n',
    )
    plan = recorder.plan_in(tmp_path, "direct-uuid", source=source)
    before = module("def work(user_id):\n    run_id = str(uuid.uuid4())\n    return run_id\n")
    check(plan, before, before.replace("str(uuid.uuid4())", 'Ids.base("run")'))


@pytest.mark.parametrize(
    ("code", "applicability"),
    [("str(uuid.uuid4())", Applicability.SAFE), ("uuid.uuid4().hex[:8]", Applicability.UNSAFE)],
)
def test_an_id_that_gets_longer_is_unsafe(plan: Plan, code: str, applicability: Applicability) -> None:
    rewritten = rewrite(plan, module(f"def work(user_id):\n    run_id = {code}\n"))
    assert [found.fix and found.fix.applicability for found in rewritten.findings] == [applicability]


FORMS = (
    "run_id = {code}",
    "run_id = run_id or {code}",
    "run_id = {code} if flag else run_id",
    "if not run_id:\n    run_id = note({code_of_argument})['run_id']",
    "note(Box(first=note(1), run_id={code}, last=note(run_id)))",
    "note({{'run_id': run_id or {code}}})",
    "for number in range(2):\n    run_id = {code}\n    note(run_id)",
    "try:\n    run_id = flag['run_id']\nexcept TypeError:\n    run_id = {code}",
    "note([made() for made in [lambda: dict(run_id={code})] * 2])",
)
CODES = tuple(code for code, _ in BY_VALUE.values() if "note" not in code)


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A function that makes IDs of one role, in any of the forms."""
    body = []
    for form in draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4)):
        code = draw(st.sampled_from(CODES))
        body += form.format(code=code, code_of_argument=f"dict(run_id={code})").split("\n")
    lines = [*body, "return run_id, note('end')"]
    return "\n".join(["def work(user_id, run_id=None, flag=None):", *(f"    {line}" for line in lines), ""])


@settings(max_examples=40)
@given(functions())
def test_any_function_does_the_same_as_before(plan: Plan, function: str) -> None:
    before = module(function)
    after = rewrite(plan, before).text
    assert "uuid4" not in after
    for values in arguments(function):
        old, new = (run(text, *values, logs_raw=True) for text in (before, after))
        assert new.story == old.story
