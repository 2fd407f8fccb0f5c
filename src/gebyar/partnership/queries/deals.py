"""Where deals stand by what each side says. Committed and realised are never added up together, nor averaged."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q, QuerySet

from gebyar.accounts.queries import region_filter
from gebyar.partnership.models import Deal, DealStatement
from gebyar.registry.rules import open_firms

Stage = DealStatement.Stage
# The order of the pipeline; "ended" comes after all, since it ends the talks.
STAGES = (Stage.INTEREST, Stage.SAMPLE, Stage.QUOTATION, Stage.MOU, Stage.ORDER, Stage.REALISED)


@dataclass(frozen=True)
class SideStanding:
    """What one side says. `committed` and `realised` in whole rupiah, 0 where nothing was said of it.

    Orders carry out a MoU, so the larger of the two counts as committed, never their sum.
    """

    has_spoken: bool = False
    stage: str = ""
    committed: int = 0
    realised: int = 0

    @property
    def stage_name(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""


@dataclass(frozen=True)
class Standing:
    """Where a deal stands by both sides."""

    seller: SideStanding
    buyer: SideStanding

    @property
    def both_have_spoken(self) -> bool:
        return self.seller.has_spoken and self.buyer.has_spoken

    @property
    def differs(self) -> bool:
        """Say whether the two sides contradict each other in stage or sums."""
        return self.both_have_spoken and self.seller != self.buyer

    @property
    def realised_by_both(self) -> int:
        """What both sides say was delivered and paid: the smaller sum, which the larger one contains."""
        return min(self.seller.realised, self.buyer.realised)

    @property
    def realised_by_one(self) -> int:
        """What only one side says beyond that."""
        return max(self.seller.realised, self.buyer.realised) - self.realised_by_both

    @property
    def committed_by_both(self) -> int:
        return min(self.seller.committed, self.buyer.committed)

    @property
    def committed_by_one(self) -> int:
        return max(self.seller.committed, self.buyer.committed) - self.committed_by_both

    @property
    def stage(self) -> str:
        """The stage both sides confirm: the earlier of the two; what a single side says where the other is silent."""
        said = [side.stage for side in (self.seller, self.buyer) if side.stage]
        if Stage.ENDED in said:
            return str(Stage.ENDED)
        return min(said, key=lambda stage: STAGES.index(Stage(stage)), default=str(Stage.INTEREST))

    @property
    def stage_name(self) -> str:
        return str(Stage(self.stage).label)


def standing(deal: Deal) -> Standing:
    """Return where a deal stands; with `with_statements` it asks the database no more."""
    return _standing_of(statement for statement in deal.statements.all() if statement.withdrawn_at is None)


def _standing_of(statements: Iterable[Any]) -> Standing:
    """Return what statements that were not withdrawn come to; rows with the names of their columns will do."""
    said = list(statements)
    return Standing(_side(said, "seller"), _side(said, "buyer"))


def _side(statements: Iterable[Any], side: str) -> SideStanding:
    own = sorted((one for one in statements if one.side == side), key=lambda one: (one.on_date, one.pk))
    if not own:
        return SideStanding()
    promised = [one.amount or 0 for one in own if one.stage == Stage.MOU]
    ordered = sum(one.amount or 0 for one in own if one.stage == Stage.ORDER)
    realised = sum(one.amount or 0 for one in own if one.stage == Stage.REALISED)
    return SideStanding(True, str(own[-1].stage), max(promised[-1] if promised else 0, ordered), realised)


class DealLine(NamedTuple):
    """What sums need of a deal; `province` is that of the seller."""

    id: int
    seller: int
    buyer: int
    buyer_name: str
    relation: str
    province: str
    standing: Standing


def deal_lines(deals: QuerySet[Deal]) -> list[DealLine]:
    """Return deals with where they stand: two queries, and plain rows, since a nation's deals are many."""
    plain = deals.order_by()
    columns = ("deal_id", "pk", "side", "stage", "amount", "on_date")
    said = DealStatement.objects.filter(withdrawn_at__isnull=True, deal__in=plain.values("pk")).order_by("deal_id")
    rows = said.values_list(*columns, named=True)
    where = {number: _standing_of(own) for number, own in groupby(rows, key=attrgetter("deal_id"))}
    facts = plain.values_list("pk", "seller", "buyer", "buyer__name", "relation", "seller__region_code")
    return [DealLine(*some, region[:2], where.get(some[0], _SILENT)) for *some, region in facts]


_SILENT = Standing(SideStanding(), SideStanding())


def visible_deals(user: Any) -> QuerySet[Deal]:
    """Return the deals a person may read: of their firms, and those with a firm of their region."""
    own = open_firms(user)
    mine = Q(seller__in=own) | Q(buyer__in=own)
    regions = region_filter(user, "seller__region_code"), region_filter(user, "buyer__region_code")
    found = Deal.objects.select_related("seller", "buyer", "listing")
    return found if not all(regions) else found.filter(mine | regions[0] | regions[1])


def deals_in_region(user: Any) -> QuerySet[Deal]:
    """Return the deals an officer watches over: one of the two firms lies in their region."""
    regions = region_filter(user, "seller__region_code"), region_filter(user, "buyer__region_code")
    found = Deal.objects.select_related("seller", "buyer")
    return found if not all(regions) else found.filter(regions[0] | regions[1])


def my_deals(user: Any) -> QuerySet[Deal]:
    own = open_firms(user)
    found = Deal.objects.filter(Q(seller__in=own) | Q(buyer__in=own)).select_related("seller", "buyer")
    return with_statements(found).order_by("-opened_at", "-pk")


def with_statements(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """Bring the statements along: one more query, however many deals there are."""
    return deals.prefetch_related(Prefetch("statements", DealStatement.objects.order_by("on_date", "pk")))


def sides_of(user: Any, deal: Deal) -> list[tuple[str, str]]:
    """Return the sides a person speaks for, each with the name of its firm."""
    own = open_firms(user)
    sides = (("seller", deal.seller), ("buyer", deal.buyer))
    return [(side, firm.name) for side, firm in sides if firm.pk in own]
