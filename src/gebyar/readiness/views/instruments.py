"""Instruments on screen: versions, what differs, a preview, and an editor of words, options, weights and levels."""

from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.readiness.editing import PARTS, edited, part_rows, problem_lines
from gebyar.readiness.errors import FaultyInstrument
from gebyar.readiness.forms import DocumentForm
from gebyar.readiness.models import InstrumentVersion
from gebyar.readiness.queries.instruments import asked_questions, instrument_of, version_changes
from gebyar.readiness.services.instruments import (
    begin_version,
    built_in_versions,
    change_version,
    discard_version,
    publish_version,
)
from gebyar.readiness.wording import said
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

MOST_BYTES = 500_000
Status = InstrumentVersion.Status


def _trail(version: InstrumentVersion | None, *labels: str) -> list[dict[str, str]]:
    here = [{"label": _("Instruments"), "url": reverse("readiness:instrument_list")}]
    if version is not None:
        here.append({"label": str(version), "url": reverse("readiness:instrument", args=[version.pk])})
    return [*here, *({"label": label, "url": ""} for label in labels)]


def _version(pk: int) -> InstrumentVersion:
    return get_object_or_404(InstrumentVersion, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def instruments(request: HttpRequest) -> HttpResponse:
    """List all versions; take a YAML file as a new draft."""
    built_in_versions()
    form = DocumentForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        made, problems = _uploaded(request, form)
        if made is not None:
            return redirect("readiness:instrument", pk=made.pk)
    versions = [(one, said(instrument_of(one).names)) for one in InstrumentVersion.objects.order_by("key", "-number")]
    return render(request, "readiness/instrument_list.html", {"versions": versions, "form": form, "problems": problems})


def _uploaded(request: HttpRequest, form: DocumentForm) -> tuple[InstrumentVersion | None, list[str]]:
    try:
        document = _read(form.cleaned_data["file"])
        made = begin_version(actor=signed_in(request), document=document, note=form.cleaned_data["note"])
    except FaultyInstrument as error:
        form.add_error("file", _("Nothing was kept. What is to mend stands below."))
        return None, problem_lines(error)
    messages.success(request, _("Kept as a draft."))
    return made, []


def _read(file: Any) -> Any:
    """Read a document.

    Raises
    ------
    FaultyInstrument
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        words = _("the file is larger than %(most)d kB") % {"most": MOST_BYTES // 1000}
        raise FaultyInstrument(problems=words, list=(words,))
    try:
        return yaml.safe_load(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise FaultyInstrument(problems=str(error), list=(str(error),)) from error


@require_safe
def instrument(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version as people will be asked, and what differs from the one before it."""
    found = _version(pk)
    read = instrument_of(found)
    before = InstrumentVersion.objects.filter(key=found.key, number__lt=found.number).order_by("-number").first()
    fields = {one.id: said(one.names) for one in read.fields}
    context = {
        "version": found, "instrument": read, "name": said(read.names), "summary": said(read.summary), "before": before,
        "changes": version_changes(before.document, found.document) if before else [],
        "pillars": [(said(one.names), one.weight, [said(f.names) for f in read.fields_of(one.id)]) for one in read.pillars],
        "levels": [(said(one.names), one.least) for one in read.levels],
        "questions": [
            (number, said(one.text), said(one.help), fields[one.field], [(said(o.text), o.value, o.exclusive) for o in one.options], one)
            for number, one in enumerate(asked_questions(read), 1)
        ],
        "parts": PARTS, "crumbs": _trail(None, str(found)),
    }  # fmt: skip
    return render(request, "readiness/instrument.html", context)


@require_safe
def document(_request: HttpRequest, pk: int) -> HttpResponse:
    """Send a version as YAML, to be changed elsewhere and sent back."""
    found = _version(pk)
    text = yaml.safe_dump(found.document, allow_unicode=True, sort_keys=False, width=120)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}-{found.number}.yaml"'
    return response


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version from this one."""
    found = _version(pk)
    made = begin_version(actor=signed_in(request), document=found.document)
    messages.success(request, _("A new version was begun. Change it, then put it into use."))
    return redirect("readiness:instrument", pk=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Change one part of a draft: its words, options, weights or levels."""
    found = _version(pk)
    if found.status != Status.DRAFT:
        return redirect("readiness:instrument", pk=pk)
    rows = part_rows(found.document, part, request.POST if request.method == "POST" else None)
    problems: list[str] = []
    if request.method == "POST":
        try:
            change_version(actor=signed_in(request), version=found, document=edited(found.document, part, request.POST))
        except FaultyInstrument as error:
            problems = problem_lines(error)
        except DomainError as error:
            problems = [str(error)]
        else:
            messages.success(request, _("Kept."))
            return redirect("readiness:instrument", pk=pk)
    context = {
        "version": found, "part": part, "label": dict(PARTS).get(part, part), "rows": rows, "problems": problems,
        "crumbs": _trail(found, _("Change")),
    }  # fmt: skip
    return render(request, "readiness/instrument_edit.html", context)


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft into use, or throw it away."""
    found, user = _version(pk), signed_in(request)
    if request.POST.get("act") == "publish":
        tried(request, lambda: publish_version(actor=user, version=found), _("This version is in use now."))
        return redirect("readiness:instrument", pk=pk)
    if request.POST.get("act") == "discard" and tried(
        request, lambda: discard_version(actor=user, version=found), _("The draft was thrown away.")
    ):
        return redirect("readiness:instrument_list")
    return redirect("readiness:instrument", pk=pk)
