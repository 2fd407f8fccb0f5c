"""A round of business meetings as plain data: who asks whom, and the room and time there is.

Everything is numbered from 1, in list order: guests, requests, slots, days and tables.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from gebyar.methods.meetings.problem import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_REQUESTS = 200_000  # beyond it choosing would take more memory than a small server has
MOST_SLOTS = 500
MOST_TABLES = 5_000
MOST_DELEGATES = 100


class RoundError(ValueError):
    """The data cannot be a round; the message says where and what to do."""


class Wish(IntEnum):
    """How much somebody wants a meeting."""

    MUST = 1
    WOULD = 2
    FINE = 3


class Answer(StrEnum):
    """What the one who was asked says."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Guest:
    """A participant: a firm with one delegate or more.

    Attributes
    ----------
    least
        Meetings promised to the guest; they come before everybody's further meetings.
    most
        Meetings the guest wants at most, or None. What the organiser adds counts, but may go beyond it.
    delegates
        People of the guest who can meet at the same time.
    tier
        1 is the first; a later tier lowers the points of the guest's requests.
    absent
        Slots in which the guest cannot meet. Absent from all of them: withdrawn.
    zone
        The zone of tables where the guest should meet, or None.
    table
        The table at which the guest's (first) delegate stays, or None.
    """

    name: str
    least: int = 0
    most: int | None = None
    delegates: int = 1
    tier: int = 1
    absent: frozenset[int] = frozenset()
    zone: str | None = None
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One guest asks to meet another.

    Attributes
    ----------
    asker, asked
        Guest numbers. A request back from the one who was asked makes one meeting of the two, wanted by both.
    wish, rank
        How much the asker wants it, and its place among the asker's wishes (1 first), if ranked.
    answer, answer_wish
        What the asked one says, and how much they want it.
    session
        Morning only, afternoon only, or any.
    by_organiser
        Granted before all others.
    fixed_slot, fixed_table
        Where it must take place, or None.
    """

    asker: int
    asked: int
    wish: Wish = Wish.WOULD
    rank: int | None = None
    answer: Answer = Answer.OPEN
    answer_wish: Wish | None = None
    session: Session = Session.ANY
    by_organiser: bool = False
    fixed_slot: int | None = None
    fixed_table: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of time in which everybody meets at most once; days count from 1, in order."""

    day: int
    is_morning: bool


