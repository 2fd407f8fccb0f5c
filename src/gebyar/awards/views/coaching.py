"""Coaching: sessions and attendance for organisers, prototypes for entrants."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_stages import AttendanceForm, PrototypeForm, SessionForm
from gebyar.awards.models import Attendance, CoachingSession, Passage, Prototype, Stage
from gebyar.awards.queries.stages import coaching_lines, entries_of
from gebyar.awards.services import coaching as services
from gebyar.awards.views.access_stages import FORM, own_entry, page_of, sent, stage_crumbs, stage_name, stage_of
from gebyar.awards.views.progress import progress_crumbs
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried


@require_safe
def coaching(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sessions of a stage, and each entry with its attendance, notes and prototypes."""
    found = _coaching_stage(pk)
    page: Any = page_of(request, _inside(found))
    context = {
        "stage": found,
        "name": stage_name(found),
        "sessions": found.coaching_sessions.all(),
        "page": page,
        "lines": coaching_lines(found, page),
        "crumbs": stage_crumbs(found, _("Coaching")),
    }
    return render(request, "awards/stages/coaching.html", context)


def _coaching_stage(pk: int) -> Stage:
    return get_object_or_404(Stage.objects.select_related("category__edition__version"), pk=pk, kind="coaching")


def _inside(found: Stage) -> Any:
    rows = found.passages.exclude(outcome=Passage.Outcome.WITHDRAWN).select_related("entry__firm")
    return rows.order_by("entry__number", "pk")


@require_http_methods(FORM)
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _coaching_stage(pk)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = lambda: services.add_session(actor=signed_in(request), stage=found, **form.cleaned_data)  # noqa: E731
        if tried(request, act, _("The session is added. Entrants see it on their page.")):
            return redirect("awards:coaching", pk=pk)
    context = {
        "stage": found,
        "name": stage_name(found),
        "form": form,
        "crumbs": stage_crumbs(found, _("Add a session")),
    }
    return render(request, "awards/stages/session_form.html", context)


def _session(pk: int) -> CoachingSession:
    return get_object_or_404(CoachingSession.objects.select_related("stage__category__edition__version"), pk=pk)


@require_http_methods(FORM)
def session_change(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session(pk)
    form = SessionForm(request.POST or None, instance=session)
    if request.method == "POST" and form.is_valid():
        act = lambda: services.change_session(actor=signed_in(request), session=session, **form.cleaned_data)  # noqa: E731
        if tried(request, act, _("The session was changed.")):
            return redirect("awards:coaching", pk=session.stage_id)
    context = {
        "stage": session.stage, "name": stage_name(session.stage), "form": form, "session": session,
        "crumbs": stage_crumbs(session.stage, session.title),
    }  # fmt: skip
    return render(request, "awards/stages/session_form.html", context)


@require_POST
def session_remove(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session(pk)
    act = lambda: services.remove_session(actor=signed_in(request), session=session)  # noqa: E731
    tried(request, act, _("The session was taken out."))
    return redirect("awards:coaching", pk=session.stage_id)


@require_http_methods(FORM)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who was at a session, and write the mentor's word beside."""
    session = _session(pk)
    page: Any = page_of(request, _inside(session.stage))
    keys = [passage.entry_id for passage in page]
    known = {row.entry_id: row for row in Attendance.objects.filter(session=session, entry__in=keys)}
    form = AttendanceForm(request.POST or None, passages=page, known=known)
    if request.method == "POST" and form.is_valid():
        act = lambda: services.mark_attendance(  # noqa: E731
            actor=signed_in(request), session=session, there=form.there, notes=form.notes
        )
        if tried(request, act, _("Attendance is saved.")):
            return redirect("awards:coaching", pk=session.stage_id)
    context = {"session": session, "stage": session.stage, "form": form, "page": page,
               "crumbs": stage_crumbs(session.stage, session.title)}  # fmt: skip
    return render(request, "awards/stages/attendance.html", context)


# --- prototypes -------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def prototype_add(request: HttpRequest, pk: int, stage_id: int) -> HttpResponse:
    entry = own_entry(request, pk)
    found = get_object_or_404(stage_of(stage_id).passages.select_related("stage"), entry=entry).stage
    form = PrototypeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_prototype(actor=signed_in(request), entry=entry, stage=found, **form.cleaned_data)
        except DomainError as error:
            form.add_error("file" if request.FILES else None, str(error))
        else:
            messages.success(request, _("The step of your prototype is shown."))
            return redirect("awards:progress", pk=pk)
    context = {"entry": entry, "form": form, "crumbs": progress_crumbs(entry, _("Show a prototype"))}
    return render(request, "awards/stages/prototype_form.html", context)


@require_POST
def prototype_remove(request: HttpRequest, pk: int) -> HttpResponse:
    prototype = get_object_or_404(Prototype.objects.filter(entry__in=entries_of(signed_in(request))), pk=pk)
    act = lambda: services.remove_prototype(actor=signed_in(request), prototype=prototype)  # noqa: E731
    tried(request, act, _("The step was taken out."))
    return redirect("awards:progress", pk=prototype.entry_id)


@require_safe
def prototype_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the picture of a prototype to those who may see the entry: its people, and organisers."""
    user = signed_in(request)
    rows = Prototype.objects.all()
    if not user.has_perm("awards.organise"):
        rows = rows.filter(entry__in=entries_of(user))
    return sent(get_object_or_404(rows, pk=pk).file, name=f"prototype-{pk}.jpg", inline="image/jpeg")
