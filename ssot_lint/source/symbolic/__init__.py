"""A small symbolic interpreter: what a function returns, as far as its text says, without running it."""
