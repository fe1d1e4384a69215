"""The product's features, and the catalogue of all that they bring to the chat."""

from __future__ import annotations

from conversations import associate, declaration, holdings, home, look_up, operations, remove
from conversations.catalogue import Catalogue

FEATURES = (
    home.FEATURE,
    declaration.FEATURE,
    look_up.FEATURE,
    associate.FEATURE,
    remove.FEATURE,
    holdings.FEATURE,
    operations.FEATURE,
)


def catalogue() -> Catalogue:
    """The catalogue of the product."""
    return Catalogue(FEATURES)
