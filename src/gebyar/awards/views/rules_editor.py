"""The editor of an edition's rules: each part as rows that are added, taken out and put in order, one version each time."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.forms.formsets import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gebyar.awards import editing
from gebyar.awards.errors_entering import RulesFaulty, RulesUnchanged
from gebyar.awards.forms_editions import NEW_ROWS, PART_FORMS, BasicsForm, CriterionForm, ReserveForm, StageForm
from gebyar.awards.models import Edition
from gebyar.awards.services.editions import save_rules
from gebyar.awards.views.access_entering import FORM, edition_of, workshop_crumbs
from gebyar.awards.wording_rules import fault_words, in_language
from gebyar.records.errors import DomainError
from gebyar.reference.awards.faults import Fault
from gebyar.registry.views.access import signed_in

PART_NAMES: dict[str, str | Promise] = {
    "basics": gettext_lazy("Name and who may enter"),
    "conditions": gettext_lazy("Conditions"),
    "documents": gettext_lazy("Documents"),
    "questions": gettext_lazy("Questions"),
    "categories": gettext_lazy("Categories and prizes"),
    "stages": gettext_lazy("Stages"),
    "star_schemes": gettext_lazy("Stars"),
}
MOST_ROWS = 100


def document_of(edition: Edition) -> dict[str, Any]:
    version = edition.version
    return dict(version.document) if version else {}


@require_http_methods(FORM)
def edition_rules(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Show one part of the rules as a form; what is saved becomes the next version."""
    edition = edition_of(pk)
    if part not in PART_NAMES:
        raise Http404
    if edition.status != Edition.Status.DRAFT:
        messages.info(request, _("This edition is published, so its rules stand still."))
        return redirect("awards:edition", pk=pk)
    return _basics(request, edition) if part == "basics" else _rows(request, edition, part)


def _saved(request: HttpRequest, edition: Edition, changes: dict[str, Any], note: str) -> Sequence[Fault] | None:
    """Save the document with the changes; None when it is saved, else what is wrong."""
    try:
        save_rules(actor=signed_in(request), edition=edition, document=document_of(edition) | changes, note=note)
    except RulesUnchanged:
        messages.success(request, _("Nothing was different, so the version stays."))
    except RulesFaulty as error:
        return error.faults
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved as the next version."))
    return None


def _page(request: HttpRequest, edition: Edition, part: str, template: str, **context: Any) -> HttpResponse:
    number = edition.version.number if edition.version else 0
    shared = {
        "edition": edition, "part": part, "title": PART_NAMES[part], "draft": f"edition-{edition.pk}-{part}-{number}",
        "crumbs": workshop_crumbs(edition, str(PART_NAMES[part])), "tabs": part_tabs(edition, part),
    }  # fmt: skip
    return render(request, f"awards/editions/{template}.html", shared | context)


def part_tabs(edition: Edition, current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse("awards:edition_rules", args=[edition.pk, name]), "current": name == current}
        for name, label in PART_NAMES.items()
    ]


# --- name and who may enter -------------------------------------------------------------------------------------


def _basics(request: HttpRequest, edition: Edition) -> HttpResponse:
    document = document_of(edition)
    initial = editing.words_row("names", document["names"]) | editing.words_row("summary", document["summary"])
    initial |= {name: document[name] for name in ("entrants", "most_members", "star_scheme")}
    initial["sources"] = "\n".join(document["sources"])
    form = BasicsForm(request.POST or None, initial=initial)
    schemes = [(one["id"], in_language(one["names"])) for one in document["star_schemes"]]
    form.fields["star_scheme"].choices = [("", _("no stars, but prizes")), *schemes]
    faults: Sequence[Fault] = ()
    if request.method == "POST" and form.is_valid():
        found = _saved(request, edition, _basics_of(form.cleaned_data), form.cleaned_data["note"])
        if found is None:
            return redirect("awards:edition", pk=edition.pk)
        faults = found
    return _page(request, edition, "basics", "basics", form=form, faults=[fault_words(fault) for fault in faults])


def _basics_of(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "names": editing.words_of(said, "names"), "summary": editing.words_of(said, "summary"),
        "entrants": said["entrants"], "most_members": said["most_members"], "star_scheme": said["star_scheme"] or None,
        "sources": editing.lines_of(said["sources"]),
    }  # fmt: skip


# --- rows -------------------------------------------------------------------------------------------------------


def rows_form(
    name: str, form: type[forms.Form], rows: Sequence[dict[str, Any]], data: QueryDict | None, *, extra: int = 0,
    key: str = "id", new: dict[str, Any] | None = None,
) -> BaseFormSet[forms.Form]:  # fmt: skip
    """Return the rows of a part as forms; a row whose `key` was emptied is taken out."""
    made = forms.formset_factory(
        form, extra=extra, can_order=True, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 20,
        validate_max=True,
    )  # fmt: skip
    if data is not None:
        data = data.copy()
        for number in range(_count(data, name)):
            if not data.get(f"{name}-{number}-{key}", "").strip():
                data[f"{name}-{number}-DELETE"] = "on"
    found = made(data, prefix=name, initial=list(rows))
    for row in found.forms[len(rows) :] if data is None else ():
        row.initial = dict(new or {})
    return found


