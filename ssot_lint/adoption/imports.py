"""Who imports what in a tree, by the text of its import statements: near enough to rank by, and fast."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#;]*)"
    rb"|import[ \t]+(?P<modules>[\w., \t]+))",
    re.MULTILINE,
)
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"[\w.]+|\*")


class ImportIndex:
    """Which files import a dotted name; a file is known by the parts of its path, without an ending."""

    def __init__(self) -> None:
        self._absolute: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._relative: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._passed_on: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)

    def add(self, file: tuple[str, ...], content: bytes) -> None:
        """Takes in the imports of one file."""
        package = file[:-1]
        for level, dotted in _imported(content):
            base = package[: len(package) - (level - 1)] if level else ()
            key = ".".join((*base, dotted)) if level else dotted
            (self._relative if level else self._absolute)[key].add(file)
            if file[-1] == "__init__":
                self._passed_on[dotted.rpartition(".")[2]].add(package)

    def importers(self, module: tuple[str, ...], root: int, names: Sequence[str]) -> set[tuple[str, ...]]:
        """The files that import the module as a whole, or one of these names.

        A name may also be imported from a package above the module that passes it on.

        `root` is the number of leading parts that name no package, but the folder that is imported from.
        """
        found = self._files(module, root, "") | self._files(module, root, "*")
        for name in names:
            own = self._files(module, root, name)
            found |= own
            for package in self._passed_on[name]:
                if package == module[: len(package)] and (*package, "__init__") in own:
                    found |= self._files(package, root, name) | self._files(package, root, "*")
        return found - {module, (*module, "__init__")}

    def _files(self, module: tuple[str, ...], root: int, name: str) -> set[tuple[str, ...]]:
        """The files that name the module, or what is called so in it, absolutely or relatively."""
        absolute, relative = (".".join(filter(None, (*parts, name))) for parts in (module[root:], module))
        return self._absolute.get(absolute, set()) | self._relative.get(relative, set())


def _imported(content: bytes) -> Iterator[tuple[int, str]]:
    """The dotted names that the import statements name, each with the number of dots before it."""
    for match in _IMPORT.finditer(content):
        if match["modules"] is not None:
            for module in match["modules"].decode("utf-8", "replace").split(","):
                yield 0, module.split(" as ")[0].strip()
            continue
        module = match["module"].decode("utf-8", "replace")
        bare = module.lstrip(".")
        for name in _names(match["names"].decode("utf-8", "replace")):
            yield len(module) - len(bare), f"{bare}.{name}" if bare else name


def _names(text: str) -> Iterator[str]:
    for part in _COMMENT.sub("", text).strip("() \t\r\n").split(","):
        if name := _NAME.search(part):
            yield name[0]
