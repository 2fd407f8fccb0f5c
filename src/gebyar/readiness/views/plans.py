"""A firm's plan: which steps lift it most for the least effort, what helps, and how far it is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gebyar.readiness.forms import ChangeStepForm, StepForm
from gebyar.readiness.queries.plans import gap_lines, last_finished, step_lines
from gebyar.readiness.queries.results import history_lines, history_of
from gebyar.readiness.services.plans import change_step, plan_step
from gebyar.readiness.views.access import firm_trail, own_step
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import own_firm, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, firm_id: int) -> HttpResponse:
    firm = own_firm(request, firm_id, "readiness.assess" if request.method == "POST" else "readiness.see")
    latest = last_finished(firm)
    if request.method == "POST":
        form = StepForm(request.POST)
        if latest is not None and form.is_valid():
            try:
                plan_step(actor=signed_in(request), assessment=latest, **form.cleaned_data)
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("The step stands in your plan."))
        return redirect("readiness:plan", firm_id=firm_id)
    may_change = signed_in(request).has_perm("readiness.assess", firm)
    context = {
        "firm": firm, "latest": latest, "steps": step_lines(firm, latest), "may_change": may_change,
        "gaps": gap_lines(latest) if latest else [], "history": history_lines(history_of(latest)) if latest else [],
        "crumbs": firm_trail(firm, _("Plan")),
    }  # fmt: skip
    return render(request, "readiness/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_step(request, pk)
    initial = {"status": found.status, "due_on": found.due_on, "note": found.note}
    form = ChangeStepForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_step(actor=signed_in(request), step=found, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept."))
            return redirect("readiness:plan", firm_id=found.firm_id)
    line = next(one for one in step_lines(found.firm, None) if one.step.pk == found.pk)
    context = {"step": found, "line": line, "form": form, "crumbs": firm_trail(found.firm, _("Step"))}
    return render(request, "readiness/step.html", context)
