"""A synthetic national register of small industry, calibrated to published totals.

No row stands for a real firm or person: words are invented, numbers come from ranges nobody holds, and
every firm is marked synthetic. The same seed gives the same register whatever the chunk size.

A register of N firms is a scale model: it holds the N-th part of the nation's firms, workers and output, so
each firm stands for (4.53 million / N) firms. Sizes are dealt, not drawn, so totals also hold for small N:
5,000 firms hold 11 large ones (11.5 would be exact), 45 medium ones, and the IKM share of output is still
20.97 %. With fewer than about 220 firms there may be no large firm at all, and shares of IKM are then 100
%.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.synthetic.firms import Identity
from gebyar.methods.synthetic.plan import Plan
from gebyar.methods.synthetic.profiles import Reports
from gebyar.methods.synthetic.report import Totals, calibration_report
from gebyar.reference.synthetic import calibration, lines, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

__all__ = ["Plan", "SyntheticChunk", "Totals", "calibration_report", "plan_register", "synthesize"]

DEFAULT_CHUNK = 200_000


@dataclass(frozen=True, slots=True)
class SyntheticChunk:
    """A run of consecutive firms as four tables.

    firms
        id, name, legal_form, nib (text or null), kind, region_code (village), address, postal_code,
        kbli_code, kbli_version, products (list of text), latitude and longitude (null), is_active,
        is_synthetic (true).
    profiles
        One row per firm, same order: firm_id, year, as_of and the facts of the yearly report; money in whole
        rupiah, null where not known.
    contacts
        One owner per firm: firm_id, role, name, phone, email.
    certificates
        firm_id, kind, number, issued_on, valid_until; none to several per firm.
    """

    firms: pl.DataFrame
    profiles: pl.DataFrame
    contacts: pl.DataFrame
    certificates: pl.DataFrame


def plan_register(firms: int, seed: int) -> Plan:
    """The plan of a register of this many firms.

    Raises
    ------
    ValueError
        If ``firms`` is below 1 or ``seed`` below 0.
    """
    if firms < 1:
        raise ValueError(f"A register needs at least one firm, not {firms}.")
    if seed < 0:
        raise ValueError(f"The seed must be 0 or more, not {seed}.")
    return Plan(firms, seed, calibration(), lines())


def synthesize(firms: int, seed: int, chunk: int = DEFAULT_CHUNK, first_id: int = 1) -> Iterator[SyntheticChunk]:
    """Make a register, chunk by chunk.

    Parameters
    ----------
    firms
        How many firms, 1 or more.
    seed
        Same seed, same register; 0 or more.
    chunk
        Firms per chunk; bounds the memory, does not change the register.
    first_id
        Id of the first firm; ids run on without gaps.

    Yields
    ------
    SyntheticChunk
        Firms in order of id.
    """
    plan = plan_register(firms, seed)
    if chunk < 1:
        raise ValueError(f"A chunk holds at least one firm, not {chunk}.")
    identity, reports = Identity(plan, words()), Reports(plan, words())
    for start in range(0, firms, chunk):
        batch = plan.deal(np.arange(start, min(start + chunk, firms), dtype=np.int64), first_id)
        yield SyntheticChunk(
            firms=identity.firms(batch),
            profiles=reports.profiles(batch),
            contacts=identity.contacts(batch),
            certificates=reports.certificates(batch),
        )
