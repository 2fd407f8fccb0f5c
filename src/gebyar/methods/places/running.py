"""Go down the order once: everybody gets the first of their wishes that the rules still allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gebyar.methods.places.call import PlacesError
from gebyar.methods.places.classes import Partitions
from gebyar.methods.places.holding import Holding, hold, least_missing
from gebyar.methods.places.limits import Types
from gebyar.methods.places.room import Demand, Room

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gebyar.methods.places.call import Applicant, Call
    from gebyar.methods.places.limits import Limit
    from gebyar.methods.places.room import Cell, Obstacle

    Progress = Callable[[int, int | None, str], None]

REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Granted:
    """A place given: the kind by its number, and the money."""

    kind: int
    amount: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the first wish that was not simply full could not be met; `limit` is the quota, `left` the money then."""

    obstacle: Obstacle
    limit: int | None
    left: int | None


@dataclass(slots=True)
class Run:
    """How everybody who was looked at fared, and how many members the reserves lack."""

    granted: dict[str, Granted] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    missing: int = 0


def run(
    call: Call,
    ordered: Sequence[Applicant],
    limits: Sequence[Limit],
    *,
    kept: Sequence[tuple[Applicant, Granted]],
    forced: Sequence[Applicant],
    progress: Progress | None = None,
) -> Run:
    """Give the places.

    Parameters
    ----------
    ordered
        Those who may be admitted, in order, without `kept` and `forced`.
    limits
        Reserves and quotas, spelled out.
    kept
        Places that stay as they are.
    forced
        Those whom people have decided to admit; they come first, in order.

    Raises
    ------
    PlacesError
        A decision by people cannot be carried out.
    """
    return _Runner(call, ordered, limits, kept, forced).run(progress)


class _Runner:
    def __init__(
        self,
        call: Call,
        ordered: Sequence[Applicant],
        limits: Sequence[Limit],
        kept: Sequence[tuple[Applicant, Granted]],
        forced: Sequence[Applicant],
    ) -> None:
        self.ordered = ordered
        self.types = Types(call, limits, [*ordered, *forced, *(applicant for applicant, _granted in kept)])
        free = [kind.places for kind in call.kinds]
        coming = [0] * len(self.types.all)
        for applicant in ordered:
            coming[self.types.of[applicant.id]] += 1
        partitions = Partitions(limits, self.types, sum(free))
        self.room = Room(limits, self.types, free, [0] * len(limits), coming, call.budget, partitions)
        self.outcome = Run()
        self.blocked: set[Cell] = set()
        # Of applicants who got nothing: whoever gets another kind may be what makes this one possible later.
        self.impossible: list[Demand] = []
        self.tried: list[Demand] = []
        for applicant, granted in kept:
            self.room.take((self.types.of[applicant.id], granted.kind), granted.amount or 0)
            self.outcome.granted[applicant.id] = granted
        # Decisions by people come before the reserves: nothing is held back yet.
        self.holding = hold(self.room, sum(limit.least for limit in limits)) or _impossible()
        for applicant in forced:
            self._force(applicant)
        self.outcome.missing = least_missing(self.room)
        self.holding = hold(self.room, self.outcome.missing) or _impossible()

    def _force(self, applicant: Applicant) -> None:
        type_ = self.types.of[applicant.id]
        found = [self.room.obstacle((type_, kind)) for kind in self.types.all[type_].wants]
        if None not in found:
            words = {"full": "every place it wants is taken", "quota": "a quota is full", "budget": "no money is left"}
            obstacle = next(obstacle[0] for obstacle in found if obstacle)
            raise PlacesError(
                f"the deviation for {applicant.id} cannot be carried out: {words[obstacle]}; "
                "take another deviation back, or change the call before its seed is published"
            )
        self._give(applicant, (type_, self.types.all[type_].wants[found.index(None)]))

    def run(self, progress: Progress | None) -> Run:
        for turn, applicant in enumerate(self.ordered):
            if progress is not None and turn % REPORT_EVERY == 0:
                progress(turn, len(self.ordered), "Going down the order")
            self._look_at(applicant)
        return self.outcome

    def _hold_anew(self) -> bool:
        found = hold(self.room, self.outcome.missing)
        if found is not None:
            self.holding = found
        return found is not None

    def _look_at(self, applicant: Applicant) -> None:
        type_ = self.types.of[applicant.id]
        self.room.coming[type_] -= 1
        self.holding.pass_by(type_)
        obstacles: list[Refused] = []
        self.tried.clear()
        for kind in self.types.all[type_].wants:
            cell = (type_, kind)
            hindrance = self.room.obstacle(cell)
            if hindrance is None and self._fits(cell):
                self._give(applicant, cell)
                return
            obstacle, limit = hindrance or ("held", None)
            obstacles.append(Refused(obstacle, limit, self.room.money))
        self.impossible += self.tried
        telling = (refused for refused in obstacles if refused.obstacle != "full")
        self.outcome.refused[applicant.id] = next(telling, obstacles[0])

    def _fits(self, cell: Cell) -> bool:
        """Whether the reserves keep their chance when this place is given; updates what is held back."""
        if cell in self.blocked:
            return False
        if self.holding.has(cell) or self.holding.shift_to(self.room, cell):
            self.holding.release(cell)
            return True
        if self.holding.leaves(self.room, cell):
            self.holding.is_least = self.holding.is_least and not self.room.is_needed(cell)
            return True
        if self._is_impossible(cell):
            self.blocked.add(cell)
            return False
        return True

    def _is_impossible(self, cell: Cell) -> bool:
        demand = self.room.demand(cell)
        if self.holding.forbids(self.room, cell) or any(map(demand.asks_no_less_than, self.impossible)):
            return True
        if self.holding.exchange_for(self.room, cell) or self._tried(cell):
            return False
        self.tried.append(demand)
        return True

    def _tried(self, cell: Cell) -> bool:
        cost = self.types.all[cell[0]].cost
        self.room.take(cell, cost)
        fits = self._hold_anew()
        self.room.give_back(cell, cost)
        return fits

    def _give(self, applicant: Applicant, cell: Cell) -> None:
        cost = self.types.all[cell[0]].cost
        self.room.take(cell, cost)
        self.outcome.granted[applicant.id] = Granted(cell[1], self._amount(applicant, cost))

    def _amount(self, applicant: Applicant, cost: int) -> int | None:
        """What an applicant gets: all that was asked, or what is left beside the money held back for the reserves."""
        if self.room.money is None:
            return None
        more = (applicant.amount or 0) - cost
        if more > self.room.money - self.holding.money and not self.holding.is_least:
            self._hold_anew()
        extra = min(more, self.room.money - self.holding.money)
        self.room.money -= extra
        return cost + extra


def _impossible() -> Holding:
    raise PlacesError("the reserves cannot be worked out for these numbers; check places and money")
