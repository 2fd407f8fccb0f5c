"""Give the granted meetings their slots: all of them if that can be, else the most valuable that can, then few gaps."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from gebyar.methods.meetings import Meeting, Problem, Status, solve
from gebyar.methods.rounds.packing import pack
from gebyar.methods.rounds.pairing import numbers, presence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gebyar.methods.meetings import Plan
    from gebyar.methods.rounds.pairing import Pair
    from gebyar.methods.rounds.timetable import Timetable

    Progress = Callable[[int, int | None, str], None]
    Stop = Callable[[], bool]

MOST_MOVES = 400  # the longest chain tried to place one meeting
FIRST_SHARE = 0.6  # of the time for the first of two attempts at a fair plan
LARGE = 60_000  # meeting × slot choices beyond which the engine proves nothing
SEATING, EXPLAINING = 2e-4, 8e-5  # seconds per meeting and per pair, to give out tables and find the reasons
PACKING_SHARE = 0.25
SHORTEST = 0.5  # seconds that a search is given at least
UNFAIR = "The idle periods of some two participants differ by more than this round wishes."
Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What scheduling came to; the slots are on the timetable.

    Attributes
    ----------
    bound
        No plan of the same meetings has fewer idle periods.
    proven
        The plan has that few.
    unfair
        The fairness bound could not be kept, in words; None when it is.
    cut_short
        The clock had a part in the outcome.
    """

    bound: int
    proven: bool
    unfair: str | None
    cut_short: bool


def place_all(
    table: Timetable, granted: Sequence[int], dealt: Mapping[int, Ends], seconds: float
) -> tuple[tuple[int, ...], bool]:
    """Put the granted meetings on the board, each in any slot; return those that found none, and whether time ran out.

    Larger claims go first, among equals those with few possible slots. Where some find no slot, moderate rounds are
    packed anew and exactly; in large ones a meeting of larger claim takes the place of one of smaller claim.
    """
    pairs, board = table.pairs, table.board
    waiting = [index for index in granted if not table.is_on(index)]
    waiting.sort(key=lambda i: (not pairs[i].by_organiser, not pairs[i].mutual, pairs[i].slots.bit_count(), i))
    failed = [index for index in waiting if not _insert(table, index, dealt[index])]
    if not failed:
        return (), False
    values = _values(pairs, waiting)
    before = {index: table.take(index) for index in waiting if table.is_on(index)}
    packed, cut_short = pack(board, waiting, values, seconds)
    worth = dict(zip(waiting, values, strict=True))
    if sum(worth[index] for index in packed) <= sum(worth[index] for index in before):
        packed = before
    for index, slot in packed.items():
        table.put(index, slot, dealt[index])
    for index in failed:
        if not table.is_on(index):
            _displace(table, index, worth)
    return tuple(index for index in waiting if not table.is_on(index)), cut_short


def _insert(table: Timetable, index: int, ends: Ends) -> bool:
    if table.insert(index, ends, MOST_MOVES):
        return True
    return table.board.level(index) and table.insert(index, ends, 0)


def _values(pairs: Sequence[Pair], waiting: Sequence[int]) -> list[int]:
    """What a meeting is worth: the organiser's before all others, those wanted by both before the rest, then points."""
    points = 1 + sum(pairs[index].points for index in waiting)
    mutual = points * (1 + sum(pairs[index].mutual for index in waiting))
    return [
        pair.points + points * pair.mutual + mutual * pair.by_organiser for pair in (pairs[index] for index in waiting)
    ]


def _displace(table: Timetable, index: int, worth: Mapping[int, int]) -> None:
    """Take the least costly meetings out of the way of one that is worth more than they are together."""
    board = table.board
    best: tuple[int, int, list[int]] | None = None
    for slot in numbers(board.allowed[index]):
        others = {board.at(person, slot) for person in board.ends[index]} - {-1}
        if not others and not board.open >> slot & 1:
            here = [other for other, place in enumerate(board.slot) if place == slot and other in worth]
            others = {min(here, key=lambda other: (worth[other], other))} if here else {-1}
        if all(other in worth for other in others):
            cost = sum(worth[other] for other in others)
            if cost < worth[index] and (best is None or cost < best[0]):
                best = (cost, slot, sorted(others))
    if best is None:
        return
    before = {other: table.take(other) for other in best[2]}
    if board.spots(index) >> best[1] & 1:
        table.put(index, best[1], board.ends[index])
        for other in before:
            table.insert(other, board.ends[other], 0)
    else:
        for other, slot in before.items():
            table.put(other, slot, board.ends[other])


