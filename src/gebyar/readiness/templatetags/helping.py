"""What helps with a gap, as links: a facility, a workshop, partners. Other apps' pages are named by their routes.

``{% load helping %}{% help_links step.help_by as links %}``
"""

from collections.abc import Iterable

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gebyar.readiness.wording import said
from gebyar.reference.facilities import BUILT_IN, facility

register = template.Library()


@register.simple_tag
def help_links(help_by: str | Iterable[str]) -> list[dict[str, str]]:
    """Return label and address of each; the address is empty where this house has no page for it."""
    names = [help_by] if isinstance(help_by, str) else help_by
    return [_link(name) for name in names if name]


def _link(name: str) -> dict[str, str]:
    if name == "workshop":
        return {"label": _("a workshop of the programme"), "url": reverse("readiness:join_code")}
    if name == "partners":
        return {"label": _("partners who offer it"), "url": reverse("partnership:listing_list") + "?direction=offer"}
    label = said(facility(name).names) if name in BUILT_IN else name
    try:
        return {"label": label, "url": reverse("facilities:facility", args=[name])}
    except NoReverseMatch:
        return {"label": label, "url": ""}
