"""Reads Python code: logical lines, tokens, scopes and names. Knows no rule."""
