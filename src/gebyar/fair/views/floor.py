"""The organiser's desk, the floor of the hall, and the board on its screen."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.fair.documents.hall import badges_pdf, cards_pdf, hall_pdf
from gebyar.fair.forms import WordsFilter
from gebyar.fair.forms_floor import FloorForm, LogForm, MissingForm, PrintForm
from gebyar.fair.models import MeetingLog, MeetingRequest, Participant, Plan, Round, Slot
from gebyar.fair.queries.floor import (
    board_token,
    check_in_counts,
    current_slot,
    desk_lines,
    find_participants,
    halls,
    next_slot,
    published_plan,
    round_of_board,
    slots_of,
    standby_list,
    working_day,
)
from gebyar.fair.services import floor as services
from gebyar.fair.views.agenda import participant_of
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in

PAGE = 50


def round_of(round_id: int) -> Round:
    return get_object_or_404(Round.objects.select_related("fair"), pk=round_id)


# --- the desk -----------------------------------------------------------------------------------------------------


@require_safe
def desk(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show who has come and who is awaited; searched by number or name."""
    round_ = round_of(round_id)
    slots = slots_of(round_)
    day = working_day(round_, slots)
    form = WordsFilter(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(find_participants(round_, words), PAGE).get_page(request.GET.get("page"))
    context = {
        "round": round_,
        "day": day,
        "form": form,
        "page": page,
        "lines": desk_lines(round_, page.object_list, day, slots),
        "counts": check_in_counts(round_, day),
        "plan": published_plan(round_),
        "repair": Plan.Kind.REPAIR,
        "standby": standby_list(round_),
        "board": reverse("fair:board", args=[board_token(round_)]),
        "print_form": PrintForm(zones=round_.zones.all()),
        "tabs": floor_tabs(round_, "fair:desk"),
    }
    return render(request, "fair/floor_desk.html", context)


def floor_tabs(round_: Round, current: str) -> list[dict[str, Any]]:
    places = (("fair:desk", _("Desk")), ("fair:floor", _("Meetings")), ("fair:dashboard", _("Figures")))
    return [
        {"label": label, "url": reverse(route, args=[round_.pk]), "current": route == current}
        for route, label in places
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Let an organiser check a participant in, whose code any phone's camera opens; others are led to the agenda."""
    participant = participant_of(token)
    if not request.user.has_perm("fair.organise"):
        if request.method == "POST":
            raise Http404
        return redirect("fair:agenda", token)
    if request.method == "POST":
        return _check_in(request, participant)
    round_ = participant.round
    slots = slots_of(round_)
    day = working_day(round_, slots)
    context = {
        "round": round_,
        "participant": participant,
        "line": desk_lines(round_, [participant], day, slots)[0],
        "day": day,
    }
    return render(request, "fair/floor_check_in.html", context)


def _check_in(request: HttpRequest, participant: Participant) -> HttpResponse:
    words = _("%(firm)s is checked in.") % {"firm": participant.firm.name}
    _attempt(request, lambda: services.check_in(actor=signed_in(request), participant=participant), words)
    return redirect("fair:desk", participant.round_id)


def _attempt(request: HttpRequest, act: Callable[[], Any], words: str) -> Any:
    """Do it and say so, or say why not; return what it gave, or None."""
    try:
        done = act()
    except DomainError as error:
        messages.error(request, str(error))
        return None
    messages.success(request, words)
    return done


# --- somebody does not come ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: HttpRequest, round_id: int, number: int) -> HttpResponse:
    """Plan anew from now without somebody, or until they come."""
    round_ = round_of(round_id)
    participant = get_object_or_404(round_.participants.select_related("firm", "round__fair"), number=number)
    slots = slots_of(round_)
    start = next_slot(slots, timezone.now()) or current_slot(slots, timezone.now())
    form = MissingForm(request.POST or None, slots=round_.slots.all(), initial={"from_slot": start})
    for field in ("from_slot", "until_slot"):
        form.fields[field].queryset = round_.slots.select_related("round__fair")
    if request.method == "POST" and form.is_valid() and _plan_without(request, participant, form.cleaned_data):
        return redirect("fair:desk", round_id)
    day = working_day(round_, slots)
    context = {
        "round": round_,
        "participant": participant,
        "form": form,
        "line": desk_lines(round_, [participant], day, slots)[0],
        "plan": published_plan(round_),
        "standby": standby_list(round_),
    }
    return render(request, "fair/floor_missing.html", context)


def _plan_without(request: HttpRequest, participant: Participant, wish: dict[str, Slot | None]) -> bool:
    before = published_plan(participant.round)
    try:
        plan = services.repair(actor=signed_in(request), round_=participant.round, participant=participant, **wish)
    except DomainError as error:
        messages.error(request, str(error))
        return False
    _say_what_changed(request, before, plan)
    return True


def _say_what_changed(request: HttpRequest, before: Plan | None, plan: Plan) -> None:
    if before is not None and before.pk == plan.pk:
        messages.success(request, _("Noted. No meeting had to change."))
        return
    touched = plan.round.participants.filter(notices__created_at__gte=plan.published_at).distinct().count()
    told = ngettext(
        "Version %(version)d is shown. %(count)d participant was told.",
        "Version %(version)d is shown. %(count)d participants were told.",
        touched,
    )
    messages.success(request, told % {"version": plan.version, "count": touched})


@require_POST
def plan_from_now(request: HttpRequest, round_id: int) -> HttpResponse:
    """Plan anew with what is known now, such as that somebody came after all."""
    round_ = round_of(round_id)
    before = published_plan(round_)
    try:
        plan = services.plan_from_now(actor=signed_in(request), round_=round_)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        _say_what_changed(request, before, plan)
    return redirect("fair:desk", round_id)


@require_POST
def undo_repair(request: HttpRequest, round_id: int) -> HttpResponse:
    words = _("The version before is shown again, and those whom it touches were told.")
    _attempt(request, lambda: services.undo_repair(actor=signed_in(request), round_=round_of(round_id)), words)
    return redirect("fair:desk", round_id)


# --- the meetings -------------------------------------------------------------------------------------------------


@require_safe
def floor(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show the meetings of one slot, to note how each went."""
    round_ = round_of(round_id)
    slots = slots_of(round_)
    form = FloorForm(request.GET, slots=round_.slots.select_related("round__fair"))
    slot = (form.cleaned_data["slot"] if form.is_valid() else None) or current_slot(slots, timezone.now())
    shown = FloorForm(initial={"slot": slot}, slots=round_.slots.select_related("round__fair"))
    hall = halls(round_, [slot])[0] if slot else None
    context = {
        "round": round_,
        "form": shown,
        "hall": hall,
        "page": Paginator(hall.lines if hall else [], PAGE).get_page(request.GET.get("page")),
        "longest": services.LONGEST_LATENESS,
        "tabs": floor_tabs(round_, "fair:floor"),
    }
    return render(request, "fair/floor_meetings.html", context)


@require_safe
def table(request: HttpRequest, round_id: int, number: int) -> HttpResponse:
    """Show who sits at a table, from now on: what the code of its card opens."""
    round_ = round_of(round_id)
    seat = get_object_or_404(round_.tables.select_related("zone"), number=number)
    slots = slots_of(round_)
    now = timezone.now()
    coming = [slot for slot in slots if slot.ends_at > now] or slots[-1:]
    lines = [{"hall": hall, "line": line} for hall in halls(round_, coming, table=number) for line in hall.lines]
    return render(request, "fair/floor_table.html", {"round": round_, "table": seat, "lines": lines})


@require_POST
def log_meeting(request: HttpRequest, request_id: int) -> HttpResponse:
    meeting = get_object_or_404(MeetingRequest.objects.select_related("asker__firm", "asked__firm"), pk=request_id)
    form = LogForm(request.POST)
    if not form.is_valid():
        words = _("Not noted: give the minutes as a whole number from 1 to %(most)d.")
        messages.error(request, words % {"most": services.LONGEST_LATENESS})
        return _back_to_floor(request, meeting)
    missing_one = next((one for one in (meeting.asker, meeting.asked) if one.pk == form.cleaned_data["missing"]), None)
    state = MeetingLog.State(form.cleaned_data["state"])
    log = _attempt(
        request,
        lambda: services.log_meeting(
            actor=signed_in(request),
            request=meeting,
            state=state,
            minutes_late=form.cleaned_data["minutes_late"],
            missing=missing_one,
        ),
        _("Noted: %(asker)s and %(asked)s, %(state)s.")
        % {"asker": meeting.asker.firm.name, "asked": meeting.asked.firm.name, "state": state.label},
    )
    if log is not None and log.missing is not None:
        return redirect("fair:missing", meeting.round_id, log.missing.number)
    return _back_to_floor(request, meeting)


def _back_to_floor(request: HttpRequest, meeting: MeetingRequest) -> HttpResponse:
    slot = request.POST.get("slot", "")
    page = request.POST.get("page", "")
    query = f"?slot={slot}&page={page if page.isdecimal() else 1}" if slot.isdecimal() else ""
    return redirect(reverse("fair:floor", args=[meeting.round_id]) + query)


@require_safe
@never_cache
def board(request: HttpRequest, token: str) -> HttpResponse:
    """Show the hall's screen who meets where, now and next; opened by an address that cannot be guessed."""
    round_ = round_of_board(token)
    if round_ is None:
        raise Http404
    slots = slots_of(round_)
    now = timezone.now()
    running = [slot for slot in slots if slot.starts_at <= now < slot.ends_at]
    context = {"round": round_, "now": now, "halls": halls(round_, [*running, *filter(None, [next_slot(slots, now)])])}
    return render(request, "fair/floor_board.html", context)


# --- paper --------------------------------------------------------------------------------------------------------


@require_safe
def cards(request: HttpRequest, round_id: int) -> HttpResponse:
    round_ = round_of(round_id)
    return _paper(cards_pdf(round_, slots_of(round_), _zone(request, round_)), "table-cards")


@require_safe
def hall_plan(request: HttpRequest, round_id: int) -> HttpResponse:
    round_ = round_of(round_id)
    return _paper(hall_pdf(round_, slots_of(round_), _zone(request, round_)), "hall")


@require_safe
def badges(request: HttpRequest, round_id: int) -> HttpResponse:
    round_ = round_of(round_id)
    people = find_participants(round_, "").select_related("table")
    zone = _zone(request, round_)
    return _paper(badges_pdf(round_, list(people.filter(zone=zone) if zone else people)), "badges")


def _zone(request: HttpRequest, round_: Round) -> int | None:
    form = PrintForm(request.GET, zones=round_.zones.all())
    if not form.is_valid():
        raise Http404
    zone = form.cleaned_data["zone"]
    return zone.pk if zone else None


def _paper(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
