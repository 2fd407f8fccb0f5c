"""What each published figure means: definition, unit, source law, and the expression that recomputes it.

Each indicator is an Ibis expression over the snapshot's table, so the same definition runs on DuckDB and on Spark.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gebyar.reference.size_rules import Range, SizeClass, SizeRule

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerValue, Table

UNKNOWN = "unknown"


def _engine() -> Any:
    """Load Ibis when a figure is computed: pages only show figures, and a web process should start fast."""
    import ibis  # noqa: PLC0415

    return ibis


@dataclass(frozen=True)
class Indicator:
    """A measure of a group of firms: the sum of what each firm adds to it (nothing where it did not say)."""

    id: str
    name: str | Promise
    definition: str | Promise
    unit: str | Promise
    law: str
    of_a_firm: "Callable[[Table], IntegerValue]"


INDICATORS = (
    Indicator(
        id="units",
        name=_("Industrial units"),
        definition=_("Active firms of the processing industry in the register, one per place of business."),
        unit=_("units"),
        law="UU 3/2014",
        of_a_firm=lambda _firms: _engine().literal(1),
    ),
    Indicator(
        id="workers",
        name=_("Workers"),
        definition=_("Workers by each firm's latest yearly statement; firms that did not say count as none."),
        unit=_("people"),
        law="Permenperin 64/2016",
        of_a_firm=lambda firms: firms.workers,
    ),
    Indicator(
        id="output",
        name=_("Output"),
        definition=_("Value of production by each firm's latest yearly statement, in rupiah of that year."),
        unit=_("rupiah"),
        law="UU 3/2014",
        of_a_firm=lambda firms: firms.production_value,
    ),
)
MEASURES = tuple(indicator.id for indicator in INDICATORS)

# Which classes of a rule make up what is said of "IKM", and what the law itself calls them together.
SMALL_CLASSES: Mapping[str, tuple[str, ...]] = {
    "permenperin_64_2016": ("small", "medium"),
    "pp_7_2021_capital": ("micro", "small", "medium"),
    "pp_7_2021_sales": ("micro", "small", "medium"),
    "bps_workers": ("micro", "small"),
    "kite_ikm": ("small", "medium"),
}
SMALL_NAMES: Mapping[str, str | Promise] = {
    "permenperin_64_2016": _("IKM: small and medium"),
    "pp_7_2021_capital": _("UMKM: micro, small and medium"),
    "pp_7_2021_sales": _("UMKM: micro, small and medium"),
    "bps_workers": _("IMK: micro and small"),
    "kite_ikm": _("firms that could use KITE IKM"),
}


def class_code(rule: SizeRule, firms: "Table") -> "IntegerValue":
    """Return the place of each firm's class in ``rule.class_names``; one more than the last where it is not known.

    The same answers as :func:`gebyar.methods.size.sql`, as numbers, which group four times as fast as words.
    """
    names = rule.class_names
    held = [(_holds(item, firms), names.index(item.name)) for item in rule.classes]
    missing = reduce(or_, (firms[fact].isnull() for fact in rule.facts))
    otherwise = len(names) - 1 if rule.otherwise else len(names)
    return _engine().cases(*held, (missing, len(names)), else_=otherwise).cast("int8")


def _holds(size_class: SizeClass, firms: "Table") -> "BooleanValue":
    branches = [
        reduce(and_, (_within(firms[fact], bounds) for fact, bounds in branch.items()))
        for branch in size_class.branches
    ]
    return reduce(or_, branches)


def _within(fact: "IntegerValue", bounds: Range) -> "BooleanValue":
    low, high = bounds
    if low is None:
        return fact <= high
    return fact >= low if high is None else fact.between(low, high)


def groups(firms: "Table", rules: Sequence[SizeRule]) -> "Table":
    """Group the firms by province and by their classes under all rules at once.

    Parameters
    ----------
    firms
        The snapshot: one row per active firm with province, workers, investment, capital, sales, net_worth and
        production_value (null where the firm did not say).
    rules
        The size rules.

    Returns
    -------
    ibis.Table
        province, one column per rule with the class code (:func:`class_code`), and for each indicator its sum, the
        number of firms that add to it (``…_firms``) and what the largest of them adds (``…_largest``).
    """
    classed = firms.select(
        "province",
        **{rule.id: class_code(rule, firms) for rule in rules},
        **{indicator.id: indicator.of_a_firm(firms) for indicator in INDICATORS},
    )
    sums = {}
    for measure in MEASURES:
        value = classed[measure]
        # A sum of 64-bit values may need more; DuckDB sums in 128 bits, Spark refuses what does not fit.
        sums[measure] = value.sum().cast("decimal(38, 0)").coalesce(0)
        sums[f"{measure}_firms"] = (value > 0).sum().coalesce(0)
        sums[f"{measure}_largest"] = value.max().coalesce(0)
    return classed.group_by(["province", *(rule.id for rule in rules)]).aggregate(**sums)


def open_snapshot(path: str) -> "Table":
    """Open a Parquet snapshot with the embedded engine."""
    return _engine().duckdb.connect().read_parquet(path)


def class_names(rule: SizeRule) -> tuple[str, ...]:
    """Names in the order of the class codes."""
    return (*rule.class_names, UNKNOWN)
