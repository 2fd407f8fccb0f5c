"""Who suits a listing, and why; and for the programme, how often small and far-away firms are suggested."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gebyar.methods.partners import Options
from gebyar.partnership.forms import SuggestionFilter
from gebyar.partnership.queries.suggestions import share_report, suggestions_for
from gebyar.partnership.views.access import own_listing, trail

# Small and far-away firms as often as they are among those that fit.
FLOOR = 1.0


@require_safe
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show partners to the firm of the listing and to the officers of its region."""
    listing = own_listing(request, pk, "partnership.see_fully")
    form = SuggestionFilter(request.GET)
    form.is_valid()
    said = form.cleaned_data
    options = Options(
        requires_certificates=bool(said.get("certificates")), region=said.get("province", ""),
        floor=FLOOR if said.get("fair") else 0.0,
    )  # fmt: skip
    lines = suggestions_for(listing, options)
    context = {
        "listing": listing, "form": form, "lines": lines, "crumbs": trail(_("Suggestions"), listing=listing),
        "is_narrowed": any(said.get(name) for name in ("certificates", "province")),
    }  # fmt: skip
    return render(request, "partnership/suggestions.html", context)


@require_safe
def shares(request: HttpRequest) -> HttpResponse:
    reports = [(_("As usual"), share_report()), (_("With their share of the places kept"), share_report(floor=FLOOR))]
    return render(request, "partnership/shares.html", {"reports": reports})
