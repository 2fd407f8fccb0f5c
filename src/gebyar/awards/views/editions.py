"""An edition as its organisers prepare it: begun, its days, versions and their differences, published, ended."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.editing import differences
from gebyar.awards.errors_entering import RulesFaulty
from gebyar.awards.forms_editions import DatesForm, NewEditionForm, UploadForm
from gebyar.awards.models import Edition
from gebyar.awards.queries.calls import call_of
from gebyar.awards.queries.entries import with_edition
from gebyar.awards.services.editions import (
    change_edition,
    create_edition,
    end_edition,
    publish_edition,
    save_rules,
)
from gebyar.awards.services.exports_entering import FORMATS, export_entries
from gebyar.awards.views.access_entering import FORM, edition_of, workshop_crumbs
from gebyar.awards.views.rules_editor import PART_NAMES
from gebyar.awards.wording_rules import fault_words, in_language
from gebyar.records.errors import DomainError
from gebyar.reference.awards.faults import BadRules
from gebyar.reference.awards.programmes import PROGRAMMES, template
from gebyar.reference.awards.reading import MOST_CHARACTERS, read_yaml_rules, write_yaml_rules
from gebyar.registry.views.access import signed_in, tried

PER_PAGE = 50
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(FORM)
def edition_new(request: HttpRequest) -> HttpResponse:
    earlier = [(f"edition-{one.pk}", one.title) for one in Edition.objects.order_by("-year", "title")[:100]]
    form = NewEditionForm(request.POST or None, initial={"year": timezone.localdate().year}, editions=earlier)
    if request.method == "POST" and form.is_valid():
        try:
            made = _begun(request, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The edition is begun. Look its rules through before you publish it."))
            return redirect("awards:edition", pk=made.pk)
    crumbs = [{"label": _("Awards"), "url": reverse("awards:call_list")}, {"label": _("Prepare an edition"), "url": ""}]
    return render(request, "awards/editions/new.html", {"form": form, "crumbs": crumbs})


def _begun(request: HttpRequest, said: dict[str, Any]) -> Edition:
    begin = said["begin"]
    award, document = said["award"] or begin, None
    if begin not in PROGRAMMES:
        source = edition_of(int(begin.removeprefix("edition-")))
        award = said["award"] or source.award
        document = source.version.document if source.version else None
    elif said["award"] and said["award"] != begin:
        document = template(begin, said["year"])
    return create_edition(
        actor=signed_in(request), award=award, year=said["year"], title=said["title"], opens_at=said["opens_at"],
        closes_at=said["closes_at"], document=document,
    )  # fmt: skip


@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    found = edition_of(pk)
    call = call_of(found)
    sizes = {
        "conditions": len(call.rules.conditions), "documents": len(call.rules.documents),
        "questions": len(call.rules.questions), "categories": len(call.rules.categories),
        "stages": len(call.rules.stages), "star_schemes": len(call.rules.star_schemes),
    }  # fmt: skip
    context = {
        "edition": found, "call": call, "versions": found.versions.select_related("made_by"),
        "parts": [(name, label, sizes.get(name)) for name, label in PART_NAMES.items()],
        "entries": found.entries.count(), "crumbs": [*workshop_crumbs(found)[:-1], {"label": found.title, "url": ""}],
        "is_draft": found.status == Edition.Status.DRAFT,
    }  # fmt: skip
    return render(request, "awards/editions/edition.html", context)


@require_http_methods(FORM)
def edition_dates(request: HttpRequest, pk: int) -> HttpResponse:
    found = edition_of(pk)
    initial = {"title": found.title, "opens_at": found.opens_at, "closes_at": found.closes_at}
    form = DatesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_edition(actor=signed_in(request), edition=found, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("awards:edition", pk=pk)
    context = {"edition": found, "form": form, "crumbs": workshop_crumbs(found, _("Title and days"))}
    return render(request, "awards/editions/dates.html", context)


@require_http_methods(FORM)
def edition_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then publish."""
    found = edition_of(pk)
    if request.method == "POST":
        act = lambda: publish_edition(actor=signed_in(request), edition=found)  # noqa: E731
        tried(request, act, _("Published. From now on the rules stand still."))
        return redirect("awards:edition", pk=pk)
    context = {"edition": found, "call": call_of(found), "crumbs": workshop_crumbs(found, _("Publish"))}
    return render(request, "awards/editions/publish.html", context)


