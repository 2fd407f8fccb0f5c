"""Judging: from judges' marks to a ranking that does not punish an entry for the judges it drew.

The models are imported when first called: whoever only reads marks or checks the conditions need not wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gebyar.methods.judging.conditions import LEAST_ENTRIES, LEAST_JUDGES, conditions, readiness
from gebyar.methods.judging.findings import CODES, Finding
from gebyar.methods.judging.marks import Criterion, JudgingError, Mark, Score, scores_of, unscaled
from gebyar.methods.judging.pairwise import Strength, bradley_terry
from gebyar.methods.judging.results import JudgeRow, Options, Outlier, Ranking, Row, Variances

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "CODES",
    "LEAST_ENTRIES",
    "LEAST_JUDGES",
    "Criterion",
    "Finding",
    "JudgeRow",
    "JudgingError",
    "Mark",
    "Options",
    "Outlier",
    "Ranking",
    "Row",
    "Score",
    "Strength",
    "Variances",
    "bradley_terry",
    "check_ranking",
    "conditions",
    "rank",
    "readiness",
    "scores_of",
    "unscaled",
]

_DEFAULT = Options()


def rank(
    marks: Iterable[Mark], *, criteria: Sequence[Criterion] = (), options: Options = _DEFAULT, seed: int = 0
) -> Ranking:
    """Rank entries by their judges' marks; see `ranking.rank`."""
    from gebyar.methods.judging import ranking  # noqa: PLC0415 - see above

    return ranking.rank(marks, criteria=criteria, options=options, seed=seed)


def check_ranking(
    marks: Iterable[Mark],
    ranking: Ranking,
    *,
    criteria: Sequence[Criterion] = (),
    options: Options = _DEFAULT,
    seed: int = 0,
) -> tuple[str, ...]:
    """Say what does not hold about a ranking; see `checking.check_ranking`."""
    from gebyar.methods.judging import checking  # noqa: PLC0415 - see above

    return checking.check_ranking(marks, ranking, criteria=criteria, options=options, seed=seed)
