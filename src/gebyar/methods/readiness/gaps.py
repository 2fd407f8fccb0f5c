"""Gap plans: which step lifts the index most for the least effort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.readiness.answers import value_of
from gebyar.methods.readiness.scoring import score_one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gebyar.reference.instruments import Instrument, Option, Question


@dataclass(frozen=True, slots=True)
class Gap:
    """One step up in one question.

    ``options`` are the answers that would be reached: one of them for a "single" question, any of them for a "count" one.
    ``lift`` is how much the index would rise, ``effort`` what the instrument says the step costs (1–5).
    """

    question: str
    field: str
    now: float
    then: float
    options: tuple[str, ...]
    lift: float
    effort: float
    help_by: tuple[str, ...]

    @property
    def worth(self) -> float:
        """Lift for each unit of effort."""
        return self.lift / self.effort


def gaps(instrument: Instrument, answers: Mapping[str, str], *, most: int | None = None) -> tuple[Gap, ...]:
    """Return the next step of every question that has one, the most worthwhile first.

    Parameters
    ----------
    instrument, answers
        As for `gebyar.methods.readiness.score_one`. Questions that are not answered or do not apply have no step.
    most
        How many to return.

    Raises
    ------
    UnfitAnswer
    """
    before = score_one(instrument, answers)
    found = []
    for question in instrument.questions:
        step = _next_step(question, answers.get(question.id))
        if step is None:
            continue
        now, then, text, options = step
        after = score_one(instrument, {**answers, question.id: text})
        field = next(one for one in instrument.fields if one.id == question.field)
        lift = round(after.low - before.low, 9)
        found.append(
            Gap(
                question.id, field.id, now, then, tuple(one.id for one in options), lift, question.effort, field.help_by
            )
        )
    order = {question.id: place for place, question in enumerate(instrument.questions)}
    found.sort(key=lambda gap: (-gap.worth, -gap.lift, order[gap.question]))
    return tuple(found[:most])


def _next_step(question: Question, text: str | None) -> tuple[float, float, str, tuple[Option, ...]] | None:
    """Return the value now and after one step, the answer after it, and the options to choose from."""
    now = value_of(question, text)
    if now is None or np.isnan(now) or now >= question.highest:
        return None
    if question.kind == "single":
        best = min((option for option in question.options if option.value > now), key=lambda option: option.value)
        return now, best.value, best.id, (best,)
    chosen = {part.strip() for part in (text or "").replace(",", ";").split(";")}
    free = tuple(option for option in question.options if not option.exclusive and option.id not in chosen)
    kept = [option.id for option in question.options if option.id in chosen and not option.exclusive] if now else []
    return now, now + 1, ";".join([*kept, free[0].id]), free
