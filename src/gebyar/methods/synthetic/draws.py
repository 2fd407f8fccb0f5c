"""Chance that depends on nothing but a seed, a purpose and a firm's number.

Every draw is a hash of (seed, purpose, number), so a firm is the same in whatever chunk it is made. Where
totals must hold, numbers are not drawn but dealt: a shuffle gives each firm a rank of its own, and ranks
are evenly spaced quantiles.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_WORD = 2**64
# The finaliser of splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


def _key(seed: int, purpose: str) -> int:
    """A number that stands for this seed and purpose."""
    word = (seed * _GOLDEN + zlib.crc32(purpose.encode()) * _FIRST) % _WORD
    for shift, factor in ((30, _FIRST), (27, _SECOND)):
        word = ((word ^ (word >> shift)) * factor) % _WORD
    return word ^ (word >> 31)


def hashes(numbers: npt.NDArray[Any], seed: int, purpose: str) -> Hashes:
    """64 random-looking bits for each number."""
    word = numbers.astype(np.uint64) * np.uint64(_GOLDEN) + np.uint64(_key(seed, purpose))
    word ^= word >> np.uint64(30)
    word *= np.uint64(_FIRST)
    word ^= word >> np.uint64(27)
    word *= np.uint64(_SECOND)
    word ^= word >> np.uint64(31)
    return word


def uniform(numbers: npt.NDArray[Any], seed: int, purpose: str) -> Floats:
    """A number in (0, 1) for each number."""
    steps = hashes(numbers, seed, purpose) >> np.uint64(12)
    return (steps.astype(np.float64) + 0.5) / 2.0**52


def normal(numbers: npt.NDArray[Any], seed: int, purpose: str) -> Floats:
    """A standard normal number for each number."""
    return np.asarray(ndtri(uniform(numbers, seed, purpose)), dtype=np.float64)


def pick(numbers: npt.NDArray[Any], choices: int, seed: int, purpose: str) -> Integers:
    """An index below ``choices`` for each number."""
    return (uniform(numbers, seed, purpose) * choices).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A permutation of 0 … size-1 that is computed, not stored.

    Invertible rounds on the next power of two; numbers that fall outside walk on along their cycle until they
    are inside again (Black and Rogaway 2002, "Ciphers with arbitrary finite domains").
    """

    size: int
    seed: int
    purpose: str

    def __call__(self, numbers: Integers) -> Integers:
        """Ranks of the numbers; each number below ``size`` has a rank of its own."""
        word = self._rounds(numbers.astype(np.uint64))
        outside = np.flatnonzero(word >= np.uint64(self.size))
        while outside.size:
            word[outside] = self._rounds(word[outside])
            outside = outside[word[outside] >= np.uint64(self.size)]
        return word.astype(np.int64)

    def _rounds(self, word: Hashes) -> Hashes:
        bits = max((self.size - 1).bit_length(), 1)
        mask = np.uint64(2**bits - 1)
        shift = np.uint64(max(bits // 2, 1))
        for turn in range(4):
            key = _key(self.seed, f"{self.purpose} {turn}")
            word = (word * np.uint64(key | 1) + np.uint64(key >> 32)) & mask
            word = word ^ (word >> shift)
        return word


def apportion(total: int, weights: Floats) -> Integers:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders).

    Parameters
    ----------
    total
        What is shared out, 0 or more.
    weights
        Not negative; when all are 0 the first gets everything.
    """
    whole = float(weights.sum())
    if whole <= 0:
        shares = np.zeros(len(weights), dtype=np.int64)
        shares[0] = total
        return shares
    exact = weights / whole * total
    shares = np.floor(exact).astype(np.int64)
    rest = total - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:rest]] += 1
    return shares
