"""What the IDs are called that a generator makes together and returns without names."""

from __future__ import annotations

import pytest

SOURCE = """\
    import secrets

    class Ids:
        @staticmethod
        def context(user: str):
            {doc}
            end = secrets.token_hex(8)
            return f"thread_{{end}}", f"run_{{end}}", f"req_{{end}}"

        {more}
"""
PLAIN = ("thread_id", "run_id", "req_id")
FULL = ("thread_id", "run_id", "request_id")
MORE = """@staticmethod
        def {name}() -> str:
            return f"{head}_{{secrets.token_hex(8)}}\""""

DOCSTRINGS = {
    "commas": ("Returns (thread_id, run_id, request_id).", FULL),
    "words": ("The thread_id, run_id and request_id of one piece of work.", FULL),
    "marks": ("Returns `thread_id`, `run_id`, and `request_id`.", FULL),
    "said twice": (
        "thread_id, run_id, request_id\n\n            Returns: thread_id, run_id, request_id",
        FULL,
    ),
    "another order": ("Returns (run_id, thread_id, request_id).", PLAIN),
    "two orders": ("Not request_id, thread_id, run_id but thread_id, run_id, request_id.", PLAIN),
    "too few": ("Returns (thread_id, request_id).", PLAIN),
    "too many": ("Returns (thread_id, run_id, request_id, user_id).", PLAIN),
    "other words": ("Returns (thread_id, run_id, order_id).", PLAIN),
    "nothing": ("Three IDs.", PLAIN),
}


@pytest.mark.parametrize(("doc", "roles"), DOCSTRINGS.values(), ids=DOCSTRINGS)
def test_the_docstring_names_them(learned, doc, roles):
    contract = learned(SOURCE.format(doc=f'"""{doc}"""', more=""), "ids.Ids")

    assert contract.generators[0].roles == roles


FUNCTIONS = {
    "a function for one of them": ([("make_request_id", "req")], FULL),
    "the same name twice": ([("make_request_id", "req"), ("new_request_id", "req")], FULL),
    "two names": ([("make_request_id", "req"), ("make_requirement_id", "req")], PLAIN),
    "a name that is no longer form": ([("make_order_id", "req")], PLAIN),
    "another prefix": ([("make_request_id", "rq")], PLAIN),
    "the same short name": ([("make_req_id", "req")], PLAIN),
}


@pytest.mark.parametrize(("functions", "roles"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_other_functions_of_the_source_name_them(learned, functions, roles):
    more = "\n\n        ".join(MORE.format(name=name, head=head) for name, head in functions)
    contract = learned(SOURCE.format(doc="...", more=more), "ids.Ids")

    assert contract.generators[0].roles == roles


def test_the_prefix_gets_the_same_name(learned):
    contract = learned(SOURCE.format(doc='"""thread_id, run_id, request_id"""', more=""), "ids.Ids")

    assert contract.prefixes["req"].role == "request_id"
