"""What an allotment says: a verdict with its reason for everybody, and the figures of kinds and reserves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["admitted", "waiting", "refused"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an applicant gets.

    Attributes
    ----------
    rank
        The place in the order, from 1: by points and tie rules, by lot, or in the line.
    kind, place, zone
        Which place, counted from 1 within its kind in the order of ranks; None without one.
    amount
        Whole rupiah granted; None where no money is given.
    code, parameters
        The reason, of `reasons.CODES`.
    """

    applicant: str
    outcome: Outcome
    rank: int
    code: str
    parameters: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None
    place: int | None = None
    zone: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class KindFigure:
    """How a kind was filled; `last` is the admitted one with the greatest rank."""

    kind: str
    places: int
    admitted: int
    last: str | None = None
    last_rank: int | None = None


@dataclass(frozen=True, slots=True)
class ReserveFigure:
    """How far a reserve or quota was used.

    Attributes
    ----------
    group
        With its value, where the call named only its kind.
    applied
        Members who could be admitted at all.
    missing
        How many fewer than `least` were admitted; `code` then says why.
    """

    group: str
    kind: str | None
    least: int | None
    most: int | None
    applied: int
    admitted: int
    missing: int = 0
    code: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    last: str | None = None
    last_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Allotment:
    """Everything that was decided.

    Attributes
    ----------
    rows
        One verdict for each applicant, in the order of ranks.
    granted
        Whole rupiah given in total; None where no money is given.
    missing
        What all reserves together lack; no allotment that keeps the quotas lacks less.
    """

    rows: tuple[Verdict, ...]
    kinds: tuple[KindFigure, ...]
    reserves: tuple[ReserveFigure, ...]
    seed: int
    granted: int | None = None
    missing: int = 0

    @property
    def admitted(self) -> tuple[Verdict, ...]:
        return tuple(row for row in self.rows if row.outcome == "admitted")

    @property
    def waiting(self) -> tuple[Verdict, ...]:
        return tuple(row for row in self.rows if row.outcome == "waiting")
