"""Readiness of the country in groups: for officers from ten firms on, for everybody so that nothing can be computed back."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from gebyar.accounts.queries import region_filter
from gebyar.methods.disclosure import suppress
from gebyar.methods.readiness import MOST_PRIVATE
from gebyar.readiness.queries.comparing import latest_results, size_classes, size_words
from gebyar.registry.queries.firms import division_name
from gebyar.registry.queries.wording import place

Row = tuple[int, float, str, str]  # firm, index, region, KBLI


@dataclass(frozen=True)
class Line:
    """A group: how many firms and their mean index; None where the group is too small to be shown."""

    label: str
    count: int | None
    mean: float | None


@dataclass(frozen=True)
class Figures:
    total: Line
    by_province: list[Line]
    by_sector: list[Line]
    by_size: list[Line]

    @property
    def has_hidden(self) -> bool:
        return any(line.count is None for line in (*self.by_province, *self.by_sector, *self.by_size))


def officer_figures(user: Any, key: str) -> Figures:
    """Return the figures of the firms an officer watches over; two queries.

    Sums of a small group cannot be computed back from the total either: another is hidden with it.
    """
    rows = _rows(user, key)
    sizes = size_classes([row[0] for row in rows]) if rows else {}
    provinces, hides_by_place = _lines(rows, lambda row: place(row[2][:2]))
    sectors, hides_by_sector = _lines(rows, lambda row: division_name(row[3]) or _("sector not known"))
    classes, hides_by_size = _lines(rows, lambda row: size_words(sizes.get(row[0], "unknown")))
    total = _total(rows, hide=hides_by_place or hides_by_sector or hides_by_size)
    return Figures(total, provinces, sectors, classes)


def public_figures(key: str) -> list[Line]:
    """Return the mean index of every province that may be told to everybody, and of the country as the last line."""
    rows = _rows(None, key)
    lines, hides_total = _lines(rows, lambda row: place(row[2][:2]))
    return [*lines, _total(rows, hide=hides_total)]


def _rows(user: Any, key: str) -> list[Row]:
    found = latest_results(key)
    if user is not None:
        found = found.filter(region_filter(user, "firm__region_code"))
    return list(found.values_list("firm", "index", "firm__region_code", "firm__kbli_code"))


def _total(rows: list[Row], *, hide: bool) -> Line:
    if hide or len(rows) < MOST_PRIVATE:
        return Line(_("All"), None, None)
    return Line(_("All"), len(rows), float(np.mean([row[1] for row in rows])))


def _lines(rows: list[Row], key: Callable[[Row], str]) -> tuple[list[Line], bool]:
    """Return one table, and whether its total must be hidden (`gebyar.methods.disclosure`)."""
    groups: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row[1])
    if not groups:
        return [], False
    labels = sorted(groups)
    mask = _hidden([groups[label] for label in labels])
    lines = [
        Line(label, None, None) if hide else Line(label, len(groups[label]), float(np.mean(groups[label])))
        for label, hide in zip(labels, mask, strict=False)
    ]
    return lines, mask[-1]


def _hidden(groups: list[list[float]]) -> list[bool]:
    """Say for each group, and last for all, whether it must not be shown."""
    sums = np.array([[sum(group)] for group in groups])
    counts = np.array([[len(group)] for group in groups], dtype=np.int64)
    largest = np.array([[max(group) / total if (total := sum(group)) else 0.0] for group in groups])
    mask = suppress(sums, counts, largest, minimum_firms=MOST_PRIVATE).mask[:, 0]
    return [bool(hide) for hide in mask]
