"""What ran, and on what."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from comparison.contenders import TOOLS, Toolbox


def facts(tools: Toolbox) -> Iterator[str]:
    """Sentences about the machine and the versions of the tools."""
    load = f", load {os.getloadavg()[0]:.1f} at the start"
    yield f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}{load}"
    yield f"Python: {version(tools, 'python')}"
    yield f"Tools: {', '.join(version(tools, tool) for tool in TOOLS)}"


def processor() -> str:
    """The model, where the system tells it."""
    try:
        found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def version(tools: Toolbox, tool: str) -> str:
    """The tool's name and version, or that there is none."""
    program = tools.command(tool)
    if tool in tools.skipped or program is None:
        return f"{tool} {'left out' if program else 'not installed'}"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+\S*", said.stdout or said.stderr)
    return f"{tool} {found[0] if found else 'of unknown version'}"
