"""Rows of the fair as a request may reach them, and what frames every page of a round."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.fair.models import MeetingRequest, Participant, Plan, PlannedMeeting, Round
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in

PER_PAGE = 30


def round_of(pk: int) -> Round:
    return get_object_or_404(Round.objects.select_related("fair"), pk=pk)


def plan_of(pk: int) -> Plan:
    return get_object_or_404(Plan.objects.select_related("round__fair", "record", "based_on__record"), pk=pk)


def meeting_of(pk: int) -> PlannedMeeting:
    return get_object_or_404(
        PlannedMeeting.objects.select_related(
            "plan__round__fair", "slot", "request__asker__firm", "request__asked__firm"
        ),
        pk=pk,
    )


def request_of(pk: int) -> MeetingRequest:
    return get_object_or_404(MeetingRequest.objects.select_related("round__fair", "asker__firm", "asked__firm"), pk=pk)


def own_participation(request: HttpRequest, pk: int) -> Participant:
    """Return a participation of a firm for which this reader acts, once its round is no draft any more."""
    found = Participant.objects.filter(firm__in=open_firms(signed_in(request)))
    found = found.exclude(round__status=Round.Status.DRAFT)
    return get_object_or_404(found.select_related("firm", "round__fair"), pk=pk)


def tabs(found: Round, current: str) -> list[dict[str, Any]]:
    places = (
        ("fair:round", _("Overview")), ("fair:participants", _("Participants")), ("fair:requests", _("Requests")),
        ("fair:plans", _("Plan")), ("fair:desk", _("The day")), ("fair:dashboard", _("Figures")),
    )  # fmt: skip
    return [
        {"label": label, "url": reverse(route, args=[found.pk]), "current": route == current} for route, label in places
    ]


def listed(
    request: HttpRequest, found: Round, kind: str, form: Form, rows: Callable[..., QuerySet[Any]]
) -> HttpResponse:
    """Show a filtered, paged list of what belongs to a round: `kind` names its template and its tab."""
    said = form.cleaned_data if form.is_valid() else {}
    words = {name: value for name, value in said.items() if name != "q"}
    page = Paginator(rows(found, words=said.get("q", ""), **words), PER_PAGE).get_page(request.GET.get("page"))
    shown = tabs(found, f"fair:{kind}")
    label = next(tab["label"] for tab in shown if tab["current"])
    context = {"round": found, "form": form, "page": page, "tabs": shown, "crumbs": crumbs(found, label)}
    return render(request, f"fair/{kind}.html", context)


def crumbs(found: Round, *labels: str) -> list[dict[str, str]]:
    here = [{"label": _("Fair"), "url": reverse("fair:round_list")}]
    here.append({"label": f"{found.fair.name}: {found.name}", "url": reverse("fair:round", args=[found.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def own_crumbs(participant: Participant, *labels: str) -> list[dict[str, str]]:
    here = [{"label": _("Fair"), "url": reverse("fair:round_list")}]
    url = reverse("fair:participation", args=[participant.pk])
    here.append({"label": f"{participant.round.fair.name}: {participant.firm.name}", "url": url})
    return [*here, *({"label": label, "url": ""} for label in labels)]
