"""Fairs and rounds: the list for everybody, the calculator, and what an organiser sets up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.fair import services
from gebyar.fair.forms import CalculatorForm, FairForm, SessionForm, SettingsForm, TimetableForm
from gebyar.fair.models import Fair, Round, Session
from gebyar.fair.queries.rounds import fairs_with_rounds, figures_of, participations_of, published_plan
from gebyar.fair.views.access import crumbs, round_of, tabs
from gebyar.methods.rounds import calculate
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

FORM = ["GET", "HEAD", "POST"]


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Show the fairs with their rounds to everybody, and to firms where they take part."""
    organises = request.user.has_perm("fair.organise")
    context = {
        "fairs": fairs_with_rounds(drafts=organises),
        "participations": participations_of(request.user),
        "organises": organises,
        "sees_figures": request.user.has_perm("accounts.work_as_officer"),
    }
    return render(request, "fair/round_list.html", context)


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Say how many slots and tables a round needs, before anything is booked."""
    form = CalculatorForm(request.GET or None)
    needs = None
    if request.GET and form.is_valid():
        said = form.cleaned_data
        try:
            needs = calculate(
                said["guests"], said["meetings"], said["tables"], hosts=said["hosts"], minutes=said["minutes"],
                hours=said["hours"],
            )  # fmt: skip
        except ValueError:
            most = said["hosts"] or said["guests"] - 1
            if said["meetings"] > most:
                form.add_error("meetings", _("Each of them can meet only %(most)d others.") % {"most": most})
            else:
                form.add_error("hours", _("Not even one meeting fits into these hours."))
    return render(request, "fair/calculator.html", {"form": form, "needs": needs})


# --- setting up -------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def fair_new(request: HttpRequest) -> HttpResponse:
    form = FairForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fair = services.create_fair(actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The fair is created. Now set its first round of meetings."))
            return redirect("fair:round_new", fair_id=fair.pk)
    return render(request, "fair/fair_form.html", {"form": form, "fair": None})


@require_http_methods(FORM)
def fair_change(request: HttpRequest, fair_id: int) -> HttpResponse:
    fair = get_object_or_404(Fair, pk=fair_id)
    form = FairForm(request.POST or None, instance=fair)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_fair(actor=signed_in(request), fair=fair, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The fair was changed."))
            return redirect("fair:round_list")
    return render(request, "fair/fair_form.html", {"form": form, "fair": fair})


@require_http_methods(FORM)
def round_new(request: HttpRequest, fair_id: int) -> HttpResponse:
    """Times and tables first; what comes of them is shown, then the round is created."""
    fair = get_object_or_404(Fair, pk=fair_id)
    with timezone.override(fair.time_zone):
        times = TimetableForm(request.POST or None, fair=fair)
        form = SettingsForm(request.POST or None)
        good = request.method == "POST" and all([times.is_valid(), form.is_valid()])
        if good and "save" in request.POST and (found := _created(request, fair, form, times)):
            messages.success(request, _("The round is created. Now add its participants."))
            return redirect("fair:round", pk=found.pk)
        context = {"fair": fair, "form": form, "times": times, **_preview(times, shown=good)}
        return render(request, "fair/round_new.html", context)


def _created(request: HttpRequest, fair: Fair, form: SettingsForm, times: TimetableForm) -> Round | None:
    said = form.cleaned_data
    try:
        return services.create_round(actor=signed_in(request), fair=fair, slots=times.slots, tables=times.zones, **said)
    except DomainError as error:
        form.add_error("name", str(error))
        return None


def _preview(times: TimetableForm, *, shown: bool) -> dict[str, Any]:
    """Return the slots day by day, and the tables zone by zone with their numbers."""
    if not shown:
        return {"days": []}
    days: dict[object, list[Any]] = {}
    for slot in times.slots:
        days.setdefault(slot.starts_at.date(), []).append(slot)
    zones, first = [], 1
    for zone in times.zones:
        zones.append({"name": zone.name, "first": first, "last": first + zone.count - 1})
        first += zone.count
    return {"days": list(days.values()), "zones": zones, "slot_count": len(times.slots), "table_count": first - 1}


@require_http_methods(FORM)
def round_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a round other times and tables, as long as no plan stands on them."""
    found = round_of(pk)
    with timezone.override(found.zone):
        times = TimetableForm(request.POST or None, fair=found.fair)
        good = request.method == "POST" and times.is_valid()
        if good and "save" in request.POST:
            try:
                services.set_timetable(actor=signed_in(request), round_=found, slots=times.slots, tables=times.zones)
            except DomainError as error:
                times.add_error(None, str(error))
                good = False
            else:
                messages.success(request, _("The round has new times and tables."))
                return redirect("fair:round", pk=pk)
        context = {"round": found, "times": times, "crumbs": crumbs(found, _("Times and tables"))}
        return render(request, "fair/round_times.html", {**context, **_preview(times, shown=good)})


