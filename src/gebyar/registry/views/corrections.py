"""A firm proposes, an officer of its region decides."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.records.errors import DomainError
from gebyar.registry.errors import UnknownFact
from gebyar.registry.facts import Fact, fact, text_of
from gebyar.registry.forms import DecisionForm, FactForm, RegionForm, fact_form
from gebyar.registry.models import Correction, Firm
from gebyar.registry.queries.firms import (
    correction_line,
    correction_lines,
    corrections_to_decide,
    readable,
    visible_corrections,
)
from gebyar.registry.services.corrections import (
    change_fact,
    decide_correction,
    propose_correction,
    withdraw_correction,
)
from gebyar.registry.services.members import MEMBERSHIP
from gebyar.registry.views.access import own_firm, signed_in, trail

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def correct_fact(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """One fact and its right value: a member's proposal, an officer's change."""
    firm = own_firm(request, pk)
    try:
        some = fact(field)
    except UnknownFact as error:
        raise Http404 from error
    changes_at_once = request.user.has_perm("registry.change_firm", firm)
    form = _fact_form(request, firm, some)
    if request.method == "POST" and form.is_bound and form.is_valid() and _send(request, firm, form, changes_at_once):
        return redirect("registry:firm", pk=firm.pk)
    text = text_of(some, _record(firm, some))
    context = {
        "firm": firm,
        "form": form,
        "fact": some,
        "value": readable(some, text),
        "kind": str(some.kind),
        "changes_at_once": changes_at_once,
        "is_region": "regency" in form.fields,
        "crumbs": trail(firm, str(some.label)),
    }
    return render(request, "registry/fact.html", context)


def _record(firm: Firm, some: Fact) -> Any:
    return firm.profiles.filter(is_current=True).first() if some.yearly else firm


def _fact_form(request: HttpRequest, firm: Firm, some: Fact) -> FactForm | RegionForm:
    record = _record(firm, some)
    year = record.year if some.yearly and record else timezone.localdate().year - 1
    facts: dict[str, Any] = {"text": text_of(some, record), "year": year}
    make = fact_form(some)
    if request.method != "POST":
        return make(some, **facts)
    if "more" in request.POST:  # only the next select box was asked for
        return make(some, initial={name: request.POST.get(name, "") for name in make.base_fields})
    return make(some, request.POST, **facts)


def _send(request: HttpRequest, firm: Firm, form: FactForm | RegionForm, changes_at_once: bool) -> bool:
    said = form.cleaned_data
    facts = {
        "firm": firm,
        "field": form.some.field,
        "value": form.text,
        "reason": said["reason"],
        "year": said.get("year"),
    }
    try:
        if changes_at_once:
            change_fact(actor=signed_in(request), **facts)
            messages.success(request, _("The fact was changed. The history keeps what stood there before."))
        else:
            propose_correction(actor=signed_in(request), **facts)
            messages.success(request, _("Sent. An officer of your region decides; you will get a mail."))
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(corrections_to_decide(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": correction_lines(page.object_list)}
    return render(request, "registry/correction_list.html", context)


@require_safe
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visible(request, pk), DecisionForm())


def _visible(request: HttpRequest, pk: int) -> Correction:
    return get_object_or_404(visible_corrections(signed_in(request)), pk=pk)


def _show(request: HttpRequest, found: Correction, form: DecisionForm) -> HttpResponse:
    firm, user = found.firm, request.user
    is_open, is_own = found.status == Correction.Status.PENDING, found.proposed_by_id == user.pk
    context = {
        "line": correction_line(found),
        "is_membership": found.field.startswith(MEMBERSHIP),
        "correction": found,
        "firm": firm,
        "form": form,
        "may_decide": is_open and not is_own and user.has_perm("registry.decide_corrections", firm),
        "may_withdraw": is_open and (is_own or user.has_perm("registry.propose_correction", firm)),
        "crumbs": trail(firm, _("Correction")),
    }
    return render(request, "registry/correction.html", context)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    if not request.user.has_perm("registry.decide_corrections", found.firm):
        raise Http404
    form = DecisionForm(request.POST)
    approve = request.POST.get("decision") == "approve"
    if not form.is_valid():
        return _show(request, found, form)
    try:
        decide_correction(actor=signed_in(request), correction=found, approve=approve, note=form.cleaned_data["note"])
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, _visible(request, pk), form)
    messages.success(
        request,
        _("Approved. The register is changed.") if approve else _("Not approved. The firm gets your note."),
    )
    return redirect("registry:correction_list")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    try:
        withdraw_correction(actor=signed_in(request), correction=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The correction was withdrawn."))
    return redirect("registry:correction", pk=pk)
