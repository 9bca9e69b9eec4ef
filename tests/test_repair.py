"""Fixes of a project in memory: one transaction a file, held against a new scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ssot_lint.choosing import Answer, Offer
from ssot_lint.session import CheckRequest, Fixes, FixRequest, fix

PROJECT = {
    "pyproject.toml": '[tool.ssot-lint]\nsource = "app.ids.Ids"\n',
    "app/__init__.py": "",
    "app/ids.py": "import uuid\n\n\nclass Ids:\n    @staticmethod\n    def make(prefix: str) -> str:\n"
    '        return f"{prefix}_{uuid.uuid4().hex}"\n',
}
ORDER = "import uuid\n\norder_id = str(uuid.uuid4())\n"
FIXED = 'from app.ids import Ids\n\norder_id = Ids.make("order")\n'


def project(root: Path, files: dict[str, str]) -> Path:
    for name, text in (PROJECT | files).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8", newline="")
    return root


def run(root: Path, *paths: str, jobs: int | None = 1, unsafe: bool = False) -> Fixes:
    return fix(FixRequest(CheckRequest(paths or (".",), root, jobs=jobs, with_cache=False), unsafe))


def refused(root: Path) -> list[str]:
    """The reasons of a run that applies nothing."""
    repairs = run(root).repairs
    assert all(repair.after is None for repair in repairs)
    return [refusal.reason for repair in repairs for refusal in repair.refused]


def test_processes_give_what_one_gives(tmp_path: Path) -> None:
    project(tmp_path, {f"app/order{number}.py": ORDER for number in range(26)})

    alone, shared = run(tmp_path, jobs=1), run(tmp_path, jobs=2)

    assert alone == shared
    assert [repair.after for repair in alone.repairs] == [FIXED.encode()] * 26
    assert [repair.path for repair in alone.repairs] == sorted(repair.path for repair in alone.repairs)


def test_nothing_is_written(tmp_path: Path) -> None:
    project(tmp_path, {"app/order.py": ORDER})

    fixes = run(tmp_path)

    assert [repair.before for repair in fixes.repairs] == [ORDER.encode()]
    assert (tmp_path / "app/order.py").read_text("utf-8") == ORDER


@pytest.mark.parametrize(
    "taker",
    [
        pytest.param("from app.order import uuid\n", id="absolute"),
        pytest.param("from .order import uuid\n", id="relative"),
        pytest.param("from . import order\n\nx = order.uuid\n", id="attribute"),
        pytest.param('from unittest import mock\n\nmock.patch("app.order.uuid.uuid4")\n', id="mock"),
    ],
)
@pytest.mark.parametrize("paths", [(".",), ("app/order.py",)], ids=["whole tree", "one file"])
def test_an_import_that_others_need_is_kept(tmp_path: Path, taker: str, paths: tuple[str, ...]) -> None:
    project(tmp_path, {"app/order.py": ORDER, "app/taker.py": taker})

    (repair,) = run(tmp_path, *paths).repairs

    assert (
        repair.after
        == ORDER.replace("\norder", "\nfrom app.ids import Ids\n\norder")
        .replace("str(uuid.uuid4())", 'Ids.make("order")')
        .encode()
    )


@pytest.mark.parametrize("is_taken", [True, False], ids=["taken", "not taken"])
def test_a_test_that_goes_with_its_import_takes_along_what_nobody_needs(
    tmp_path: Path, is_taken: bool
) -> None:
    guarded = ORDER.replace("import uuid", "import sys\n\nif sys.version_info >= (3,):\n    import uuid")
    taker = "from app.order import sys\n" if is_taken else ""
    project(tmp_path, {"app/order.py": guarded, "app/taker.py": taker})

    (repair,) = run(tmp_path).repairs

    assert repair.after == ("import sys\n\n" * is_taken + FIXED).encode()


def test_an_import_that_would_close_a_cycle_is_refused_with_the_chain(tmp_path: Path) -> None:
    cyclic = "from app import order\n" + PROJECT["app/ids.py"]
    project(tmp_path, {"app/ids.py": cyclic, "app/order.py": ORDER})

    assert refused(tmp_path) == ["the import would close a cycle: app.ids -> app.order"]


@pytest.mark.parametrize("edit", [None, "# one line more\n" + ORDER, "x = 1\n", ""], ids=repr)
def test_a_file_that_changes_under_way_is_not_spoiled(tmp_path: Path, edit: str | None) -> None:
    project(tmp_path, {"app/cart.py": ORDER, "app/order.py": ORDER})
    file = tmp_path / "app/order.py"

    def decide(_offer: Offer) -> Answer:
        if edit is None:
            file.unlink()
        else:
            file.write_text(edit, "utf-8")
        return Answer.ALL

    fixes = fix(FixRequest(CheckRequest((".",), tmp_path, with_cache=False), decide=decide))

    assert [repair.path for repair in fixes.repairs if repair.after is not None] == ["app/cart.py"]


@pytest.mark.parametrize(
    "answers", ["yyy", "nyy", "yny", "yyn", "nny", "nnn", "a", "na", "yna", "q", "yq", "nyq"]
)
def test_what_is_accepted_is_fixed_as_if_nothing_else_were_found(tmp_path: Path, answers: str) -> None:
    lines = [
        "order_id = str(uuid.uuid4())\n",
        "cart_id = uuid.uuid4().hex\n",
        "user_id = str(uuid.uuid4())\n",
    ]
    project(tmp_path, {"app/order.py": "import uuid\n\n" + "".join(lines)})
    meanings = {"y": Answer.ACCEPT, "n": Answer.REJECT, "a": Answer.ALL, "q": Answer.QUIT}
    offers: list[Offer] = []

    def decide(offer: Offer) -> Answer:
        offers.append(offer)
        return meanings[answers[len(offers) - 1]]

    (chosen,) = fix(FixRequest(CheckRequest((".",), tmp_path, with_cache=False), decide=decide)).repairs

    accepted = answers.rstrip("aq").ljust(3, "y" if answers.endswith("a") else "n")
    states = [b"".join(_state(lines, accepted[:count])) for count in range(4)]
    assert (chosen.after or chosen.before) == states[3]
    for offer in offers:
        assert offer.before == states[offer.number - 1]
        assert offer.after == b"".join(_state(lines, accepted[: offer.number - 1] + "y"))


def _state(lines: Sequence[str], accepted: str) -> Iterator[bytes]:
    """The file in which the first findings are mended as `accepted` says."""
    accepted = accepted.ljust(len(lines), "n")
    yield b"import uuid\n\n" if "n" in accepted else b""
    yield b"from app.ids import Ids\n\n" if "y" in accepted else b""
    for line, answer in zip(lines, accepted, strict=True):
        role = line.partition("_")[0]
        yield (f'{role}_id = Ids.make("{role}")\n' if answer == "y" else line).encode()


def test_findings_that_one_fix_mends_are_one_choice(tmp_path: Path) -> None:
    call = "Ids.both(user)"
    source = PROJECT["app/ids.py"] + (
        "\n    @classmethod\n    def both(cls, user: str) -> tuple[str, str, str]:\n"
        '        return cls.make("a"), cls.make("b"), cls.make("c")\n'
    )
    code = (
        "from app.ids import Ids\n\n\ndef f(user):\n"
        f"    a_id = {call}[0]\n    b_id = {call}[1]\n    c_id = {call}[2]\n    return a_id, b_id, c_id\n"
    )
    project(tmp_path, {"app/ids.py": source, "app/order.py": code})
    offers: list[Offer] = []

    def decide(offer: Offer) -> Answer:
        offers.append(offer)
        return Answer.REJECT

    fix(FixRequest(CheckRequest((".",), tmp_path, with_cache=False), decide=decide))

    assert [(len(offer.findings), offer.number, offer.total) for offer in offers] == [(2, 1, 1)]


def test_what_cannot_be_proved_is_not_offered(tmp_path: Path) -> None:
    cyclic = "from app import order\n" + PROJECT["app/ids.py"]
    project(tmp_path, {"app/ids.py": cyclic, "app/order.py": ORDER})

    def decide(_offer: Offer) -> Answer:
        raise AssertionError

    fixes = fix(FixRequest(CheckRequest((".",), tmp_path, with_cache=False), decide=decide))

    assert [each.reason for repair in fixes.repairs for each in repair.refused] == [
        "the import would close a cycle: app.ids -> app.order"
    ]


def test_a_file_that_cannot_be_rewritten_says_why(tmp_path: Path) -> None:
    project(tmp_path, {"app/order.py": ORDER.replace("\n", "\r")})

    reason = "the file cannot be rewritten: it has carriage returns that end lines by themselves"
    assert refused(tmp_path) == [reason]
