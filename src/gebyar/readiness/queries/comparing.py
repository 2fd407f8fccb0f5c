"""A firm among firms like it, and the country's readiness in groups. A group of fewer than ten is never shown."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gebyar.methods.readiness import MOST_PRIVATE
from gebyar.methods.size import classify
from gebyar.readiness.models import Assessment
from gebyar.registry.models import Profile
from gebyar.registry.queries.firms import division_name
from gebyar.registry.queries.wording import place

SIZE_RULE = "pp_7_2021_sales"
MOST_COMPARED = 20_000
FACTS = ("firm_id", "workers", "investment", "capital", "sales", "net_worth")


def latest_results(key: str) -> QuerySet[Assessment]:
    """Return each firm's last finished assessment with an index by an instrument, whatever its version."""
    found = Assessment.objects.filter(
        instrument__key=key, status=Assessment.Status.FINISHED, index__isnull=False, firm__is_active=True
    )
    return found.order_by("firm", "-finished_at", "-pk").distinct("firm")


def size_classes(firms: list[int]) -> dict[int, str]:
    """Return the class of each firm by its current figures, "unknown" where they do not say; one query."""
    rows = list(Profile.objects.filter(is_current=True, firm__in=firms).values_list(*FACTS))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(FACTS, pl.Int64), orient="row")
    classes = classify(frame.drop("firm_id"))[SIZE_RULE].cast(pl.String).to_list() if rows else []
    found = dict(zip(frame["firm_id"].to_list(), classes, strict=True))
    return {firm: found.get(firm) or "unknown" for firm in firms}


def size_words(size: str) -> str:
    names = {"micro": _("micro"), "small": _("small"), "medium": _("medium-sized"), "large": _("large")}
    return names.get(size, _("size not known"))


@dataclass(frozen=True)
class Comparison:
    """A firm's index among others; `below` is the share of them with a lower one, None of all where too few are alike."""

    words: str
    count: int | None = None
    mean: float | None = None
    below: float | None = None


def firms_like(assessment: Assessment) -> Comparison:
    """Compare with firms of the same size, sector and province, or with fewer likenesses where those are too few.

    Queries: one for the results, one for the sizes.
    """
    if assessment.index is None:
        return Comparison("")
    firm = assessment.firm
    division = (firm.kbli_code or "")[:2]
    others = latest_results(assessment.instrument.key).exclude(firm=firm).filter(firm__kbli_code__startswith=division)
    rows = list(others.values_list("firm", "index", "firm__region_code")[:MOST_COMPARED]) if division else []
    sizes = size_classes([*(row[0] for row in rows), firm.pk]) if len(rows) >= MOST_PRIVATE else {}
    own, province = sizes.get(firm.pk, "unknown"), firm.region_code[:2]
    names = {
        "size": size_words(own),
        "province": place(province),
        "sector": division_name(firm.kbli_code),
    }
    same_place = [row for row in rows if row[2][:2] == province]
    groups = [
        (same_place, _("firms of the same sector in %(province)s (%(sector)s)")),
        (rows, _("all firms of the same sector in the country (%(sector)s)")),
    ]
    if own != "unknown":
        alike, alike_here = ([row for row in group if sizes.get(row[0]) == own] for group in (rows, same_place))
        groups = [
            (alike_here, _("%(size)s firms of the same sector in %(province)s (%(sector)s)")),
            (alike, _("%(size)s firms of the same sector in the country (%(sector)s)")),
            *groups,
        ]
    for group, words in groups:
        if len(group) >= MOST_PRIVATE:
            said = words % names
            return _compared(assessment.index, [row[1] for row in group], said[:1].upper() + said[1:])
    return Comparison("")


def _compared(index: float, others: list[float], words: str) -> Comparison:
    values = np.array(others)
    return Comparison(words, len(others), float(values.mean()), float((values < index).mean()))
