"""Readiness: from answers to an index, its bounds, levels, gaps and comparisons, by an instrument that is data.

Sources: Permenperin 21/2020 (INDI 4.0: means of means, weighted pillars); IMPULS, VDMA 2015 (a dimension is as high as its
lowest field).
"""

from gebyar.methods.readiness.answers import UnfitAnswer
from gebyar.methods.readiness.comparing import (
    MOST_PRIVATE,
    Difference,
    GroupFigures,
    agreement,
    differences,
    group_figures,
)
from gebyar.methods.readiness.gaps import Gap, gaps
from gebyar.methods.readiness.scoring import Score, score, score_one

__all__ = [
    "MOST_PRIVATE",
    "Difference",
    "Gap",
    "GroupFigures",
    "Score",
    "UnfitAnswer",
    "agreement",
    "differences",
    "gaps",
    "group_figures",
    "score",
    "score_one",
]
