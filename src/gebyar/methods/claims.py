"""Claim check: how a figure that was said relates to the value in its source.

A figure is exact, properly rounded (half up) to the digits said, truncated to them, or something else.
Truncating 20.97 to 20.9 looks like rounding and is not: one step of the last digit is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Verdict = Literal["exact", "rounded", "truncated", "other"]

_NUMBER = re.compile(r"[-−]?[0-9](?:[0-9.,]*[0-9])?")
_SCALES = {
    "ribu": 10**3,
    "thousand": 10**3,
    "juta": 10**6,
    "million": 10**6,
    "miliar": 10**9,
    "billion": 10**9,
    "triliun": 10**12,
    "trillion": 10**12,
}


class NotANumber(ValueError):
    """Text in which no figure can be read."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was written: its value, and one step of its last digit."""

    value: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Deviation:
    """Another published value: ``difference`` = other − source, also in per cent of the source."""

    value: Decimal
    difference: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """What the check found.

    said, value
        The figure said and the source's, in the same unit.
    step
        One step of the last digit said (0.1 for "20.9").
    verdict
        exact, rounded, truncated or other.
    rounded, truncated
        What the source's value would have been, said with the same digits.
    difference
        said − value.
    last_digits
        Steps of the last digit between what was said and proper rounding (−1 for 20.9 said of 20.97).
    coarser_step
        For verdict other: the coarser step (10, 100 …) at which what was said is proper rounding after all
        (70 said of 68.28: 10), None if there is none.
    others
        Other published values against the source's.
    """

    said: Decimal
    value: Decimal
    step: Decimal
    verdict: Verdict
    rounded: Decimal
    truncated: Decimal
    difference: Decimal
    last_digits: int
    coarser_step: Decimal | None
    others: tuple[Deviation, ...]


def _plain(token: str) -> str:
    """The token with a point as decimal mark and no thousands marks."""
    token = token.replace("−", "-")
    marks = [mark for mark in token if mark in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        return token.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if len(marks) > 1:
        return token.replace(marks[0], "")
    return token.replace(",", ".")


def _scale(words: str) -> int:
    found = re.match(r"\s*([a-z]+)", words.lower())
    return _SCALES.get(found.group(1), 1) if found else 1


def read_figure(text: str | Decimal | int) -> Figure:
    """Read a figure with the exactness it was said with.

    Both Indonesian and English writing are read: "20,9 persen", "12.37 million", "4.522.684". A single mark
    is the decimal mark; a scale word (ribu, juta, miliar, triliun or the English ones) multiplies.

    Raises
    ------
    NotANumber
        If there is no number in the text.
    """
    if not isinstance(text, str):
        number = Decimal(text)
        return Figure(number, _step(number))
    found = _NUMBER.search(text)
    if found is None:
        raise NotANumber(f"There is no number in {text!r}. Write it in digits, for example 20,97.")
    number = Decimal(_plain(found.group()))
    scale = _scale(text[found.end() :])
    return Figure(number * scale, _step(number) * scale)


def _step(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def _to_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    return (value / step).quantize(Decimal(1), rounding=rounding) * step


def _verdict(said: Decimal, value: Decimal, rounded: Decimal, truncated: Decimal) -> Verdict:
    if said == value:
        return "exact"
    if said == rounded:
        return "rounded"
    return "truncated" if said == truncated else "other"


def _coarser_step(said: Decimal, value: Decimal, step: Decimal) -> Decimal | None:
    """The finest step coarser than the digits said at which the value rounds to what was said."""
    coarser = step * 10
    while said and said % coarser == 0:
        if _to_step(value, coarser, ROUND_HALF_UP) == said:
            return coarser
        coarser *= 10
    return None


def _deviation(other: Decimal, value: Decimal) -> Deviation:
    difference = other - value
    return Deviation(other, difference, difference / value * 100 if value else None)


def check_claim(
    said: str | Decimal | int, value: str | Decimal | int, others: Sequence[str | Decimal | int] = ()
) -> ClaimCheck:
    """Compare what was said with the source.

    Parameters
    ----------
    said
        The figure as it was said; the number of its decimals decides what rounding would be proper.
    value
        The value in the source, in the same unit or with its own scale word.
    others
        Other published values of the same figure.

    Returns
    -------
    ClaimCheck
        The verdict with all its parts.

    Raises
    ------
    NotANumber
        If a text holds no number.

    Examples
    --------
    >>> check_claim("20,9 %", "20,97").verdict, check_claim("20.9", "20.97").last_digits
    ('truncated', -1)
    """
    figure, source = read_figure(said), read_figure(value).value
    rounded = _to_step(source, figure.step, ROUND_HALF_UP)
    truncated = _to_step(source, figure.step, ROUND_DOWN)
    verdict = _verdict(figure.value, source, rounded, truncated)
    return ClaimCheck(
        said=figure.value,
        value=source,
        step=figure.step,
        verdict=verdict,
        rounded=rounded,
        truncated=truncated,
        difference=figure.value - source,
        last_digits=int((figure.value - rounded) / figure.step),
        coarser_step=_coarser_step(figure.value, source, figure.step) if verdict == "other" else None,
        others=tuple(_deviation(read_figure(other).value, source) for other in others),
    )
