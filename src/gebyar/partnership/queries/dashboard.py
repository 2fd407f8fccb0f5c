"""Deals in sums: how many at which stage, what is committed and what is realised, and by what.

Committed and realised stand in columns of their own everywhere, and so do what both sides say and what only one says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gebyar.methods.disclosure import suppress
from gebyar.partnership.models import Deal, Relation
from gebyar.partnership.queries.deals import STAGES, Stage, Standing, standing, with_statements
from gebyar.partnership.queries.suggestions import sizes_of
from gebyar.partnership.wording import place_name
from gebyar.reference import regions


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
    sellers: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, deal: Deal, where: Standing) -> None:
        self.deals += 1
        self.committed += where.committed_by_both
        self.committed_by_one += where.committed_by_one
        self.realised += where.realised_by_both
        self.realised_by_one += where.realised_by_one
        self.differ += where.differs
        self.sellers[deal.seller_id] += where.realised_by_both


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
    """Gather the sums; a fixed number of queries."""
    found = [(deal, standing(deal)) for deal in with_statements(deals)]
    sizes = sizes_of({deal.seller_id for deal, _where in found})
    partners = _grouped(found, lambda deal: deal.buyer.name)
    return Dashboard(
        total=_summed(_("All"), found),
        stages=_by_stage(found),
        by_region=_grouped(found, lambda deal: place_name(deal.seller.region_code[:2])),
        by_size=_grouped(found, lambda deal: size_name(sizes.get(deal.seller_id, "unknown"))),
        by_relation=_grouped(found, lambda deal: str(Relation(deal.relation).label)),
        by_partner=sorted(partners, key=lambda sums: (-sums.deals, sums.label))[:most_partners],
    )


def size_name(size: str) -> str:
    names = {"micro": _("micro"), "small": _("small"), "medium": _("medium-sized"), "large": _("large")}
    return names.get(size, _("not known"))


def _by_stage(found: list[tuple[Deal, Standing]]) -> list[tuple[str, int]]:
    counts: dict[str, int] = defaultdict(int)
    for _deal, where in found:
        counts[where.stage] += 1
    return [(str(stage.label), counts[stage]) for stage in (*STAGES, Stage.ENDED)]


def _summed(label: str, found: Iterable[tuple[Deal, Standing]]) -> Sums:
    sums = Sums(label)
    for deal, where in found:
        sums.take(deal, where)
    return sums


def _grouped(found: list[tuple[Deal, Standing]], key: Callable[[Deal], str]) -> list[Sums]:
    groups: dict[str, Sums] = {}
    for deal, where in found:
        label = key(deal)
        groups.setdefault(label, Sums(label)).take(deal, where)
    return [groups[label] for label in sorted(groups)]


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


def public_figures() -> PublicFigures:
    """Return deals and what both sides say was realised, by province of the seller.

    A province with fewer than three sellers, or where one of them has nearly everything, is hidden, and others with it
    where it could be computed back from the total (`gebyar.methods.disclosure`).
    """
    by_province: dict[str, Sums] = {}
    for deal in with_statements(Deal.objects.select_related("seller", "buyer")):
        code = deal.seller.region_code[:2]
        by_province.setdefault(code, Sums(code)).take(deal, standing(deal))
    groups = [by_province[code] for code in sorted(by_province)]
    hidden = _hidden(groups)
    lines = [_public(sums, place_name(sums.label), is_hidden=hidden[row]) for row, sums in enumerate(groups)]
    total = Sums(deals=sum(g.deals for g in groups), realised=sum(g.realised for g in groups))
    return PublicFigures(lines, _public(total, _("Indonesia"), is_hidden=hidden[-1]), any(hidden[:-1]))


def _hidden(groups: list[Sums]) -> list[bool]:
    """Say for each province, and last for the nation, whether it must not be shown."""
    if not groups:
        return [False]
    values = np.array([[float(sums.realised)] for sums in groups])
    counts = np.array([[len(sums.sellers)] for sums in groups], dtype=np.int64)
    shares = np.array([[_largest_share(sums)] for sums in groups])
    mask = suppress(values, counts, shares).mask
    return [bool(answer) for answer in mask[:, 0]]


def _largest_share(sums: Sums) -> float:
    return max(sums.sellers.values(), default=0) / sums.realised if sums.realised else 0.0


def _public(sums: Sums, label: str, *, is_hidden: bool) -> PublicLine:
    if is_hidden:
        return PublicLine(label, None, None)
    return PublicLine(label, sums.deals, sums.realised)


def regions_of(deal: Deal) -> tuple[str, str]:
    """Name the places of seller and buyer."""
    return (_place(deal.seller.region_code), _place(deal.buyer.region_code))


def _place(code: str) -> str:
    return regions.label(code[:5]) if regions.is_valid(code[:5]) else code
