"""What the synthetic register is calibrated to, and the words it is made of (``data/synthetic*.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from gebyar.reference.files import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Calibration:
    """National figures of which a register of N firms holds the N-th part.

    Money in rupiah a year. ``firms`` is the number of all firms, large ones included. Shares lie in 0–1.
    ``province_basis`` says which province figures are published or derived; the others are assumed.
    """

    firms: Fraction
    ikm_share: Fraction
    ikm_workers: int
    medium_workers: Fraction
    medium_share: Fraction
    medium_few_workers_share: Fraction
    small_class_5_to_19_share: Fraction
    large_workers_mean: int
    ikm_output: int
    medium_output: Fraction
    large_output: Fraction
    food_share: Fraction
    provinces: Mapping[str, float]
    province_basis: Mapping[str, str]
    large_provinces: Mapping[str, float]
    year: int
    as_of: date


@dataclass(frozen=True, slots=True)
class Line:
    """One line of industry: a KBLI 2020 code with its products and habits.

    ``women`` is their share among workers, ``price`` rupiah per ``unit``, ``kwh`` electricity per Rp million.
    """

    code: str
    weight: int
    women: float
    unit: str
    price: int
    kwh: float
    materials: tuple[str, ...]
    products: tuple[str, ...]

    @property
    def is_food(self) -> bool:
        return self.code.startswith("10")


@dataclass(frozen=True, slots=True)
class Words:
    """Word lists; none is taken from a person or firm."""

    syllables: tuple[str, ...]
    endings: tuple[str, ...]
    streets: tuple[str, ...]
    countries: tuple[str, ...]
    finance: tuple[str, ...]
    help: tuple[str, ...]


def _ratio(pair: list[int]) -> Fraction:
    return Fraction(pair[0], pair[1])


def _percent(text: str) -> Fraction:
    return Fraction(text) / HUNDRED


def _output(published: Mapping[str, Any], assumed: Mapping[str, Any]) -> tuple[int, Fraction, Fraction]:
    """Output of IKM, of medium firms and of large firms: the published share fixes the last."""
    ikm = published["ikm_units"] * assumed["ikm_output_per_firm"]
    share = _percent(published["ikm_output_share"])
    return ikm, ikm * _percent(assumed["medium_output_share_of_ikm"]), ikm * (1 - share) / share


@cache
def calibration() -> Calibration:
    """The calibration of the data file."""
    data = read_yaml("synthetic.yaml")
    published, assumed = data["published"], data["assumed"]
    ikm_share = _percent(published["ikm_units_share"])
    ikm_output, medium_output, large_output = _output(published, assumed)
    return Calibration(
        firms=published["ikm_units"] / ikm_share,
        ikm_share=ikm_share,
        ikm_workers=published["ikm_workers"],
        medium_workers=published["ikm_workers"] * _ratio(published["medium_workers_share"]),
        medium_share=_percent(assumed["medium_units_share"]),
        medium_few_workers_share=_percent(assumed["medium_few_workers_share"]),
        small_class_5_to_19_share=_percent(assumed["small_class_5_to_19_share"]),
        large_workers_mean=assumed["large_workers_mean"],
        ikm_output=ikm_output,
        medium_output=medium_output,
        large_output=large_output,
        food_share=_ratio(published["food_share"]),
        provinces=data["provinces"],
        province_basis={code: basis for basis, codes in data["basis"].items() for code in codes},
        large_provinces=data["large_provinces"],
        year=assumed["year"],
        as_of=assumed["as_of"],
    )


@cache
def lines() -> tuple[Line, ...]:
    """All lines of industry."""
    rows = read_yaml("synthetic_sectors.yaml")["lines"]
    return tuple(
        Line(**row | {"materials": tuple(row["materials"]), "products": tuple(row["products"])}) for row in rows
    )


@cache
def words() -> Words:
    """The word lists."""
    data = read_yaml("synthetic_sectors.yaml")
    return Words(**{name: tuple(data[name]) for name in Words.__dataclass_fields__})
