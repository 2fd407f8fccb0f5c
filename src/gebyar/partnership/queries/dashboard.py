"""Deals in sums: how many at which stage, what is committed and what is realised, and by what.

Committed and realised stand in columns of their own everywhere, and so do what both sides say and what only one says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gebyar.methods.disclosure import suppress
from gebyar.partnership.models import Deal, Relation
from gebyar.partnership.queries.deals import STAGES, DealLine, Stage, deal_lines
from gebyar.partnership.queries.suggestions import sizes_of
from gebyar.partnership.wording import place_name
from gebyar.reference import regions

# The sums for everybody are counted over all deals of the nation, so not for each reader anew.
PUBLIC_SECONDS = 600
_PUBLIC = "partnership.public_figures"


@dataclass
class Sums:
    """Sums of some deals; money in whole rupiah."""

    label: str = ""
    deals: int = 0
    committed: int = 0
    committed_by_one: int = 0
    realised: int = 0
    realised_by_one: int = 0
    differ: int = 0

    def take(self, line: DealLine) -> None:
        where = line.standing
        self.deals += 1
        self.committed += where.committed_by_both
        self.committed_by_one += where.committed_by_one
        self.realised += where.realised_by_both
        self.realised_by_one += where.realised_by_one
        self.differ += where.differs


@dataclass(frozen=True)
class Dashboard:
    """Deals an officer watches over, in sums by stage, region, size, relation and partner."""

    total: Sums
    stages: list[tuple[str, int]]
    by_region: list[Sums]
    by_size: list[Sums]
    by_relation: list[Sums]
    by_partner: list[Sums]


def dashboard(deals: QuerySet[Deal], *, most_partners: int = 20) -> Dashboard:
    """Gather the sums; three queries, however many deals there are."""
    found = deal_lines(deals)
    sizes = sizes_of(deals.order_by().values("seller"))
    partners = _grouped(found, lambda line: line.buyer, lambda line: line.buyer_name)
    return Dashboard(
        total=_summed(_("All"), found),
        stages=_by_stage(found),
        by_region=_grouped(found, lambda line: line.province, lambda line: place_name(line.province)),
        by_size=_grouped(
            found,
            lambda line: sizes.get(line.seller, "unknown"),
            lambda line: size_name(sizes.get(line.seller, "unknown")),
        ),
        by_relation=_grouped(found, lambda line: line.relation, lambda line: str(Relation(line.relation).label)),
        by_partner=sorted(partners, key=lambda sums: (-sums.deals, sums.label))[:most_partners],
    )


def size_name(size: str) -> str:
    names = {"micro": _("micro"), "small": _("small"), "medium": _("medium-sized"), "large": _("large")}
    return names.get(size, _("not known"))


def _by_stage(found: list[DealLine]) -> list[tuple[str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for line in found:
        counts[line.standing.stage] += 1
    return [(str(stage.label), counts[stage]) for stage in (*STAGES, Stage.ENDED)]


def _summed(label: str, found: Iterable[DealLine]) -> Sums:
    sums = Sums(label)
    for line in found:
        sums.take(line)
    return sums


def _grouped(
    found: list[DealLine], key: Callable[[DealLine], int | str], label: Callable[[DealLine], str]
) -> list[Sums]:
    """Return sums by key, by their labels; two that are called alike stay two."""
    groups: dict[int | str, Sums] = {}
    for line in found:
        known = key(line)
        if known not in groups:
            groups[known] = Sums(label(line))
        groups[known].take(line)
    return sorted(groups.values(), key=lambda sums: sums.label)


# --- for everybody ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicLine:
    """Sums of a province for everybody; None where they would tell about single firms."""

    label: str
    deals: int | None
    realised: int | None


@dataclass(frozen=True)
class PublicFigures:
    lines: list[PublicLine]
    total: PublicLine
    has_hidden: bool


def shown_figures() -> PublicFigures:
    """Return the public figures, counted anew every ten minutes at most."""
    figures: PublicFigures = cache.get_or_set(_PUBLIC, public_figures, PUBLIC_SECONDS)
    return figures


def public_figures() -> PublicFigures:
    """Return deals and what both sides say was realised, by province of the seller.

    A province with fewer than three sellers, or where one of them has nearly everything, is hidden, and others with it
    where it could be computed back from the total (`gebyar.methods.disclosure`).
    """
    groups: dict[str, _Province] = {}
    for line in deal_lines(Deal.objects.all()):
        groups.setdefault(line.province, _Province()).take(line)
    codes = sorted(groups)
    hidden = _hidden([groups[code] for code in codes])
    lines = [
        _public(groups[code], place_name(code), is_hidden=is_hidden)
        for code, is_hidden in zip(codes, hidden[:-1], strict=True)
    ]
    total = _Province(sum(some.deals for some in groups.values()), {0: sum(some.realised for some in groups.values())})
    return PublicFigures(lines, _public(total, _("Indonesia"), is_hidden=hidden[-1]), any(hidden[:-1]))


@dataclass
class _Province:
    """Deals of a province, and by seller what both sides say was realised."""

    deals: int = 0
    by_seller: dict[int, int] = field(default_factory=dict)

    def take(self, line: DealLine) -> None:
        self.deals += 1
        self.by_seller[line.seller] = self.by_seller.get(line.seller, 0) + line.standing.realised_by_both

    @property
    def realised(self) -> int:
        return sum(self.by_seller.values())

    @property
    def largest_share(self) -> float:
        return max(self.by_seller.values()) / self.realised if self.realised else 0.0


def _hidden(groups: list[_Province]) -> list[bool]:
    """Say for each province, and last for the nation, whether it must not be shown."""
    if not groups:
        return [False]
    values = np.array([[float(some.realised)] for some in groups])
    counts = np.array([[len(some.by_seller)] for some in groups], dtype=np.int64)
    shares = np.array([[some.largest_share] for some in groups])
    mask = suppress(values, counts, shares).mask
    return [bool(answer) for answer in mask[:, 0]]


def _public(some: _Province, label: str, *, is_hidden: bool) -> PublicLine:
    return PublicLine(label, None, None) if is_hidden else PublicLine(label, some.deals, some.realised)


def regions_of(deal: Deal) -> tuple[str, str]:
    """Name the places of seller and buyer."""
    return (_place(deal.seller.region_code), _place(deal.buyer.region_code))


def _place(code: str) -> str:
    return regions.label(code[:5]) if regions.is_valid(code[:5]) else code