def improve(
    table: Timetable,
    *,
    seed: int,
    seconds: float,
    progress: Progress | None = None,
    should_stop: Stop | None = None,
) -> Schedule:
    """Move the meetings of the timetable to other slots, so that people have few idle periods.

    The slots they have are the start; whatever happens, the timetable is left with a plan.
    """
    if not table.placed():
        return Schedule(0, proven=True, unfair=None, cut_short=False)
    search = _Search(table, seed, seconds, progress, should_stop)
    fairness = table.round.fairness
    # Where the engine can prove, it is asked for a fair plan, then for a better one, or for any where there is none. A
    # large round gets a good plan first, which is often fair by itself and else a good start for a fair one.
    search.attempt(None if search.is_large else fairness, 1.0 if fairness is None else FIRST_SHARE)
    fair = is_fair(table)
    is_done = fairness is None or (fair and (search.is_large or search.is_optimal))
    if not (is_done or search.is_stopped()):
        search.attempt(fairness if fair or search.is_large else None, 1.0)
    return search.schedule()


class _Search:
    """Attempts of the engine; the timetable always holds the best plan so far."""

    def __init__(
        self, table: Timetable, seed: int, seconds: float, progress: Progress | None, should_stop: Stop | None
    ) -> None:
        self.table = table
        self.indices = table.placed()
        self.problem, self.start = _problem(table, self.indices)
        self.seed, self.progress, self.should_stop = seed, progress, should_stop
        self.deadline = perf_counter() + seconds - SEATING * len(self.indices) - EXPLAINING * len(table.pairs)
        self.is_large = sum(table.board.allowed[index].bit_count() for index in self.indices) > LARGE
        self.is_optimal = self.cut_short = False
        self.idle: int | None = None
        self.bounds: list[tuple[int | None, int]] = []
        self.why = ""

    def is_stopped(self) -> bool:
        return self.should_stop is not None and self.should_stop()

    def attempt(self, fairness: int | None, share: float) -> None:
        """Look for a better plan for a share of the time left, within a fairness bound or without."""
        plan = solve(
            self.problem,
            fairness=fairness,
            time_limit=max((self.deadline - perf_counter()) * share, SHORTEST),
            seed=self.seed,
            progress=self.progress,
            should_stop=self.should_stop,
            start=self.start,
        )
        self.cut_short = self.cut_short or plan.cut_short
        if plan.status is Status.INFEASIBLE:
            self.why = f" {plan.reason}"
        if plan.idle is None:
            return
        self.bounds.append((fairness, plan.bound or 0))
        if self.idle is None or not is_fair(self.table) or plan.idle < self.idle:
            _apply(self.table, self.indices, plan)
            self.idle, self.start = plan.idle, [place.slot for place in plan.meetings]
        self.is_optimal = plan.status is Status.OPTIMAL

    def schedule(self) -> Schedule:
        """What is known of the plan on the timetable."""
        fair = is_fair(self.table)
        bound = max((least for fairness, least in self.bounds if fair or fairness is None), default=0)
        unfair = None if fair else UNFAIR + self.why
        return Schedule(bound, fair and self.table.idle() <= bound, unfair, self.cut_short)


def is_fair(table: Timetable) -> bool:
    """Whether nobody's idle periods differ from another's by more than the round wishes."""
    fairness, idle = table.round.fairness, table.idle_by_person()
    return fairness is None or not idle or max(idle) - min(idle) <= fairness


def _problem(table: Timetable, indices: Sequence[int]) -> tuple[Problem, list[int]]:
    """The engine's problem of the meetings on the board, and their slots from 1."""
    round_, board = table.round, table.board
    used = sorted({person for index in indices for person in board.ends[index]})
    number = {person: place for place, person in enumerate(used, 1)}
    absent = [round_.guests[table.persons.guest[person]].absent for person in used]
    present = presence(round_)
    meetings = tuple(_meeting(table, index, number, present) for index in indices)
    problem = Problem(
        participants=tuple(_name(table, person) for person in used),
        meetings=meetings,
        slots=len(round_.slots),
        tables=len(round_.tables),
        forbidden=tuple(absent),
        day_starts=round_.day_starts,
        longest_run=round_.rest_after,
    )
    return problem, [board.slot[index] + 1 for index in indices]


def _name(table: Timetable, person: int) -> str:
    guest = table.round.guests[table.persons.guest[person]]
    return guest.name if guest.delegates == 1 else f"{guest.name} ({table.persons.delegate(person)})"


def _meeting(table: Timetable, index: int, number: Mapping[int, int], present: Sequence[int]) -> Meeting:
    board = table.board
    first, second = (number[person] for person in board.ends[index])
    if not board.movable[index]:
        return Meeting(first, second, fixed_slot=board.slot[index] + 1)
    one, other = table.pairs[index].ends
    allowed = board.allowed[index]
    if allowed == present[one] & present[other]:
        return Meeting(first, second)
    return Meeting(first, second, open_slots=frozenset(slot + 1 for slot in numbers(allowed)))


def _apply(table: Timetable, indices: Sequence[int], plan: Plan) -> None:
    ends = {index: table.board.ends[index] for index in indices}
    held = {index: not table.board.movable[index] for index in indices}
    for index in indices:
        table.take(index)
    for place in plan.meetings:
        index = indices[place.meeting - 1]
        table.put(index, place.slot - 1, ends[index], held=held[index])
