"""A firm applies, hands in, follows its application, and answers a year after."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.facilities.facts import label_of
from gebyar.facilities.forms import ApplicationForm, BeginForm, FollowUpForm, PaymentForm
from gebyar.facilities.models import Application, FollowUp
from gebyar.facilities.queries.applications import own_applications, page_of
from gebyar.facilities.services.applications import (
    begin_application,
    hand_in_document,
    save_application,
    submit_application,
    withdraw_application,
)
from gebyar.facilities.services.following import ASKED, answer_follow_up
from gebyar.facilities.views.access import own_application, seen_application, seen_call, trail
from gebyar.records.errors import DomainError
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in

PER_PAGE = 20


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    page = Paginator(own_applications(user), PER_PAGE).get_page(request.GET.get("page"))
    firms = list(Firm.objects.filter(pk__in=open_firms(user)).order_by("name", "pk"))
    return render(request, "facilities/mine.html", {"page": page, "firms": firms})


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an application for one of one's firms."""
    call = seen_call(request, pk)
    firms = list(Firm.objects.filter(pk__in=open_firms(request.user)).order_by("name", "pk"))
    if not firms:
        raise Http404
    asked = {"firm": request.GET.get("firm") or firms[0].pk}
    form = BeginForm(request.POST or None, firms=[(one.pk, one.name) for one in firms], initial=asked)
    if request.method == "POST" and form.is_valid():
        firm = next(one for one in firms if one.pk == form.cleaned_data["firm"])
        try:
            made = begin_application(actor=signed_in(request), call=call, firm=firm)
            return redirect("facilities:application_form", pk=made.pk)
        except DomainError as error:
            form.add_error(None, str(error))
    return render(request, "facilities/apply.html", {"call": call, "form": form, "crumbs": trail(_("Apply"))})


@require_http_methods(["GET", "HEAD", "POST"])
def application_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the register cannot know; everything is kept as a draft, complete or not."""
    found = own_application(request, pk)
    if found.status != Application.Status.DRAFT:
        return redirect("facilities:application", pk=pk)
    form = ApplicationForm(request.POST or None, request.FILES or None, application=found)
    if request.method == "POST" and form.is_valid() and _saved(request, found, form):
        messages.success(request, _("Kept as a draft."))
        return redirect("facilities:application", pk=pk)
    context = {"form": form, "page": page_of(request.user, found), "crumbs": trail(_("Answers"), application=found)}
    return render(request, "facilities/application_form.html", context)


def _saved(request: HttpRequest, found: Application, form: ApplicationForm) -> bool:
    """Keep the answers, then each paper by itself: one that is no paper loses nothing else."""
    actor = signed_in(request)
    try:
        save_application(actor=actor, application=found, **form.answers())
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    for key, file in form.papers().items():
        try:
            hand_in_document(actor=actor, application=found, key=key, file=file)
        except DomainError as error:
            form.add_error(f"file_{key}", str(error))
    return form.is_valid()


@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an application to its firm and to its officers."""
    found = seen_application(request, pk)
    is_own = found.firm_id in open_firms(request.user)
    may_pay = request.user.has_perm("facilities.allot")
    context = {
        "page": page_of(request.user, found), "application": found, "is_own": is_own,
        "may_judge": _may_judge(request, found, is_own=is_own), "visit": getattr(found, "visit", None),
        "payments": list(found.disbursements.order_by("paid_on", "pk")), "may_pay": may_pay,
        "payment_form": PaymentForm() if may_pay and found.granted else None,
        "follow_up": FollowUp.objects.filter(application=found).first(), "crumbs": trail(found.call.name),
    }  # fmt: skip
    return render(request, "facilities/application.html", context)


def _may_judge(request: HttpRequest, found: Application, *, is_own: bool) -> bool:
    waiting = found.status == Application.Status.SUBMITTED
    return waiting and not is_own and request.user.has_perm("facilities.judge", found.firm)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    try:
        handed = submit_application(actor=signed_in(request), application=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Handed in. Its number is %(number)s; a mail says so, too.") % {"number": handed.number}
        )
    return redirect("facilities:application", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_application(request, pk)
    try:
        withdraw_application(actor=signed_in(request), application=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The application is withdrawn."))
    return redirect("facilities:application", pk=pk)


@require_safe
def document(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """Send a paper as a download: a browser must never run what somebody uploaded."""
    found = seen_application(request, pk)
    paper = get_object_or_404(found.documents, key=key)
    ending = paper.file.name.rpartition(".")[2]
    response = FileResponse(paper.file.open("rb"), as_attachment=True, filename=f"{pk}-{key}.{ending}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Show before and after beside each other; whoever acts for the firm says how it is now."""
    found = seen_application(request, pk)
    asked = get_object_or_404(FollowUp, application=found)
    is_own = found.firm_id in open_firms(request.user)
    if request.method == "POST" and not is_own:
        raise Http404
    form = FollowUpForm(request.POST or None, initial={**asked.after, "note": asked.note}) if is_own else None
    if request.method == "POST" and form is not None and form.is_valid() and _answered(request, found, form):
        messages.success(request, _("Thank you. It stands beside what was before."))
        return redirect("facilities:follow_up", pk=pk)
    context = {
        "application": found, "follow_up": asked, "form": form, "lines": _compared(asked),
        "crumbs": trail(_("A year after"), application=found),
    }  # fmt: skip
    return render(request, "facilities/follow_up.html", context)


def _answered(request: HttpRequest, found: Application, form: FollowUpForm) -> bool:
    said = form.cleaned_data
    figures = {name: said[name] for name in ASKED}
    try:
        answer_follow_up(actor=signed_in(request), application=found, figures=figures, note=said["note"])
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def _compared(asked: FollowUp) -> list[dict[str, Any]]:
    kinds = {"workers": "number", "sales": "rupiah", "production_value": "rupiah", "index": "index"}
    return [
        {
            "label": _("Readiness index") if name == "index" else label_of(name), "kind": kind,
            "before": asked.before.get(name), "after": asked.after.get(name),
        }
        for name, kind in kinds.items()
    ]  # fmt: skip
