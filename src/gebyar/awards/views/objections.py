"""Objections: filed and taken back by entrants, answered by organisers who had no part in the decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_stages import AnswerForm, ObjectionForm
from gebyar.awards.models import Objection, Passage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.stages import entries_of, objections_for_officers
from gebyar.awards.services import objections as services
from gebyar.awards.views.access_stages import FORM, page_of, stage_name
from gebyar.awards.views.progress import progress_crumbs
from gebyar.awards.wording import passage_words
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried


@require_http_methods(FORM)
def objection_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an entrant object to an outcome, in time."""
    passage = _own_passage(request, pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.file_objection(actor=signed_in(request), passage=passage, text=form.cleaned_data["text"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your objection is filed. You get the answer by mail and on this page."))
            return redirect("awards:progress", pk=passage.entry_id)
    context = {
        "passage": passage, "entry": passage.entry, "form": form, "stage_name": stage_name(passage.stage),
        "reason": passage_words(passage, rules_of(passage.stage.category.edition)),
        "is_open": services.is_open(passage), "crumbs": progress_crumbs(passage.entry, _("Object")),
    }  # fmt: skip
    return render(request, "awards/stages/objection_form.html", context)


def _own_passage(request: HttpRequest, pk: int) -> Passage:
    rows = Passage.objects.filter(entry__in=entries_of(signed_in(request)))
    return get_object_or_404(rows.select_related("stage__category__edition__version", "entry__firm"), pk=pk)


@require_POST
def objection_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Objection.objects.filter(passage__entry__in=entries_of(signed_in(request)))
    found = get_object_or_404(rows.select_related("passage__entry"), pk=pk)
    act = lambda: services.withdraw_objection(actor=signed_in(request), objection=found)  # noqa: E731
    tried(request, act, _("Your objection is taken back."))
    return redirect("awards:progress", pk=found.passage.entry_id)


# --- answered ---------------------------------------------------------------------------------------------------


@require_safe
def objection_list(request: HttpRequest) -> HttpResponse:
    page: Any = page_of(request, objections_for_officers())
    rules = {}
    for objection in page:
        stage = objection.passage.stage
        if stage.category.edition_id not in rules:
            rules[stage.category.edition_id] = rules_of(stage.category.edition)
        objection.stage_words = rules[stage.category.edition_id].stage(stage.key).names
    return render(request, "awards/stages/objections.html", {"page": page})


@require_http_methods(FORM)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an objection with the outcome it contests, and take the answer."""
    found = get_object_or_404(
        Objection.objects.select_related("passage__entry__firm", "passage__stage__category__edition__version"), pk=pk
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answered(request, found, form):
        return redirect("awards:objections")
    passage = found.passage
    context = {
        "objection": found, "passage": passage, "entry": passage.entry, "form": form,
        "stage_name": stage_name(passage.stage), "refusal": _refusal(request, passage),
        "reason": passage_words(passage, rules_of(passage.stage.category.edition)),
        "crumbs": [
            {"label": _("Objections"), "url": reverse("awards:objections")},
            {"label": passage.entry.title or passage.entry.code, "url": ""},
        ],
    }  # fmt: skip
    return render(request, "awards/stages/objection.html", context)


def _answered(request: HttpRequest, found: Objection, form: AnswerForm) -> bool:
    said = form.cleaned_data
    try:
        services.answer_objection(
            actor=signed_in(request), objection=found, upheld=said["upheld"] == "yes", answer=said["answer"]
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The answer is sent to the entrant."))
    return True


def _refusal(request: HttpRequest, passage: Passage) -> str:
    """Return why this officer must leave the answer to another one; empty where they need not."""
    try:
        services.refuse_answer(signed_in(request), passage)
    except DomainError as error:
        return str(error)
    return ""
