"""National officers prepare calls, publish them, look at how they would fall, and allot them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.facilities.errors import CannotAllot
from gebyar.facilities.forms import CallForm, ExtendForm
from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.applications import calls_of_officers
from gebyar.facilities.queries.rulebook import facility_in_force, facility_of, rulebook
from gebyar.facilities.services.allotting import allot_call, preview_call
from gebyar.facilities.services.calls import change_call, create_call, extend_call, publish_call
from gebyar.facilities.views.access import seen_call, trail
from gebyar.facilities.wording import reason_words, said
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in

PER_PAGE = 20


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(calls_of_officers(), PER_PAGE).get_page(request.GET.get("page"))
    facilities = [(key, said(one.names)) for key, one in rulebook().items()]
    return render(request, "facilities/call_list.html", {"page": page, "facilities": facilities})


@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: HttpRequest, key: str) -> HttpResponse:
    facility = facility_in_force(key)
    form = CallForm(request.POST or None, facility=facility, initial={"method": "ranked"})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_call(actor=signed_in(request), key=key, facts=form.facts())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The call is prepared. Nobody else sees it until you publish it."))
            return redirect("facilities:call", pk=made.pk)
    context = {"form": form, "name": said(facility.names), "crumbs": trail(_("New call"))}
    return render(request, "facilities/call_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_change(request: HttpRequest, pk: int) -> HttpResponse:
    call = seen_call(request, pk)
    if call.status != Call.Status.DRAFT:
        raise Http404
    facility = facility_of(call.rules)
    form = CallForm(request.POST or None, facility=facility, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            change_call(actor=signed_in(request), call=call, facts=form.facts())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The call is changed."))
            return redirect("facilities:call", pk=pk)
    context = {"form": form, "name": said(facility.names), "crumbs": trail(_("Change the call"))}
    return render(request, "facilities/call_form.html", context)


@require_POST
def call_publish(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        publish_call(actor=signed_in(request), call=seen_call(request, pk))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Published. Everybody sees the call, its method and its seed."))
    return redirect("facilities:call", pk=pk)


@require_POST
def call_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a published call close later."""
    form = ExtendForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["closes_at"]))
        return redirect("facilities:call", pk=pk)
    try:
        extend_call(actor=signed_in(request), call=seen_call(request, pk), closes_at=form.moment())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The call closes later."))
    return redirect("facilities:call", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def allot(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the call would fall, and let it fall as it was shown."""
    call = seen_call(request, pk)
    if call.status == Call.Status.DRAFT:
        raise Http404
    if request.method == "POST":
        return _allotted(request, call)
    if call.status != Call.Status.OPEN:
        return redirect("facilities:call", pk=pk)
    return render(request, "facilities/allot.html", _preview(call))


def _preview(call: Call) -> dict[str, object]:
    context: dict[str, object] = {
        "call": call, "is_closed": call.closes_at <= timezone.now(), "crumbs": trail(call.name),
        "undecided": call.applications.filter(status=Application.Status.SUBMITTED).count(),
    }  # fmt: skip
    try:
        outcome = preview_call(call)
    except CannotAllot as error:
        return {**context, "problem": str(error)}
    lines = [
        {"verdict": row, "application": one, "points": points, "reason": reason_words(row.code, row.parameters)}
        for row, one, points in outcome.lines
    ]
    return {**context, "outcome": outcome, "lines": lines}


def _allotted(request: HttpRequest, call: Call) -> HttpResponse:
    try:
        allot_call(actor=signed_in(request), call=call, seen=request.POST.get("seen", ""))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("facilities:allot", pk=call.pk)
    messages.success(request, _("Allotted. The record stands, and every applicant gets a mail with the reason."))
    return redirect("facilities:call", pk=call.pk)
