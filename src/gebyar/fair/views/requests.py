"""Requests of a round, for its organisers: who asked whom, and the meetings they set themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.fair import services
from gebyar.fair.forms import FixForm, NewRequestForm, RequestsFilter, UploadForm
from gebyar.fair.models import Round
from gebyar.fair.queries.requests import requests_of
from gebyar.fair.uploads import Fault, RowFaults, read_rows, rows_of_csv
from gebyar.fair.views.access import crumbs, listed, request_of, round_of
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

FORM = ["GET", "HEAD", "POST"]
MOST_BYTES = 30_000_000


@require_safe
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    return listed(request, round_of(pk), "requests", RequestsFilter(request.GET), requests_of)


@require_http_methods(FORM)
def request_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_of(pk)
    form = NewRequestForm(request.POST or None, round_=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_request(actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The meeting is set; the next plan grants it."))
            return redirect("fair:requests", pk=pk)
    context = {"round": found, "form": form, "crumbs": crumbs(found, _("Set a meeting"))}
    return render(request, "fair/request_new.html", context)


@require_http_methods(FORM)
def request_fix(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a meeting must be."""
    row = request_of(pk)
    initial = {"slot": row.fixed_slot_id, "table": row.fixed_table_id}
    form = FixForm(request.POST or None, round_=row.round, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.fix_request(actor=signed_in(request), request=row, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The next plan keeps to this."))
            return redirect("fair:requests", pk=row.round_id)
    context = {"round": row.round, "row": row, "form": form, "crumbs": crumbs(row.round, _("Fix a meeting"))}
    return render(request, "fair/request_fix.html", context)


@require_POST
def request_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = request_of(pk)
    act = lambda: services.remove_request(actor=signed_in(request), request=row)  # noqa: E731
    tried(request, act, _("The request was taken out."))
    return redirect("fair:requests", pk=row.round_id)


@require_http_methods(FORM)
def requests_upload(request: HttpRequest, pk: int) -> HttpResponse:
    found = round_of(pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            count = _uploaded(request, found, form)
        except RowFaults as error:
            faults = error.list
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            words = ngettext("%(count)d request was added.", "%(count)d requests were added.", count)
            messages.success(request, words % {"count": count})
            return redirect("fair:requests", pk=pk)
    context = {"round": found, "form": form, "faults": faults, "crumbs": crumbs(found, _("Requests from a file"))}
    return render(request, "fair/requests_upload.html", context)


def _uploaded(request: HttpRequest, found: Round, form: UploadForm) -> int:
    upload = form.cleaned_data["file"]
    if upload.size > MOST_BYTES:
        raise DomainError(_("The file is larger than 30 MB. Nothing was added."))
    rows = read_rows(found, rows_of_csv(upload.read()))
    return len(services.add_requests(actor=signed_in(request), round_=found, requests=rows))
