"""How many firms of each kind a register of N firms holds, and by how much its money is scaled.

The register is dealt, not drawn: five strata by size, and within each stratum provinces and lines of
industry, get whole numbers of firms by largest remainders; workers follow evenly spaced quantiles of each
stratum's distribution; output is scaled so that the total of each Permenperin class is the N-th part of the
nation's. So totals hold at any N, not only on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from gebyar.methods.synthetic.draws import Floats, Integers, Shuffle, apportion, normal
from gebyar.reference.regions import provinces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gebyar.reference.synthetic import Calibration, Line

# Strata. The first is large, the next two are medium, the last two small by Permenperin 64/2016.
LARGE, MEDIUM_MANY, MEDIUM_FEW, SMALL_MORE, SMALL_FEW = range(5)
STRATA = 5
CLASS_OF_STRATUM = np.array([0, 1, 1, 2, 2])

LARGE_SPREAD = 1.1
OUTPUT_SPREAD = np.array([0.9, 0.7, 0.7, 0.6, 0.6])
# Output rises a little faster than the number of workers.
OUTPUT_EXPONENT = 1.1
_BLOCK = 400_000
# Lines that use machines; larger firms are found in these only.
_MECHANISED_KWH = 4
_MINIMUM = np.array([20, 20, 5, 5, 1])
_MAXIMUM = np.array([60_000, 120, 19, 19, 4])
# The fall of the number of firms with their workers: only medium-many and the smallest are fitted to a mean.
_MEDIUM_FEW_SLOPE = 0.05
_SMALL_MORE_SLOPE = 0.28


def _falling(low: int, high: int, slope: float) -> Floats:
    """Probabilities of low … high workers, falling by exp(-slope) from each to the next."""
    steps = np.arange(high - low + 1, dtype=np.float64)
    weights = np.exp(-slope * steps)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _mean(low: int, high: int, slope: float) -> float:
    return float(_falling(low, high, slope) @ np.arange(low, high + 1))


def _slope_for_mean(low: int, high: int, mean: float) -> float:
    return float(brentq(lambda slope: _mean(low, high, slope) - mean, -5, 5))


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive firms and what the plan deals them; arrays of equal length.

    ``numbers`` count from 0, ``ids`` from the register's first id; ``provinces`` and ``lines`` are indexes.
    """

    numbers: Integers
    ids: Integers
    strata: Integers
    ranks: Integers
    provinces: Integers
    lines: Integers
    workers: Integers


