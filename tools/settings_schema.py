"""Writes ssot_lint/settings.schema.json; with --check only tells by the exit code whether it is right."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ssot_lint
from ssot_lint.settings.schema import settings_schema


def main(arguments: list[str]) -> int:
    file = Path(ssot_lint.__file__).with_name("settings.schema.json")
    text = json.dumps(settings_schema(), indent=2) + "\n"
    if arguments == ["--check"]:
        return int(file.read_text("utf-8") != text)
    file.write_text(text, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
