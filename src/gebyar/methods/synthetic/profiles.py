"""What synthetic firms report for a year, and the certificates they hold.

Workers, investment and production value are always there: the headline totals rest on them, so leaving some
out would move the totals. Other facts are missing as often as in offices' lists, independently of their
value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from gebyar.methods.synthetic.draws import Floats, Integers, normal, pick, uniform
from gebyar.methods.synthetic.plan import LARGE, MEDIUM_FEW, MEDIUM_MANY, Batch, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.reference.synthetic import Words

Booleans = npt.NDArray[np.bool_]

_BILLION = 1_000_000_000
# People report money in round figures; every bound of Permenperin 64/2016 is a multiple of the step.
_STEP = 10_000

# Chance that a fact is not known, by column; the headline facts are not among them.
MISSING = {
    "gender": 0.05,
    "sales": 0.08,
    "capital": 0.20,
    "net_worth": 0.35,
    "land_building_investment": 0.30,
    "raw_material_value": 0.12,
    "production_quantity": 0.10,
    "capacity": 0.15,
    "installed_capacity": 0.25,
    "water_m3": 0.60,
    "fuel_litres": 0.55,
    "electricity_kwh": 0.30,
    "machines": 0.20,
    "exports": 0.03,
}
# Chances by stratum: large, medium with many workers, medium with few, small with 5-19 workers, micro.
_EXPORTS = np.array([0.42, 0.11, 0.06, 0.012, 0.0015])
_HELPED = np.array([0.01, 0.06, 0.06, 0.05, 0.02])
# Certificates: chance by stratum and the divisions that can hold them (empty: all), years of validity.
_CERTIFICATES: dict[str, tuple[Sequence[float], tuple[str, ...], int | None]] = {
    "halal": ((0.85, 0.62, 0.50, 0.42, 0.24), ("10", "11"), None),
    "pirt": ((0.0, 0.10, 0.20, 0.38, 0.17), ("10",), 5),
    "bpom": ((0.80, 0.45, 0.30, 0.05, 0.003), ("10", "11", "20", "21"), 5),
    "sni": ((0.30, 0.08, 0.05, 0.008, 0.0004), (), 4),
    "trademark": ((0.60, 0.26, 0.20, 0.07, 0.012), (), 10),
    "tkdn": ((0.22, 0.06, 0.04, 0.004, 0.0002), (), 5),
}
_MALE_HEAVY_NOISE = 0.25


@dataclass(frozen=True)
class Reports:
    """Makes yearly facts and certificates for numbered firms."""

    plan: Plan
    words: Words

    def _uniform(self, numbers: Integers, purpose: str, low: float = 0.0, high: float = 1.0) -> Floats:
        return low + (high - low) * uniform(numbers, self.plan.seed, purpose)

    def production(self, strata: Integers, ranks: Integers, workers: Integers) -> Integers:
        """Rupiah of output a year, scaled so that each size class has its published total."""
        output = np.zeros(len(strata))
        for stratum in np.unique(strata):
            own = strata == stratum
            raw = self.plan.raw_output(int(stratum), ranks[own], workers[own])
            output[own] = raw * self.plan.output_factors[stratum]
        return np.rint(output).astype(np.int64)

    def investment(self, numbers: Integers, strata: Integers, production: Integers) -> Integers:
        """Investment excluding land and building, on the right side of the bounds of the firm's stratum."""
        ratio = np.exp(-1.3 + 0.5 * normal(numbers, self.plan.seed, "investment"))
        wished = production * ratio
        share = self._uniform(numbers, "investment share")
        small = np.where(wished < 0.98 * _BILLION, wished, (0.3 + 0.68 * share) * _BILLION)
        few = _BILLION * 12.0**share
        many = 0.3 * _BILLION * 49.0**share
        large = np.maximum(wished, (15.1 + 10 * share) * _BILLION)
        chosen = np.select([strata == LARGE, strata == MEDIUM_MANY, strata == MEDIUM_FEW], [large, many, few], small)
        rounded = np.rint(chosen / _STEP).astype(np.int64) * _STEP
        return np.maximum(rounded, 100_000)

    def _women(self, numbers: Integers, lines: Integers, workers: Integers) -> Integers:
        usual = np.array([line.women for line in self.plan.lines])[lines]
        share = np.clip(usual + _MALE_HEAVY_NOISE * normal(numbers, self.plan.seed, "women"), 0, 1)
        dither = self._uniform(numbers, "women rounding")
        return np.minimum((workers * share + dither).astype(np.int64), workers)

    def _exports(self, numbers: Integers, strata: Integers) -> Booleans:
        return np.asarray(self._uniform(numbers, "exports") < _EXPORTS[strata], dtype=np.bool_)

    def _text(self, values: Sequence[str], numbers: Integers, purpose: str, given: Booleans) -> pl.Series:
        """A random text where ``given``, else the empty text."""
        index = np.where(given, pick(numbers, len(values), self.plan.seed, purpose) + 1, 0)
        return pl.Series(["", *values], dtype=pl.String).gather(index)

    def _hide(self, frame: pl.DataFrame, numbers: Integers) -> pl.DataFrame:
        """Replace facts by null as often as MISSING says."""
        groups = {"gender": ["workers_male", "workers_female"]}
        hidden = []
        for fact, chance in MISSING.items():
            known = pl.lit(pl.Series(self._uniform(numbers, f"known {fact}") >= chance))
            hidden += [pl.when(known).then(pl.col(column)).alias(column) for column in groups.get(fact, [fact])]
        return frame.with_columns(hidden)

    def profiles(self, batch: Batch) -> pl.DataFrame:
        """Columns of the yearly profile; see :func:`gebyar.methods.synthetic.synthesize`."""
        plan, numbers, strata = self.plan, batch.numbers, batch.strata
        lines, workers = batch.lines, batch.workers
        production = self.production(strata, batch.ranks, workers)
        investment = self.investment(numbers, strata, production)
        women = self._women(numbers, lines, workers)
        capital = (investment * self._uniform(numbers, "capital", 1.05, 1.7)).astype(np.int64)
        quantity = production / np.array([float(line.price) for line in plan.lines])[lines]
        capacity = quantity / self._uniform(numbers, "use of capacity", 0.45, 0.98)
        energy = np.array([line.kwh for line in plan.lines])[lines] * production / 1e6
        exports = self._exports(numbers, strata)
        units = pl.Series([line.unit for line in plan.lines], dtype=pl.String)
        materials = pl.Series([", ".join(line.materials) for line in plan.lines], dtype=pl.String)
        helped = np.asarray(self._uniform(numbers, "helped") < _HELPED[strata], dtype=np.bool_)
        financed = np.asarray(self._uniform(numbers, "financed") < 0.7, dtype=np.bool_)
        frame = pl.DataFrame(
            {
                "firm_id": batch.ids,
                "year": np.full(len(numbers), plan.calibration.year, dtype=np.int16),
                "workers_male": workers - women,
                "workers_female": women,
                "workers": workers,
                "investment": investment,
                "land_building_investment": (investment * self._uniform(numbers, "land", 0.2, 1.8)).astype(np.int64),
                "capital": capital,
                "net_worth": (capital * self._uniform(numbers, "net worth", 0.3, 1.2)).astype(np.int64),
                "sales": (production * self._uniform(numbers, "sales", 0.88, 1.02)).astype(np.int64),
                "production_value": production,
                "raw_material_value": (production * self._uniform(numbers, "materials", 0.3, 0.65)).astype(np.int64),
                "production_quantity": np.round(quantity, 1),
                "capacity": np.round(capacity, 1),
                "installed_capacity": np.round(capacity * self._uniform(numbers, "installed", 1.0, 1.5), 1),
                "capacity_unit": units.gather(lines),
                "raw_materials": materials.gather(lines),
                "water_m3": np.round(production / 1e6 * self._uniform(numbers, "water", 0.05, 0.8), 1),
                "fuel_litres": np.round(production / 1e6 * self._uniform(numbers, "fuel", 0.1, 3.0), 1),
                "electricity_kwh": np.round(energy * self._uniform(numbers, "electricity", 0.5, 1.6), 1),
                "machines": (1 + workers * self._uniform(numbers, "machines", 0.1, 0.9)).astype(np.int64),
                "exports": exports,
                "export_countries": self._text(self.words.countries, numbers, "country", exports),
                "finance": self._text(self.words.finance, numbers, "finance", financed),
                "help_received": self._text(self.words.help, numbers, "help", helped),
            }
        ).with_columns(as_of=pl.lit(plan.calibration.as_of))
        hidden = self._hide(frame, numbers)
        countries = pl.when(pl.col("exports")).then(pl.col("export_countries")).otherwise(pl.lit(""))
        return hidden.with_columns(export_countries=countries)

    def certificates(self, batch: Batch) -> pl.DataFrame:
        """Columns firm_id, kind, number, issued_on, valid_until, for the firms that hold any."""
        divisions = np.array([line.code[:2] for line in self.plan.lines])
        frames = []
        for kind, (chances, wanted, years) in _CERTIFICATES.items():
            possible = np.isin(divisions, wanted)[batch.lines] if wanted else np.True_
            held = possible & (self._uniform(batch.numbers, f"holds {kind}") < np.array(chances)[batch.strata])
            frames.append(self._certificate(kind, batch.numbers[held], batch.ids[held], years))
        return pl.concat(frames).sort("firm_id", "kind")

    def _certificate(self, kind: str, numbers: Integers, ids: Integers, years: int | None) -> pl.DataFrame:
        age = pick(numbers, 365 * (years or 6), self.plan.seed, f"age {kind}")
        as_of = self.plan.calibration.as_of
        return pl.DataFrame({"firm_id": ids, "age": age}).select(
            "firm_id",
            kind=pl.lit(kind),
            number=pl.concat_str(pl.lit(f"SINTETIS-{kind.upper()}-"), pl.col("firm_id").cast(pl.String)),
            issued_on=pl.lit(as_of) - pl.duration(days="age"),
            valid_until=pl.lit(None, pl.Date)
            if years is None
            else pl.lit(as_of + timedelta(days=365 * years)) - pl.duration(days="age"),
        )
