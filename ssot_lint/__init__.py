"""Keeps one single source of truth for the IDs of a Python code base."""

__version__ = "0.1.0"
