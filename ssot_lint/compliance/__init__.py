"""How many of the IDs of a code base are made by its source of truth: now, and over its history."""
