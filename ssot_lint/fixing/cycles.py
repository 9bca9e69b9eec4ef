"""Whether a new import would close a cycle of modules that import each other when they are loaded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator


def would_cycle(module: str, target: str, imports_of: Callable[[str], Iterable[str]]) -> list[str] | None:
    """The shortest chain `module -> target -> ... -> module` that an import of `target` would close.

    `imports_of` gives the dotted names of the modules of the tree that a module imports while it is loaded:
    not in functions, not for type checkers only. To load a module is to load the packages around it too;
    those around `module` are being loaded already. An import that `module` has already closes nothing new.
    """
    if target == module:
        return [module, module]
    if target in imports_of(module):
        return None
    loading = set(_packages(module))
    cause: dict[str, str] = {}
    waiting: deque[str] = deque()
    for loaded in _loaded(target, loading):
        cause[loaded] = module
        waiting.append(loaded)
    while waiting:
        current = waiting.popleft()
        for imported in imports_of(current):
            if imported == module:
                return _chain(current, cause, module)
            for loaded in _loaded(imported, loading):
                if loaded not in cause:
                    cause[loaded] = current
                    waiting.append(loaded)
    return None


def _loaded(module: str, loading: set[str]) -> Iterator[str]:
    return (name for name in (*_packages(module), module) if name not in loading)


def _packages(module: str) -> Iterator[str]:
    """The packages around a module, outermost first."""
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def _chain(last: str, cause: dict[str, str], module: str) -> list[str]:
    chain = [module, last]
    while cause[chain[-1]] != module:
        chain.append(cause[chain[-1]])
    return [module, *reversed(chain[1:]), module]
