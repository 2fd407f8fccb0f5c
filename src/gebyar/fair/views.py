from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gebyar.fair.documents import agenda_ics, agenda_pdf
from gebyar.fair.forms import PlanForm
from gebyar.fair.models import MeetingDay, Participant, Plan
from gebyar.fair.queries import Agenda, agenda_of, days_with_counts, participants_with_meetings, participations_of
from gebyar.fair.services import publish_plan, start_plan
from gebyar.records.errors import DomainError


@require_GET
def day_list(request: HttpRequest) -> HttpResponse:
    """Show the days of business meetings to everybody, and to firms their own agendas."""
    context = {"days": days_with_counts(), "participations": participations_of(request.user)}
    return render(request, "fair/day_list.html", context)


@require_GET
def day(request: HttpRequest, day_id: int) -> HttpResponse:
    meeting_day = get_object_or_404(MeetingDay.objects.select_related("fair"), pk=day_id)
    plans = list(meeting_day.plans.select_related("record", "made_by"))
    shown = next((plan for plan in plans if plan.published_at), plans[0] if plans else None)
    context = {
        "day": meeting_day,
        "plans": plans,
        "shown": shown,
        "running": any(plan.status == Plan.Status.RUNNING for plan in plans),
        "slots": list(meeting_day.slots.all()),
        "participants": participants_with_meetings(meeting_day, shown),
        "form": PlanForm(),
    }
    return render(request, "fair/day.html", context)


@require_POST
def make_plan(request: HttpRequest, day_id: int) -> HttpResponse:
    meeting_day = get_object_or_404(MeetingDay, pk=day_id)
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            start_plan(actor=request.user, day=meeting_day, **form.cleaned_data)
            messages.success(request, _("The plan is being made. You can leave this page and come back."))
        except DomainError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("The plan was not started: give a whole number as the seed, and 5 to 600 seconds."))
    return redirect("fair:day", day_id=day_id)


@require_POST
def publish(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.select_related("day"), pk=plan_id)
    try:
        publish_plan(actor=request.user, plan=plan)
        messages.success(request, _("Version %(version)d is published.") % {"version": plan.version})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("fair:day", day_id=plan.day_id)


def _agenda(token: str) -> Agenda:
    participants = Participant.objects.select_related("firm", "day__fair")
    return agenda_of(get_object_or_404(participants, agenda_token=token))


@never_cache
@require_GET
def agenda(request: HttpRequest, token: str) -> HttpResponse:
    """Show one agenda to whoever holds its address: the firm, its officers, the people it gave the sheet to."""
    return render(request, "fair/agenda.html", {"agenda": _agenda(token)})


@never_cache
@require_GET
def agenda_sheet(_request: HttpRequest, token: str) -> HttpResponse:
    found = _agenda(token)
    response = HttpResponse(agenda_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="agenda-{found.participant.number}.pdf"'
    return response


@require_GET
def agenda_calendar(_request: HttpRequest, token: str) -> HttpResponse:
    found = _agenda(token)
    response = HttpResponse(agenda_ics(found), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="agenda-{found.participant.number}.ics"'
    return response
