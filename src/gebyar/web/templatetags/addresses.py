"""Addresses that keep what the reader has chosen: ``{% load addresses %}{% address_with "page" 3 %}``."""

from typing import Any

from django import template
from django.template import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def address_with(context: Context, name: str, value: Any) -> str:
    """Return the query part of this page's address with one parameter set, or removed when `value` is None.

    Any other parameter stays. Changing anything but the page goes back to the first page.
    """
    query = context["request"].GET.copy()
    if name != "page":
        query.pop("page", None)
    query.pop(name, None)
    if value is not None:
        query[name] = str(value)
    return f"?{query.urlencode()}"
