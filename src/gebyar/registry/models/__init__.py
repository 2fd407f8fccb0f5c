"""The register: one record per firm, every fact dated and sourced."""

from gebyar.registry.models.documents import Certificate, Contact, Photo
from gebyar.registry.models.firms import FactChange, Firm, Profile
from gebyar.registry.models.people import Correction, FirmInvitation, FirmMember
from gebyar.registry.models.search import SearchDocument, SearchWord
from gebyar.registry.models.sources import Delivery, RowProblem, Source

__all__ = [
    "Certificate",
    "Contact",
    "Correction",
    "Delivery",
    "FactChange",
    "Firm",
    "FirmInvitation",
    "FirmMember",
    "Photo",
    "Profile",
    "RowProblem",
    "SearchDocument",
    "SearchWord",
    "Source",
]
