"""Listings of one side of a trade as columns, and a bound that the score of each cannot exceed.

The bound is exact in words, codes, nearness, quantities and delivery times. Certificates count as held, and of places
only the provinces are looked at: who serves a regency may serve all of its province.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gebyar.methods.partners.entry import CARRIAGE, Entry, gives, trade
from gebyar.methods.partners.places import FAR, SAME_ISLAND, SAME_PROVINCE, SAME_REGENCY, islands, legs
from gebyar.methods.partners.scoring import BY_DIGITS, LEAST_CODE, LEAST_TEXT, NOT_SAID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy import sparse

    from gebyar.methods.partners.text import Floats, Integers

_MARGIN = 1e-5  # words are compared in single precision
_EVERYWHERE = 2**64 - 1
_LEG = 1000  # from province × 1000 + to province


@dataclass(slots=True)
class Block:
    """Columns of equal length; `counts` is listings × buckets.

    `served` holds one bit for each province named, all bits where none is; `legs` and `leg_rows` the ways between
    provinces that a listing goes (giver) or wants to be gone (taker), as far as it is about carriage.
    """

    entries: list[Entry]
    counts: sparse.csc_matrix
    alive: npt.NDArray[np.bool_]
    codes: Integers
    province: Integers
    regency: Integers
    island: Integers
    bit: npt.NDArray[np.uint64]
    served: npt.NDArray[np.uint64]
    quantity: Floats
    unit: Integers
    days: Floats
    legs: Integers
    leg_rows: Integers
    is_small: npt.NDArray[np.bool_]
    is_far: npt.NDArray[np.bool_]
    norms: Floats
    norms_of: int = -1

    @property
    def memory(self) -> int:
        """Bytes of all columns."""
        columns = (
            self.codes, self.province, self.regency, self.island, self.bit, self.served, self.quantity, self.unit,
            self.days, self.legs, self.leg_rows, self.is_small, self.is_far, self.norms, self.alive,
        )  # fmt: skip
        matrix = (self.counts.data, self.counts.indices, self.counts.indptr)
        return int(sum(column.nbytes for column in (*columns, *matrix)))


def _number(code: str) -> int:
    digits = code.replace(".", "")
    return int(digits) if digits.isdigit() else -1


@cache
def _bits() -> dict[str, int]:
    return {code: position for position, code in enumerate(sorted(islands()))}


def _mask(codes: Sequence[str]) -> int:
    """Return one bit for each province; a place that is in no list could be anywhere."""
    if not codes or any(code[:2] not in _bits() for code in codes):
        return _EVERYWHERE
    return sum(1 << position for position in {_bits()[code[:2]] for code in codes})


def _unit(entry: Entry) -> int:
    return zlib.crc32(entry.unit.lower().encode())


@cache
def _islands() -> dict[str, int]:
    names = sorted(set(islands().values()))
    return {code: names.index(name) for code, name in islands().items()}


def _island(region: str) -> int:
    """Return the number of the group of islands; an unknown province is one of its own."""
    return _islands().get(region[:2], 1000 + _number(region[:2]))


def _known(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def block_of(entries: list[Entry], counts: sparse.csr_matrix) -> Block:
    """Write listings as columns."""
    codes = np.full((len(entries), max((len(entry.kbli) for entry in entries), default=0) or 1), -1, dtype=np.int64)
    for row, entry in enumerate(entries):
        codes[row, : len(entry.kbli)] = [int(code) for code in entry.kbli]
    ways, rows = _ways(entries)
    regency = [_number(entry.region[:5]) if len(entry.region) >= 5 else -1 for entry in entries]
    return Block(
        entries=entries, counts=counts.tocsc(), alive=np.ones(len(entries), dtype=np.bool_), codes=codes,
        province=np.array([_number(entry.region[:2]) for entry in entries], dtype=np.int64),
        regency=np.array(regency, dtype=np.int64),
        island=np.array([_island(entry.region) for entry in entries], dtype=np.int64),
        bit=np.array([_mask([entry.region]) for entry in entries], dtype=np.uint64),
        served=np.array([_mask(entry.regions) for entry in entries], dtype=np.uint64),
        is_small=np.array([entry.is_small for entry in entries], dtype=np.bool_),
        is_far=np.array([entry.is_remote for entry in entries], dtype=np.bool_),
        quantity=np.array([_known(entry.quantity_per_year) for entry in entries], dtype=np.float64),
        unit=np.array([_unit(entry) for entry in entries], dtype=np.int64),
        days=np.array([_known(entry.lead_time_days) for entry in entries], dtype=np.float64),
        legs=ways, leg_rows=rows, norms=np.zeros(len(entries)),
    )  # fmt: skip


def _ways(entries: Sequence[Entry]) -> tuple[Integers, Integers]:
    carried = [(row, entry) for row, entry in enumerate(entries) if trade(entry.role) == CARRIAGE]
    table = np.array([(way, row) for row, entry in carried for way in ways_of(entry)], dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def ways_of(entry: Entry) -> list[int]:
    """Return the ways between provinces that a listing about carriage goes, or wants to be gone."""
    if gives(entry.direction, entry.role):
        ends = [(route.split(">")[0], route.split(">")[1]) for route in entry.routes]
    else:
        ends = list(legs(entry.routes, entry.regions, entry.region))
    return [_number(start[:2]) * _LEG + _number(end[:2]) for start, end in ends]


# --- the bound ----------------------------------------------------------------------------------------------


def bound(asked: Entry, block: Block, likeness: Floats, weights: Mapping[str, float]) -> Floats:
    """Return what the score of each listing cannot exceed, minus infinity where it cannot fit at all."""
    is_carriage = trade(asked.role) == CARRIAGE
    levels = _code_levels(asked, block)
    served = _ways_served(asked, block) if is_carriage else _served(asked, block)
    found = weights["certificates"] + _MARGIN + weights["text"] * likeness + weights["code"] * levels
    found += weights["near"] * _near(asked, block) + weights["served"] * served
    found += weights["capacity"] * _capacity(asked, block) + weights["lead_time"] * _lead_time(asked, block)
    unfit = served <= 0 if is_carriage else (likeness < LEAST_TEXT) & (levels < LEAST_CODE)
    found[unfit | ~block.alive] = -np.inf
    return np.asarray(found)


def _code_levels(asked: Entry, block: Block) -> Floats:
    levels = np.zeros(len(block.entries))
    for code in asked.kbli:
        for digits, value in sorted(BY_DIGITS.items()):
            unit = 10 ** (5 - digits)
            low = int(code) // unit * unit
            same = ((block.codes >= low) & (block.codes < low + unit)).any(axis=1)
            levels[same] = np.maximum(levels[same], value)
    return levels


def _near(asked: Entry, block: Block) -> Floats:
    near = np.where(block.island == _island(asked.region), SAME_ISLAND, FAR)
    near[block.province == _number(asked.region[:2])] = SAME_PROVINCE
    if len(asked.region) >= 5:
        near[block.regency == _number(asked.region[:5])] = SAME_REGENCY
    return near


def _served(asked: Entry, block: Block) -> Floats:
    own, wanted = np.uint64(_mask([asked.region])), np.uint64(_mask(asked.regions))
    one, other = (block.served & own) > 0, (block.bit & wanted) > 0
    return np.asarray((one.astype(np.float64) + other) / 2)


def _ways_served(asked: Entry, block: Block) -> Floats:
    """Return the share of the way that could be gone, judged by provinces; without routes it is gone everywhere."""
    count = len(block.entries)
    own = ways_of(asked)
    if not gives(asked.direction, asked.role):
        free = np.bincount(block.leg_rows, minlength=count) == 0
        gone = sum(
            (np.bincount(block.leg_rows[block.legs == way], minlength=count) > 0).astype(np.float64) for way in own
        )
        return np.asarray(np.where(free, 1.0, gone / len(own)))
    if not own:
        return np.ones(count)
    wanted = np.bincount(block.leg_rows, minlength=count)
    able = np.bincount(block.leg_rows[np.isin(block.legs, own)], minlength=count)
    return np.asarray(able / np.maximum(wanted, 1))


def _capacity(asked: Entry, block: Block) -> Floats:
    if asked.quantity_per_year is None:
        return np.full(len(block.entries), NOT_SAID)
    ratio = block.quantity / asked.quantity_per_year
    share = np.minimum(1.0, 1 / ratio if gives(asked.direction, asked.role) else ratio)
    known = ~np.isnan(block.quantity) & (block.unit == _unit(asked))
    return np.asarray(np.where(known, share, NOT_SAID))


def _lead_time(asked: Entry, block: Block) -> Floats:
    if asked.lead_time_days is None:
        return np.full(len(block.entries), NOT_SAID)
    own = np.full(len(block.entries), float(asked.lead_time_days))
    takes, wanted = (own, block.days) if gives(asked.direction, asked.role) else (block.days, own)
    share = np.where(takes <= wanted, 1.0, wanted / np.maximum(takes, 1))
    return np.asarray(np.where(np.isnan(block.days), NOT_SAID, share))


@dataclass(slots=True)
class Bounded:
    """Listings with their bounds and text likeness, gathered from several blocks."""

    blocks: list[tuple[Block, npt.NDArray[np.intp]]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    parts: list[tuple[Floats, Floats]] = field(default_factory=list)
    bounds: Floats = field(default_factory=lambda: np.empty(0))
    texts: Floats = field(default_factory=lambda: np.empty(0))
    is_small: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    is_far: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    def take(self, block: Block, bounds: Floats, texts: Floats) -> None:
        rows = np.flatnonzero(np.isfinite(bounds))
        self.starts.append(sum(len(some) for _block, some in self.blocks))
        self.blocks.append((block, rows))
        self.parts.append((bounds[rows], texts[rows]))

    def closed(self) -> Bounded:
        """Join what was taken."""
        if self.parts:
            self.bounds = np.concatenate([bounds for bounds, _texts in self.parts])
            self.texts = np.concatenate([texts for _bounds, texts in self.parts])
            self.is_small = np.concatenate([block.is_small[rows] for block, rows in self.blocks])
            self.is_far = np.concatenate([block.is_far[rows] for block, rows in self.blocks])
        return self

    def only(self, kind: tuple[bool, bool]) -> Bounded:
        """Return the same with bounds for those alone that are small or not, and far away or not."""
        chosen = (self.is_small == kind[0]) & (self.is_far == kind[1])
        return replace(self, bounds=np.where(chosen, self.bounds, -np.inf))

    def entry(self, position: int) -> Entry:
        at = int(np.searchsorted(self.starts, position, side="right")) - 1
        block, rows = self.blocks[at]
        return block.entries[int(rows[position - self.starts[at]])]
