"""The searching side of the solver: plans with ever fewer idle periods."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

try:
    from gebyar.methods.meetings import chains as _compiled  # noqa: F401
except RuntimeError:
    # numba refuses to compile where it may write neither beside the package nor in a home folder, as for a service's
    # user. A folder of this process lets it work; it is gone at the end, and the next process compiles again.
    from numba.core import config

    _folder = tempfile.TemporaryDirectory(prefix="gebyar-")
    os.environ["NUMBA_CACHE_DIR"] = _folder.name
    config.reload_config()  # type: ignore[no-untyped-call]

from gebyar.methods.meetings.annealing import anneal, place_all
from gebyar.methods.meetings.chains import build_graph, columns, count_idle, empty_colouring, excess, put
from gebyar.methods.meetings.mending import Mender
from gebyar.methods.meetings.presolve import presolve
from gebyar.methods.meetings.problem import Meeting, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gebyar.methods.meetings.chains import Colouring
    from gebyar.methods.meetings.model import Model

Array = np.ndarray[Any, Any]
STEPS_PER_TICK = 150_000
HOT, COLD = 0.5, 0.1
WARM = 0.2  # improves a known plan without undoing it
FIRST_RUN, LONGEST_RUN = 8, 256  # ticks
ATTEMPTS, EFFORT = 4, 40
MEND_AFTER = 24  # ticks: the first two coolings
MENDABLE = 150  # idle periods
WANDER_EVERY = 12  # ticks
WANDERING = 0.1
NOTHING = 2**31


@dataclass(frozen=True, slots=True)
class Segment:
    """The temperatures of one tick."""

    hot: float
    cold: float


def short_runs() -> Iterator[Segment]:
    """Cool down again and again, each run twice as long as the one before."""
    length = FIRST_RUN
    while True:
        yield from cooling(length)
        length = min(length * 2, LONGEST_RUN)


def cooling(length: int, hot: float = HOT) -> Iterator[Segment]:
    """One geometric cooling in so many ticks."""
    for tick in range(length):
        yield Segment(hot * (COLD / hot) ** (tick / length), hot * (COLD / hot) ** ((tick + 1) / length))


class SearchSide:
    """Works in ticks of a fixed amount of steps.

    Attributes
    ----------
    idle
        Idle periods of the best fair plan, None while there is none.
    tick, found_tick
        Ticks done, and the one in which the best plan was found.
    """

    def __init__(self, model: Model, lower: int, seed: int, *, mendable: bool) -> None:
        self.model = model
        self.lower = lower
        self.seed = seed
        self.mendable = mendable
        self.mender: Mender | None = None
        self.held: list[int] = []
        self.graph = build_graph(model)
        self.column = columns(model)
        self.plan = empty_colouring(self.graph, seed)
        self.fairness = -1 if model.fairness is None else model.fairness
        self._columns = np.full(model.meetings, -1, dtype=np.int32)
        self.ready = False
        self.tick = 0
        self.found_tick = 0
        self._best = NOTHING

    @property
    def idle(self) -> int | None:
        return None if self._best == NOTHING else self._best

    @property
    def slots(self) -> Array:
        """Slots from 0 of the best plan, int32, shape (meetings,)."""
        return self._slots_of(self._columns)

    def _slots_of(self, chosen: Array) -> Array:
        return np.searchsorted(self.column, chosen).astype(np.int32)

    def find_start(self) -> bool:
        """Look for a first plan by placing and ejecting."""
        choices = self.model.allowed.sum(axis=1)
        load = np.bincount(self.model.ends.ravel(), minlength=self.model.participants)[self.model.ends].sum(axis=1)
        for attempt in range(ATTEMPTS):
            self.plan = empty_colouring(self.graph, self.seed + attempt * 7919)
            order = np.lexsort((-load, choices)).astype(np.int32)
            if place_all(self.graph, self.plan, order, EFFORT * self.model.meetings + 2000):
                self.ready = True
                return True
        return False

    def start_from(self, slots: Sequence[int]) -> None:
        """Go on from a plan found elsewhere."""
        self.plan = self._colouring(slots)
        self.ready = True
        idle = int(count_idle(self.plan))
        if idle < self._best and excess(self.plan, self.fairness) == 0:
            self._best = idle
            self._columns[:] = self.plan.slot

    def advance(self, segment: Segment, target: int) -> None:
        """Do one tick: anneal at first, later mend the best plan in turn with wandering from it.

        Parameters
        ----------
        segment
            Temperatures of this tick.
        target
            Idle periods that cannot be undercut; the tick ends early there.
        """
        self.tick += 1
        before = self._best
        if self._can_mend():
            self._mend(target)
        else:
            self._anneal(segment, target)
        if self._best < before:
            self.found_tick = self.tick

    def _anneal(self, segment: Segment, target: int) -> None:
        self._best = anneal(
            self.graph,
            self.plan,
            STEPS_PER_TICK,
            segment.hot,
            segment.cold,
            self.fairness,
            self._columns,
            self._best,
            target,
        )

    def _can_mend(self) -> bool:
        return self.mendable and self.tick > MEND_AFTER and self._best <= MENDABLE

    def _mend(self, target: int) -> None:
        if self.mender is None:
            self.mender = Mender(self.model, self.lower, self._best, self.seed)
            self.held = self.slots.tolist()
        if self.tick % WANDER_EVERY == 0:
            self._wander(target)
            return
        better = self.mender.attempt(self.held, self._best)
        if better is not None:
            self.held, self._best = better, self.idle_of(better)
            self._columns[:] = self.column[better]

    def _wander(self, target: int) -> None:
        """Move on to another plan that is as good, by cold annealing."""
        before = self._best
        self.start_from(self.held)
        self._anneal(Segment(WANDERING, WANDERING), target)
        if self._best < before:
            self.held = self.slots.tolist()
        elif count_idle(self.plan) <= self._best and excess(self.plan, self.fairness) == 0:
            self.held = self._slots_of(self.plan.slot).tolist()

    def idle_of(self, slots: Sequence[int] | Array) -> int:
        """Idle periods of a plan."""
        return int(count_idle(self._colouring(slots)))

    def _colouring(self, slots: Sequence[int] | Array) -> Colouring:
        plan = empty_colouring(self.graph, self.seed)
        for meeting, slot in enumerate(self.column[np.asarray(slots)].tolist()):
            put(self.graph, plan, meeting, slot)
        return plan


@cache
def prepare() -> None:
    """Compile everything, once per process, by solving a day of three people.

    The first time on a machine this takes up to half a minute; later the code is read from numba's cache.
    """
    people = ("a", "b", "c")
    model, lower = presolve(Problem(people, (Meeting(1, 2), Meeting(2, 3)), slots=3, tables=1), fairness=1)
    search = SearchSide(model, lower, seed=0, mendable=False)
    search.find_start()
    search.advance(Segment(HOT, COLD), lower)
    for slots in (search.slots, search.slots.tolist()):
        search.idle_of(slots)
    search.start_from(search.slots.tolist())
    excess(search.plan, search.fairness)
