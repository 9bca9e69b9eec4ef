"""From paths to the Python files below them, and between files and the names of their modules."""

from ssot_lint.discovery.modules import find_module, module_name
from ssot_lint.discovery.walk import Discovery, SourceFile, discover

__all__ = ["Discovery", "SourceFile", "discover", "find_module", "module_name"]
