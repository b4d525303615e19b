"""Products on the wire."""

from __future__ import annotations

from shared.http import Listing
from shared.http.fields import Length, List, MoneyField, RecordOut, Schema, String, Text


class ProductPatch(Schema):
    """Fields of a product that may change."""

    name = Text(200, metadata={"example": "GTX Pro"})
    aliases = List(Text(200), validate=Length(max=50), metadata={"example": ["GTXPro"]})
    list_price = MoneyField(negative=False, allow_none=True)
    series = Text(100, allow_none=True, metadata={"example": "GTX"})


class ProductIn(ProductPatch):
    """A product."""

    name = Text(200, required=True, metadata={"example": "GTX Pro"})
    external_id = Text(128, allow_none=True)


class ProductOut(RecordOut):
    """A product of the catalogue."""

    name = String()
    aliases = List(String())
    list_price = MoneyField(allow_none=True)
    series = String(allow_none=True)
    external_id = String(allow_none=True)


PRODUCTS = Listing(
    sort=["-created_at", "name"],
    filters={"name": ["eq", "in"], "external_id": ["eq", "in"]},
    never_null=["name"],
)