@require_http_methods(FORM)
def round_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_of(pk)
    with timezone.override(found.zone):
        form = SettingsForm(request.POST or None, instance=found)
        if request.method == "POST" and form.is_valid():
            try:
                services.change_round(actor=signed_in(request), round_=found, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The round was changed."))
                return redirect("fair:round", pk=pk)
        context = {"round": found, "form": form, "crumbs": crumbs(found, _("Deadlines and limits"))}
        return render(request, "fair/round_change.html", context)


# --- one round --------------------------------------------------------------------------------------------------


@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_of(pk)
    with timezone.override(found.zone):
        context = {
            "round": found,
            "figures": figures_of(found),
            "published": published_plan(found),
            "sessions": found.sessions.prefetch_related("seats"),
            "steps": _steps(found),
            "tabs": tabs(found, "fair:round"),
            "crumbs": crumbs(found),
        }
        return render(request, "fair/round.html", context)


def _steps(found: Round) -> list[dict[str, str]]:
    status = Round.Status
    order = [status.DRAFT, status.ASKING, status.PLANNING, status.PUBLISHED, status.ENDED]
    labels = [_("Prepare"), _("Requests"), _("Plan"), _("Meet"), _("Ended")]
    here = order.index(status(found.status))
    return [
        {"label": label, "state": "done" if n < here else "current" if n == here else "todo", "url": ""}
        for n, label in enumerate(labels)
    ]


@require_POST
def round_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Open, close or end a round, or remind its participants."""
    found, actor = round_of(pk), signed_in(request)
    act = request.POST.get("act")
    if act == "open":
        tried(request, lambda: services.open_requests(actor=actor, round_=found), _("The round is open for requests."))
    elif act == "close":
        tried(request, lambda: services.close_requests(actor=actor, round_=found), _("Requests are closed."))
    elif act == "end":
        tried(request, lambda: services.end_round(actor=actor, round_=found), _("The round has ended."))
    elif act == "remind":
        _remind(request, found)
    return redirect("fair:round", pk=pk)


def _remind(request: HttpRequest, found: Round) -> None:
    try:
        sent = services.remind_participants(actor=signed_in(request), round_=found)
    except DomainError as error:
        messages.error(request, str(error))
        return
    if sent:
        messages.success(request, _("Mails go to everybody who has not asked or not answered yet."))
    else:
        messages.info(request, _("Everybody was reminded less than a day ago, so no mail was sent."))


@require_http_methods(FORM)
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_of(pk)
    with timezone.override(found.zone):
        form = SessionForm(request.POST or None, round_=found)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            facts = {"name": said["name"], "starts_at": said["starts_at"], "ends_at": said["ends_at"]}
            act = lambda: services.add_session(  # noqa: E731
                actor=signed_in(request), round_=found, participants=said["numbers"], **facts
            )
            if tried(request, act, _("The session is added. Who sits in it has no meeting at that time.")):
                return redirect("fair:round", pk=pk)
        context = {"round": found, "form": form, "crumbs": crumbs(found, _("Add a session"))}
        return render(request, "fair/session_form.html", context)


@require_POST
def session_remove(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(Session, pk=pk)
    act = lambda: services.remove_session(actor=signed_in(request), session=session)  # noqa: E731
    tried(request, act, _("The session was removed."))
    return redirect(reverse("fair:round", args=[session.round_id]))