@dataclass(frozen=True)
class Plan:
    """The register of ``firms`` firms under ``seed`` before any firm is made.

    Firm number i has position ``Shuffle(firms)(i)``; strata follow each other along the positions.
    """

    firms: int
    seed: int
    calibration: Calibration
    lines: tuple[Line, ...]

    @cached_property
    def scale(self) -> float:
        """The part of the nation that the register stands for: its firms over the nation's."""
        return float(self.firms / self.calibration.firms)

    @cached_property
    def sizes(self) -> Integers:
        """Firms per stratum, shape (5,)."""
        given = self.calibration
        large, medium = 1 - given.ikm_share, given.medium_share
        few, more = given.medium_few_workers_share, given.small_class_5_to_19_share
        small = 1 - large - medium
        shares = [large, medium * (1 - few), medium * few, small * more, small * (1 - more)]
        return apportion(self.firms, np.array(shares, dtype=np.float64))

    @cached_property
    def starts(self) -> Integers:
        """First position of each stratum."""
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.int64)

    # --- workers ---

    @cached_property
    def slopes(self) -> Floats:
        """Slope of the number of firms by workers in each stratum (not used for large firms)."""
        given = self.calibration
        firms = float(given.firms) * np.array([float(1 - given.ikm_share), float(given.medium_share)])
        medium_many = firms[1] * float(1 - given.medium_few_workers_share)
        medium_few = firms[1] - medium_many
        small = float(given.firms) - firms.sum()
        more = small * float(given.small_class_5_to_19_share)
        few_workers = medium_few * _mean(5, 19, _MEDIUM_FEW_SLOPE)
        many_mean = (float(given.medium_workers) - few_workers) / medium_many
        small_workers = given.ikm_workers - float(given.medium_workers) - more * _mean(5, 19, _SMALL_MORE_SLOPE)
        return np.array(
            [
                0.0,
                _slope_for_mean(_MINIMUM[MEDIUM_MANY], _MAXIMUM[MEDIUM_MANY], many_mean),
                _MEDIUM_FEW_SLOPE,
                _SMALL_MORE_SLOPE,
                _slope_for_mean(_MINIMUM[SMALL_FEW], _MAXIMUM[SMALL_FEW], small_workers / (small - more)),
            ]
        )

    @cached_property
    def _large_workers(self) -> Integers:
        """Workers of the large firms by rank: lognormal quantiles, scaled to the mean."""
        count = int(self.sizes[LARGE])
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        shape = np.exp(LARGE_SPREAD * ndtri((np.arange(count) + 0.5) / count))
        low, high = int(_MINIMUM[LARGE]), int(_MAXIMUM[LARGE])
        target = self.calibration.large_workers_mean * count

        def excess(factor: float) -> float:
            return float(np.clip(shape * factor, low, high).sum() - target)

        factor = float(brentq(excess, 1, 20_000))
        return np.asarray(np.rint(np.clip(shape * factor, low, high)), dtype=np.int64)

    @cached_property
    def _worker_limits(self) -> list[Integers]:
        """For each stratum the rank at which each further worker begins."""
        limits = []
        for stratum in range(STRATA):
            chances = _falling(int(_MINIMUM[stratum]), int(_MAXIMUM[stratum]), self.slopes[stratum])
            limits.append(np.rint(np.cumsum(chances)[:-1] * self.sizes[stratum]).astype(np.int64))
        return limits

    def workers(self, stratum: int, ranks: Integers) -> Integers:
        """Workers of the firms with these ranks in their stratum."""
        if stratum == LARGE:
            return self._large_workers[ranks]
        further = np.searchsorted(self._worker_limits[stratum], ranks, side="right")
        return np.asarray(_MINIMUM[stratum] + further, dtype=np.int64)

    # --- output ---

    def raw_output(self, stratum: int, ranks: Integers, workers: Integers) -> Floats:
        """Output before it is scaled to the total of the class."""
        noise = normal(ranks, self.seed, f"output {stratum}")
        spread = OUTPUT_SPREAD[stratum]
        return np.asarray(workers.astype(np.float64) ** OUTPUT_EXPONENT * np.exp(spread * noise), dtype=np.float64)

    def _blocks(self, stratum: int) -> Iterator[Integers]:
        size = int(self.sizes[stratum])
        for start in range(0, size, _BLOCK):
            yield np.arange(start, min(start + _BLOCK, size), dtype=np.int64)

    def _raw_total(self, stratum: int) -> float:
        return sum(
            float(self.raw_output(stratum, ranks, self.workers(stratum, ranks)).sum())
            for ranks in self._blocks(stratum)
        )

    @cached_property
    def output_factors(self) -> Floats:
        """Rupiah per unit of raw output, per stratum."""
        given = self.calibration
        targets = np.array(
            [given.large_output, given.medium_output, given.ikm_output - given.medium_output],
            dtype=np.float64,
        )
        raw = np.array([self._raw_total(stratum) for stratum in range(STRATA)])
        totals = np.bincount(CLASS_OF_STRATUM, weights=raw)
        factors = np.divide(targets * self.scale, totals, out=np.zeros(3), where=totals > 0)
        return np.asarray(factors[CLASS_OF_STRATUM], dtype=np.float64)

    # --- places and lines ---

    @cached_property
    def province_codes(self) -> list[str]:
        return [province.code for province in provinces()]

    def _province_weights(self, large: bool) -> Floats:
        table = self.calibration.large_provinces if large else self.calibration.provinces
        return np.array([float(table.get(code, 0)) for code in self.province_codes])

    @cached_property
    def province_quotas(self) -> Integers:
        """Firms per stratum and province, shape (5, 38); every province's total follows the published one."""
        totals = apportion(self.firms, self._province_weights(large=False))
        quotas = np.zeros((STRATA, len(totals)), dtype=np.int64)
        for stratum in range(STRATA):
            left = np.maximum(totals - quotas.sum(axis=0), 0).astype(np.float64)
            own = self._province_weights(large=True) * (left > 0) if stratum == LARGE else left
            quotas[stratum] = apportion(int(self.sizes[stratum]), own)
        return quotas

    @cached_property
    def line_quotas(self) -> Integers:
        """Firms per stratum and line of industry, shape (5, lines); food keeps its published share."""
        quotas = np.zeros((STRATA, len(self.lines)), dtype=np.int64)
        food = np.array([line.is_food for line in self.lines])
        weights = np.array([line.weight for line in self.lines], dtype=np.float64)
        mechanised = np.array([line.kwh >= _MECHANISED_KWH for line in self.lines])
        food_totals = _food_quotas(self.firms, self.sizes, float(self.calibration.food_share))
        for stratum in range(STRATA):
            allowed = weights if stratum >= SMALL_MORE else weights * mechanised
            own_food = int(food_totals[stratum])
            quotas[stratum] += apportion(own_food, allowed * food)
            quotas[stratum] += apportion(int(self.sizes[stratum]) - own_food, allowed * ~food)
        return quotas

    def deal(self, numbers: Integers, first_id: int) -> Batch:
        """What the firms with these numbers are: size, place, line of industry and workers."""
        positions = Shuffle(self.firms, self.seed, "position")(numbers)
        strata = np.searchsorted(self.starts, positions, side="right") - 1
        ranks = positions - self.starts[strata]
        workers, places, trades = (np.zeros(len(numbers), dtype=np.int64) for _ in range(3))
        for stratum in range(STRATA):
            own = strata == stratum
            if own.any():
                workers[own] = self.workers(stratum, ranks[own])
                places[own] = self._dealt(self.province_quotas, stratum, ranks[own], "province")
                trades[own] = self._dealt(self.line_quotas, stratum, ranks[own], "line")
        return Batch(numbers, numbers + first_id, strata, ranks, places, trades, workers)

    def _dealt(self, quotas: Integers, stratum: int, ranks: Integers, purpose: str) -> Integers:
        """Index of the province or line of each firm of a stratum, so that the quotas are met exactly."""
        shuffled = Shuffle(int(self.sizes[stratum]), self.seed, f"{purpose} {stratum}")(ranks)
        return np.searchsorted(np.cumsum(quotas[stratum])[:-1], shuffled, side="right").astype(np.int64)


def _food_quotas(firms: int, sizes: Integers, share: float) -> Integers:
    """Food firms per stratum, in all the published share of the firms."""
    return apportion(round(firms * share), sizes.astype(np.float64))
