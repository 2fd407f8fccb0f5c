"""Which side of a deal the firm of a listing would be."""

from gebyar.methods.partners import gives
from gebyar.partnership.models import Listing


def is_seller_of(listing: Listing) -> bool:
    """Say whether the firm of the listing delivers, be it goods or services, and the other one pays.

    A distributor buys what it carries on to the shops, so the firm that needs one sells.
    """
    if listing.role == Listing.Role.DISTRIBUTOR:
        return listing.direction == Listing.Direction.NEED
    return gives(str(listing.direction), str(listing.role))
