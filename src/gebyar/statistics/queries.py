"""Reads of published figures, as the pages, the API and the open data show them. Nothing hidden is in reach here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.cache import caches
from django.utils.functional import Promise
from django.utils.translation import get_language

from gebyar.reference.regions import Province, province, provinces
from gebyar.reference.size_rules import SizeRule, class_labels, size_rules
from gebyar.statistics.indicators import MEASURES, SMALL_CLASSES, SMALL_NAMES, UNKNOWN
from gebyar.statistics.models import Figure, Snapshot
from gebyar.statistics.shown import follows

Value = int | Decimal
ALL = ""
NATION = ""
_UNKNOWN_LABELS = {"id": "Belum diketahui", "en": "Not known"}
_ALL_LABELS = {"id": "Semua", "en": "All"}
# A snapshot's figures never change; the cache only need not hold old ones for ever.
_KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Line:
    """The measures of a size class, or of several together; None where a value would tell about a single firm."""

    size_class: str
    label: str | Promise
    units: int | None
    workers: int | None
    output: Decimal | None


@dataclass(frozen=True)
class Shares:
    """The part of the small classes in all firms whose class is known; None where it cannot be told."""

    units: float | None
    workers: float | None
    output: float | None


@dataclass(frozen=True)
class Headline:
    """A table by one rule: classes, the small ones together, all firms, and the small ones' share."""

    rule: SizeRule
    small_name: str | Promise
    lines: list[Line]
    small: Line
    known: Line
    total: Line
    shares: Shares

    @property
    def unknown_units(self) -> int | None:
        return next((line.units for line in self.lines if line.size_class == UNKNOWN), 0)


@dataclass(frozen=True)
class ProvinceLine(Headline):
    """The same table for one province."""

    province: Province

    @property
    def code(self) -> str:
        return self.province.code

    @property
    def name(self) -> str:
        return self.province.name


@dataclass(frozen=True)
class FrontPage:
    """The three figures of the front page; None where one is not published."""

    units: int | None
    workers: int | None
    output_share: float | None
    taken_at: datetime
    is_synthetic: bool


def latest_snapshot() -> Snapshot | None:
    return Snapshot.objects.first()


def chosen_rule(rule_id: str) -> SizeRule:
    """Return the named rule, or the ministry's own for any other word."""
    rules = {rule.id: rule for rule in size_rules()}
    return rules.get(rule_id, size_rules()[0])


def headline(snapshot: Snapshot, rule: SizeRule) -> Headline:
    """Return the national table by one rule."""
    return _table(rule, _published(snapshot, rule).get(NATION, {}))


def by_province(snapshot: Snapshot, rule: SizeRule) -> list[ProvinceLine]:
    """Return one table per province that has firms, in the order of their codes."""
    published = _published(snapshot, rule)
    held = [where for where in provinces() if where.code in published]
    return [ProvinceLine(**vars(_table(rule, published[where.code])), province=where) for where in held]


def front_page_figures() -> FrontPage | None:
    """Return what the front page shows of the latest snapshot, by the ministry's rule; two queries at most."""
    snapshot = latest_snapshot()
    if snapshot is None:
        return None
    national = headline(snapshot, chosen_rule(""))
    return FrontPage(
        units=national.small.units,
        workers=national.small.workers,
        output_share=national.shares.output,
        taken_at=snapshot.taken_at,
        is_synthetic=snapshot.synthetic_firms > 0,
    )


def published_figures(snapshot: Snapshot) -> Iterator[Figure]:
    """Return every published cell in the order of rules and regions, nation first."""
    order = {rule.id: place for place, rule in enumerate(size_rules())}
    return iter(sorted(snapshot.figures.order_by("pk"), key=lambda f: (order.get(f.rule, len(order)), f.region_code)))


def region_name(code: str) -> str:
    return province(code).name if code else "Indonesia"


def class_label(size_class: str) -> str:
    """Return the words for a class, for "unknown", or for all classes together."""
    labels: Mapping[str, str]
    labels = {UNKNOWN: _UNKNOWN_LABELS, ALL: _ALL_LABELS}.get(size_class) or class_labels()[size_class]
    return labels.get(get_language() or "id", labels["en"])


# --- how a table is made of published cells -----------------------------------------------------------------------

Cells = dict[str, dict[str, Value | None]]


def _published(snapshot: Snapshot, rule: SizeRule) -> dict[str, Cells]:
    """Return the published values of one rule by region, class and measure."""
    key = f"statistics.figures.{snapshot.sha256}.{snapshot.pk}.{rule.id}"
    found: dict[str, Cells] | None = caches["process"].get(key)
    if found is None:
        found = {}
        for region, size_class, *values in snapshot.figures.filter(rule=rule.id).values_list(
            "region_code", "size_class", *MEASURES
        ):
            found.setdefault(region, {})[size_class] = dict(zip(MEASURES, values, strict=True))
        caches["process"].set(key, found, _KEPT_SECONDS)
    return found


def _table(rule: SizeRule, cells: Cells) -> Headline:
    names = [name for name in (*rule.class_names, UNKNOWN) if name in cells]
    known = _sum("known", cells, [name for name in names if name != UNKNOWN])
    small = _sum("small", cells, [name for name in names if name in SMALL_CLASSES[rule.id]], SMALL_NAMES[rule.id])
    return Headline(
        rule=rule,
        small_name=SMALL_NAMES[rule.id],
        lines=[_line(name, cells[name]) for name in names if any(value != 0 for value in cells[name].values())],
        small=small,
        known=known,
        total=_line(ALL, cells.get(ALL, {})),
        shares=Shares(*(_share(getattr(small, measure), getattr(known, measure)) for measure in MEASURES)),
    )


def _line(name: str, values: Mapping[str, Value | None], label: str | Promise | None = None) -> Line:
    units, workers, output = (values.get(measure) for measure in MEASURES)
    return Line(name, class_label(name) if label is None else label, units, workers, output)  # type: ignore[arg-type]


def _sum(name: str, cells: Cells, chosen: Sequence[str], label: str | Promise = "") -> Line:
    return _line(name, {measure: _followed(cells, chosen, measure) for measure in MEASURES}, label)


def _followed(cells: Cells, chosen: Iterable[str], measure: str) -> Value | None:
    """Add up some classes, or take the others off the total: only what published cells give away anyway."""
    names = [name for name in cells if name != ALL]
    wanted = [name in set(chosen) for name in names]
    values = [cells[name][measure] for name in names]
    total = cells.get(ALL, {}).get(measure)
    if not follows([value is None for value in (*values, total)], wanted):
        return None
    inside = [value for value, is_in in zip(values, wanted, strict=True) if is_in]
    if None not in inside:
        return sum(inside)  # type: ignore[arg-type]
    return total - sum(value for value, is_in in zip(values, wanted, strict=True) if not is_in)  # type: ignore[operator, misc]


def _share(part: Value | None, whole: Value | None) -> float | None:
    return None if part is None or not whole else float(Decimal(part) / Decimal(whole))
