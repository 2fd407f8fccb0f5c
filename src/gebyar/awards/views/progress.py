"""The entrant's way through the stages: outcome, reason, deadline to object, coaching, prototypes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gebyar.awards.models import Entry
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.stages import steps_of
from gebyar.awards.views.access_stages import Crumbs, own_entry
from gebyar.awards.wording_rules import in_language


def progress_crumbs(entry: Entry, *labels: str) -> Crumbs:
    here = [
        {"label": _("My entries"), "url": reverse("awards:my_entries")},
        {"label": entry.title or entry.code, "url": reverse("awards:progress", args=[entry.pk])},
    ]
    return [*here, *({"label": label, "url": ""} for label in labels)]


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    entry = own_entry(request, pk)
    steps = steps_of(entry)
    context = {
        "entry": entry,
        "steps": steps,
        "bar": [{"label": step.name, "state": step.state, "url": ""} for step in steps],
        "category_name": in_language(rules_of(entry.edition).category(entry.category.key).names),
        "prizes": list(entry.prizes.filter(revoked_at__isnull=True)),
        "crumbs": progress_crumbs(entry),
    }
    return render(request, "awards/stages/progress.html", context)
