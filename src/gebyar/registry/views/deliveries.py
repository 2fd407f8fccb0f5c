"""An officer hands in a list of firms: file, columns, check, and into the register.

Each step can be left and come back to; the long ones run behind the page.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.accounts.models import User
from gebyar.records.errors import DomainError
from gebyar.registry.delivery_forms import DeliveryForm, MappingForm, TakeInForm
from gebyar.registry.imports.errors import UnreadableTable
from gebyar.registry.imports.mapping import Mapping
from gebyar.registry.imports.reading import TableReader, open_table
from gebyar.registry.models import Delivery
from gebyar.registry.queries.deliveries import (
    column_lines,
    preview,
    problem_groups,
    region_words,
    visible_deliveries,
)
from gebyar.registry.services.deliveries import receive, set_mapping, start_check, start_taking_in
from gebyar.registry.services.deliveries.problems import problem_bytes
from gebyar.registry.tasks import enqueue_delivery
from gebyar.registry.views.access import signed_in

PER_PAGE = 20
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(visible_deliveries(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/delivery_list.html", {"page": page})


# --- 1 the file -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def delivery_new(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = DeliveryForm(user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (found := _received(user, form)):
        return redirect("registry:delivery_mapping" if not found.counts else "registry:delivery", pk=found.pk)
    return render(request, "registry/delivery_new.html", {"form": form, "steps": _steps(None, 1)})


def _received(user: User, form: DeliveryForm) -> Delivery | None:
    said = form.cleaned_data
    try:
        with _as_file(said["file"]) as path:
            delivery = receive(
                actor=user, path=path, file_name=said["file"].name, source_name=said["source_name"],
                as_of=said["as_of"], data_year=said["data_year"], region_code=said["region"],
                mode=Delivery.Mode(said["mode"]),
            )  # fmt: skip
    except DomainError as error:
        form.add_error("file", str(error))
        return None
    if not visible_deliveries(user).filter(pk=delivery.pk).exists():
        form.add_error("file", _("This file of this source and date was handed in for another region already."))
        return None
    return delivery


@contextmanager
def _as_file(upload: Any) -> Iterator[Path]:
    """Give the upload a path that ends in the name it came with, which is how errors speak of it."""
    with tempfile.TemporaryDirectory(prefix="gebyar-upload-") as folder:
        path = Path(folder) / (get_valid_filename(Path(upload.name).name[-100:]) or "list")
        if isinstance(upload, TemporaryUploadedFile):
            path.symlink_to(upload.temporary_file_path())
        else:
            path.write_bytes(upload.read())
        yield path


# --- 2 the columns ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def delivery_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    delivery = _visible(request, pk)
    try:
        table = open_table(delivery.stored_file.path)
    except UnreadableTable as error:
        messages.error(request, str(error))
        return redirect("registry:delivery_list")
    lines = column_lines(table, Mapping.from_dict(delivery.mapping))
    form = MappingForm(lines, request.POST or None)
    if request.method == "POST" and form.is_valid() and _mapped(request, delivery, form):
        return redirect("registry:delivery", pk=pk)
    return render(request, "registry/delivery_mapping.html", _mapping_context(delivery, table, form))


def _mapping_context(delivery: Delivery, table: TableReader, form: MappingForm) -> dict[str, Any]:
    return {
        "delivery": delivery, "form": form, "rows": form.rows(), "titles": [text for text in table.titles if text],
        "sheet": table.sheet, "estimated": table.estimated_rows, "steps": _steps(delivery, 2), "crumbs": _crumbs(delivery),
        "may_change": not delivery.cursor and delivery.status not in {Delivery.Status.RUNNING, Delivery.Status.DONE},
    }  # fmt: skip


def _mapped(request: HttpRequest, delivery: Delivery, form: MappingForm) -> bool:
    """Keep the choices and have the list checked under them."""
    actor = signed_in(request)
    try:
        if form.mapping is not None:
            set_mapping(actor=actor, delivery=delivery, mapping=form.mapping)
        start_check(actor=actor, delivery=delivery, enqueue=enqueue_delivery)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved. The list is being checked; you can leave this page and come back."))
    return True


# --- 3 and 4: check, take in ------------------------------------------------------------------------------------


@never_cache
@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    context = {
        "delivery": found, "stage": stage_of(found), "steps": _steps(found, _step_number(found)), "crumbs": _crumbs(found),
        "region": region_words(found), **_progress(found),
    }  # fmt: skip
    if not context["is_running"] and found.status != Delivery.Status.UPLOADED:
        context |= {
            "groups": problem_groups(found), "preview": preview(found), "form": TakeInForm(initial={"mode": found.mode}),
            "good": found.rows_total - found.rows_refused,
        }  # fmt: skip
    return render(request, "registry/delivery.html", context)


def stage_of(found: Delivery) -> str:
    """Say where a delivery stands: mapping, checking, checked, taking, failed or done."""
    if found.status == Delivery.Status.UPLOADED:
        return "checking" if "checked" in found.counts else "mapping"
    return {"checked": "checked", "running": "taking", "done": "done"}.get(found.status, "failed")


@require_POST
def delivery_check(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    try:
        start_check(actor=signed_in(request), delivery=found, enqueue=enqueue_delivery)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The list is being checked; you can leave this page and come back."))
    return redirect("registry:delivery", pk=pk)


@require_POST
def delivery_take_in(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = TakeInForm(request.POST)
    mode = form.cleaned_data["mode"] if form.is_valid() else ""
    try:
        start_taking_in(actor=signed_in(request), delivery=found, enqueue=enqueue_delivery, mode=mode)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The list is being taken in; you can leave this page and come back."))
    return redirect("registry:delivery", pk=pk)


@never_cache
@require_safe
def delivery_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the bar alone; once the work is over, let the browser load the page anew."""
    found = _visible(request, pk)
    response = render(request, "registry/delivery_progress.html", {"delivery": found, **_progress(found)})
    if not _progress(found)["is_running"]:
        response["HX-Refresh"] = "true"
    return response


