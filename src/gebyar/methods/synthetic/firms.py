"""Identity of synthetic firms: name, place, numbers, people. Every word is made up or generic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gebyar.methods.synthetic.draws import Floats, Integers, Shuffle, pick, uniform
from gebyar.reference import regions

if TYPE_CHECKING:
    from gebyar.methods.synthetic.plan import Batch, Plan
    from gebyar.reference.synthetic import Words

# 13 digits in the form of an NIB, from a range of our own [K: no real NIB is known to begin with 99].
_NIB_FIRST = 9_900_000_000_000
_NIB_ROOM = 10**11
# No subscriber number in Indonesia begins with 1 after the country code.
_PHONE_FIRST = 6_210_000_000_000
_PHONE_ROOM = 10**8
# People in a city's villages are many more than in a regency's.
_CITY_WEIGHT = 3.0
_COINED = 1_500
_HOUSES = 120

LEGAL_FORMS = ("", "UD", "CV", "PT", "Koperasi")
# Chances of the legal forms by stratum.
_FORM_CHANCES = np.array(
    [
        [0.00, 0.00, 0.05, 0.94, 0.01],
        [0.02, 0.10, 0.35, 0.50, 0.03],
        [0.08, 0.22, 0.38, 0.29, 0.03],
        [0.48, 0.28, 0.17, 0.04, 0.03],
        [0.86, 0.11, 0.02, 0.00, 0.01],
    ]
)
_NIB_CHANCES = np.array([1.0, 0.99, 0.97, 0.85, 0.62])
# How a firm without a legal form calls itself; {} is its product.
_OPENERS = ("{}", "Rumah {}", "Kreasi {}", "Griya {}", "Sentra {}", "Aneka {}")


def _coin(words: Words, count: int, seed: int, purpose: str) -> list[str]:
    """Invented words of two or three syllables."""
    numbers = np.arange(count)
    syllables = [
        pick(numbers, len(words.syllables), seed, f"{purpose} syllable {place}").tolist() for place in range(3)
    ]
    endings = pick(numbers, len(words.endings), seed, f"{purpose} ending").tolist()
    long = (uniform(numbers, seed, f"{purpose} length") < 0.7).tolist()
    return [
        "".join(words.syllables[syllables[place][number]] for place in range(3 if long[number] else 2)).capitalize()
        + words.endings[endings[number]]
        for number in range(count)
    ]


def _series(values: list[str]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


@dataclass(frozen=True)
class Identity:
    """Makes identity columns for numbered firms; holds the tables that are looked up."""

    plan: Plan
    words: Words

    # --- places ---

    @cached_property
    def _villages(self) -> pl.DataFrame:
        city = pl.col("parent_code").str.slice(0, 5).is_in(self._cities)
        table = regions.frame().filter(pl.col("level") == regions.VILLAGE)
        return table.select(
            "code", "province_code", "postal_code", weight=pl.when(city).then(_CITY_WEIGHT).otherwise(1.0)
        )

    @cached_property
    def _cities(self) -> list[str]:
        return [region.code for region in regions.regencies() if region.kind == "city"]

    @cached_property
    def _village_limits(self) -> tuple[Floats, Floats]:
        """Running total of weights over the villages, and at each province's beginning (39 values)."""
        limits = self._villages["weight"].cum_sum().to_numpy()
        sums = self._villages.group_by("province_code", maintain_order=True).agg(pl.col("weight").sum())
        return limits, np.concatenate([[0.0], sums["weight"].cum_sum().to_numpy()])

    def villages(self, numbers: Integers, provinces: Integers) -> Integers:
        """Row in the table of villages for each firm, within its province."""
        limits, begins = self._village_limits
        share = uniform(numbers, self.plan.seed, "village")
        points = begins[provinces] + share * (begins[provinces + 1] - begins[provinces])
        return np.minimum(np.searchsorted(limits, points, side="right"), len(limits) - 1).astype(np.int64)

    # --- words ---

    @cached_property
    def _coined(self) -> pl.Series:
        return _series(_coin(self.words, _COINED, 0, "coined"))

    @cached_property
    def _products(self) -> pl.Series:
        return _series([product for line in self.plan.lines for product in line.products])

    @cached_property
    def _product_titles(self) -> pl.Series:
        return _series([product.title() for product in self._products])

    @cached_property
    def _product_starts(self) -> Integers:
        counts = [len(line.products) for line in self.plan.lines]
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def product_index(self, numbers: Integers, lines: Integers, purpose: str) -> Integers:
        """Row in the list of products for each firm, within its line."""
        starts = self._product_starts
        share = uniform(numbers, self.plan.seed, purpose)
        return (starts[lines] + share * (starts[lines + 1] - starts[lines])).astype(np.int64)

    @cached_property
    def _streets(self) -> pl.Series:
        return _series(
            [f"Jl. {street} No. {number}" for street in self.words.streets for number in range(1, _HOUSES + 1)]
        )

    @cached_property
    def _neighbourhoods(self) -> pl.Series:
        return _series([f"RT {rt:02}/RW {rw:02}" for rt in range(1, 13) for rw in range(1, 16)])

    def _gather(self, values: pl.Series, numbers: Integers, purpose: str) -> pl.Series:
        return values.gather(pick(numbers, len(values), self.plan.seed, purpose))

    def _legal_forms(self, numbers: Integers, strata: Integers) -> Integers:
        limits = np.cumsum(_FORM_CHANCES, axis=1)[:, :-1]
        share = uniform(numbers, self.plan.seed, "legal form")
        return np.asarray((share[:, None] >= limits[strata]).sum(axis=1), dtype=np.int64)

    def _names(self, numbers: Integers, forms: Integers, product: pl.Series) -> pl.Series:
        parts = pl.DataFrame(
            {
                "form": _series(list(LEGAL_FORMS)).gather(forms),
                "opener": self._gather(_series([o.replace("{}", "").strip() for o in _OPENERS]), numbers, "opener"),
                "product": product,
                "first": self._gather(self._coined, numbers, "first word"),
                "second": self._gather(self._coined, numbers, "second word"),
                "plain": uniform(numbers, self.plan.seed, "plain name") < 0.5,
            }
        )
        space = pl.lit(" ")
        opener = pl.when(pl.col("opener") == "").then(pl.lit("")).otherwise(pl.col("opener") + space)
        words = pl.col("first") + space + pl.col("second")
        informal = opener + pl.col("product") + space + words
        formal = pl.col("form") + space + words
        detailed = pl.col("form") + space + pl.col("first") + space + pl.col("product")
        name = pl.when(pl.col("form") == "").then(informal).when(pl.col("plain")).then(formal).otherwise(detailed)
        return parts.select(name=name).to_series()

    # --- frames ---

    def firms(self, batch: Batch) -> pl.DataFrame:
        """Columns of the register's firms; see :func:`gebyar.methods.synthetic.synthesize`."""
        numbers, lines = batch.numbers, batch.lines
        forms = self._legal_forms(numbers, batch.strata)
        first = self.product_index(numbers, lines, "first product")
        second = self.product_index(numbers, lines, "second product")
        villages = self.villages(numbers, batch.provinces)
        has_nib = uniform(numbers, self.plan.seed, "has nib") < _NIB_CHANCES[batch.strata]
        nib = _NIB_FIRST + Shuffle(_NIB_ROOM, self.plan.seed, "nib")(numbers)
        frame = pl.DataFrame(
            {
                "id": batch.ids,
                "name": self._names(numbers, forms, self._product_titles.gather(first)),
                "legal_form": _series(list(LEGAL_FORMS)).gather(forms),
                "nib": nib,
                "has_nib": has_nib,
                "region_code": self._villages["code"].gather(villages),
                "street": self._gather(self._streets, numbers, "street"),
                "neighbourhood": self._gather(self._neighbourhoods, numbers, "neighbourhood"),
                "postal_code": self._villages["postal_code"].gather(villages),
                "kbli_code": _series([line.code for line in self.plan.lines]).gather(lines),
                "first": self._products.gather(first),
                "second": self._products.gather(second),
            }
        )
        return frame.select(
            "id",
            "name",
            "legal_form",
            nib=pl.when("has_nib").then(pl.col("nib").cast(pl.String)),
            kind=pl.lit("industry"),
            region_code="region_code",
            address=pl.concat_str("street", "neighbourhood", separator=", "),
            postal_code="postal_code",
            kbli_code="kbli_code",
            kbli_version=pl.lit(2020, pl.Int16),
            products=pl.when(pl.col("first") == pl.col("second"))
            .then(pl.concat_list("first"))
            .otherwise(pl.concat_list("first", "second")),
            latitude=pl.lit(None, pl.Float64),
            longitude=pl.lit(None, pl.Float64),
            is_active=pl.lit(value=True),
            is_synthetic=pl.lit(value=True),
        )

    def contacts(self, batch: Batch) -> pl.DataFrame:
        """One owner per firm: an invented name, a number nobody can have, an address that cannot exist."""
        numbers = batch.numbers
        phone = _PHONE_FIRST + pick(numbers, _PHONE_ROOM, self.plan.seed, "phone")
        mail = uniform(numbers, self.plan.seed, "has mail") < 0.25
        return pl.DataFrame(
            {
                "firm_id": batch.ids,
                "first": self._gather(self._coined, numbers, "owner first"),
                "second": self._gather(self._coined, numbers, "owner second"),
                "phone": phone,
                "mail": mail,
            }
        ).select(
            "firm_id",
            role=pl.lit("owner"),
            name=pl.concat_str("first", "second", separator=" "),
            phone=pl.lit("+") + pl.col("phone").cast(pl.String),
            email=pl.when("mail")
            .then(pl.concat_str(pl.lit("usaha"), pl.col("firm_id").cast(pl.String), pl.lit("@sintetis.example")))
            .otherwise(pl.lit("")),
        )
