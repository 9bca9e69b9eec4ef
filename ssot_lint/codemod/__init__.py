"""`ssot-lint fix` as a command of LibCST's own tool, `python -m libcst.tool codemod`."""
