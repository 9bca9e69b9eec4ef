"""A call of, or a reference to, a function that only the source may use."""

from __future__ import annotations

from dataclasses import dataclass

from ssot_lint.kinds import Alike, Extent, Interest, word
from ssot_lint.source.contract import Contract

FILE_WORDS = frozenset({"file", "filename", "filepath", "path", "dir", "directory", "folder"})
"""What names end with that hold the name of a file, which is said in the message."""

FILE_CALLS = frozenset(
    {"open", "Path", "PurePath", "join", "joinpath", "NamedTemporaryFile", "mkdtemp", "mkstemp"}
)
"""Functions and methods that take the name of a file."""

_ALIKE = Alike(
    words=rf"(?i:(?:\w*_)?(?:{'|'.join(sorted(FILE_WORDS))}))|{'|'.join(sorted(FILE_CALLS))}",
    texts=r"[@./]",
    enough=r"[^ ]*@[^ ]*",
)


@dataclass(frozen=True, slots=True)
class Params:
    """`calls` are dotted names of functions."""

    calls: tuple[str, ...]


def interest(params: Params, contract: Contract | None) -> Interest | None:
    if not params.calls:
        return None
    functions = sorted({name.rpartition(".")[2] for name in params.calls})
    return Interest(
        literals=tuple(functions),
        needle=word(functions),
        extent=Extent.STATEMENT,
        in_strings=True,
        names=frozenset(part for name in params.calls for part in name.split(".")),
        targets=frozenset(params.calls),
        uses=frozenset(functions),
        alike=_ALIKE,
    )
