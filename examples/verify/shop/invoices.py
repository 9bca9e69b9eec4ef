"""Invoices, which the bookkeeper gets."""

import uuid

from shop import bookkeeping


def write_invoice(order: dict) -> bytes:
    invoice_id = str(uuid.uuid4())
    return bookkeeping.pack(invoice_id, order["item"])
