"""Solve a meeting problem from two sides.

From above, annealing over Kempe chains finds good plans; from below, a SAT solver in a
second process proves how many idle periods cannot be avoided. They stop when they meet.

Both sides count their work in ticks (steps, conflicts) and not in seconds, and which
plan is returned is decided on ticks, so the same seed gives the same plan, unless the
time limit cuts the work short.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gebyar.methods.meetings.checking import broken_demands
from gebyar.methods.meetings.plan import Placement, Plan, Status
from gebyar.methods.meetings.presolve import NoPlanError, presolve
from gebyar.methods.meetings.proving import ProofSide
from gebyar.methods.meetings.searching import (
    HOT,
    STEPS_PER_TICK,
    WARM,
    SearchSide,
    Segment,
    cooling,
    prepare,
    short_runs,
)
from gebyar.methods.meetings.seating import assign_tables
from gebyar.methods.meetings.words import NOT_SHORTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gebyar.methods.meetings.model import Model
    from gebyar.methods.meetings.problem import Problem

    Progress = Callable[[int, int | None, str], None]

PROVABLE = 60_000  # meeting × slot choices beyond which no proof is tried
STEPS_PER_SECOND = 3_000_000  # on a fast machine; a slower one cools faster
SEARCH_SHARE = 0.8
SEATING_SECONDS = 4e-5  # per meeting, to give out the tables at the end
WAIT = 0.05
PREPARING = "preparing"
CUT_SHORT = "The time limit came before a plan was found; allow more time."


def solve(
    problem: Problem,
    *,
    fairness: int | None = 2,
    time_limit: float = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    start: Sequence[int] | None = None,
) -> Plan:
    """Schedule every meeting with as few idle periods as possible.

    Parameters
    ----------
    problem
        Who meets whom, slots and tables.
    fairness
        Largest difference of two participants' idle counts; None for no bound.
    time_limit
        Seconds after which the best plan so far is returned with its bound. Compiling the search, which the first call
        on a machine waits for, is not counted.
    seed
        Same seed, same plan (unless the time limit cuts the work short).
    progress
        Called with whole seconds done, seconds allowed, and best and bound in words; with "preparing" at first.
    should_stop
        Asked about eight times a second; when it says yes, the best plan so far is returned with its bound.
    start
        A known plan to begin from: the slot of every meeting, from 1. It keeps all demands but perhaps fairness.

    Returns
    -------
    Plan
        Proven optimal, best so far with its bound, or infeasible with the reason.

    Raises
    ------
    ValueError
        Negative fairness, a time limit that is not above 0, or a start that breaks a demand.
    """
    if fairness is not None and fairness < 0:
        raise ValueError(f"fairness is {fairness}; give 0 or more, or None for no bound")
    if not time_limit > 0:
        raise ValueError(f"time_limit is {time_limit}; give seconds above 0")
    if start is not None:
        _check_start(problem, start)
    clock = Clock(time_limit, progress, should_stop)
    try:
        model, lower = presolve(problem, fairness)
    except NoPlanError as error:
        return Plan(Status.INFEASIBLE, None, None, clock.elapsed(), str(error))
    if not problem.meetings:
        return Plan(Status.OPTIMAL, 0, 0, clock.elapsed())
    clock.tell(PREPARING)
    clock.leave_out(prepare)
    known = None if start is None else [slot - 1 for slot in start]
    return _Race(problem, model, lower, clock, seed).run(known)


def _check_start(problem: Problem, start: Sequence[int]) -> None:
    if len(start) != len(problem.meetings):
        raise ValueError(f"start has {len(start)} slots for {len(problem.meetings)} meetings; give one for each")
    load: Counter[int] = Counter()
    rows = []
    for meeting, slot in enumerate(start, 1):
        load[slot] += 1
        rows.append({"meeting": meeting, "slot": slot, "table": min(load[slot], problem.tables)})
    if faults := broken_demands(problem, rows):
        raise ValueError(f"start is no plan of this problem: {faults[0]}")


class Clock:
    """Time spent, and the voice that tells it."""

    def __init__(
        self, limit: float, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
    ) -> None:
        self.limit = limit
        self._should_stop = should_stop
        self._start = perf_counter()
        self._progress = progress

    def elapsed(self) -> float:
        return perf_counter() - self._start

    def leave_out(self, work: Callable[[], None]) -> None:
        """Do something that is not to be counted."""
        began = perf_counter()
        work()
        self._start += perf_counter() - began

    def left(self) -> float:
        return self.limit - self.elapsed()

    def is_over(self, reserve: float = 0.0) -> bool:
        """Whether the time is up, but for the seconds in reserve, or somebody wants an end."""
        return self.left() <= reserve or (self._should_stop is not None and self._should_stop())

    def tell(self, words: str) -> None:
        if self._progress is not None:
            self._progress(int(min(self.elapsed(), self.limit)), int(self.limit), words)


class _Race:
    """Both sides at work on one model."""

    def __init__(self, problem: Problem, model: Model, lower: int, clock: Clock, seed: int) -> None:
        self.problem = problem
        self.model = model
        self.lower = lower
        self.clock = clock
        self.provable = int(model.allowed.sum()) <= PROVABLE
        self.search = SearchSide(model, lower, seed, mendable=self.provable)
        self.proof: ProofSide | None = None
        self.bound = lower
        self.seating = min(len(problem.meetings) * SEATING_SECONDS, clock.limit / 10)

    def run(self, known: Sequence[int] | None = None) -> Plan:
        """Work until the sides meet or the time is up, from a known plan if there is one."""
        seconds = self.clock.limit
        side = ProofSide(self.problem, self.model, self.lower, seconds) if self.provable else nullcontext()
        with side as self.proof:
            if known is not None:
                self.search.start_from(known)
            elif not self.search.find_start():
                self._await_start()
            for segment in self._segments(HOT if known is None else WARM):
                plan = self._decided()
                if plan is not None:
                    # Without a prover the cooling was laid out for the time there was.
                    return replace(plan, cut_short=self.proof is None)
                if self.clock.is_over(self.seating):
                    break
                if self.search.ready and not self._beaten_in_time():
                    self.search.advance(segment, self.bound)
                else:
                    self._listen(WAIT)
                self.clock.tell(self._words())
        return replace(self._best_so_far(), cut_short=True)

    def _segments(self, hot: float) -> Iterator[Segment]:
        """One long cooling where no proof can end the work, else again and again."""
        return short_runs() if self.proof is not None else self._one_long_cooling(hot)

    def _one_long_cooling(self, hot: float) -> Iterator[Segment]:
        """Cool over the planned number of ticks, or faster where the machine is too slow for them."""
        length = max(int(self.clock.limit * SEARCH_SHARE * STEPS_PER_SECOND / STEPS_PER_TICK), 1)
        plan = list(cooling(length, hot))
        done = 0
        while done < length:
            yield plan[done]
            done = max(done + 1, int(length * self.clock.elapsed() / (self.clock.limit * 0.95)))

    def _listen(self, wait: float = 0.0) -> None:
        if self.proof is not None:
            self.proof.listen(min(wait, max(self.clock.left(), 0.0)))
            self.bound = max(self.bound, self.proof.bound)

    def _await_start(self) -> None:
        """Where greedy placing fails, take the prover's first plan."""
        while self.proof is not None and not self.proof.ended and not self.clock.is_over():
            self._listen(WAIT)
            if self.proof.infeasible:
                return
            if self.proof.start is not None:
                self.search.start_from(self.proof.start)
                return

    def _beaten_in_time(self) -> bool:
        """Whether further search cannot matter: it has met the bound, or the prover was first."""
        if self.search.idle is not None and self.search.idle <= self.bound:
            return True
        return self.proof is not None and (
            self.proof.infeasible or (self.proof.optimum is not None and self.search.tick >= self.proof.optimum_tick)
        )

    def _decided(self) -> Plan | None:
        """The final plan, once it is certain which side gives it."""
        self._listen()
        proof, search = self.proof, self.search
        met = search.idle is not None and search.idle <= self.bound
        if proof is not None and proof.infeasible:
            return self._infeasible(proof.reason) if proof.reason else None
        if proof is None or (proof.ended and proof.optimum is None):
            return self._plan(Status.OPTIMAL, search.slots) if met else None
        if met and search.found_tick <= (proof.optimum_tick if proof.optimum else proof.tick + 1):
            return self._plan(Status.OPTIMAL, search.slots)
        if proof.optimum is not None and (search.tick >= proof.optimum_tick or not search.ready):
            return self._plan(Status.OPTIMAL, proof.optimum)
        return None

    def _plan(self, status: Status, slots: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.int32]]) -> Plan:
        chosen = np.asarray(slots)
        tables = assign_tables(self.model, chosen)
        placements = tuple(
            Placement(number, int(slot) + 1, int(table) + 1)
            for number, (slot, table) in enumerate(zip(chosen, tables, strict=True), 1)
        )
        idle = self.search.idle_of(chosen)
        return Plan(status, idle, min(self.bound, idle), self.clock.elapsed(), None, placements)

    def _infeasible(self, reason: str) -> Plan:
        return Plan(Status.INFEASIBLE, None, None, self.clock.elapsed(), reason)

    def _best_so_far(self) -> Plan:
        """Return the best there is when time is up."""
        proof, search = self.proof, self.search
        if proof is not None and proof.infeasible:
            return self._infeasible(proof.reason or NOT_SHORTER)
        if proof is not None and proof.optimum is not None:
            return self._plan(Status.OPTIMAL, proof.optimum)
        if search.idle is not None:
            return self._plan(Status.OPTIMAL if search.idle <= self.bound else Status.FEASIBLE, search.slots)
        if proof is not None and proof.start is not None:
            return self._plan(Status.FEASIBLE, proof.start)
        return Plan(Status.UNKNOWN, None, self.bound, self.clock.elapsed(), CUT_SHORT)

    def _words(self) -> str:
        best = "none yet" if self.search.idle is None else str(self.search.idle)
        return f"best plan {best}, bound {self.bound}"
