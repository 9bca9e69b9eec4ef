"""The program: `ssot-lint` and `python -m ssot_lint`."""

from __future__ import annotations

import gc
import sys

_ALLOCATIONS = 100_000
"""Between two collections; nearly all that is made lives as long as the run does."""


def run() -> int:
    """The exit code of the command line, which is all that the process is for."""
    gc.set_threshold(_ALLOCATIONS)
    from ssot_lint.cli import main  # makes many objects itself

    try:
        return main()
    finally:
        gc.freeze()  # spares the exit to look for garbage


if __name__ == "__main__":
    sys.exit(run())
