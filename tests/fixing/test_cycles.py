from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ssot_lint.fixing.cycles import would_cycle

TREES: dict[str, tuple[Mapping[str, Sequence[str]], str, str, list[str] | None]] = {
    "no-way-back": ({"app.ids": ["app.config"]}, "app.users", "app.ids", None),
    "direct": ({"app.ids": ["app.users"]}, "app.users", "app.ids", ["app.users", "app.ids", "app.users"]),
    "shortest-of-several": (
        {"ids": ["a", "b"], "a": ["c"], "c": ["users"], "b": ["users"]},
        "users",
        "ids",
        ["users", "ids", "b", "users"],
    ),
    "through-a-package": (
        {"lib": ["app.users"]},
        "app.users",
        "lib.ids",
        ["app.users", "lib", "app.users"],
    ),
    "own-packages-are-loading-already": ({"app": ["app.users"]}, "app.users", "app.ids", None),
    "cycle-among-others": ({"app.ids": ["a"], "a": ["b"], "b": ["a"]}, "app.users", "app.ids", None),
    "imported-already": ({"users": ["ids"], "ids": ["users"]}, "users", "ids", None),
    "itself": ({}, "ids", "ids", ["ids", "ids"]),
}


@pytest.mark.parametrize(("tree", "module", "target", "expected"), TREES.values(), ids=TREES)
def test_the_chain_that_an_import_would_close(
    tree: Mapping[str, Sequence[str]], module: str, target: str, expected: list[str] | None
) -> None:
    assert would_cycle(module, target, lambda name: tree.get(name, ())) == expected
