"""From a day's hours to slots, and from zones to tables. Plain values: the page shows them before anything is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NOON = time(12)
MOST_SLOTS = 500  # as the method takes them
MOST_TABLES = 5_000


@dataclass(frozen=True)
class SlotTimes:
    starts_at: datetime
    ends_at: datetime
    is_morning: bool


@dataclass(frozen=True)
class ZoneTables:
    """A part of the hall and how many tables stand in it; a hall that is not divided is one zone without a name."""

    name: str
    count: int


@dataclass(frozen=True)
class Hours:
    """What every day of a round looks like, in the fair's own time.

    Attributes
    ----------
    slot, buffer
        Minutes of a meeting, and between one and the next.
    breaks
        From and to; no slot touches a break, and the first slot after it begins when it ends.
    """

    days: Sequence[date]
    opens: time
    closes: time
    slot: int
    buffer: int = 0
    breaks: Sequence[tuple[time, time]] = field(default=())


def slots_of(hours: Hours, zone: ZoneInfo) -> list[SlotTimes]:
    """Return the slots of all days in order; at most one more than `MOST_SLOTS`, so that a slip costs nothing."""
    slots: list[SlotTimes] = []
    for day in sorted(set(hours.days)):
        for found in _slots_of_a_day(hours, day, zone):
            slots.append(found)
            if len(slots) > MOST_SLOTS:
                return slots
    return slots


def _slots_of_a_day(hours: Hours, day: date, zone: ZoneInfo) -> Iterator[SlotTimes]:
    def at(moment: time) -> datetime:
        return datetime.combine(day, moment, zone)

    length, pause = timedelta(minutes=hours.slot), timedelta(minutes=hours.buffer)
    breaks = sorted((at(begin), at(end)) for begin, end in hours.breaks)
    start, closes = at(hours.opens), at(hours.closes)
    while start + length <= closes:
        in_the_way = next((end for begin, end in breaks if begin < start + length and end > start), None)
        if in_the_way is not None:
            start = in_the_way
            continue
        yield SlotTimes(start, start + length, start.time() < NOON)
        start += length + pause
