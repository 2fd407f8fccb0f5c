"""A workshop as its facilitator sees it."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.accounts.models import Role
from gebyar.accounts.queries import open_grants
from gebyar.readiness.errors import PaperFaults
from gebyar.readiness.forms import PaperForm, WorkshopForm
from gebyar.readiness.models import Workshop
from gebyar.readiness.paper import paper_template, read_paper
from gebyar.readiness.queries.instruments import in_use, instrument_of
from gebyar.readiness.queries.workshops import progress_of, workshop_list
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.readiness.services.workshops import close_workshop, enter_paper, open_workshop, show_results
from gebyar.readiness.views.access import own_workshop, workshop_trail
from gebyar.readiness.views.joining import group_context
from gebyar.readiness.wording import said
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

PER_PAGE = 30


@require_safe
def workshops(request: HttpRequest) -> HttpResponse:
    found = workshop_list(signed_in(request)).order_by("-starts_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "readiness/workshop_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def workshop_new(request: HttpRequest) -> HttpResponse:
    built_in_versions()
    form = WorkshopForm(request.POST or None, versions=in_use(), region=_region(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_workshop(actor=signed_in(request), **form.facts())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The workshop is open. Show the code to those who come."))
            return redirect("readiness:workshop", pk=made.pk)
    context = {"form": form, "crumbs": workshop_trail(None, _("New workshop"))}
    return render(request, "readiness/workshop_new.html", context)


def _region(request: HttpRequest) -> str:
    """Return the region of an officer who has only one."""
    grants = open_grants(signed_in(request))
    if any(grant.role in {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER} for grant in grants):
        return ""
    return next((grant.region_code for grant in grants if grant.role == Role.LOCAL_OFFICER), "")


@require_safe
@never_cache
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code, how far the group is, and its result, also while the group does not see it."""
    found = own_workshop(request, pk)
    progress = progress_of(found)
    context = {
        "workshop": found, "progress": progress, "address": _join_address(found), "code": _code(found),
        "questions": [(number, said(question.text), count) for number, question, count in progress.questions],
        "crumbs": [*workshop_trail(found)[:-1], {"label": found.name, "url": ""}], **group_context(found),
    }  # fmt: skip
    return render(request, "readiness/workshop.html", context)


def _join_address(found: Workshop) -> str:
    return str(settings.SITE_URL) + reverse("readiness:join", args=[found.join_code])


def _code(found: Workshop) -> str:
    """Return the code of the address for a page, black on white in every colour scheme."""
    code = segno.make(_join_address(found), error="m", micro=False)
    return str(code.svg_data_uri(border=4, scale=8, light="white"))


@require_POST
def workshop_state(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = own_workshop(request, pk), signed_in(request)
    acts: dict[str, tuple[Any, str]] = {
        "show": (lambda: show_results(actor=user, workshop=found, shown=True), _("The group sees its result now.")),
        "hide": (lambda: show_results(actor=user, workshop=found, shown=False), _("The group does not see its result now.")),
        "close": (lambda: close_workshop(actor=user, workshop=found), _("The workshop is closed.")),
    }  # fmt: skip
    act = acts.get(request.POST.get("act", ""))
    if act is not None:
        tried(request, *act)
    return redirect("readiness:workshop", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Take answers from paper, typed into a sheet."""
    found = own_workshop(request, pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_paper(instrument_of(found.instrument), form.cleaned_data["file"])
            entered = len(enter_paper(actor=signed_in(request), workshop=found, rows=rows))
        except PaperFaults as error:
            faults = list(error.facts["list"])  # type: ignore[call-overload]
            form.add_error("file", _("Nothing was entered. Mend the cells below and send the file again."))
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            words = ngettext(
                "%(count)d sheet of paper was entered.", "%(count)d sheets of paper were entered.", entered
            )
            messages.success(request, words % {"count": entered})
            return redirect("readiness:workshop", pk=pk)
    instrument = instrument_of(found.instrument)
    context = {
        "workshop": found, "form": form, "faults": faults, "crumbs": workshop_trail(found, _("Answers from paper")),
        "columns": [(question.id, said(question.text), question) for question in instrument.all_questions],
    }  # fmt: skip
    return render(request, "readiness/paper.html", context)


@require_safe
def paper_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an empty sheet with the right columns."""
    found = own_workshop(request, pk)
    text = "\ufeff" + paper_template(instrument_of(found.instrument))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="answers-{found.join_code}.csv"'
    return response