@dataclass(frozen=True, slots=True)
class Round:
    """Everything a plan depends on.

    Attributes
    ----------
    tables
        The zone of each table, or None.
    fairness
        How far two participants' idle periods may differ, or None.
    rest_after
        Nobody meets in more than so many slots of a day in a row, or None.
    grants_unanswered
        Whether requests that nobody answered may be granted.

    Raises
    ------
    RoundError
        A number points outside its range, a pair is asked twice, or days are out of order.
    """

    guests: tuple[Guest, ...]
    requests: tuple[Request, ...]
    slots: tuple[Slot, ...]
    tables: tuple[str | None, ...]
    fairness: int | None = 2
    rest_after: int | None = None
    grants_unanswered: bool = True

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise RoundError(fault)

    def name(self, guest: int) -> str:
        """The name of a guest number."""
        return self.guests[guest - 1].name

    def describe(self, request: int) -> str:
        """A request in words: its number and who meets."""
        asked = self.requests[request - 1]
        return f"request {request} ({self.name(asked.asker)} with {self.name(asked.asked)})"

    @property
    def day_starts(self) -> tuple[int, ...]:
        """The first slot of each day."""
        return tuple(
            number for number, slot in enumerate(self.slots, 1) if number == 1 or slot.day != self.slots[number - 2].day
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a granted request takes place, and which delegates meet."""

    request: int
    slot: int
    table: int
    asker_delegate: int = 1
    asked_delegate: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request was not granted: a code of `reasons.CODES` and the values its sentence names."""

    request: int
    code: str
    parameters: dict[str, int | str]


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """The outcome of planning.

    Attributes
    ----------
    status
        "optimal": the choice and its idle periods are proven best; "feasible": a plan that keeps every rule;
        "infeasible": what must stay cannot stay, see `reason`; "unknown": time ran out before there was a plan.
    places, refusals
        Together they name every request once.
    idle, bound
        Idle periods, and a bound that no plan of the same choice can go below; None where not known.
    priority, priority_bound
        Points of the granted requests, and the most that choosing could have reached.
    reason
        Why there is no plan, or which wish the plan could not keep, in words.
    cut_short
        The clock (or somebody) ended the work, so another run may give another plan.
    """

    status: str
    places: tuple[Place, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    idle: int | None = None
    bound: int | None = None
    priority: int = 0
    priority_bound: int = 0
    seconds: float = 0.0
    reason: str | None = None
    cut_short: bool = False


def _faults(round_: Round) -> Iterator[str]:
    yield from _size_faults(round_)
    for number, slot in enumerate(round_.slots, 1):
        before = round_.slots[number - 2].day if number > 1 else 0
        if slot.day < max(before, 1):
            yield f"slot {number}: day is {slot.day}, but days count from 1 and in order; sort the slots by day"
    for number, guest in enumerate(round_.guests, 1):
        yield from _guest_faults(round_, number, guest)
    seen: dict[tuple[int, int], int] = {}
    for number, request in enumerate(round_.requests, 1):
        yield from _request_faults(round_, number, request)
        other = seen.setdefault((request.asker, request.asked), number)
        if other != number:
            yield f"request {number}: the pair was already asked in request {other}; keep one of them"


def _size_faults(round_: Round) -> Iterator[str]:
    yield from _outside("slots", len(round_.slots), 1, MOST_SLOTS, "give slots")
    yield from _outside("tables", len(round_.tables), 1, MOST_TABLES, "give tables")
    yield from _outside("requests", len(round_.requests), 0, MOST_REQUESTS, "divide the round")
    if round_.fairness is not None:
        yield from _outside("fairness", round_.fairness, 0, None, "give 0 or more, or nothing")
    if round_.rest_after is not None:
        yield from _outside("rest_after", round_.rest_after, 1, None, "give 1 or more, or nothing")


def _guest_faults(round_: Round, number: int, guest: Guest) -> Iterator[str]:
    where = f"guest {number} ({guest.name})"
    yield from _outside(f"{where}: least", guest.least, 0, None, "give 0 or more")
    yield from _outside(f"{where}: delegates", guest.delegates, 1, MOST_DELEGATES, "give at least one")
    yield from _outside(f"{where}: tier", guest.tier, 1, None, "tiers count from 1")
    if guest.most is not None:
        yield from _outside(f"{where}: most", guest.most, guest.least, None, "give at least as many as promised")
    if guest.table is not None:
        yield from _outside(f"{where}: table", guest.table, 1, len(round_.tables), "use a table number")
    for slot in guest.absent:
        yield from _outside(f"{where}: absent slot", slot, 1, len(round_.slots), "use a slot of the round")
    if number == 1:
        yield from _shared_tables(round_)


def _shared_tables(round_: Round) -> Iterator[str]:
    for table, count in Counter(guest.table for guest in round_.guests).items():
        if table is not None and count > 1:
            names = ", ".join(guest.name for guest in round_.guests if guest.table == table)
            yield f"table {table} is kept by several guests ({names}); give each a table of their own"


def _request_faults(round_: Round, number: int, request: Request) -> Iterator[str]:
    where = f"request {number}"
    for field in ("asker", "asked"):
        value = getattr(request, field)
        yield from _outside(f"{where}: {field}", value, 1, len(round_.guests), "use a guest number")
    if request.asker == request.asked:
        yield f"{where}: guest {request.asker} would meet themselves; name two different guests"
    if request.rank is not None:
        yield from _outside(f"{where}: rank", request.rank, 1, None, "ranks count from 1")
    if request.fixed_slot is not None:
        yield from _outside(f"{where}: fixed slot", request.fixed_slot, 1, len(round_.slots), "use a slot")
    if request.fixed_table is not None:
        yield from _outside(f"{where}: fixed table", request.fixed_table, 1, len(round_.tables), "use a table number")


def _outside(what: str, value: int, low: int, high: int | None, remedy: str) -> Iterator[str]:
    if value < low or (high is not None and value > high):
        span = f"at least {low}" if high is None else f"{low} to {high}"
        yield f"{what} is {value}, allowed is {span}; {remedy}"
