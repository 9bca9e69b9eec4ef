"""Parcels."""

import uuid


class Parcel:
    def __init__(self, order: dict) -> None:
        self.parcel_id = str(uuid.uuid4())
        self.order_id = order["order_id"]
