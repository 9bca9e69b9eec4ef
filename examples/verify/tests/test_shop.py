import unittest

from shop.invoices import write_invoice
from shop.orders import place_order
from shop.parcels import Parcel


class ShopTest(unittest.TestCase):
    def test_a_parcel_knows_its_order(self):
        order = place_order("lamp")
        parcel = Parcel(order)
        self.assertEqual(parcel.order_id, order["order_id"])
        self.assertNotEqual(parcel.parcel_id, order["order_id"])

    def test_an_invoice_begins_with_its_number(self):
        self.assertEqual(write_invoice(place_order("lamp"))[16:], b"lamp")
