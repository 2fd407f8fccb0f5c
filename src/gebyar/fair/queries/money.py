"""What came of deals in rupiah. Committed and realised, and what one or both sides say, each stand alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from gebyar.partnership.models import Deal
from gebyar.partnership.queries.deals import standing, with_statements


@dataclass(frozen=True)
class Money:
    """Sums over deals, whole rupiah.

    Attributes
    ----------
    committed
        MoU and orders that both sides confirm.
    realised
        Delivered and paid, as both sides confirm.
    realised_by_one
        What only one side says beyond that.
    """

    deals: int = 0
    committed: int = 0
    realised: int = 0
    realised_by_one: int = 0

    def __add__(self, other: "Money") -> "Money":
        return Money(
            self.deals + other.deals,
            self.committed + other.committed,
            self.realised + other.realised,
            self.realised_by_one + other.realised_by_one,
        )


def money_of(deals: Iterable[int]) -> dict[int, Money]:
    """Return the sums of each deal; two queries, however many there are."""
    found = with_statements(Deal.objects.filter(pk__in=set(deals)))
    return {deal.pk: _money(deal) for deal in found}


def _money(deal: Deal) -> Money:
    now = standing(deal)
    return Money(1, now.committed_by_both, now.realised_by_both, now.realised_by_one)
