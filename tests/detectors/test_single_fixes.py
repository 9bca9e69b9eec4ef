"""How far the fix of one ID may be trusted, and why there is none, by the code around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ladder import copy_of_the_example

from ssot_lint.model import Finding
from ssot_lint.session import CheckRequest, Fixes, FixRequest, fix

GENERIC = 'a_id = IdGenerator.generate_base_id("a")'
NEW = "str(uuid.uuid4())"
FAILED = "`generate_base_id` has just failed"
FORMATTED = "the value is formatted"
UNBOUNDED = "the column holds 36 characters, and nothing bounds the length of an ID"
UNNAMED = "nothing says that this is an ID by its name"
NO_PREFIX = "what stands before it is no prefix"
PATTERN = "the place is declared to hold values of some pattern"


def in_handler(tried: str, handled: str) -> str:
    return f"def f(user_id: str):\n    try:\n        {tried}\n    except Exception:\n        {handled}\n"


WRITTEN = {
    "percent": ('a_id = "a_%s" % uuid.uuid4()', "safe"),
    "percent in a tuple": ('a_id = "a_%s" % (uuid.uuid4(),)', "safe"),
    "percent with a precision": ('a_id = "a_%.8s" % uuid.uuid4()', FORMATTED),
    "percent with a width": ('a_id = "a_%40s" % uuid.uuid4()', FORMATTED),
    "percent with repr": ('a_id = "a_%r" % uuid.uuid4()', FORMATTED),
    "format": ('a_id = "a_{}".format(uuid.uuid4())', "safe"),
    "format by number": ('a_id = "a_{0}".format(uuid.uuid4())', "safe"),
    "format by name": ('a_id = "a_{x}".format(x=uuid.uuid4())', "safe"),
    "format with a precision": ('a_id = "a_{:.8}".format(str(uuid.uuid4()))', FORMATTED),
    "format with repr": ('a_id = "a_{0!r}".format(uuid.uuid4())', FORMATTED),
    "format of an attribute": ('a_id = "a_{0.hex}".format(uuid.uuid4())', FORMATTED),
    "format with more arguments": ('a_id = "a_{}".format(uuid.uuid4(), log())', FORMATTED),
    "format with more names": ('a_id = "a_{}".format(uuid.uuid4(), x=log())', FORMATTED),
    "format of the same twice": ('a_id = "a_{0}_{0}".format(uuid.uuid4())', FORMATTED),
    "f-string that shows the code": ('a_id = f"a_{uuid.uuid4()=}"', FORMATTED),
    "f-string with another format before": ('a_id = f"a_{n:04d}_{uuid.uuid4()}"', "safe"),
    "implicit concatenation with a format": ('a_id = "a_" f"{n:04d}_" f"{uuid.uuid4()}"', "safe"),
    "sum with a format": ('a_id = f"a_{n:04d}" + "_" + str(uuid.uuid4())', "safe"),
    "two random parts": ('a_id = f"a_{random.random()}_{uuid.uuid4()}"', "another part of it is random, too"),
    "random and time": ('a_id = f"a_{time.time()}_{uuid.uuid4()}"', "safe"),
    "key of a store": ('redis.set(f"order:{uuid.uuid4()}", 1)', UNNAMED),
    "part of a message": ('print(f"made:{uuid.uuid4()}")', UNNAMED),
    "prefix without a place": ('send(f"order_{uuid.uuid4()}")', "safe"),
    "bare id": ('return_ = {"id": str(uuid.uuid4())}', "`id` does not say of what"),
}
TARGETS = {
    "two targets of one name": (f"self.a_id = a_id = {NEW}", "safe"),
    "two targets": (f"b_id = a_id = {NEW}", UNNAMED),
    "unpacked": (f"a_id, x = {NEW}, 1", "safe"),
    "unpacked into a list": (f"[a_id, x] = {NEW}, 1", UNNAMED),
    "unpacked from more": (f"a_id, x = {NEW}, *y", UNNAMED),
    "a tuple under one name": (f"a_id = {NEW}, 1", "safe"),
}
HEADS = {
    head: (f'send(f"{head}_{{uuid.uuid4()}}")', f"`{head}` is a secret, and an ID can be guessed")
    for head in ("nonce", "state", "csrf_token", "reset")
} | {
    "table": ('send(f"table_{uuid.uuid4()}")', "`table` is no ID"),
    "a secret by its head": (
        'a_id = f"token_{uuid.uuid4()}"',
        "`token` is a secret, and an ID can be guessed",
    ),
}
FAILING = {
    "the generic generator failed": (
        in_handler(GENERIC, f"a_id = {NEW}"),
        FAILED,
    ),
    "another generator failed": (
        in_handler("session_id = IdGenerator.generate_session_id(user_id)", f"session_id = {NEW}"),
        "safe",
    ),
    "something else failed": (in_handler("session_id = fetch()", f"session_id = {NEW}"), "safe"),
    "behind the handler": (
        in_handler(GENERIC, "pass") + f"    a_id = {NEW}",
        "safe",
    ),
    "a function in the handler": (
        in_handler(GENERIC, f"def g():\n            a_id = {NEW}"),
        "safe",
    ),
    "an outer try": (
        in_handler(
            GENERIC,
            f"try:\n            g()\n        except E:\n            a_id = {NEW}",
        ),
        FAILED,
    ),
    "on the row of the handler": (
        'try:\n    a_id = IdGenerator.generate_base_id("a")\nexcept E: a_id = ' + NEW,
        FAILED,
    ),
}
COLUMNS = {
    "annotated": (f"a_id: Annotated[str, Field(max_length=36)] = {NEW}", UNBOUNDED),
    "constrained": (f"a_id: constr(max_length=36) = {NEW}", UNBOUNDED),
    "length by name": (f"a_id = Column(String(length=36), default=lambda: {NEW})", UNBOUNDED),
    "variant": (f"a_id = Column(String(36).with_variant(T, 'x'), default=lambda: {NEW})", UNBOUNDED),
    "unknown length": (
        f"a_id = Column(String(LENGTH), default=lambda: {NEW})",
        "the length of the column is not known",
    ),
    "without a length": (f"a_id = Column(String, default=lambda: {NEW})", "safe"),
    "declared elsewhere": (f"a_id = Column(String(36))\nthing.a_id = {NEW}", UNBOUNDED),
    "declared with a type": (f"a_id: str = mapped_column(x(), String(36))\nThing(a_id={NEW})", UNBOUNDED),
    "declared in SQL": (f"sql = 'create table t (a_id VARCHAR(36))'\nThing(a_id={NEW})", UNBOUNDED),
    "another column": (f"b_id = Column(String(36))\nthing.a_id = {NEW}", "safe"),
    "annotation as a text": (f'a_id: "uuid.UUID" = {NEW}', "the place is declared to hold a UUID"),
    "type for UUIDs": (f"a_id = Column(UUIDType, default=lambda: {NEW})", "the column holds a UUID"),
    "pattern": (f'a_id: str = Field(default_factory=lambda: {NEW}, pattern="x")', PATTERN),
}
CONSUMERS = {
    "split": (f'a_id = {NEW}\nx = a_id.split("-")', "unsafe"),
    "slice": (f"a_id = {NEW}\nx = a_id[:8]", "unsafe"),
    "slice from the end": (f"d = dict(a_id={NEW})\nx = d['a_id'][-8:]", "unsafe"),
    "prefix": (f"self.a_id = {NEW}\nx = self.a_id.startswith('a')", "unsafe"),
    "slice in a message": (f"a_id = {NEW}\nlogger.info(a_id[:8])", "safe"),
    "slice of another": (f"a_id = {NEW}\nx = data_id[:8]", "safe"),
    "element": (f"a_ids = [{NEW}]\nx = a_ids[0]", "safe"),
}
SECRETS = {
    name: (f"{name} = {NEW}", f"`{name}` is a secret, and an ID can be guessed")
    for name in ("reset_id", "invite_id", "verification_id", "cookie_id", "token_id", "state_id", "otp_id")
}
PREFIXES = {
    "white space": ('a_id = f"thread {uuid.uuid4()}"', NO_PREFIX),
    "new line": ('a_id = f"thread\\n_{uuid.uuid4()}"', NO_PREFIX),
    "braces": ('a_id = f"a{{}}_{uuid.uuid4()}"', NO_PREFIX),
    "new line between values": ('a_id = f"""a_{n}\n_{uuid.uuid4()}"""', NO_PREFIX),
    "other marks": ('a_id = f"a/b.c-d:{uuid.uuid4()}"', "safe"),
}
CASES = {**HEADS, **TARGETS, **PREFIXES, **WRITTEN, **FAILING, **COLUMNS, **CONSUMERS, **SECRETS}


DEDICATED = "IdGenerator.generate_session_id(user_id)"
GENERIC_CALL = 'IdGenerator.generate_base_id("session")'
PARAMETERS = {
    "user_id: str": DEDICATED,
    "*, user_id: str": DEDICATED,
    "user_id: str = ''": DEDICATED,
    "user_id": GENERIC_CALL,
    "user_id: str = None": GENERIC_CALL,
    "user_id: str | None": GENERIC_CALL,
    "user_id: int": GENERIC_CALL,
    "*user_id: str": GENERIC_CALL,
    "**user_id: str": GENERIC_CALL,
}


@pytest.fixture(scope="module")
def fixes(tmp_path_factory: pytest.TempPathFactory) -> Fixes:
    """All cases as modules of one project."""
    root = tmp_path_factory.mktemp("project")
    copy_of_the_example(root)
    for case, (code, _) in CASES.items():
        text = f"import random\nimport time\nimport uuid\n\nfrom app.ids import IdGenerator\n\n{code}\n"
        (root / path(case)).write_text(text, "utf-8")
    for number, parameters in enumerate(PARAMETERS):
        text = f"import uuid\n\n\ndef f({parameters}):\n    return dict(session_id={NEW})\n"
        (root / f"app/parameters_{number}.py").write_text(text, "utf-8")
    check = CheckRequest((".",), Path(root), jobs=1, with_cache=False, select=("direct-uuid",))
    return fix(FixRequest(check, unsafe=True))


def path(case: str) -> str:
    return f"app/case_{list(CASES).index(case)}.py"


def outcome(finding: Finding) -> str:
    return finding.reason or (finding.fix.applicability if finding.fix else "")


@pytest.mark.parametrize("case", CASES)
def test_the_code_around_an_id_decides(fixes: Fixes, case: str) -> None:
    found = [finding for finding in fixes.found if finding.path == path(case)]
    repairs = [repair for repair in fixes.repairs if repair.path == path(case)]
    expected = CASES[case][1]

    assert [outcome(finding) for finding in found] == [expected]
    assert [each.refused for each in repairs] == [()] * len(repairs)
    assert len(repairs) == (expected in ("safe", "unsafe"))


def test_a_fallback_gets_the_generator_that_has_not_failed(fixes: Fixes) -> None:
    (repair,) = (repair for repair in fixes.repairs if repair.path == path("another generator failed"))

    assert repair.after is not None
    assert b'    session_id = IdGenerator.generate_base_id("session")\n' in repair.after


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_an_argument_is_taken_only_if_it_is_surely_right(fixes: Fixes, parameters: str) -> None:
    file = f"app/parameters_{list(PARAMETERS).index(parameters)}.py"
    (repair,) = (repair for repair in fixes.repairs if repair.path == file)

    assert repair.after is not None
    assert f"session_id={PARAMETERS[parameters]}" in repair.after.decode()
