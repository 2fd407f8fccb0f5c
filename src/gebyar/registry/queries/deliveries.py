"""Lists of firms as officers see them: their own region's, with what is wrong and what will come of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants, region_filter
from gebyar.reference import regions
from gebyar.registry.imports.fields import Kind, by_id
from gebyar.registry.imports.headings import Reason
from gebyar.registry.imports.mapping import Column, Mapping, suggest
from gebyar.registry.imports.reading import ROW, TableReader
from gebyar.registry.imports.reasons import describe
from gebyar.registry.models import Delivery, RowProblem, Source
from gebyar.registry.queries.wording import place

ROWS_SHOWN = 5
SAMPLES_SHOWN = 3
_LONGEST_SAMPLE = 26
_MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]00:00:00(\.0+)?$"
# From here on a suggestion is called sure, likely, or a guess.
SURE, LIKELY = 0.9, 0.7
_NATIONAL = {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER}


def visible_deliveries(user: Any) -> QuerySet[Delivery]:
    """Return the files handed in for the regions of this officer, the newest first."""
    found = Delivery.objects.exclude(stored_file="").filter(region_filter(user))
    return found.select_related("source", "created_by").order_by("-created_at", "-id")


def known_sources(user: Any) -> list[str]:
    """Return the sources that lists of this officer's regions came from."""
    sources = Source.objects.filter(deliveries__in=visible_deliveries(user).order_by())
    return list(sources.order_by("name").values_list("name", flat=True).distinct())


def is_national(user: User) -> bool:
    return any(grant.role in _NATIONAL for grant in open_grants(user))


def own_regions(user: User) -> list[tuple[str, str]]:
    """Return code and name of the regions that a local officer works for."""
    codes = sorted(grant.region_code for grant in open_grants(user) if grant.role == Role.LOCAL_OFFICER)
    return [(code, place(code)) for code in dict.fromkeys(codes)]


# --- columns ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnLine:
    """One column of a list: its heading, what stands in it, and what it was taken for."""

    heading: str
    samples: list[str]
    column: Column
    is_by_hand: bool

    @property
    def certainty(self) -> str:
        if self.is_by_hand:
            return "hand"
        if self.column.reason is Reason.OURS:
            return "ours"
        if self.column.field is None:
            return "unknown"
        return "sure" if self.column.confidence >= SURE else "likely" if self.column.confidence >= LIKELY else "guess"


def column_lines(table: TableReader, mapping: Mapping) -> list[ColumnLine]:
    """Return the columns in the order of the file, with why each was taken for what it is."""
    sample = table.sample()
    suggested = {column.heading: column for column in suggest(table.headers).columns}
    chosen = {column.heading: column for column in mapping.columns}
    return [
        ColumnLine(heading, _samples(sample[heading]), *_explained(suggested[heading], chosen.get(heading)))
        for heading in table.headers
    ]


def _explained(suggested: Column, chosen: Column | None) -> tuple[Column, bool]:
    """A stored mapping holds choices only; how a suggestion came about is found again."""
    if chosen is None or chosen.to_dict() == suggested.to_dict():
        return suggested, False
    return chosen, True


def _samples(cells: Any) -> list[str]:
    # A workbook keeps a date as a moment; nobody wrote the midnight.
    different = (
        cells.drop_nulls().str.replace(_MIDNIGHT, "$1").unique(maintain_order=True).head(SAMPLES_SHOWN).to_list()
    )
    return [text if len(text) <= _LONGEST_SAMPLE else f"{text[: _LONGEST_SAMPLE - 1]}…" for text in different]


# --- what will come of it ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A value as text, and its kind by which the template writes it."""

    label: str
    value: str | None
    kind: str


@dataclass(frozen=True)
class PreviewRow:
    row: int
    name: str
    cells: list[Cell]


def preview(delivery: Delivery) -> list[PreviewRow]:
    """Return the first good rows as they would stand in the register."""
    # JSON in the database keeps no order, so the fields are put into theirs.
    names = [name for name in by_id() if name != "name"]
    return [
        PreviewRow(line[ROW], line["name"], [_cell(name, line[name]) for name in names if name in line])
        for line in delivery.counts.get("preview", ())
    ]


def _cell(name: str, value: Any) -> Cell:
    field = by_id()[name]
    if name == "region_code":
        return Cell(_("Region"), place(value) if value else None, str(Kind.TEXT))
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = "\n".join(value) if isinstance(value, list) else None if value is None else str(value)
    return Cell(str(field.label), text, str(field.kind))


# --- what is wrong ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProblemLine:
    row: int
    column: str
    value: str
    words: str
    remedy: str


@dataclass(frozen=True)
class ProblemGroup:
    """All problems of one reason: how many, and the first of them."""

    reason: str
    is_error: bool
    count: int
    words: str
    remedy: str
    first: list[ProblemLine]


def problem_groups(delivery: Delivery) -> list[ProblemGroup]:
    """Return the problems by reason, errors first, then the commonest; two queries."""
    counted = {
        (reason, is_error): count
        for reason, is_error, count in delivery.problems.values_list("reason", "is_error").annotate(count=Count("id"))
    }
    mapping = Mapping.from_dict(delivery.mapping)
    firsts: dict[tuple[str, bool], list[ProblemLine]] = {}
    for problem in _first_of_each(delivery):
        firsts.setdefault((problem.reason, problem.is_error), []).append(_line(problem, mapping))
    groups = [_group(*key, count=count, first=firsts[key]) for key, count in counted.items()]
    return sorted(groups, key=lambda group: (not group.is_error, -group.count, group.reason))


def _first_of_each(delivery: Delivery) -> Iterable[RowProblem]:
    place_in_group = Window(RowNumber(), partition_by=["reason", "is_error"], order_by=[F("row"), F("id")])
    return delivery.problems.annotate(place=place_in_group).filter(place__lte=ROWS_SHOWN).order_by("row", "id")


def _line(problem: RowProblem, mapping: Mapping) -> ProblemLine:
    column = mapping.of(problem.field)
    field = by_id().get(problem.field)
    heading = column.heading if column else str(field.label) if field else ""
    words, remedy = describe(problem.reason, problem.parameters)
    return ProblemLine(problem.row, heading, problem.value, words, remedy)


def _group(reason: str, is_error: bool, *, count: int, first: list[ProblemLine]) -> ProblemGroup:
    return ProblemGroup(reason, is_error, count, first[0].words, first[0].remedy, first)


def region_words(delivery: Delivery) -> str:
    """Name the region a list is for, "" for the whole country."""
    return regions.label(delivery.region_code) if delivery.region_code else ""