@require_http_methods(FORM)
def edition_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then end the edition."""
    found = edition_of(pk)
    if request.method == "POST":
        tried(request, lambda: end_edition(actor=signed_in(request), edition=found), _("The edition is ended."))
        return redirect("awards:edition", pk=pk)
    context = {"edition": found, "crumbs": workshop_crumbs(found, _("End"))}
    return render(request, "awards/editions/end.html", context)


# --- versions ---------------------------------------------------------------------------------------------------


@require_safe
def edition_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a version of the rules, and what is different from another one, the one before it unless asked."""
    found = edition_of(pk)
    version = get_object_or_404(found.versions.all(), number=number)
    others = list(found.versions.exclude(pk=version.pk))
    asked = request.GET.get("against", "")
    against = next((one for one in others if str(one.number) == asked), None)
    if against is None:
        against = next((one for one in others if one.number < number), None)
    context = {
        "edition": found, "version": version, "against": against, "others": others,
        "differences": [_shown(one) for one in differences(against.document, version.document)] if against else [],
        "text": write_yaml_rules(version.document),
        "crumbs": workshop_crumbs(found, _("Version %(number)d") % {"number": number}),
    }  # fmt: skip
    return render(request, "awards/editions/version.html", context)


def _shown(one: Any) -> dict[str, str]:
    return {"path": one.path, "old": _as_text(one.old), "new": _as_text(one.new)}


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return write_yaml_rules(value) if isinstance(value, dict) else str(value)


@require_safe
def edition_file(_request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = edition_of(pk)
    version = get_object_or_404(found.versions.all(), number=number)
    response = HttpResponse(write_yaml_rules(version.document), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}-rules-{number}.yaml"'
    return response


@require_http_methods(FORM)
def edition_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file as the next version; what is wrong with it is named with its place."""
    found = edition_of(pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            document = read_yaml_rules(_text_of(form.cleaned_data["file"]))
            save_rules(actor=signed_in(request), edition=found, document=document, note=form.cleaned_data["note"])
        except (BadRules, RulesFaulty) as error:
            faults = [fault_words(fault) for fault in error.faults]
            form.add_error("file", _("These rules cannot be used yet; what is wrong stands below."))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved as the next version."))
            return redirect("awards:edition", pk=pk)
    context = {"edition": found, "form": form, "faults": faults, "crumbs": workshop_crumbs(found, _("Upload rules"))}
    return render(request, "awards/editions/upload.html", context)


def _text_of(file: Any) -> str:
    return bytes(file.read(4 * MOST_CHARACTERS)).decode("utf-8", errors="replace")


# --- what came in -----------------------------------------------------------------------------------------------


@require_safe
def edition_entries(request: HttpRequest, pk: int) -> HttpResponse:
    found = edition_of(pk)
    names = {one.id: in_language(one.names) for one in call_of(found).rules.categories}
    entries = with_edition(found.entries.exclude(number=None)).order_by("number")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(entry, names.get(entry.category.key, entry.category.key)) for entry in page]
    context = {"edition": found, "page": page, "lines": lines, "crumbs": workshop_crumbs(found, _("Entries"))}
    return render(request, "awards/editions/entries.html", context)


@require_POST
def edition_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write the file where it takes no memory, and send it in pieces; it is gone once it is sent."""
    found = edition_of(pk)
    chosen = request.POST.get("format", "")
    chosen = chosen if chosen in FORMATS else "xlsx"
    with tempfile.TemporaryDirectory(prefix="gebyar-export-") as folder:
        path = Path(folder) / f"entries.{chosen}"
        export_entries(actor=signed_in(request), edition=found, path=path, format=chosen)
        opened = path.open("rb")  # the open file outlives its name
    name = f"gebyar-{found.slug}-{timezone.localdate():%Y-%m-%d}.{chosen}"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=_TYPES[chosen])
    response["Cache-Control"] = "private, no-store"
    return response
