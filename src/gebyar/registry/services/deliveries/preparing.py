"""From the kept file to chunks that the database can take: cleaned, held to the delivery's region, sealed.

The next chunk is prepared in a second thread while the database works on this one.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl
from django.utils import timezone

from gebyar.records.sealing import keyed_hash, seal
from gebyar.registry.imports.cleaning import Cleaned, Cleaner, Options
from gebyar.registry.imports.columns import Problems, parameters_json
from gebyar.registry.imports.mapping import Mapping
from gebyar.registry.imports.reading import TableReader, open_table
from gebyar.registry.models import Delivery

# As the database holds it (profile_year_plausible).
EARLIEST_YEAR = 1950
LONGEST_EMAIL = 254
_SAMPLE = 500


@dataclass(frozen=True)
class Prepared:
    """One chunk: how many rows it has, the number of the last one, the good ones, and what is wrong with the others.

    `rows` counts rows of the file, of which several may have become one good row.
    """

    rows: int
    last_row: int
    good: pl.DataFrame
    problems: pl.DataFrame
    refused: int

    @property
    def warnings(self) -> int:
        return self.problems.filter(pl.col("severity") == "warning").height


def open_delivery(delivery: Delivery) -> tuple[TableReader, Cleaner]:
    """Open the kept file with the delivery's mapping.

    Raises
    ------
    UnreadableTable, WrongMapping
        Both are domain errors, with words for whoever handed the list in.
    """
    table = open_table(delivery.stored_file.path)
    mapping = Mapping.from_dict(delivery.mapping)
    mapping.check(table.headers)
    options = Options(
        data_year=delivery.data_year, this_year=timezone.localdate().year, default_region=delivery.region_code
    )
    return table, Cleaner(mapping, options, table.sample(_SAMPLE))


def prepared_chunks(delivery: Delivery, *, behind: int = 0, sealing: bool = True) -> Iterator[Prepared]:
    """Prepare the chunks of a delivery one after the other.

    Parameters
    ----------
    behind
        Leave out the rows up to this number, which are in the register already.
    sealing
        Replace personal numbers by their sealed form and hash; without it they are left out.
    """
    table, cleaner = open_delivery(delivery)
    chunks = table.chunks()

    def ahead() -> Prepared | None:
        for chunk in chunks:
            rows = chunk.filter(pl.col("row") > behind)
            if not rows.is_empty():
                return _prepared(rows, cleaner, delivery.region_code, sealing=sealing)
        return None

    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(ahead)
        while (ready := waiting.result()) is not None:
            waiting = pool.submit(ahead)
            yield ready


def _prepared(rows: pl.DataFrame, cleaner: Cleaner, region_code: str, *, sealing: bool) -> Prepared:
    cleaned = _within_bounds(cleaner.clean(rows), region_code)
    good = _sealed(cleaned.good) if sealing else cleaned.good.drop("npwp", "nik", strict=False)
    return Prepared(rows.height, int(rows["row"][-1]), good, cleaned.problems, cleaned.refused)


def _within_bounds(cleaned: Cleaned, region_code: str) -> Cleaned:
    """Refuse rows outside the delivery's region, since an office writes about its own firms only, and odd years."""
    good, problems = cleaned.good, Problems()
    year = pl.col("data_year")
    odd = year < EARLIEST_YEAR
    problems.add_where(good, odd, "not_a_year", "data_year", value=year)
    outside = pl.lit(value=False)
    if region_code:
        code = pl.col("region_code")
        outside = (code != region_code) & ~code.str.starts_with(f"{region_code}.")
        told = parameters_json(region=pl.lit(region_code))
        problems.add_where(good, outside, "outside_region", "regency", value=code, parameters=told)
    email = pl.col("email")
    long = email.str.len_chars() > LONGEST_EMAIL
    problems.add_where(good, long.fill_null(value=False), "email_form", "email", value=email)
    kept = good.filter(~(odd | outside)).with_columns(email=pl.when(~long).then(email))
    found = problems.table()
    if found.is_empty():
        return cleaned
    refusals = pl.when(pl.col("reason") == "not_a_year").then(pl.lit("error")).otherwise(pl.col("severity"))
    both = pl.concat([cleaned.problems, found.with_columns(severity=refusals)]).sort("row", maintain_order=True)
    return Cleaned(kept, both, cleaned.refused + _rows(good) - _rows(kept))


def _rows(good: pl.DataFrame) -> int:
    """Count rows of the file, of which several may stand in one good row."""
    return int(good["rows"].list.len().sum())


def _sealed(rows: pl.DataFrame) -> pl.DataFrame:
    """Replace personal numbers by their sealed form and keyed hash before they reach any table."""
    for column in ("npwp", "nik"):
        if column not in rows.columns:
            continue
        values = rows[column].to_list()
        rows = rows.with_columns(
            pl.Series(f"{column}_sealed", [seal(v) if v else None for v in values], dtype=pl.Binary),
            pl.Series(f"{column}_hash", [keyed_hash(v) if v else None for v in values], dtype=pl.Binary),
        ).drop(column)
    return rows
