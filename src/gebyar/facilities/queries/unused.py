"""Who could use a facility and does not: read from the day's table, narrowed to what an officer may see."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants
from gebyar.facilities.queries.rulebook import rulebook
from gebyar.facilities.wording import said
from gebyar.registry.models import Firm
from gebyar.registry.queries.firms import division_name
from gebyar.registry.queries.wording import place

_NATIONAL = {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER}
PER_PAGE = 50


def folder() -> Path:
    """Return where the tables lie. They hold facts of single firms, so nobody else on the machine may look."""
    found = Path(settings.HOME) / "facilities"
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def file_of(day: date) -> Path:
    return folder() / f"could-{day:%Y-%m-%d}.parquet"


@dataclass(frozen=True)
class DayTable:
    """The table of one day."""

    path: Path
    day: date

    def scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)

    @property
    def facilities(self) -> list[str]:
        names = self.scan().collect_schema().names()
        return [name.removeprefix("could_") for name in names if name.startswith("could_")]


def latest_table() -> DayTable | None:
    """Return the newest table there is."""
    names = sorted(folder().glob("could-*.parquet"))
    return DayTable(names[-1], date.fromisoformat(names[-1].stem.removeprefix("could-"))) if names else None


@dataclass(frozen=True)
class Narrowing:
    """What an officer looks at: one facility, a region of theirs, and the beginning of a KBLI code."""

    facility: str
    region: str = ""
    sector: str = ""
    state: str = "could"  # or unknown: a fact is missing


@dataclass(frozen=True)
class Count:
    """One facility in the officer's region."""

    facility: str
    name: str
    could: int
    unknown: int
    users: int


@dataclass(frozen=True)
class Line:
    id: int
    name: str
    place: str
    division: str


def regions_of(user: User) -> list[str] | None:
    """Return the region codes an officer looks after, None for the whole country."""
    grants = open_grants(user)
    if any(grant.role in _NATIONAL for grant in grants):
        return None
    return [grant.region_code for grant in grants if grant.role == Role.LOCAL_OFFICER]


def counts(user: User, table: DayTable) -> list[Count]:
    """Return for each facility who could have it and does not, whose facts are missing, and who uses it already."""
    book = rulebook()
    keys = [key for key in table.facilities if key in book]
    sums = [
        expression
        for key in keys
        for expression in (
            (_is(key, "could") & ~pl.col(f"uses_{key}")).sum().alias(f"{key}.could"),
            (_is(key, "unknown") & ~pl.col(f"uses_{key}")).sum().alias(f"{key}.unknown"),
            pl.col(f"uses_{key}").sum().alias(f"{key}.users"),
        )
    ]
    row = _within(table.scan(), regions_of(user), "").select(sums).collect().row(0, named=True)
    return [
        Count(key, said(book[key].names), *(int(row[f"{key}.{name}"] or 0) for name in ("could", "unknown", "users")))
        for key in keys
    ]


def unused(user: User, table: DayTable, narrowing: Narrowing) -> pl.LazyFrame:
    """Return ids, regions and codes of the firms that could have a facility and do not use it, by region and id."""
    found = _within(table.scan(), regions_of(user), narrowing.region)
    found = found.filter(_is(narrowing.facility, narrowing.state) & ~pl.col(f"uses_{narrowing.facility}"))
    if narrowing.sector:
        found = found.filter(pl.col("kbli_code").str.starts_with(narrowing.sector))
    return found.select("id", "region_code", "kbli_code")  # in the order of the file


def lines(frame: pl.DataFrame) -> list[Line]:
    """Return firms with their names, in the order of the frame; one query."""
    firms = Firm.objects.in_bulk(frame["id"].to_list())
    return [
        Line(firm.pk, firm.name, place(firm.region_code[:8]), division_name(firm.kbli_code))
        for number in frame["id"]
        if (firm := firms.get(number)) is not None
    ]


def _is(key: str, status: str) -> pl.Expr:
    return pl.col(f"could_{key}") == status


def _within(frame: pl.LazyFrame, own: list[str] | None, region: str) -> pl.LazyFrame:
    """Keep what lies in an officer's regions, and in the one that is asked for."""
    if own is not None:
        frame = frame.filter(pl.any_horizontal([_lies_in(code) for code in own] or [pl.lit(value=False)]))
    return frame.filter(_lies_in(region)) if region else frame


def _lies_in(code: str) -> pl.Expr:
    column: Any = pl.col("region_code")
    inside: pl.Expr = (column == code) | column.str.starts_with(f"{code}.")
    return inside
