"""Numbers, money, dates and times as the reader's language writes them.

The patterns come from Babel's copy of CLDR; only the words for millions of rupiah and the Indonesian time
zones are ours: CLDR abbreviates the first ("jt") and does not know the second in every language. A space that
must not break a line is U+00A0. A value that is not known shows as an en dash.
"""

from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

register = template.Library()

Number = int | float | Decimal | str | None
UNKNOWN = "–"
SPACE = "\u00a0"
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}


def _locale() -> str:
    return (get_language() or "id").split("-")[0]


def _decimal(value: Number) -> Decimal | None:
    if value is None or value == "":
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero, as people and the law do; Babel would round half to even."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


@register.filter
def number(value: Number, decimals: int | None = None) -> str:
    """Write a number with its thousands apart: 1.234.567,8 (en: 1,234,567.8).

    Without `decimals` whole numbers stay whole, others keep at most two places; with it, exactly that many.
    """
    known = _decimal(value)
    if known is None:
        return UNKNOWN
    if decimals is None:
        return format_decimal(_rounded(known, 2), "#,##0.##", locale=_locale())
    return format_decimal(_rounded(known, decimals), _pattern(decimals), locale=_locale())


@register.filter
def percent(share: Number, decimals: int = 2) -> str:
    """Write a share between 0 and 1 in hundredths: 0.2097 is 20,97 % (en: 20.97%)."""
    known = _decimal(share)
    if known is None:
        return UNKNOWN
    gap = SPACE if _locale() == "id" else ""
    pattern = _pattern(decimals) + gap + "%"
    return format_percent(_rounded(known, decimals + 2), pattern, locale=_locale())


@register.filter
def rupiah(value: Number, form: str = "short") -> str:
    """Write whole rupiah: Rp 12,4 juta (en: Rp 12.4 million); with "full", Rp 12.400.000."""
    known = _decimal(value)
    if known is None:
        return UNKNOWN
    sign, size = ("-" if known < 0 else ""), abs(known)
    amount = number(size, 0) if form == "full" else _short_amount(size)
    return f"{sign}Rp{SPACE}{amount}"


def _short_amount(size: Decimal) -> str:
    """Take the next word where the one before would round to a thousand: 999.960.000 is 1 miliar."""
    words = (
        (10**12, pgettext("rupiah", "trillion")),
        (10**9, pgettext("rupiah", "billion")),
        (10**6, pgettext("rupiah", "million")),
    )
    for unit, word in words:
        reaches = size >= unit if unit == 10**6 else _rounded(size * 1000 / unit, 1) >= 1000
        if reaches:
            return f"{format_decimal(_rounded(size / unit, 1), '#,##0.#', locale=_locale())}{SPACE}{word}"
    return number(size, 0)


@register.filter
def capped(count: int | None, limit: int = 1000) -> str:
    """Write a count that was not taken further than `limit`: "lebih dari 1.000"."""
    if count is None or count > limit:
        return gettext("more than %(limit)s") % {"limit": number(limit)}
    return number(count)


def _zone(name: str) -> tzinfo:
    """Return the zone of an Indonesian label or an IANA name; without one, that of the page."""
    return ZoneInfo(ZONES.get(name, name)) if name else timezone.get_current_timezone()


def _local(when: datetime, zone: str) -> datetime:
    return when.astimezone(_zone(zone)) if timezone.is_aware(when) else when


def _label(when: datetime) -> str:
    key = getattr(when.tzinfo, "key", "")
    return ZONE_LABELS.get(key) or when.tzname() or ""


def _clock(when: datetime) -> str:
    return format_time(when, "HH.mm" if _locale() == "id" else "HH:mm", locale=_locale())


@register.filter
def day(value: date | None, form: str = "full") -> str:
    """Write a date: Kamis, 14 November 2024; "long" without the weekday, "short" as 14 Nov 2024."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, datetime):
        value = _local(value, "")
    patterns = {"full": "EEEE, d MMMM y", "long": "d MMMM y", "short": "d MMM y"}
    return format_date(value, patterns[form], locale=_locale())


@register.filter
def clock(value: datetime | None, zone: str = "") -> str:
    """Write the time of day: 10.00 WIB (en: 10:00 WIB). `zone` is WIB, WITA, WIT or an IANA name."""
    if value is None or value == "":
        return UNKNOWN
    local = _local(value, zone)
    return f"{_clock(local)}{SPACE}{_label(local)}".rstrip(SPACE)


@register.filter
def moment(value: datetime | None, zone: str = "") -> str:
    """Write date and time with the zone: Kamis, 14 November 2024, 10.00 WIB."""
    if value is None or value == "":
        return UNKNOWN
    return f"{day(_local(value, zone).date())}, {clock(value, zone)}"


@register.simple_tag
def hours(start: datetime, end: datetime, zone: str = "") -> str:
    """Write a span within one day: 10.00–10.20 WIB."""
    return f"{_clock(_local(start, zone))}–{clock(end, zone)}"


@register.filter
def date_words(value: date | str | None) -> str:
    """Write a moment or a date in its longest useful form; words ("Q3 2024") stay as they are."""
    if isinstance(value, datetime):
        return moment(value)
    return day(value, "long") if isinstance(value, date) else value or ""
