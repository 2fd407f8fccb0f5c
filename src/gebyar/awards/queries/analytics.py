"""What an edition shows as a whole: how many came how far, from where, which firms. Small cells are not published."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gebyar.awards.models import Edition, Entry, Passage, Prize, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.wording_rules import in_language
from gebyar.methods.disclosure import MINIMUM_FIRMS
from gebyar.reference import regions
from gebyar.reference.awards.rules import EditionRules

# Registered, complete documents, after the administrative check, after curation of the innovation.
NATIONAL_EXAMPLE = (2048, 780, 142, 84)
NATIONAL_SOURCE = "Indonesia Food Innovation 2020: Dirjen IKMA, Portal Bandung Timur, 18 November 2020"
_EXAMPLE_STEPS: tuple[str | Promise, ...] = (
    gettext_lazy("registered"),
    gettext_lazy("complete documents"),
    gettext_lazy("after the administrative check"),
    gettext_lazy("after curation"),
)
SIZES: dict[str, str | Promise] = {
    "small": gettext_lazy("small"),
    "medium": gettext_lazy("medium"),
    "large": gettext_lazy("large"),
}


@dataclass(frozen=True)
class FunnelStep:
    """How many came this far, and their share of the step before and of the first one."""

    name: str
    count: int
    of_before: float | None
    of_first: float | None


@dataclass(frozen=True)
class Cell:
    """A figure of a cut; ``entered`` is None where it is not published."""

    key: str
    name: str
    entered: int | None
    won: int


@dataclass(frozen=True)
class Cut:
    """Entries and winners by one property of the firm."""

    title: str
    note: str
    cells: list[Cell]

    @property
    def hidden(self) -> bool:
        return any(cell.entered is None for cell in self.cells)


@dataclass(frozen=True)
class Figures:
    """All figures of an edition."""

    edition: Edition
    funnel: list[FunnelStep]
    example: list[FunnelStep]
    provinces: Cut
    cuts: list[Cut]

    @property
    def map_values(self) -> dict[str, float | None]:
        """Entries by province; a province without any is 0, one whose figure is hidden has none."""
        known = {cell.key: cell.entered for cell in self.provinces.cells}
        return {one.code: known.get(one.code, 0) for one in regions.provinces()}

    @property
    def provinces_reached(self) -> int:
        return sum(1 for cell in self.provinces.cells if cell.entered is None or cell.entered)


def figures_of(edition: Edition) -> Figures:
    """Return the figures of an edition as everybody may read them."""
    rules = rules_of(edition)
    handed_in = Entry.objects.filter(edition=edition, number__isnull=False)
    rows = list(handed_in.values_list("pk", "region_code", "facts"))
    winners = set(Prize.objects.filter(stage__category__edition=edition).values_list("entry", flat=True))
    return Figures(
        edition, funnel_of(edition, rules), _steps(zip(map(str, _EXAMPLE_STEPS), NATIONAL_EXAMPLE, strict=True)),
        _by_province(rows, winners), [_by_size(rows, winners), _by_women(rows, winners), _by_first(rows, winners)],
    )  # fmt: skip


# --- how far ----------------------------------------------------------------------------------------------------


def funnel_of(edition: Edition, rules: EditionRules) -> list[FunnelStep]:
    """Count who began, who handed in, who passed each stage, and who won; stages without a decision are left out."""
    entries = Entry.objects.filter(edition=edition)
    counts = [
        (_("Begun"), entries.count()),
        (_("Handed in complete"), entries.filter(number__isnull=False).count()),
    ]
    passed = _passed(edition)
    decided = set(
        Stage.objects.filter(category__edition=edition, status=Stage.Status.DECIDED).values_list("key", flat=True)
    )
    counts += [
        (_("Passed: %(stage)s") % {"stage": in_language(stage.names)}, passed.get(stage.id, 0))
        for stage in rules.stages
        if stage.id in decided
    ]
    won = Prize.objects.filter(stage__category__edition=edition).count()
    return _steps([*counts, *([(_("Won"), won)] if won else [])])


def _passed(edition: Edition) -> dict[str, int]:
    rows = Passage.objects.filter(stage__category__edition=edition, outcome=Passage.Outcome.PASSED)
    return dict(rows.values_list("stage__key").annotate(count=Count("pk")).order_by())


def _steps(counts: Any) -> list[FunnelStep]:
    steps: list[FunnelStep] = []
    for name, count in counts:
        before, first = (steps[-1].count, steps[0].count) if steps else (0, 0)
        steps.append(FunnelStep(name, count, count / before if before else None, count / first if first else None))
    return steps


# --- from where, which firms ------------------------------------------------------------------------------------

Row = tuple[int, str, Mapping[str, Any]]


def _cut(title: str, note: str, keys: Mapping[int, str], names: Mapping[str, str], winners: set[int]) -> Cut:
    """Count entries and winners by key, in the order of the names; small cells and what would give them away are hidden."""
    entered = Counter(keys.values())
    won = Counter(key for entry, key in keys.items() if entry in winners)
    hidden = hidden_cells({key: entered[key] for key in names})
    return Cut(
        title,
        note,
        [Cell(key, name, None if key in hidden else entered[key], won[key]) for key, name in names.items()],
    )


def hidden_cells(counts: Mapping[str, int]) -> set[str]:
    """Return the cells of one line with a known sum that must not be published.

    Cells of one or two entrants, and where they alone would be hidden, so that the sum gives them away, the smallest
    others until at least two cells and `MINIMUM_FIRMS` entrants are hidden.
    """
    hidden = {key for key, count in counts.items() if 0 < count < MINIMUM_FIRMS}
    if not hidden:
        return hidden
    others = sorted((count, key) for key, count in counts.items() if count and key not in hidden)
    while others and (len(hidden) < 2 or sum(counts[key] for key in hidden) < MINIMUM_FIRMS):
        hidden.add(others.pop(0)[1])
    return hidden


def _by_province(rows: list[Row], winners: set[int]) -> Cut:
    keys = {pk: code[:2] for pk, code, _facts in rows}
    names = {one.code: one.name for one in regions.provinces() if one.code in set(keys.values())}
    return _cut(_("By province"), "", keys, names, winners)


def _by_size(rows: list[Row], winners: set[int]) -> Cut:
    keys = {pk: str(facts.get("firm", {}).get("size") or "") for pk, _code, facts in rows}
    names = {key: str(name) for key, name in SIZES.items()} | {"": _("not known, or no firm")}
    keys = {pk: key if key in names else "" for pk, key in keys.items()}
    return _cut(
        _("By size"), _("Permenperin 64/2016, by the register when the entry was handed in."), keys, names, winners
    )


def _by_women(rows: list[Row], winners: set[int]) -> Cut:
    keys = {pk: "yes" if "women" in facts.get("groups", []) else "no" for pk, _code, facts in rows}
    names = {"yes": _("more than half of the workers are women"), "no": _("fewer, or not known")}
    note = _("The register does not hold who owns a firm; it holds how many women work there.")
    return _cut(_("By women's part of the work"), note, keys, names, winners)


def _by_first(rows: list[Row], winners: set[int]) -> Cut:
    keys = {pk: "yes" if "first_time" in facts.get("groups", []) else "no" for pk, _code, facts in rows}
    names = {"yes": _("first time in this award"), "no": _("entered before")}
    return _cut(_("First-time entrants"), _("By the editions that this programme holds."), keys, names, winners)
