"""Rounds of judging for the tests: one worked by hand, and drawn ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from gebyar.methods.judging import Mark

WORTH = (7, 5, 3, 1, -1, -3, -5, -7)
LEVELS = (-4, 0, 4)
CHANCE = (1, -2, 1)


def worked_marks() -> list[Mark]:
    """Eight entries × three judges, mean 60, with sums of squares that anybody can add up.

    Entries: 3 · (7² + 5² + 3² + 1²) · 2 = 504, so the mean square is 504 / 7 = 72. Judges: 8 · (4² + 4²) = 256, mean
    square 128. The rest: 8 · (1 + 4 + 1) = 48 with 14 degrees of freedom, mean square 24/7.
    """
    return [
        Mark(f"E{entry + 1}", f"J{judge + 1}", 60.0 + worth + level + (-1) ** entry * rest)
        for entry, worth in enumerate(WORTH)
        for judge, (level, rest) in enumerate(zip(LEVELS, CHANCE, strict=True))
    ]


@st.composite
def rounds(draw, *, balanced=False, entries=(9, 14), judges=(4, 6)):
    """Marks that fulfil the conditions for a model: at least three judges for each entry, eight entries for each."""
    rows, columns = draw(st.integers(*entries)), draw(st.integers(*judges))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spread, severity, noise = (draw(st.sampled_from([0.0, 2.0, 8.0])) for _ in range(3))
    values = (
        60
        + spread * random.standard_normal((rows, 1))
        + severity * random.standard_normal((1, columns))
        + (noise or 1.0) * random.standard_normal((rows, columns))
    ).round(1)
    left_out = set() if balanced else {(row, row % columns) for row in range(rows - 8)}
    return [
        Mark(f"E{row:02d}", f"J{column}", float(values[row, column]))
        for row in range(rows)
        for column in range(columns)
        if (row, column) not in left_out
    ]
