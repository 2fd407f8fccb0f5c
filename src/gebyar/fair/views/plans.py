"""Plans of a round: made, watched, compared, changed by hand, published."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.fair import services
from gebyar.fair.forms import PlaceForm, PlanForm, WordsFilter
from gebyar.fair.models import MeetingRequest, Plan
from gebyar.fair.queries.plans import (
    compare,
    figures_of_plan,
    free_slots,
    meetings_of,
    plans_of,
    refusal_lines,
    refusals_of,
)
from gebyar.fair.services.plans import SILENCE, shown_before
from gebyar.fair.views.access import PER_PAGE, crumbs, meeting_of, plan_of, round_of, tabs
from gebyar.fair.wording import reason_words, step_words
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

FORM = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORM)
def plans(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the versions of a round's plan, and start another."""
    found = round_of(pk)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.start_plan(actor=signed_in(request), round_=found, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The plan is being made. You can leave this page and come back."))
            return redirect("fair:plan", pk=plan.pk)
    versions = list(plans_of(found))
    context = {
        "round": found,
        "form": form,
        "plans": versions,
        "running": next((plan for plan in versions if plan.status == Plan.Status.RUNNING), None),
        "before": shown_before(found),
        "usable": [plan for plan in versions if plan.is_usable],
        "tabs": tabs(found, "fair:plans"),
        "crumbs": crumbs(found, _("Plan")),
    }
    return render(request, "fair/plans.html", context)


@never_cache
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version: while it is made its progress, then its figures, meetings and reasons."""
    shown = plan_of(pk)
    context = {
        "plan": shown,
        "round": shown.round,
        "is_running": shown.status == Plan.Status.RUNNING,
        "reason": reason_words(shown),
        "crumbs": crumbs(shown.round, _("Version %(version)d") % {"version": shown.version}),
        **_progress(shown),
    }
    if shown.is_usable:
        context |= _outcome(request, shown)
    with timezone.override(shown.round.zone):
        return render(request, "fair/plan.html", context)


def _outcome(request: HttpRequest, shown: Plan) -> dict[str, Any]:
    form = WordsFilter(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    view = "refusals" if request.GET.get("view") == "refusals" else "meetings"
    rows: Any = refusals_of(shown) if view == "refusals" else meetings_of(shown, words=words)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    figures = figures_of_plan(shown)
    return {
        "form": form,
        "view": view,
        "page": page,
        "lines": refusal_lines(shown, page.object_list) if view == "refusals" else [],
        "figures": figures,
        "views": [
            {"label": _("Meetings"), "url": "?view=meetings", "current": view == "meetings", "count": figures.granted},
            {
                "label": _("Not granted"),
                "url": "?view=refusals",
                "current": view == "refusals",
                "count": figures.refused,
            },
        ],
        "other": shown.round.plans.exclude(pk=shown.pk).filter(status__in=["optimal", "feasible"]).first(),
    }


@never_cache
@require_safe
def plan_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the bar alone; once the work is over, let the browser load the page anew."""
    shown = plan_of(pk)
    is_running = shown.status == Plan.Status.RUNNING
    response = render(
        request, "fair/parts/plan_progress.html", {"plan": shown, "is_running": is_running, **_progress(shown)}
    )
    if not is_running:
        response["HX-Refresh"] = "true"
    return response


def _progress(shown: Plan) -> dict[str, Any]:
    silent = timezone.now() - shown.heard_at > SILENCE
    return {
        "words": step_words(shown),
        "done": min(shown.seconds_done, shown.time_limit),
        "is_silent": shown.status == Plan.Status.RUNNING and silent,
    }


@require_POST
def plan_stop(request: HttpRequest, pk: int) -> HttpResponse:
    shown = plan_of(pk)
    act = lambda: services.stop_plan(actor=signed_in(request), plan=shown)  # noqa: E731
    tried(request, act, _("It stops, and the best plan so far is kept."))
    return redirect("fair:plan", pk=pk)


@require_POST
def plan_publish(request: HttpRequest, pk: int) -> HttpResponse:
    shown = plan_of(pk)
    act = lambda: services.publish_plan(actor=signed_in(request), plan=shown)  # noqa: E731
    tried(request, act, _("Version %(version)d is published.") % {"version": shown.version})
    return redirect("fair:plan", pk=pk)


@require_POST
def plan_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the version again that was published before."""
    found = round_of(pk)
    try:
        shown = services.undo_publication(actor=signed_in(request), round_=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Version %(version)d is published again.") % {"version": shown.version})
    return redirect("fair:plans", pk=pk)


@require_safe
def plan_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold two versions of a round against each other: ?from=1&to=2, without them the newest two."""
    found = round_of(pk)
    usable = [one for one in plans_of(found) if one.is_usable]
    versions = {str(one.version): one for one in usable}
    after = versions.get(request.GET.get("to", "")) or (usable[0] if usable else None)
    others = [one for one in usable if one != after]
    before = versions.get(request.GET.get("from", "")) or (others[0] if others else None)
    comparison = compare(before, after) if before and after else None
    context = {
        "round": found,
        "usable": usable,
        "before": before,
        "after": after,
        "comparison": comparison,
        "page": Paginator(comparison.changes, PER_PAGE).get_page(request.GET.get("page")) if comparison else None,
        "crumbs": crumbs(found, _("Compare versions")),
    }
    with timezone.override(found.zone):
        return render(request, "fair/plan_compare.html", context)


# --- by hand ----------------------------------------------------------------------------------------------------


@require_POST
def meeting_lock(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = meeting_of(pk)
    locked = request.POST.get("locked") == "1"
    words = _("This meeting stays where it is.") if locked else _("This meeting may move again.")
    tried(request, lambda: services.lock_meeting(actor=signed_in(request), meeting=meeting, locked=locked), words)
    return redirect("fair:plan", pk=meeting.plan_id)


@require_http_methods(FORM)
def meeting_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a meeting by hand, or take it out."""
    meeting = meeting_of(pk)
    actor = signed_in(request)
    tables = meeting.plan.round.tables.filter(number=meeting.table)
    initial = {"slot": meeting.slot_id, "table": tables.values_list("pk", flat=True).first()}
    drop = request.method == "POST" and "drop" in request.POST
    form = PlaceForm(None if drop else request.POST or None, round_=meeting.plan.round, initial=initial)
    if drop or (request.method == "POST" and form.is_valid()):
        try:
            if drop:
                changed = services.drop_meeting(actor=actor, meeting=meeting)
            else:
                changed = services.move_meeting(actor=actor, meeting=meeting, **form.cleaned_data)
        except DomainError as error:
            form = form if form.is_bound else PlaceForm(initial, round_=meeting.plan.round)
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Version %(version)d holds the change.") % {"version": changed.version})
            return redirect("fair:plan", pk=changed.pk)
    return _place(request, meeting.plan, meeting.request, form, meeting=meeting)


@require_http_methods(FORM)
def request_place(request: HttpRequest, pk: int, request_id: int) -> HttpResponse:
    """Place by hand what a plan did not grant."""
    shown = plan_of(pk)
    rows = MeetingRequest.objects.select_related("asker__firm", "asked__firm")
    row = get_object_or_404(rows, pk=request_id, round=shown.round_id)
    form = PlaceForm(request.POST or None, round_=shown.round)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.place_request(actor=signed_in(request), plan=shown, request=row, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Version %(version)d holds the change.") % {"version": changed.version})
            return redirect("fair:plan", pk=changed.pk)
    return _place(request, shown, row, form)


def _place(
    request: HttpRequest, shown: Plan, row: MeetingRequest, form: PlaceForm, meeting: Any = None
) -> HttpResponse:
    context = {
        "plan": shown,
        "round": shown.round,
        "row": row,
        "meeting": meeting,
        "form": form,
        "free": free_slots(shown, row),
        "crumbs": crumbs(shown.round, _("Place by hand")),
    }
    with timezone.override(shown.round.zone):
        return render(request, "fair/meeting_place.html", context)
