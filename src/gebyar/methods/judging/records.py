"""Rankings as decision records: what a record holds, and how it is run again.

A ranking depends on nothing but marks, rubric, options and seed, so it is computed again. Machines differ in the last
digits of sums; a record whose ranks are the recomputed ones, and whose figures agree to `AGREES`, is the same ranking.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from gebyar.methods.judging.results import Options, Ranking
from gebyar.methods.judging.storage import (
    criteria_from_json,
    marks_from_json,
    marks_to_json,
    options_from_json,
    ranking_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gebyar.methods.judging.marks import Criterion, Mark

METHOD, VERSION = "judging.rank", "1"
AGREES = 1e-4
DEFAULT = Options()


def inputs_of(marks: Iterable[Mark], criteria: Sequence[Criterion] = (), options: Options = DEFAULT) -> dict[str, Any]:
    """Return the inputs of a record. Entries and judges stand there as given: give codes, not names."""
    return {
        "marks": marks_to_json(marks),
        "criteria": [asdict(criterion) for criterion in criteria],
        "options": {**asdict(options), "ties": list(options.ties)},
    }


def result_of(ranking: Ranking) -> dict[str, Any]:
    """Return the result of a record."""
    return ranking_to_json(ranking)


def run(inputs: dict[str, Any], *, seed: int) -> Ranking:
    """Rank the marks of a record's inputs."""
    # The model's parts take a second to load; whoever only reads records need not wait for them.
    from gebyar.methods.judging.ranking import rank  # noqa: PLC0415

    return rank(
        marks_from_json(inputs["marks"]),
        criteria=criteria_from_json(inputs["criteria"]),
        options=options_from_json(inputs["options"]),
        seed=seed,
    )


def replay(
    inputs: dict[str, Any], seed: int | None, result: dict[str, Any]
) -> tuple[Literal["recomputed", "checked"], dict[str, Any], tuple[str, ...]]:
    """Run a record again; see `gebyar.records.replay`.

    Returns
    -------
    tuple
        That it was recomputed, the recorded result where it agrees and the recomputed one where not, and no faults.
    """
    recomputed = result_of(run(inputs, seed=seed or 0))
    return "recomputed", result if agree(recomputed, result) else recomputed, ()


def agree(ours: Any, theirs: Any) -> bool:
    """Tell whether two results are the same: numbers with a fraction to `AGREES`, all else exactly."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(agree(value, theirs[name]) for name, value in ours.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, int | float) and not isinstance(theirs, bool):
        return abs(ours - theirs) <= AGREES
    return type(ours) is type(theirs) and bool(ours == theirs)
