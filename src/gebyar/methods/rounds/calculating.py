"""The calculator before the event: how many slots, tables and days a round needs, and what fits into what there is."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Needs:
    """What a round needs at least, before absences.

    Attributes
    ----------
    meetings
        Meetings in all.
    slots
        Slots in all.
    tables
        Tables needed in those slots.
    slots_per_day
        Slots that a day's hours give.
    days
        Days needed.
    """

    meetings: int
    slots: int
    tables: int
    slots_per_day: int
    days: int


def calculate(
    guests: int,
    meetings: int,
    tables: int | None = None,
    *,
    hosts: int | None = None,
    minutes: int = 20,
    hours: float = 6.0,
) -> Needs:
    """Work out what a round needs so that every guest gets so many meetings.

    Where guests meet hosts (two sides) the slots named always suffice without absences (König's edge-colouring
    theorem); where guests meet each other they suffice when the pairs can be chosen freely.

    Parameters
    ----------
    guests, meetings
        Guests, and meetings of each.
    tables
        Tables there are; None for as many as wanted.
    hosts
        Those whom the guests meet; None when the guests meet each other.
    minutes
        A meeting and the change to the next, in minutes.
    hours
        Hours of meetings on a day.

    Raises
    ------
    ValueError
        A number that cannot be, or hours too short for one meeting; the message says which.
    """
    _check(guests=guests, meetings=meetings, tables=tables, hosts=hosts, minutes=minutes)
    partners = guests - 1 if hosts is None else hosts
    if meetings > partners:
        raise ValueError(f"meetings is {meetings}, but each guest can meet only {partners} others; give fewer")
    total = guests * meetings if hosts is not None else ceil(guests * meetings / 2)
    at_once = _at_once(guests, hosts, tables)
    busiest = meetings if hosts is None else max(meetings, ceil(total / hosts))
    slots = max(busiest, ceil(total / at_once))
    per_day = slots_per_day(minutes, hours)
    return Needs(total, slots, ceil(total / slots), per_day, ceil(slots / per_day))


def meetings_that_fit(
    guests: int,
    slots: int,
    tables: int,
    *,
    hosts: int | None = None,
) -> int:
    """The most meetings that every guest can have in so many slots; the inverse of `calculate`.

    Raises
    ------
    ValueError
        A number that cannot be.
    """
    _check(guests=guests, slots=slots, tables=tables, hosts=hosts)
    room = _at_once(guests, hosts, tables) * slots
    if hosts is None:
        return min(slots, guests - 1, 2 * room // guests)
    return min(slots, hosts, room // guests, hosts * slots // guests)


def slots_per_day(minutes: int, hours: float) -> int:
    """Slots that fit into a day's hours.

    Raises
    ------
    ValueError
        Not even one fits.
    """
    count = int(hours * 60 // minutes)
    if count < 1:
        raise ValueError(f"a meeting of {minutes} minutes does not fit into {hours:g} hours; give more hours")
    return count


def _at_once(guests: int, hosts: int | None, tables: int | None) -> int:
    """Meetings that can take place at the same time."""
    people = max(guests // 2, 1) if hosts is None else min(guests, hosts)
    return people if tables is None else min(people, tables)


def _check(**values: int | None) -> None:
    for name, value in values.items():
        if value is not None and value < 1:
            raise ValueError(f"{name} is {value}; give at least 1")
