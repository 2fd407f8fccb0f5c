"""Supply and demand: what firms need and offer, and the dealings that follow."""

from gebyar.partnership.models.deals import Deal, DealStatement, Reminder
from gebyar.partnership.models.listings import Listing, ListingPhoto, Relation

__all__ = ["Deal", "DealStatement", "Listing", "ListingPhoto", "Relation", "Reminder"]
