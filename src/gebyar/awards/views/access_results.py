"""Results as a request may reach them; whatever it may not is 404."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.awards.models import Edition, Entry, Prize, Stage
from gebyar.awards.queries.entries import visible_to
from gebyar.awards.queries.results import decided_stages, prizes_with_all
from gebyar.awards.queries.stages import is_entrant

Crumbs = list[dict[str, str]]


def public_edition(slug: str) -> Edition:
    """Return an edition whose call was published."""
    found = Edition.objects.exclude(status=Edition.Status.DRAFT).select_related("version")
    return get_object_or_404(found, slug=slug)


def decided_stage(pk: int) -> Stage:
    return get_object_or_404(decided_stages(), pk=pk)


def entry_with_feedback(request: HttpRequest, pk: int) -> Entry:
    """Return an entry that was handed in, for whoever entered it and for officers of its region."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    if found.number is None:
        raise Http404
    return found


def prize_for_holder(request: HttpRequest, pk: int) -> Prize:
    """Return a prize for whoever won it, and for organisers."""
    found = get_object_or_404(prizes_with_all(Prize.objects.all()), pk=pk)
    if not (is_entrant(request.user, found.entry) or request.user.has_perm("awards.organise")):
        raise Http404
    return found


def result_crumbs(edition: Edition, *labels: str, up: str = "results") -> Crumbs:
    """Return the breadcrumbs of a public page of results."""
    here = [{"label": _("Awards"), "url": reverse("awards:call_list")}]
    here.append({"label": edition.title, "url": reverse("awards:call", args=[edition.slug])})
    if up and labels:
        here.append({"label": _("Results"), "url": reverse(f"awards:{up}", args=[edition.slug])})
    return [*here, *({"label": label, "url": ""} for label in labels)]
