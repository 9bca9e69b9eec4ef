"""Whole transactions: the bytes that come out, and what they do when they are run."""

from __future__ import annotations

import ast
import codecs
import itertools
import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import modules
from rewriting import MAKE, SOURCE, Fixer, code, finding

from ssot_lint.fixing.context import FileContext
from ssot_lint.fixing.edits import Rows, apply, to_change
from ssot_lint.fixing.transaction import rewrite
from ssot_lint.model import Edit, Position, Span
from ssot_lint.syntax.decode import decode
from ssot_lint.syntax.spelling import named

IDS = named("app.ids.Ids")
UUID = "import uuid\n\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a module that may import the source, and gives its names."""
    package, ids = ModuleType("app"), ModuleType("app.ids")
    exec(SOURCE, vars(ids))
    package.ids = ids  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "app", package)
    monkeypatch.setitem(sys.modules, "app.ids", ids)

    def execute(text: str) -> dict[str, Any]:
        names: dict[str, Any] = {"__name__": "app.code"}
        exec(compile(text, "code.py", "exec"), names)
        return names

    return execute


TRAPS = {
    "default-that-is-never-needed": (
        """
        import uuid

        def f(d): return d.get("id", str(uuid.uuid4()))
        """,
        "f({})",
    ),
    "local-import-in-one-branch": (
        """
        import uuid

        def f(a):
            if a:
                from app.ids import Ids
                return Ids.make()
            return uuid.uuid4()
        """,
        "f(0), f(1)",
    ),
    "local-import-at-the-end": (
        """
        import uuid
        from app.ids import Ids

        def f():
            x = uuid.uuid4()
            from app.ids import Ids
            return x, Ids.make()
        """,
        "f()",
    ),
    "used-while-loading": (
        """
        import uuid

        class A:
            x = uuid.uuid4()
            def __init__(self, y=uuid.uuid4()): self.y = y
        """,
        "A.x, A().y",
    ),
    "lambda-stays-lazy": (
        """
        import uuid

        make = lambda: str(uuid.uuid4())
        """,
        "make(), make()",
    ),
    "comprehension": (
        """
        import uuid

        def f(Ids): return [uuid.uuid4() for _ in Ids]
        """,
        "f([1, 2])",
    ),
    "source-is-a-local-name": (
        """
        import uuid

        def f():
            Ids = uuid.uuid4()
            return Ids
        """,
        "f()",
    ),
    "deleted": (
        """
        import uuid
        from app.ids import Ids

        x = Ids.make()
        del Ids

        def f(): return uuid.uuid4()
        """,
        "f()",
    ),
    "uuid-needed-elsewhere": (
        """
        import uuid

        def f(x: "uuid.UUID") -> bool: return isinstance(uuid.uuid4(), uuid.UUID) or True
        """,
        "f(1)",
    ),
    "only-for-type-checkers": (
        """
        import uuid
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from app.ids import Ids

        def f(x: "Ids") -> "Ids": return uuid.uuid4()
        """,
        "f(1)",
    ),
}


@pytest.mark.parametrize(("text", "expression"), TRAPS.values(), ids=TRAPS)
def test_the_result_runs(text: str, expression: str, fix: Fixer, run: Any) -> None:
    fixed = fix(code(text))
    assert fixed.reasons == []
    names = run(fixed.after)
    made = [item for item in _flat(eval(expression, names)) if isinstance(item, str)]
    assert all(item.startswith("id_") for item in made)
    assert len(set(made)) == len(made)


def _flat(value: object) -> list[object]:
    return (
        [value]
        if not isinstance(value, (list, tuple))
        else [inner for item in value for inner in _flat(item)]
    )


def test_laziness_and_the_number_of_calls_stay(fix: Fixer, run: Any) -> None:
    text = UUID + "def f(a=None): return a or str(uuid.uuid4())\n"
    names = run(fix(text).after)
    assert names["f"]("given") == "given"
    first, second = names["f"](), names["f"]()
    assert int(second.removeprefix("id_")) - int(first.removeprefix("id_")) == 1


