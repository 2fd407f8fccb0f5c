"""A participant's agenda, for whoever holds its address: page, sheet, calendar, and the worker that keeps it offline."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gebyar.fair.documents.agenda import agenda_pdf, check_in_code
from gebyar.fair.documents.calendar import agenda_ics
from gebyar.fair.models import Participant
from gebyar.fair.queries.agendas import agenda_of, participant_by_token
from gebyar.registry.rules import open_firms


def participant_of(token: str) -> Participant:
    participant = participant_by_token(token)
    if participant is None:
        raise Http404
    return participant


@require_safe
@never_cache
def agenda(request: HttpRequest, token: str) -> HttpResponse:
    participant = participant_of(token)
    calendar = reverse("fair:agenda_calendar", args=[token])
    context = {
        "agenda": agenda_of(participant),
        "participant": participant,
        "now": timezone.now(),
        "may_speak": not request.user.is_authenticated or participant.firm_id in open_firms(request.user),
        "code": check_in_code(participant),
        "webcal": f"webcal:{settings.SITE_URL.partition(':')[2]}{calendar}",
    }
    with timezone.override(participant.round.zone):
        return render(request, "fair/agenda.html", context)


@require_safe
@never_cache
def agenda_sheet(_request: HttpRequest, token: str) -> HttpResponse:
    content = agenda_pdf(agenda_of(participant_of(token)))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="agenda.pdf"'
    return response


@require_safe
@never_cache
def agenda_calendar(_request: HttpRequest, token: str) -> HttpResponse:
    content = agenda_ics(agenda_of(participant_of(token)))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return response


@require_safe
def agenda_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker from beside the agendas: a worker rules only over addresses below its own."""
    response = HttpResponse(render_to_string("fair/agenda_worker.js"), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
