"""What the fields of one row say of each other."""

from __future__ import annotations

import polars as pl

from gebyar.registry.imports.columns import Problems, parameters_json

# The register's constraint firm_lies_in_indonesia.
LATITUDES = (-11.5, 6.5)
LONGITUDES = (94.5, 141.5)


def check_workers(frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Men and women are all workers; the sum wins over a total that differs."""
    male, female, total = (pl.col(column) for column in ("workers_male", "workers_female", "workers"))
    differs = (male + female != total).fill_null(False)
    exceeds = ((pl.max_horizontal(male, female) > total) & (male.is_null() | female.is_null())).fill_null(False)
    told = parameters_json(male=male, female=female, total=total)
    problems.add_where(frame, differs, "workers_do_not_add_up", "workers", value=total, parameters=told)
    problems.add_where(frame, exceeds, "more_men_or_women_than_workers", "workers", value=total)
    kept = pl.when(~exceeds).then(total)
    return frame.with_columns(workers=pl.coalesce(male + female, kept))


def check_production(frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """What is produced is worth more than what it is made of."""
    production, materials = pl.col("production_value"), pl.col("raw_material_value")
    odd = (production < materials).fill_null(False)
    told = parameters_json(materials=materials)
    problems.add_where(frame, odd, "production_below_materials", "production_value", value=production, parameters=told)
    return frame


def check_years(frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """A firm has no figures before it starts."""
    odd = (pl.col("started_year") > pl.col("data_year")).fill_null(False)
    told = parameters_json(year=pl.col("data_year"))
    problems.add_where(frame, odd, "started_after_data", "started_year", value=pl.col("started_year"), parameters=told)
    return frame


def check_place(frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Coordinates come in pairs and lie in Indonesia; a swapped pair is put right."""
    if frame["latitude"].null_count() == frame["longitude"].null_count() == frame.height:
        return frame
    latitude, longitude = pl.col("latitude"), pl.col("longitude")
    lone = latitude.is_null() != longitude.is_null()
    swapped = (latitude.is_between(*LONGITUDES) & longitude.is_between(*LATITUDES)).fill_null(False)
    inside = (latitude.is_between(*LATITUDES) & longitude.is_between(*LONGITUDES)).fill_null(False)
    outside = latitude.is_not_null() & longitude.is_not_null() & ~inside & ~swapped
    pair = pl.concat_str([latitude, longitude], separator=", ", ignore_nulls=True)
    problems.add_where(frame, lone, "coordinates_incomplete", "latitude", value=pair)
    problems.add_where(frame, swapped, "coordinates_swapped", "latitude", value=pair)
    problems.add_where(frame, outside, "outside_indonesia", "latitude", value=pair)
    return frame.with_columns(
        latitude=pl.when(swapped).then(longitude).when(inside).then(latitude),
        longitude=pl.when(swapped).then(latitude).when(inside).then(longitude),
    )


def check_all(frame: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """All checks between fields; columns as GOOD_SCHEMA."""
    for check in (check_workers, check_production, check_years, check_place):
        frame = check(frame, problems)
    return frame