def _progress(found: Delivery) -> dict[str, Any]:
    """Return how far the work is, in what the database knows after each chunk."""
    stage = stage_of(found)
    done = int(found.counts.get("checked", 0)) if stage == "checking" else found.rows_taken + found.rows_refused
    if stage == "taking" and not found.cursor:
        done = 0
    searching = stage == "taking" and found.cursor and done >= found.rows_total
    words = {"checking": _("Checking rows"), "taking": _("Taking rows in")}.get(stage, "")
    return {
        "is_running": stage in {"checking", "taking"},
        "done": 0 if searching else done,
        "total": None if searching or not done else max(done, found.rows_total),
        "words": _("Bringing the search up to date") if searching else words if done else _("Waiting for its turn"),
    }


@require_safe
def delivery_problems(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    response = HttpResponse(problem_bytes(found, kind), content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{_("to-mend")}-{found.as_of:%Y-%m-%d}-{found.pk}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


# --- shared -----------------------------------------------------------------------------------------------------


def _visible(request: HttpRequest, pk: int) -> Delivery:
    return get_object_or_404(visible_deliveries(request.user), pk=pk)


def _step_number(found: Delivery) -> int:
    return {"mapping": 2, "checking": 3, "checked": 3, "done": 5}.get(stage_of(found), 4 if found.cursor else 3)


def _steps(found: Delivery | None, current: int) -> list[dict[str, str]]:
    labels = (_("File"), _("Columns"), _("Check"), _("Into the register"))
    states = ["done" if n < current else "current" if n == current else "todo" for n in range(1, len(labels) + 1)]
    urls = [""] * len(labels)
    if found is not None and current in {3, 4} and not found.cursor:
        urls[1] = reverse("registry:delivery_mapping", args=[found.pk])
    return [
        {"label": label, "state": state, "url": url} for label, state, url in zip(labels, states, urls, strict=True)
    ]


def _crumbs(found: Delivery) -> list[dict[str, str]]:
    return [
        {"label": _("Lists taken in"), "url": reverse("registry:delivery_list")},
        {"label": str(found.source), "url": ""},
    ]
