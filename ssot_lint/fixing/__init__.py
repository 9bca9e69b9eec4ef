"""Turns the fixes of one file's findings into new bytes that are proved before anyone writes them."""