def _count(data: QueryDict, name: str) -> int:
    number = data.get(f"{name}-TOTAL_FORMS", "")
    return min(int(number), MOST_ROWS + 20) if number.isdigit() else 0


def rows_of(found: BaseFormSet[forms.Form]) -> list[dict[str, Any]]:
    """Return what the rows say, in their order."""
    return [row.cleaned_data for row in found.ordered_forms]


def _rows(request: HttpRequest, edition: Edition, part: str) -> HttpResponse:
    document = document_of(edition)
    to_row = editing.stage_row if part == "stages" else editing.PARTS[part].to_row
    extra = 1 if "add" in request.GET else 0
    data = request.POST if request.method == "POST" else None
    found = rows_form(
        part, PART_FORMS[part], [to_row(row) for row in document[part]], data, extra=extra, new=NEW_ROWS.get(part)
    )
    faults: Sequence[Fault] = ()
    if data is not None and found.is_valid():
        wrong = _saved(
            request, edition, {part: _document_rows(part, document, rows_of(found))}, data.get("note", "")[:200]
        )
        if wrong is None:
            return _after_rows(request, edition, part)
        faults = wrong
    general = tell_rows(found, part, faults)
    context = {"rows": found, "faults": general, "is_stages": part == "stages"}
    return _page(request, edition, part, "rows", **context)


def _document_rows(part: str, document: dict[str, Any], said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if part == "stages":
        before = {stage["id"]: stage for stage in document["stages"]}
        return [editing.stage_of(row, before) for row in said]
    return [editing.PARTS[part].from_row(row) for row in said]


def _after_rows(request: HttpRequest, edition: Edition, part: str) -> HttpResponse:
    if "add" in request.POST:
        return redirect(reverse("awards:edition_rules", args=[edition.pk, part]) + "?add=1#new")
    return redirect("awards:edition", pk=edition.pk)


def tell_rows(found: BaseFormSet[forms.Form], part: str, faults: Sequence[Fault]) -> list[str]:
    """Put each fault at the row that it is about; return the words of all others."""
    general = []
    for fault in faults:
        match = re.match(rf"{re.escape(part)}\[(\d+)\]\.?(.*)", fault.path)
        if match and int(match[1]) < len(found.ordered_forms):
            place = f"{match[2]}: " if match[2] else ""
            found.ordered_forms[int(match[1])].add_error(None, place + fault_words(fault, with_path=False))
        else:
            general.append(fault_words(fault))
    return general


# --- one stage --------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def edition_stage(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """Show one stage: who passes it, how it is judged, which places are kept for whom."""
    edition = edition_of(pk)
    document = document_of(edition)
    before = next((one for one in document.get("stages", ()) if one["id"] == stage), None)
    if before is None or edition.status != Edition.Status.DRAFT:
        raise Http404
    data = request.POST if request.method == "POST" else None
    scored = before["kind"] in {"judging", "curation"}
    form = StageForm(data, initial=editing.stage_settings(before), kind=before["kind"], scored=scored)
    criteria = rows_form(
        "criteria", CriterionForm, [editing.criterion_row(row) for row in before["criteria"]], data,
        extra=1 if "criteria" in request.GET else 0, new={"low": 0, "high": 100, "step": 1, "certain": True},
    )  # fmt: skip
    reserves = rows_form(
        "reserves", ReserveForm, [editing.reserve_row(row) for row in before["gate"]["reserves"]], data,
        extra=1 if "reserves" in request.GET else 0, key="group",
    )  # fmt: skip
    faults: Sequence[Fault] = ()
    if data is not None and all(one.is_valid() for one in (form, criteria, reserves)):
        changed = editing.stage_with(
            before, form.cleaned_data, [editing.criterion_of(row) for row in rows_of(criteria)],
            [editing.reserve_of(row) for row in rows_of(reserves)],
        )  # fmt: skip
        stages = [changed if one["id"] == stage else one for one in document["stages"]]
        wrong = _saved(request, edition, {"stages": stages}, form.cleaned_data["note"])
        if wrong is None:
            return _after_stage(request, pk, stage)
        faults = wrong
    place = f"stages[{[one['id'] for one in document['stages']].index(stage)}]"
    general = _tell_stage(criteria, reserves, place, faults)
    context = {
        "form": form, "criteria": criteria, "reserves": reserves, "faults": general, "stage": before,
        "name": in_language(before["names"]), "scored": scored,
    }  # fmt: skip
    return _page(request, edition, "stages", "stage", **context)


def _tell_stage(criteria: Any, reserves: Any, place: str, faults: Sequence[Fault]) -> list[str]:
    general: list[str] = []
    for fault in faults:
        inner = Fault(fault.path.removeprefix(f"{place}."), fault.code, fault.facts)
        if inner.path.startswith("criteria["):
            general += tell_rows(criteria, "criteria", [inner])
        elif inner.path.startswith("gate.reserves["):
            general += tell_rows(
                reserves, "reserves", [Fault(inner.path.removeprefix("gate."), fault.code, fault.facts)]
            )
        else:
            general.append(fault_words(inner))
    return general


def _after_stage(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    for more in ("criteria", "reserves"):
        if f"add_{more}" in request.POST:
            return redirect(reverse("awards:edition_stage", args=[pk, stage]) + f"?{more}=1#new-{more}")
    return redirect("awards:edition_rules", pk=pk, part="stages")
