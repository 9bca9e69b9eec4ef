from __future__ import annotations

import json

from ssot_lint.suppressions.model import Suppressions
from ssot_lint.suppressions.packing import pack, unpack
from ssot_lint.suppressions.reading import parse

TEXT = """\
# ssot-lint: ignore-file[a] -- all of it

def f():
    return g(  # ssot-lint: ignore[a, b] until=2027-01-31 -- über
        1,
    )
    # ssot-lint: ignore[c] -- nowhere
    # ssot-lint: ignore d
"""


def test_what_is_packed_comes_back_through_json() -> None:
    suppressions = parse(TEXT)
    assert (len(suppressions.suppressions), len(suppressions.malformed)) == (3, 1)
    assert unpack(json.loads(json.dumps(pack(suppressions)))) == suppressions
    assert unpack(json.loads(json.dumps(pack(Suppressions())))) == Suppressions()
