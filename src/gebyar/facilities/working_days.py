"""Days on which offices work. Holidays differ from year to year by decree and are not counted out."""

from datetime import date, timedelta

_SATURDAY = 5


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies so many working days (Monday to Friday) after another."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        count -= found.weekday() < _SATURDAY
    return found
