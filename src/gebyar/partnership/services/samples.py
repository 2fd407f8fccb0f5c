"""Made-up needs, offers and deals for demonstrations, written for made-up firms only."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.partnership.models import Deal, DealStatement, Listing, Relation
from gebyar.partnership.services.deals import open_deal
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm

Side, Stage = DealStatement.Side, DealStatement.Stage
UNITS = ("buah", "lusin", "kg", "paket")
# How far deals have come, and what the buyer says of the last step as a share of what the seller says.
COURSES: tuple[tuple[tuple[Stage, ...], float], ...] = (
    ((Stage.INTEREST, Stage.QUOTATION, Stage.ORDER, Stage.REALISED), 0.8),
    ((Stage.INTEREST,), 1.0),
    ((Stage.INTEREST, Stage.SAMPLE), 1.0),
    ((Stage.INTEREST, Stage.SAMPLE, Stage.QUOTATION, Stage.MOU), 1.0),
    ((Stage.INTEREST, Stage.SAMPLE, Stage.QUOTATION, Stage.ORDER, Stage.REALISED), 1.0),
    ((Stage.INTEREST, Stage.ENDED), 1.0),
)


@transaction.atomic
def add_synthetic_market(
    *, actor: User | None, sellers: Sequence[Firm], buyers: Sequence[Firm], on: date, seed: int
) -> tuple[list[Listing], list[Deal]]:
    """Give every made-up seller an offer, every made-up buyer a need of the same kind, and some pairs a deal.

    Raises
    ------
    ValueError
        If a firm is not made up.
    """
    if not all(firm.is_synthetic for firm in (*sellers, *buyers)):
        raise ValueError("made-up listings are for made-up firms only")
    draw = random.Random(seed)  # noqa: S311  a seeded choice is wanted
    offers = [_listing(firm, Listing.Direction.OFFER, firm, actor, draw) for firm in sellers]
    needs = [_listing(firm, Listing.Direction.NEED, draw.choice(sellers), actor, draw) for firm in buyers]
    listings = Listing.objects.bulk_create([*offers, *needs])
    pairs = zip(sellers[: 3 * len(COURSES)], (*buyers, *buyers), strict=False)
    deals = [_deal(seller, buyer, on, number, draw) for number, (seller, buyer) in enumerate(pairs)]
    after = {"listings": len(listings), "deals": len(deals), "seed": seed}
    record_audit(actor=actor, verb="partnership.add_synthetic_market", after=after)
    return listings, deals


def _listing(firm: Firm, direction: str, maker: Firm, actor: User | None, draw: random.Random) -> Listing:
    products = maker.products[:2] or [maker.name]
    now = timezone.now()
    return Listing(
        firm=firm, direction=direction, role=Listing.Role.SUPPLIER, relation=Relation.ORDER,
        title=products[0][:120].capitalize(), description=", ".join(products),
        kbli_codes=[maker.kbli_code] if maker.kbli_code else [],
        quantity=draw.choice((50, 100, 250, 500, 1000)), unit=draw.choice(UNITS),
        lead_time_days=draw.choice((7, 14, 21, 30)),
        regions=[] if direction == Listing.Direction.NEED else [firm.region_code[:2]],
        status=Listing.Status.APPROVED, decided_by=actor, decided_at=now, created_by=actor, is_synthetic=True,
    )  # fmt: skip


def _deal(seller: Firm, buyer: Firm, on: date, number: int, draw: random.Random) -> Deal:
    title = (seller.products or [seller.name])[0].capitalize()
    deal = open_deal(
        actor=None, seller=seller, buyer=buyer, relation=Relation.ORDER, title=title, origin="Temu Bisnis",
        origin_date=on,
    )  # fmt: skip
    stages, share = COURSES[number % len(COURSES)]
    amount = draw.randrange(5, 200) * 1_000_000
    DealStatement.objects.bulk_create(
        DealStatement(
            deal=deal, side=side, stage=stage, on_date=on + timedelta(days=20 * step),
            amount=round(amount * (share if side == Side.BUYER else 1)) if stage in {Stage.ORDER, Stage.REALISED} else None,
        )
        for step, stage in enumerate(stages)
        for side in Side.values
    )  # fmt: skip
    return deal
