"""A second opinion on what ssot-lint finds, made of the standard library alone."""
