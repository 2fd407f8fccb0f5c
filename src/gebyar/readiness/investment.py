"""The relative investment of the small-industry profile, from the firm's own amount and the register's sales.

Once only: sales are not asked again but read from the register, with their source.
"""

from dataclasses import dataclass
from datetime import date

from gebyar.registry.models import Firm, Profile

# INDI 4.0, small-industry profile: from which share of sales each option holds, and the official question beside it.
QUESTION, OFFICIAL, NOTHING = "investasi_relatif", "investasi", "a"
SHARES = ((0.05, "e"), (0.03, "d"), (0.01, "c"))
LEAST_OPTION = "b"


@dataclass(frozen=True)
class KnownSales:
    """A firm's yearly sales in whole rupiah, and who said so."""

    amount: int
    year: int
    as_of: date
    source: str

    @property
    def bounds(self) -> list[tuple[float, int]]:
        """The shares at which the answer changes, each in rupiah a year."""
        return [(share, round(self.amount * share)) for share, _option in reversed(SHARES)]

    def option(self, spent: int) -> str:
        """Return the answer for an amount spent a year."""
        if spent <= 0:
            return NOTHING
        return next((option for share, option in SHARES if spent >= share * self.amount), LEAST_OPTION)


def known_sales(firm: Firm) -> KnownSales | None:
    found = Profile.objects.filter(firm=firm, sales__gt=0).order_by("-is_current", "-year", "-pk")
    profile = found.select_related("delivery__source").first()
    if profile is None or profile.sales is None:
        return None
    return KnownSales(profile.sales, profile.year, profile.as_of, str(profile.delivery.source))
