"""Made-up needs, offers and deals for demonstrations."""

from datetime import date

import pytest
from tests.registry.firms import make_firm

from gebyar.partnership.models import Deal, DealStatement, Listing
from gebyar.partnership.services.samples import COURSES, add_synthetic_market

pytestmark = pytest.mark.django_db
ON = date(2024, 11, 12)


def market(**facts):
    sellers = [make_firm(name=f"IKM {n}", products=[f"tempe {n}"], **facts) for n in range(1, 15)]
    buyers = [make_firm(name=f"Pembeli {n}", **facts) for n in range(1, 4)]
    return sellers, buyers


def test_synthetic_market_gives_offers_needs_and_deals_of_every_course():
    sellers, buyers = market(is_synthetic=True)

    listings, deals = add_synthetic_market(actor=None, sellers=sellers, buyers=buyers, on=ON, seed=7)

    assert [listing.direction for listing in listings] == ["offer"] * 14 + ["need"] * 3
    assert all(listing.is_synthetic and listing.is_open for listing in Listing.objects.all())
    assert len(deals) == len(COURSES)
    assert {deal.is_synthetic for deal in Deal.objects.all()} == {True}
    sums = DealStatement.objects.filter(stage="realised").values_list("side", "amount")
    assert len(sums) == 4
    assert all(amount > 0 for _side, amount in sums)


def test_synthetic_market_same_seed_same_titles():
    sellers, buyers = market(is_synthetic=True)

    first, _ = add_synthetic_market(actor=None, sellers=sellers, buyers=buyers, on=ON, seed=7)
    again, _ = add_synthetic_market(actor=None, sellers=sellers, buyers=buyers, on=ON, seed=7)

    assert [listing.title for listing in first] == [listing.title for listing in again]


def test_synthetic_market_refuses_real_firms():
    sellers, buyers = market()

    with pytest.raises(ValueError, match="made-up firms only"):
        add_synthetic_market(actor=None, sellers=sellers, buyers=buyers, on=ON, seed=7)
    assert Listing.objects.count() == 0
