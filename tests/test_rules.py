"""The catalogue's own examples: what each rule page shows is what the linter does."""

from __future__ import annotations

import pytest

from ssot_lint import examples
from ssot_lint.catalogue import Rule, load_rules, rules_directory
from ssot_lint.pages import Example, read_page

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.name}: {example.section} {example.number}")
    for rule in load_rules([rules_directory()]).values()
    for example in read_page(rule.file).examples
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_example_holds(rule: Rule, example: Example) -> None:
    assert examples.run(rule, example) == []
