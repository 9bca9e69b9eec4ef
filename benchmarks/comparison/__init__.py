"""Measures ssot-lint beside other tools with an equivalent rule."""
