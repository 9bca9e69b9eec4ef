"""Plans of the rules whose fixes make several IDs with one call."""

from __future__ import annotations

import pytest
import recorder

from ssot_lint.engine.plan import Plan


@pytest.fixture(scope="session")
def merging(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return recorder.plan_in(tmp_path_factory.mktemp("merging"), "repeated-id-generation")


@pytest.fixture(scope="session")
def piecewise(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return recorder.plan_in(tmp_path_factory.mktemp("piecewise"), "piecewise-context-ids")
