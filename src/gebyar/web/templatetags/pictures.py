"""The mark and the pictures, for templates: ``{% load pictures %}{% kawung 32 %}``."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from gebyar.drawing.kawung import kawung as draw_kawung
from gebyar.web import pictures
from gebyar.web.templatetags.formatting import number, percent, rupiah

register = template.Library()
WRITTEN: dict[str, pictures.Format] = {
    "number": number,
    "decimal": lambda value: number(value, 1),
    "percent": percent,
    "rupiah": rupiah,
}


@register.simple_tag
def kawung(size: int = 32, css_class: str = "kawung") -> SafeString:
    return mark_safe(draw_kawung(size, css_class=css_class))  # noqa: S308  geometry only


@register.simple_tag
def tile_map(values: Mapping[str, float | None], written: str = "number", **words: Any) -> pictures.Picture:
    """Draw `pictures.tile_map`; `written` names the filter that writes a value."""
    return pictures.tile_map(values, written=WRITTEN[written], **words)


@register.simple_tag
def bar_chart(rows: Iterable[Mapping[str, Any]], written: str = "number", **words: Any) -> pictures.Picture:
    """Draw `pictures.bar_chart` from rows with label and value, and perhaps accent and href."""
    bars = [
        pictures.Bar(row["label"], row["value"], accent=bool(row.get("accent")), href=row.get("href") or "")
        for row in rows
    ]
    return pictures.bar_chart(bars, written=WRITTEN[written], **words)


@register.simple_tag
def interval_chart(rows: Iterable[Mapping[str, Any]], written: str = "number", **words: Any) -> pictures.Picture:
    """Draw `pictures.interval_chart` from rows with label, value, low and high, and perhaps accent and href."""
    intervals = [
        pictures.Interval(
            row["label"],
            row["value"],
            row["low"],
            row["high"],
            accent=bool(row.get("accent")),
            href=row.get("href") or "",
        )
        for row in rows
    ]
    return pictures.interval_chart(intervals, written=WRITTEN[written], **words)
