"""What was learned, as facts and as JSON."""

from __future__ import annotations

import json

import pytest

from ssot_lint.errors import InputError
from ssot_lint.source import Contract
from ssot_lint.source.contract import Format, Part, PartKind
from ssot_lint.source.export import from_json, to_json
from ssot_lint.source.facts import FactKind, describe_format, facts

TEXT = """\
from uuid import uuid4
class Ids:
    def thread_id(self, user_id: str, note: str | None = None) -> str:
        return f"thread_{user_id[:8]}_{uuid4().hex}"
    def pair(self):
        run_id = f"run_{uuid4().hex[:8]}"
        return run_id, 1
    async def make(self, prefix):
        return f"{prefix}_{uuid4()}" if prefix else None
ids = Ids()
"""


@pytest.fixture
def contract(learned) -> Contract:
    return learned(TEXT, "ids.Ids")


def test_every_fact_has_its_line(contract):
    shown = [(fact.kind, fact.name, fact.detail, fact.file, fact.row) for fact in facts(contract)]
    assert shown == [
        (FactKind.SOURCE, "ids.Ids", "class", "ids.py", 2),
        (FactKind.GENERATOR, "ids.Ids.thread_id", "instance(user_id, note=None) -> thread_id", "ids.py", 3),
        (FactKind.PARAMETER, "note", "of thread_id accepts None", "ids.py", 3),
        (FactKind.FORMAT, "thread_id", "thread_{user_id:0-8}_{hex:32}", "ids.py", 3),
        (FactKind.GENERATOR, "ids.Ids.pair", "instance() -> tuple of run_id, ?", "ids.py", 5),
        (FactKind.FORMAT, "run_id", "run_{hex:8}", "ids.py", 5),
        (FactKind.FORMAT, "?", "no ID", "ids.py", 5),
        (
            FactKind.GENERATOR,
            "ids.Ids.make",
            "async instance(prefix) -> any role, headed by prefix or None",
            "ids.py",
            8,
        ),
        (FactKind.FORMAT, "make", "{prefix}_{uuid:36}", "ids.py", 8),
        (FactKind.PREFIX, "thread", "thread_ for thread_id, written by thread_id", "ids.py", 4),
        (FactKind.PREFIX, "run", "run_ for run_id, written by pair", "ids.py", 6),
        (FactKind.INSTANCE, "ids.ids", "is an instance of ids.Ids", "ids.py", 10),
        (FactKind.EXPORT, "ids.uuid4", "uuid.uuid4", "ids.py", 1),
    ]


def test_json_is_plain_and_complete(contract):
    text = json.dumps(to_json(contract))
    assert from_json(json.loads(text), "contract.json") == contract
    assert from_json(json.loads(text), "contract.json").digest == contract.digest


def _without(data, *path):
    *outer, last = path
    inner = data
    for key in outer:
        inner = inner[key]
    del inner[last]


def _with(data, value, *path):
    *outer, last = path
    inner = data
    for key in outer:
        inner = inner[key]
    inner[last] = value


GENERATOR = ("sources", 0, "generators", 0)
WRONG = {
    "another version": (lambda data: _with(data, 2, "version"), "version"),
    "no sources": (lambda data: _without(data, "sources"), "sources"),
    "sources are no array": (lambda data: _with(data, {}, "sources"), "sources"),
    "a missing key": (lambda data: _without(data, *GENERATOR, "row"), "sources[0].generators[0]"),
    "an unknown key": (lambda data: _with(data, 1, *GENERATOR, "colour"), "sources[0].generators[0]"),
    "a wrong type": (lambda data: _with(data, "3", *GENERATOR, "row"), "sources[0].generators[0].row"),
    "no truth value": (
        lambda data: _with(data, 1, *GENERATOR, "is_async"),
        "sources[0].generators[0].is_async",
    ),
    "an unknown word": (
        lambda data: _with(data, "many", *GENERATOR, "returns"),
        "sources[0].generators[0].returns",
    ),
    "null": (lambda data: _with(data, None, "sources", 0, "target"), "sources[0].target"),
}


@pytest.mark.parametrize(("change", "key"), WRONG.values(), ids=WRONG)
def test_json_that_is_no_contract(contract, change, key):
    data = to_json(contract)
    change(data)
    with pytest.raises(InputError) as error:
        from_json(data, "contract.json")
    (problem,) = error.value.problems
    assert (problem.file, problem.key) == ("contract.json", key)


@pytest.mark.parametrize("data", [None, [], "text", {}])
def test_json_of_something_else(data):
    with pytest.raises(InputError, match="contract"):
        from_json(data, "contract.json")


@pytest.mark.parametrize(
    ("alternatives", "shortest", "longest", "unique"),
    [
        ((), 0, None, False),
        (((Part(PartKind.LITERAL, "t_", 2, 2), Part(PartKind.RANDOM, "hex", 8, 8)),), 10, 10, True),
        (((Part(PartKind.LITERAL, "t_", 2, 2), Part(PartKind.COUNTER, "decimal", 1, None)),), 3, None, True),
        (((Part(PartKind.PARAMETER, "a", 0, 8), Part(PartKind.TIMESTAMP, "ms", 13, 13)),), 13, 21, False),
        (((Part(PartKind.RANDOM, "hex", 8, 8),), (Part(PartKind.TIMESTAMP, "s", 10, 10),)), 8, 10, False),
    ],
    ids=["unknown", "fixed", "unbounded", "not unique", "one alternative is not unique"],
)
def test_lengths_and_uniqueness(alternatives, shortest, longest, unique):
    form = Format(alternatives)
    assert (form.shortest, form.longest, form.unique) == (shortest, longest, unique)
    assert describe_format(form)
