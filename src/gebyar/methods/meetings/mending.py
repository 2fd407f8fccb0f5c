"""Mend a plan: hold most meetings, and let the SAT solver place the rest anew with less idling.

Large-neighbourhood search: the free part is grown around somebody who idles, over
partners or over neighbouring slots; it grows when the solver shows that it holds no
better plan, and shrinks when the solver does not come to an end.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from gebyar.methods.meetings.checking import idle_periods
from gebyar.methods.meetings.counted import CountedFormula

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gebyar.methods.meetings.model import Model

EFFORT = 1000  # conflicts per attempt
FIRST_SHARE = 0.45
GROWTH, SHRINKAGE = 1.02, 0.97
BY_PARTNERS = 0.6


class Mender:
    """Tries to improve plans of one model.

    Parameters
    ----------
    model
        The problem.
    lower
        Idle periods known to be unavoidable.
    idle
        Idle periods of the plans to come, at most.
    seed
        Same seed, same attempts.
    """

    def __init__(self, model: Model, lower: int, idle: int, seed: int) -> None:
        self.model = model
        self.formula = CountedFormula(model, lower, idle + 1)
        self.meetings_of = model.meetings_of()
        self.ends: list[list[int]] = model.ends.tolist()
        self.random = Random(seed)  # noqa: S311 - no secret, but repeatable
        self.share = FIRST_SHARE

    def attempt(self, slots: Sequence[int], idle: int) -> list[int] | None:
        """Look for a plan with fewer idle periods in one neighbourhood of a plan.

        Parameters
        ----------
        slots
            The plan: slot from 0 of every meeting.
        idle
            Its idle periods.

        Returns
        -------
        list or None
            A better plan, or None.
        """
        free = self._neighbourhood(slots)
        place = self.formula.encoding.place
        self.formula.prefer(slots)
        held = [place[m][slot] for m, slot in enumerate(slots) if m not in free]
        answer = self.formula.decide([*held, *self.formula.at_most(idle - 1)], EFFORT)
        if answer:
            return self.formula.slots()
        self.share = min(self.share * (SHRINKAGE if answer is None else GROWTH), 1.0)
        return None

    def _neighbourhood(self, slots: Sequence[int]) -> set[int]:
        wanted = self.share * self.model.meetings
        person = self._idler(slots)
        if self.random.random() < BY_PARTNERS:
            return self._partners_of(person, wanted)
        return self._slots_around(self.random.choice([slots[m] for m in self.meetings_of[person]]), slots, wanted)

    def _idler(self, slots: Sequence[int]) -> int:
        starts = self.model.day_starts
        people = [p for p, own in enumerate(self.meetings_of) if idle_periods((slots[m] for m in own), starts)]
        return self.random.choice(people)

    def _partners_of(self, person: int, wanted: float) -> set[int]:
        free: set[int] = set()
        seen = {person}
        front = [person]
        while front and len(free) < wanted:
            for meeting in self.meetings_of[front.pop(self.random.randrange(len(front)))]:
                free.add(meeting)
                fresh = [end for end in self.ends[meeting] if end not in seen]
                front += fresh
                seen.update(fresh)
        return free

    def _slots_around(self, slot: int, slots: Sequence[int], wanted: float) -> set[int]:
        first = last = slot
        while True:
            free = {m for m, there in enumerate(slots) if first <= there <= last}
            if len(free) >= wanted or (first == 0 and last == self.model.slots - 1):
                return free
            if last == self.model.slots - 1 or (first > 0 and self.random.random() < 0.5):
                first -= 1
            else:
                last += 1
