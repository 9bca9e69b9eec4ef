"""Print pip constraints that pin each run-time dependency of a pyproject.toml to the lowest version it allows."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["project"]
for requirement in project["dependencies"]:
    name, bound, version = requirement.partition(">=")
    if not bound or not version:
        sys.exit(f"{sys.argv[1]}: project.dependencies: {requirement} states no lowest version")
    print(f"{name}=={version}")
