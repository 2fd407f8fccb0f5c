"""Who may narrow a list by what: a filter by a figure tells that figure of each firm in the list.

UU 3/2014 keeps the data of a single firm confidential, so size class and exports are for the officers of its region
(docs/decisions/0012-size-class-is-not-public.md). What anybody may see, anybody may filter by.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.reference import regions
from gebyar.registry.queries.deliveries import is_national, own_regions
from gebyar.registry.queries.search import Filters


@dataclass(frozen=True)
class Narrowed:
    """The filters a reader may use of those they asked for, and in words what was not done as asked."""

    filters: Filters
    words: str = ""


def may_filter_by_figures(user: Any) -> bool:
    return bool(user.has_perm("registry.filter_by_figures"))


def narrowed_for(user: Any, asked: Filters) -> Narrowed:
    """Take away what this reader may not narrow by; an officer is kept to their region instead.

    Parameters
    ----------
    user
        The reader, signed in or not.
    asked
        As the address or the form says it.

    Returns
    -------
    Narrowed
        `words` is empty where everything was used as asked.
    """
    if not asked.size and asked.exports is None:
        return Narrowed(asked)
    public = replace(asked, size="", exports=None)
    if not isinstance(user, User) or not may_filter_by_figures(user):
        return Narrowed(public, _words_for_anybody())
    return Narrowed(asked) if is_national(user) else _within(dict(own_regions(user)), asked, public)


def _within(own: dict[str, str], asked: Filters, public: Filters) -> Narrowed:
    """Keep an officer to their regions, given by code and name; where several are meant, they choose."""
    if any(regions.contains(code, asked.region) for code in own):
        return Narrowed(asked)
    inside = [code for code in own if not asked.region or regions.contains(asked.region, code)]
    places = ", ".join(own[code] for code in inside or own)
    if len(inside) == 1:
        words = _("Size and exports can be filtered within your region only; the list shows %(place)s.")
        return Narrowed(replace(asked, region=inside[0]), words % {"place": places})
    words = _("Size and exports can be filtered within your region only and were not used; choose from: %(places)s.")
    return Narrowed(public, words % {"places": places})


def _words_for_anybody() -> str:
    return _(
        "Filters by size and exports are for officers and were not used: the law keeps these facts of a single firm"
        " confidential (UU 3/2014)."
    )
