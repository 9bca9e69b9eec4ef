"""The single source of truth for the IDs of the shop."""

import uuid


class ShopIds:
    """Makes IDs such as `order_1f0c...`."""

    @staticmethod
    def generate_id(prefix: str) -> str:
        return f"{prefix}_{uuid.uuid4().hex}"
