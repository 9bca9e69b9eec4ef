"""A shop whose invoices go to a bookkeeper that only takes UUIDs."""
