"""Takes ssot-lint into use: finds the likely source of truth, and plans the files that a project needs."""
