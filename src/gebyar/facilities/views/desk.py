"""The officers' desk: what waits for a judgement, visits, and payments."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.facilities.forms import JudgementForm, PaymentForm, VisitForm
from gebyar.facilities.models import Application, SiteVisit
from gebyar.facilities.queries.applications import deadline_of, page_of, to_judge
from gebyar.facilities.queries.rulebook import version_of
from gebyar.facilities.services.judging import judge_application, record_visit
from gebyar.facilities.services.payments import pay
from gebyar.facilities.views.access import judged_application, seen_application, trail
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in

PER_PAGE = 20
STATES = ("approved", "rejected", "admitted", "waiting", "refused", "withdrawn")


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """List what waits for this officer, the oldest first, or what is decided."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    page = Paginator(to_judge(signed_in(request), state=state), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(one, deadline_of(one)) for one in page.object_list]
    labels = dict(Application.Status.choices)
    tabs = [
        {"label": labels[name] if name else _("waiting for you"), "url": f"?state={name}", "current": name == state}
        for name in ("", *STATES)
    ]
    return render(request, "facilities/desk.html", {"page": page, "lines": lines, "tabs": tabs, "state": state})


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    found = judged_application(request, pk)
    form = VisitForm(request.POST or None, initial=_noted(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            record_visit(
                actor=signed_in(request), application=found, visited_on=said["visited_on"],
                is_as_said=said["is_as_said"] == "yes", findings=said["findings"],
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The visit is noted."))
            return redirect("facilities:application", pk=pk)
    context = {"form": form, "application": found, "crumbs": trail(_("Visit"), application=found)}
    return render(request, "facilities/visit.html", context)


def _noted(found: Application) -> dict[str, object]:
    noted = SiteVisit.objects.filter(application=found).first()
    if noted is None:
        return {}
    return {
        "visited_on": noted.visited_on,
        "is_as_said": "yes" if noted.is_as_said else "no",
        "findings": noted.findings,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an officer's word; what another one said is not shown before."""
    found = judged_application(request, pk)
    form = JudgementForm(request.POST or None, version=version_of(found.call))
    if request.method == "POST" and form.is_valid() and _judged(request, found, form):
        messages.success(request, _("Your judgement is noted."))
        return redirect("facilities:application", pk=pk)
    context = {
        "form": form, "application": found, "page": page_of(request.user, found),
        "visit": SiteVisit.objects.filter(application=found).first(), "crumbs": trail(_("Judge the application"), application=found),
    }  # fmt: skip
    return render(request, "facilities/judge.html", context)


def _judged(request: HttpRequest, found: Application, form: JudgementForm) -> bool:
    said = form.cleaned_data
    try:
        judge_application(
            actor=signed_in(request), application=found, is_fit=said["is_fit"] == "yes", findings=form.findings(),
            note=said["note"],
        )  # fmt: skip
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_POST
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_application(request, pk)
    form = PaymentForm(request.POST)
    if form.is_valid():
        try:
            pay(actor=signed_in(request), application=found, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The payment is noted."))
    else:
        problems = (f"{form.fields[name].label}: {' '.join(faults)}" for name, faults in form.errors.items())
        messages.error(request, " ".join(problems))
    return redirect("facilities:application", pk=pk)
