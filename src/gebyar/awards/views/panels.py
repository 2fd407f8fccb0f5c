"""Panels of a stage, for its organisers: progress, proposals, changes by hand, reminders."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_judging import PanelsFilter, PanelsForm
from gebyar.awards.models import Judge, PanelPlan
from gebyar.awards.queries.board import (
    judge_lines,
    judges_of_stage,
    obstacles,
    panel_lines,
    progress_of,
    short_entries,
)
from gebyar.awards.queries.judging import entries_of_stage, judging_rules, takes_scores
from gebyar.awards.queries.panels import candidates_for, plans_of, proposed_panels
from gebyar.awards.services import panels, scores
from gebyar.awards.services.panels import SILENCE
from gebyar.awards.services.reminders_judging import remind_judges
from gebyar.awards.views.judging_access import FORM, PER_PAGE, assignment_of, frame, plan_of, stage_of
from gebyar.awards.wording_judging import declined_words, plan_reason_words, step_words
from gebyar.awards.wording_panels import REMEDIES, finding_words
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried


@never_cache
@require_safe
def judging_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far judging is, by judge or by entry; never how anybody judged."""
    stage = stage_of(pk)
    rules = judging_rules(stage)
    view = "entries" if request.GET.get("view") == "entries" else "judges"
    form = PanelsFilter(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    rows: Any = judges_of_stage(stage)
    if view == "entries":
        few = request.GET.get("few") == "1"
        rows = short_entries(stage, rules.judges_per_entry) if few else entries_of_stage(stage)
        rows = rows.filter(code__icontains=words).select_related("firm").order_by("code")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(stage, rules.judges_per_entry)
    context = {
        **frame(stage, "awards:judging_board", _("Progress")),
        "view": view,
        "form": form,
        "page": page,
        "lines": panel_lines(stage, list(page)) if view == "entries" else judge_lines(stage, list(page)),
        "progress": progress,
        "rules": rules,
        "obstacles": obstacles(stage) if progress.total else [],
        "is_open": takes_scores(stage),
        "views": [
            {"label": _("By judge"), "url": "?view=judges", "current": view == "judges"},
            {"label": _("By entry"), "url": "?view=entries", "current": view == "entries"},
        ],
    }
    return render(request, "awards/judging/board.html", context)


@require_POST
def judging_remind(request: HttpRequest, pk: int) -> HttpResponse:
    stage = stage_of(pk)
    try:
        count = remind_judges(actor=signed_in(request), stage=stage)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("awards:judging_board", pk=pk)
    words = ngettext("%(count)d judge is written to.", "%(count)d judges are written to.", count) % {"count": count}
    none = _("Nobody has to be written to: all marks are sent, or a mail went out within a day.")
    messages.success(request, words if count else none)
    return redirect("awards:judging_board", pk=pk)


# --- proposals --------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(FORM)
def panels_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the proposals of a stage, and start another."""
    stage = stage_of(pk)
    form = PanelsForm(request.POST or None, initial={"seed": stage.category.edition.seed % 2**31})
    if request.method == "POST" and form.is_valid():
        try:
            plan = panels.start_panels(actor=signed_in(request), stage=stage, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Panels are being made. You can leave this page and come back."))
            return redirect("awards:panel_plan", pk=plan.pk)
    plans = list(plans_of(stage))
    context = {
        **frame(stage, "awards:panels", _("Panels")),
        "form": form,
        "plans": plans,
        "running": next((plan for plan in plans if plan.status == PanelPlan.Status.RUNNING), None),
        "rules": judging_rules(stage),
        "judges": stage.category.edition.judges.filter(status=Judge.Status.ACCEPTED).count(),
        "undeclared": stage.category.edition.judges.filter(
            status=Judge.Status.ACCEPTED, declared_at__isnull=True
        ).count(),
        "entries": entries_of_stage(stage).count(),
    }
    return render(request, "awards/judging/panels.html", context)


@never_cache
@require_safe
def panel_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one proposal: while it is made its progress, then its figures and panels, or why there are none."""
    plan = plan_of(pk)
    label = _("Proposal %(version)d") % {"version": plan.version}
    context = {
        **frame(plan.stage, "awards:panels", label),
        "plan": plan,
        "label": label,
        "reason": plan_reason_words(plan),
        "findings": [finding_words(one) for one in plan.needs if one["code"] not in REMEDIES],
        "remedies": [finding_words(one) for one in plan.needs if one["code"] in REMEDIES],
        **_progress(plan),
    }
    if plan.is_usable:
        context["page"] = Paginator(proposed_panels(plan), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "awards/judging/panel_plan.html", context)


@never_cache
@require_safe
def panel_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the bar alone; once the work is over, let the browser load the page anew."""
    plan = plan_of(pk)
    response = render(request, "awards/judging/parts/panel_progress.html", {"plan": plan, **_progress(plan)})
    if plan.status != PanelPlan.Status.RUNNING:
        response["HX-Refresh"] = "true"
    return response


def _progress(plan: PanelPlan) -> dict[str, Any]:
    is_running = plan.status == PanelPlan.Status.RUNNING
    silent = is_running and timezone.now() - plan.heard_at > SILENCE
    return {"is_running": is_running, "is_silent": silent, "words": step_words(plan)}


@require_POST
def panel_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign judges as a proposal says."""
    plan = plan_of(pk)
    act = lambda: panels.put_in_force(actor=signed_in(request), plan=plan)  # noqa: E731
    words = _("The panels are in force. Judges with new entries are written to.")
    done = tried(request, act, words)
    return redirect("awards:judging_board", pk=plan.stage_id) if done else redirect("awards:panel_plan", pk=pk)


# --- by hand ----------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def panel_entry(request: HttpRequest, pk: int, entry_id: int) -> HttpResponse:
    """Show the panel of one entry and who else could take it, the best available first."""
    stage = stage_of(pk)
    entry = get_object_or_404(entries_of_stage(stage).select_related("firm"), pk=entry_id)
    if request.method == "POST":
        key = request.POST.get("judge", "")
        rows = stage.category.edition.judges.all()
        judge = get_object_or_404(rows, pk=int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else 0)
        act = lambda: panels.assign_by_hand(actor=signed_in(request), stage=stage, entry=entry, judge=judge)  # noqa: E731
        tried(request, act, _("Judge %(number)d is asked.") % {"number": judge.number})
        return redirect("awards:panel_entry", pk=pk, entry_id=entry_id)
    panel = panel_lines(stage, [entry])[0].panel
    context = {
        **frame(stage, "awards:panels", entry.code),
        "entry": entry,
        "panel": [(row, state, declined_words(row)) for row, state in panel],
        "candidates": candidates_for(stage, entry),
        "is_open": takes_scores(stage),
    }
    return render(request, "awards/judging/panel_entry.html", context)


@require_POST
def assignment_take_out(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_of(pk)
    reason = request.POST.get("reason", "")
    act = lambda: panels.unassign(actor=signed_in(request), assignment=assignment, reason=reason)  # noqa: E731
    tried(request, act, _("The entry is taken from this judge."))
    return redirect("awards:panel_entry", pk=assignment.stage_id, entry_id=assignment.entry_id)


@require_POST
def assignment_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    assignment = assignment_of(pk)
    reason = request.POST.get("reason", "")
    act = lambda: scores.reopen_scores(actor=signed_in(request), assignment=assignment, reason=reason)  # noqa: E731
    tried(request, act, _("The marks can be changed again by their judge."))
    return redirect("awards:panel_entry", pk=assignment.stage_id, entry_id=assignment.entry_id)
