"""The table of what a run fixes: that it would see damage, and leaves the tree alone."""

from __future__ import annotations

from pathlib import Path

import fix_table
import pytest

from ssot_lint.model import Applicability as Level
from ssot_lint.model import Edit, Finding, Fix, Position, Severity, Span
from ssot_lint.repair import Repair

BEFORE = "import uuid\n\n# Orders.\nx = 1\norder_id = str(\n    uuid.uuid4()\n)\ny = 2\n"
SPAN = Span(Position(5, 12), Position(7, 2))
FINDING = Finding(
    "direct-uuid", Severity.ERROR, "", "a.py", SPAN, "", "", "", Fix(Level.SAFE, "", (Edit(SPAN, "f()"),))
)


@pytest.mark.parametrize(
    ("after", "count"),
    [
        ("from a import f\n\n# Orders.\nx = 1\norder_id = f()\ny = 2\n", 0),
        ("import uuid\n\nfrom a import f\n\n# Orders.\nx = 1\norder_id = f()\ny = 2\n", 0),
        ("import uuid\n\n# Orders.\nx = 1\norder_id = f()\ny = 3\n", 6),
        ("import uuid\n\n# Orders.\norder_id = f()\ny = 2\n", 6),
        ("import uuid\n\nx = 1\norder_id = f()\ny = 2\n", 10),
        ("import uuid\n\n# Orders.\nx = 1\norder_id = f()\ny = 2\nz = 3\n", 6),
    ],
    ids=["import replaced", "import added", "neighbour changed", "gone", "comment gone", "row added"],
)
def test_bytes_outside(after: str, count: int) -> None:
    assert fix_table.outside(Repair("a.py", BEFORE.encode(), after.encode(), (FINDING,), ())) == count


def test_a_tree_is_copied_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = tmp_path / "tree"
    (tree / "app").mkdir(parents=True)
    (tree / "app/order.py").write_text("import uuid\n\norder_id = str(uuid.uuid4())\n", "utf-8")
    (tree / "app/user.py").write_text("import uuid\n\nuser_id = uuid.uuid4().hex[:8]\n", "utf-8")
    (tree / "app/key.py").write_text("import uuid\n\nkey = uuid.uuid4()\n", "utf-8")
    before = {path: path.read_bytes() for path in tree.rglob("*.py")}
    arguments = ["fix_table.py", str(tree), "--source", "app.ids.Ids", "--add-ids", "app/ids.py"]
    monkeypatch.setattr("sys.argv", arguments)

    code = fix_table.main()

    rows = capsys.readouterr().out.splitlines()
    assert code == 0
    assert "| sites found | 3 | 3 |" in rows
    assert "| **sites fixed** | 1 | 2 |" in rows
    assert "| - its fix is unsafe | 1 | 0 |" in rows
    assert [row[-9:] for row in rows[-4:]] == ["| 0 | 0 |"] * 4
    assert {path: path.read_bytes() for path in tree.rglob("*.py")} == before
