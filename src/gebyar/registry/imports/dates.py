"""Dates and years as people write them: "3 Maret 2021", "03/04/2021", "17-Agt-21", day numbers."""

from __future__ import annotations

import datetime as dt
import re

from gebyar.registry.imports.cells import Cell, refused

_MONTHS = {
    "jan": 1, "peb": 2, "feb": 2, "pebr": 2, "mar": 3, "mrt": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6,
    "jul": 7, "agu": 8, "ags": 8, "agt": 8, "agus": 8, "aug": 8, "sep": 9, "sept": 9, "okt": 10,
    "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
_FULL_MONTHS = {
    "januari": 1, "february": 2, "februari": 2, "pebruari": 2, "january": 1, "maret": 3, "march": 3,
    "april": 4, "juni": 6, "june": 6, "juli": 7, "july": 7, "agustus": 8, "august": 8, "september": 9,
    "oktober": 10, "october": 10, "november": 11, "nopember": 11, "desember": 12, "december": 12,
}  # fmt: skip
MONTHS = _MONTHS | _FULL_MONTHS

_ISO = re.compile(r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ t][0-9:.]+)?z?$")
_NUMERIC = re.compile(r"^([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{2}|[0-9]{4})$")
_WORDS = re.compile(r"^([0-9]{1,2})(?:st|nd|rd|th)?[\s\-/.]*([a-z]+)[\s\-/.,']*([0-9]{2}|[0-9]{4})$")
_MONTH_FIRST = re.compile(r"^([a-z]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})$")
_WEEKDAY = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\s*,?\s*")
_INCOMPLETE = re.compile(r"^(?:[a-z]+\.?\s+)?(?:19|20)[0-9]{2}$|^[0-9]{1,2}[/-](?:19|20)[0-9]{2}$")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

# Day 1 of the 1900 system is 1 January 1900, and it counts a 29 February 1900 that never was.
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(20_000, 60_000)  # 1954 to 2064
EARLIEST_YEAR = 1900


def _century(year: str) -> int:
    number = int(year)
    return number if len(year) == 4 else number + (2000 if number < 70 else 1900)


def _serial(text: str) -> dt.date | None:
    match = re.match(r"^([0-9]{5})(?:\.[0-9]+)?$", text)
    if match is None or int(match[1]) not in _SERIALS:
        return None
    return _EPOCH + dt.timedelta(days=int(match[1]))


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month, day; the day stands before the month unless only the other order gives a date."""
    if match := _ISO.match(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMERIC.match(text):
        day, month = int(match[1]), int(match[2])
        return (_century(match[3]), day, month) if month > 12 >= day else (_century(match[3]), month, day)
    if match := _WORDS.match(text):
        return _century(match[3]), MONTHS.get(match[2], 0), int(match[1])
    if match := _MONTH_FIRST.match(text):
        return int(match[3]), MONTHS.get(match[1], 0), int(match[2])
    return None


def parse_date(text: str) -> Cell:
    """Read a date.

    Returns
    -------
    Cell
        A datetime.date. Reasons: date_incomplete, not_a_date, date_impossible.
    """
    plain = _WEEKDAY.sub("", " ".join(text.lower().strip(" '’`.").split()))
    serial = _serial(plain)
    if serial:
        return Cell(serial)
    if _INCOMPLETE.match(plain):
        return refused("date_incomplete")
    parts = _parts(plain)
    if parts is None or parts[1] == 0:
        return refused("not_a_date")
    try:
        date = dt.date(*parts)
    except ValueError:
        return refused("date_impossible")
    return Cell(date) if date.year >= EARLIEST_YEAR else refused("date_impossible")


def parse_year(text: str, latest: int) -> Cell:
    """Read a year from a year, a date or a text that names exactly one year.

    Returns
    -------
    Cell
        An int from 1900 to ``latest``. Reasons: year_in_future, not_a_year.
    """
    years = {int(year) for year in _YEAR.findall(text)}
    if len(years) != 1:
        date = parse_date(text).value
        years = {date.year} if date else set()
    if len(years) != 1:
        return refused("not_a_year")
    year = years.pop()
    return Cell(year) if year <= latest else refused("year_in_future", latest=latest)