REFUSED = {
    "keyword-that-the-generator-lacks": (
        f"{IDS}.make(user='a')",
        "`make` got an unexpected keyword argument 'user'",
    ),
    "keyword-in-a-call-of-an-instance": (
        f"{IDS}().make(user='a')",
        "`make` got an unexpected keyword argument 'user'",
    ),
    "argument-in-a-call-with-stars": (
        f"{IDS}.make(*a, user=1, **b)",
        "`make` got an unexpected keyword argument 'user'",
    ),
    "missing-argument": (f"{IDS}.context()", "`context` missing 1 required positional argument: 'user_id'"),
    "name-that-is-not-in-scope": (f"{IDS}.make(user_id)", "`user_id` may not be bound in `f`"),
    "name-that-is-bound-later": (f"{IDS}.make(late)", "`late` may not be bound in `f`"),
    "loosely-bound": ("a or b", "the edit in row 4 would change what stands around it"),
    "no-expression": ("a b", "the edit in row 4 does not replace a whole expression"),
}


@pytest.mark.parametrize(("new", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_proved_is_refused(new: str, reason: str, fix: Fixer) -> None:
    text = UUID + "def f(a, b):\n    x = 1 + uuid.uuid4()\n    late = x\n    return late\n"
    fixed = fix(text, {"uuid.uuid4()": new})
    assert (fixed.reasons, fixed.outcome.content, fixed.outcome.edits) == ([reason], None, ())


STATEMENTS = {
    "no-python": ("x = (", "not valid for Python"),
    "no-python-with-an-import": (f"x = {IDS}.make(", "the result cannot be put together"),
    "takes-in-what-follows": ("if 1:\n    pass\nelse:\n    ", "the result does not parse"),
    "behind-a-new-docstring": ("'Doc.'\nx = 1", "the module would have another docstring"),
    "name-that-dies": ("z = 1", "`x` may not be bound"),
    "argument-that-is-missing": (f"x = {IDS}.context()", "`context` missing 1 required"),
}


@pytest.mark.parametrize(("new", "reason"), STATEMENTS.values(), ids=STATEMENTS)
def test_whole_statements_are_proved_too(new: str, reason: str, fix: Fixer) -> None:
    fixed = fix("x = uuid.uuid4()\ny = x\n", {"x = uuid.uuid4()": new})
    assert fixed.outcome.content is None
    assert reason in fixed.reasons[0]


UNPLACED = {
    "in-front-of-the-docstring": (
        '"""Doc."""; x = uuid.uuid4()\n',
        "there is no place for the import of `app.ids.Ids` in front of its first use",
    ),
    "hidden-by-a-star-import": (
        """
        x = 1
        if x:
            from app.users import *
        def f(): return uuid.uuid4()
        """,
        "`Ids` would not be `app.ids.Ids`",
    ),
    "in-a-comment": ("x = 1\n# uuid.uuid4()\n", "the fix stands in no statement"),
}


@pytest.mark.parametrize(("text", "reason"), UNPLACED.values(), ids=UNPLACED)
def test_what_has_no_place_is_refused(text: str, reason: str, fix: Fixer) -> None:
    assert fix(code(text)).reasons == [reason]


def test_a_fix_and_the_removal_of_an_import_may_disagree(fix: Fixer) -> None:
    text = "from uuid import uuid4\n\nx = uuid4()\n"
    fixed = fix(text, {"x = uuid4()": "x = 1", "from uuid": "from  uuid"}, together=True)
    assert fixed.reasons == ["the result cannot be put together: two edits change the same place"]


def test_nothing_comes_in_front_of_future_imports(fix: Fixer) -> None:
    text = "from __future__ import annotations\nx = uuid.uuid4()\n"
    assert fix(text, {"from __future__": "y = 1\nfrom __future__"}).outcome.content is None
    assert fix(text).after == (
        "from __future__ import annotations\n\nfrom app.ids import Ids\nx = Ids.make()\n"
    )


def test_a_comment_may_go(fix: Fixer) -> None:
    assert fix("x = 1  # uuid\ny = 2\n", {"  # uuid": ""}).after == "x = 1\ny = 2\n"


def test_nested_quotes_are_refused_for_old_pythons_only(fix: Fixer) -> None:
    text = UUID + 'x = f"a_{uuid.uuid4()}"\n'
    edits = {"uuid.uuid4()": f'{IDS}.make("b")'}
    assert fix(text, edits, target_python=(3, 11)).outcome.content is None
    if sys.version_info >= (3, 12):
        assert fix(text, edits, target_python=(3, 12)).reasons == []


def test_one_bad_site_does_not_keep_the_others(fix: Fixer) -> None:
    text = UUID + "".join(f"def f{n}(a): return a + uuid.uuid4()\n" for n in range(20))
    bad = {"def f7(a): return a + uuid.uuid4()": "def f7(a): return a or uuid.uuid4()"}
    text = apply(text, [to_change(edit, text, Rows(text)) for edit in _replacing(text, bad)])
    edits = {
        f"def f{n}(a): return a + uuid.uuid4()": f"def f{n}(a): return a + {MAKE}"
        for n in range(20)
        if n != 7
    }
    fixed = fix(text, edits | {"a or uuid.uuid4()": "a or unknown"})
    assert fixed.reasons == ["`unknown` may not be bound in `f7`"]
    assert len(fixed.outcome.applied) == 19
    assert fixed.after.count("Ids.make()") == 19
    assert fixed.after.count("uuid.uuid4()") == 1
    assert fixed.after.startswith("import uuid\n\nfrom app.ids import Ids\n")


def _replacing(text: str, replacements: dict[str, str]) -> list[Edit]:
    rows = Rows(text)
    starts = {text.index(old): (old, new) for old, new in replacements.items()}
    return [
        Edit(Span(rows.position(at), rows.position(at + len(old))), new) for at, (old, new) in starts.items()
    ]


def test_the_edits_of_one_fix_go_together(fix: Fixer) -> None:
    text = UUID + "def f(): return uuid.uuid4()\ndef g(): return uuid.uuid1()\n"
    edits = {"uuid.uuid4()": MAKE, "uuid.uuid1()": "unknown"}
    assert fix(text, edits, together=True).after == text
    assert len(fix(text, edits).outcome.applied) == 1


def test_of_two_fixes_of_the_same_code_the_first_is_applied(context: FileContext) -> None:
    text = UUID + "x = str(uuid.uuid4())\n"
    outer, inner = _replacing(text, {"str(uuid.uuid4())": MAKE}), _replacing(text, {"uuid.uuid4()": "'a'"})
    outcome = rewrite(text.encode(), [finding(*outer), finding(*inner, rule="other")], context)
    assert outcome.content == b"from app.ids import Ids\n\nx = Ids.make()\n"
    assert [(item.finding.rule, item.reason) for item in outcome.refused] == [
        ("other", "another fix rewrites the same code")
    ]


def test_an_edit_that_two_fixes_share_is_applied_once(context: FileContext) -> None:
    text = UUID + "x = str(uuid.uuid4())\n"
    edits = _replacing(text, {"str(uuid.uuid4())": MAKE})
    outcome = rewrite(text.encode(), [finding(*edits), finding(*edits, rule="other")], context)
    assert len(outcome.applied) == 2
    assert outcome.content == b"from app.ids import Ids\n\nx = Ids.make()\n"


def test_a_finding_without_a_fix_keeps_its_reason(context: FileContext) -> None:
    text = "x = uuid.uuid4()\n"
    [edit] = _replacing(text, {"uuid.uuid4()": "1"})
    without = finding(edit)._replace(fix=None, reason="it is a file name")
    outcome = rewrite(text.encode(), [without], context)
    assert [item.reason for item in outcome.refused] == ["it is a file name"]


def test_the_edits_lead_to_the_new_text(context: FileContext) -> None:
    text = UUID + "x = str(uuid.uuid4())\n"
    [edit] = _replacing(text, {"str(uuid.uuid4())": MAKE})
    outcome = rewrite(text.encode(), [finding(edit)], context)
    assert outcome.content is not None
    assert apply(text, [to_change(item, text, Rows(text)) for item in outcome.edits]) == decode(
        outcome.content
    )


def test_new_bytes_may_be_objected_to(context: FileContext) -> None:
    text = UUID + "x = uuid.uuid4()\ny = uuid.uuid4()\n"
    edits = [
        Edit(Span(Position(row, 5), Position(row, 17)), new) for row, new in ((3, "'good'"), (4, "'bad'"))
    ]
    findings = [finding(edit) for edit in edits]
    outcome = rewrite(text.encode(), findings, context, lambda new: "it is bad" if b"bad" in new else None)
    assert outcome.content == UUID.encode() + b"x = 'good'\ny = uuid.uuid4()\n"
    assert [item.reason for item in outcome.refused] == ["it is bad"]


KEPT = {
    "crlf": b"import os\r\nimport uuid\r\n\r\nx = uuid.uuid4()  # \xc3\xa9\r\n\ty\r\n".replace(
        b"\ty", b"y = 1"
    ),
    "bom": codecs.BOM_UTF8 + b"import uuid\n\nx = uuid.uuid4()\n",
    "cookie": b"# -*- coding: latin-1 -*-\nimport uuid\n\ny = '\xe9'; x = uuid.uuid4()\n",
    "cookie-on-row-two": b"#!/bin/python\n# vim: fileencoding=latin-1 :\nimport uuid\nx = '\xe9', uuid.uuid4()\n",
    "tabs-and-form-feed": b"import uuid\n\x0c\nif 1:\n\tx = uuid.uuid4()\n\x0c\n",
    "no-final-line-end": b"import uuid\n\nx = uuid.uuid4()",
    "mixed-line-ends": b"import uuid\r\n\nx = uuid.uuid4()\n",
    "trailing-white-space": b"import uuid  \n\nx = uuid.uuid4()   \n   \n",
}


@pytest.mark.parametrize("content", KEPT.values(), ids=KEPT)
def test_every_other_byte_stays(content: bytes, fix: Fixer) -> None:
    fixed = fix(content)
    assert fixed.reasons == []
    after = fixed.outcome.content
    assert after is not None
    gone = [line for line in content.split(b"\n") if b"uuid" not in line]
    left = [line for line in after.split(b"\n") if b"Ids" not in line]
    assert [line for line in left if line.strip()] == [line for line in gone if line.strip()]
    ends = {line.endswith(b"\r") for line in after.split(b"\n")[:-1]}
    assert ends <= {line.endswith(b"\r") for line in content.split(b"\n")[:-1]}
    assert after.startswith(codecs.BOM_UTF8) is content.startswith(codecs.BOM_UTF8)
    assert after.endswith(b"\n") is content.endswith(b"\n")
    compile(after, "code.py", "exec")


UNREADABLE = {
    "syntax-error": b"x = uuid.uuid4()\ny = (\n",
    "not-utf-8": b"x = uuid.uuid4()  # \xff\n",
    "unknown-encoding": b"# coding: klingon\nx = uuid.uuid4()\n",
    "lone-carriage-returns": b"x = 1\ry = uuid.uuid4()\r",
    "null": b"x = uuid.uuid4()\n\0",
    "nothing-to-replace": b"",
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_rewritten_is_refused(content: bytes, context: FileContext) -> None:
    edit = Edit(Span(Position(1, 5), Position(1, 17)), MAKE)
    outcome = rewrite(content, [finding(edit)], context)
    assert (outcome.content, len(outcome.refused)) == (None, 1)
    assert outcome.refused[0].reason


def test_what_the_encoding_lacks_is_refused(fix: Fixer) -> None:
    content = b"# coding: latin-1\nx = '\xe9', uuid.uuid4()\n"
    assert fix(content, {"uuid.uuid4()": "'\u20ac'"}).reasons == ["'\u20ac' cannot be written in iso-8859-1"]


def test_a_deep_expression_is_refused(fix: Fixer) -> None:
    text = "x = uuid.uuid4(), " + "+".join(["a"] * 5_000) + "\n"
    assert fix(text, {"uuid.uuid4()": "1"}).outcome.content in (
        None,
        text.replace("uuid.uuid4()", "1").encode(),
    )


@settings(max_examples=60, deadline=None)
@given(modules(), st.data())
def test_any_program_stays_a_program(text: str, data: st.DataObject) -> None:
    """Whatever is refused, what is applied compiles, and a second transaction finds nothing to change."""
    found = list(itertools.islice(_calls(text), 6))
    edits = data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []
    context = FileContext("app/code.py", ("app",), None)
    outcome = rewrite(text.encode(), [finding(Edit(span, MAKE)) for span in edits], context)
    assert len(outcome.applied) + len(outcome.refused) == len(edits)
    if outcome.content is not None:
        after = outcome.content.decode()
        assert len([*_calls(after)]) == len([*_calls(text)]) - len(outcome.applied)
        ast.parse(after)


def _calls(text: str) -> Any:
    """The calls of `uuid4` that stand outside of f-strings."""
    tree = ast.parse(text)
    inside = {
        id(node) for outer in ast.walk(tree) if isinstance(outer, ast.JoinedStr) for node in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in inside and ast.unparse(node.func).endswith("uuid4"):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            lines = text.split("\n")
            yield Span(
                Position(node.lineno, _column(lines, node.lineno, node.col_offset)),
                Position(node.end_lineno, _column(lines, node.end_lineno, node.end_col_offset)),
            )


def _column(lines: list[str], row: int, octets: int) -> int:
    return len(lines[row - 1].encode()[:octets].decode()) + 1
