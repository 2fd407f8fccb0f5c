"""Region codes as the names people use."""

from django import template

from gebyar.reference import regions

register = template.Library()


@register.filter
def region_name(code: str) -> str:
    """Return the name alone: Kota Semarang."""
    return regions.name(code) if code else ""


@register.filter
def region_label(code: str) -> str:
    """Return the name with its surroundings: Kota Semarang, Jawa Tengah."""
    return regions.label(code) if code else ""
