"""Dates as sources give them, in words: some know the day, some the month, some only the year."""

from django.utils.dates import MONTHS


def period_words(as_of: str) -> str:
    """Write "2024-09" as "September 2024", "2024-11-14" as "14 November 2024", and leave a year alone."""
    year, *rest = as_of.split("-")
    words = [str(MONTHS[int(rest[0])]), year] if rest else [year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)
