"""Plan a round of business meetings: choose what to grant, place it, repair it on the day, and give every reason.

The planners are imported when first called: their compiled parts take a second to load, which readers and checkers
need not wait for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gebyar.methods.rounds.calculating import Needs, calculate, meetings_that_fit
from gebyar.methods.rounds.checking import check_round
from gebyar.methods.rounds.reasons import CODES, reason_words
from gebyar.methods.rounds.round import (
    Answer,
    Guest,
    Place,
    Refusal,
    Request,
    Round,
    RoundError,
    RoundPlan,
    Slot,
    Wish,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gebyar.methods.rounds.repairing import Move

__all__ = [
    "CODES",
    "Answer",
    "Guest",
    "Needs",
    "Place",
    "Refusal",
    "Request",
    "Round",
    "RoundError",
    "RoundPlan",
    "Slot",
    "Wish",
    "calculate",
    "check_round",
    "meetings_that_fit",
    "moves",
    "plan_round",
    "reason_words",
    "repair_round",
]


def plan_round(
    round_: Round,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    kept: Sequence[Place] = (),
    progress: Callable[[int, int | None, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RoundPlan:
    """Choose which requests to grant and place them; see `planning.plan_round`."""
    from gebyar.methods.rounds import planning  # noqa: PLC0415 - see above

    return planning.plan_round(
        round_, seed=seed, time_limit=time_limit, kept=kept, progress=progress, should_stop=should_stop
    )


def repair_round(
    round_: Round,
    plan: Sequence[Place],
    *,
    from_slot: int = 1,
    kept: Sequence[Place] = (),
    seed: int = 0,
) -> RoundPlan:
    """Fit a plan to new facts and move as few other meetings as possible; see `repairing.repair_round`."""
    from gebyar.methods.rounds import repairing  # noqa: PLC0415 - see above

    return repairing.repair_round(round_, plan, from_slot=from_slot, kept=kept, seed=seed)


def moves(before: Iterable[Place], after: Iterable[Place]) -> tuple[Move, ...]:
    """Compare two plans; see `repairing.moves`."""
    from gebyar.methods.rounds import repairing  # noqa: PLC0415 - see above

    return repairing.moves(before, after)
