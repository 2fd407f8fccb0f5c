"""How near a synthetic register comes to the published figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from gebyar.methods.size import expression
from gebyar.reference.size_rules import size_rule

if TYPE_CHECKING:
    from gebyar.methods.synthetic.plan import Plan

_GROUP = ["ikm", "size", "province", "food"]


@dataclass
class Totals:
    """Running totals of a register, chunk by chunk; memory does not grow with the register."""

    table: pl.DataFrame = field(default_factory=pl.DataFrame)

    def add(self, firms: pl.DataFrame, profiles: pl.DataFrame) -> None:
        """Add the firms and profiles of one chunk (same order, one profile per firm)."""
        joined = firms.select("region_code", "kbli_code").hstack(profiles)
        size = joined.select(expression(size_rule("permenperin_64_2016"))).to_series().cast(pl.String)
        grouped = (
            joined.with_columns(
                size=size,
                ikm=size.is_in(["small", "medium"]),
                province=pl.col("region_code").str.slice(0, 2),
                food=pl.col("kbli_code").str.starts_with("10"),
            )
            .group_by(_GROUP)
            .agg(
                units=pl.len().cast(pl.Int64),
                workers=pl.col("workers").sum(),
                output=pl.col("production_value").sum(),
            )
        )
        merged = pl.concat([self.table, grouped]) if self.table.height else grouped
        self.table = merged.group_by(_GROUP).agg(pl.col("units", "workers", "output").sum())

    def total(self, column: str, **where: Any) -> int:
        """Sum of units, workers or output over the groups that match all given values."""
        chosen = self.table.filter(*[pl.col(name) == value for name, value in where.items()])
        return int(chosen[column].sum())


def _row(figure: str, unit: str, basis: str, *, national: float, scale: float, generated: float) -> dict[str, Any]:
    target = national * scale
    return {
        "figure": figure,
        "unit": unit,
        "basis": basis,
        "national": float(national),
        "target": float(target),
        "generated": float(generated),
        "difference_percent": 100 * (generated - target) / target if target else None,
    }


def _share(totals: Totals, column: str, **where: Any) -> float:
    whole = totals.total(column)
    return 100 * totals.total(column, **where) / whole if whole else 0.0


def _national_rows(totals: Totals, plan: Plan) -> list[dict[str, Any]]:
    given, scale = plan.calibration, plan.scale
    units, output = float(given.firms * given.ikm_share), float(given.ikm_output)
    output_share = 100 * output / (output + float(given.large_output))
    medium, food = float(given.medium_workers), 100 * float(given.food_share)
    unit_share = 100 * float(given.ikm_share)
    medium_workers = totals.total("workers", size="medium")
    rows = [
        ("IKM units", "firms", "published", units, scale, totals.total("units", ikm=True)),
        ("IKM share of units", "%", "published", unit_share, 1.0, _share(totals, "units", ikm=True)),
        ("IKM workers", "persons", "published", given.ikm_workers, scale, totals.total("workers", ikm=True)),
        ("workers, medium", "persons", "derived", medium, scale, medium_workers),
        ("IKM share of output", "%", "published", output_share, 1.0, _share(totals, "output", ikm=True)),
        ("IKM output", "Rp", "assumed", output, scale, totals.total("output", ikm=True)),
        ("food share of units", "%", "published", food, 1.0, _share(totals, "units", food=True)),
    ]
    return [
        _row(figure, unit, basis, national=national, scale=part, generated=generated)
        for figure, unit, basis, national, part, generated in rows
    ]


def _province_rows(totals: Totals, plan: Plan) -> list[dict[str, Any]]:
    given = plan.calibration
    scale = plan.firms / sum(given.provinces.values())
    return [
        _row(
            f"units in province {code}",
            "firms",
            given.province_basis.get(code, "assumed"),
            national=value,
            scale=scale,
            generated=totals.total("units", province=code),
        )
        for code, value in given.provinces.items()
    ]


def calibration_report(totals: Totals, plan: Plan) -> pl.DataFrame:
    """Generated against national figures.

    Parameters
    ----------
    totals
        Totals of all chunks of the register.
    plan
        The plan the register was made by (:func:`gebyar.methods.synthetic.plan_register`).

    Returns
    -------
    polars.DataFrame
        figure, unit, basis (published, derived from published figures, or assumed), national (the nation's
        value), target (what a register of this many firms should hold: the nation's value times its scale
        for totals, the value itself for shares), generated, difference_percent.
    """
    return pl.DataFrame([*_national_rows(totals, plan), *_province_rows(totals, plan)])
