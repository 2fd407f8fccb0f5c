"""Moments in the fair's own zone, as Indonesians say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language

# How Indonesians name their three time zones.
ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def zone_label(zone_name: str) -> str:
    return ZONE_LABELS.get(zone_name, zone_name)


def clock_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return hours and minutes: 10.20 in Indonesian, 10:20 in English."""
    return moment.astimezone(zone).strftime("%H.%M" if get_language() == "id" else "%H:%M")


def span_words(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    return f"{clock_words(starts_at, zone)}–{clock_words(ends_at, zone)} {zone_label(zone.key)}"


def day_words(day: date) -> str:
    return format_date(day, "full", locale=get_language() or "id")


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return weekday, day and time, short enough for a line: Sel, 12 Nov, 10.20 WIB."""
    local = moment.astimezone(zone)
    day = format_date(local.date(), "EEE, d MMM", locale=get_language() or "id")
    return f"{day}, {clock_words(moment, zone)} {zone_label(zone.key)}"
