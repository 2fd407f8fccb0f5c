"""The organiser's board: every category with its stages, what comes next, previews and decisions."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.awards.forms_stages import ChooseForm, DeadlineForm, PlenaryForm, StageFilter
from gebyar.awards.gates import before_gate, stage_rules
from gebyar.awards.models import Edition, Entry, Passage, Stage
from gebyar.awards.queries.checking import without_ties
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.previews import preview_of, stars_side_by_side
from gebyar.awards.queries.stages import board_of, passages_of
from gebyar.awards.services import checks, stages
from gebyar.awards.views.access_stages import (
    FORM,
    board_crumbs,
    edition_of,
    page_of,
    stage_crumbs,
    stage_name,
    stage_of,
)
from gebyar.awards.wording import names_of_items, passage_words
from gebyar.awards.wording_rules import in_language
from gebyar.methods.places.call import Deviation
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in, tried

LONGEST_KEY = 18  # digits of a number that the database takes


@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """List the editions whose stages run or ran."""
    editions = Edition.objects.exclude(status=Edition.Status.DRAFT).order_by("-year", "title", "pk")
    return render(request, "awards/stages/boards.html", {"page": page_of(request, editions)})


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    edition = edition_of(pk)
    context = {
        "edition": edition,
        "categories": board_of(edition),
        "has_stars": bool(rules_of(edition).star_schemes),
        "crumbs": board_crumbs(edition),
    }
    return render(request, "awards/stages/board.html", context)


# --- one stage --------------------------------------------------------------------------------------------------


@require_safe
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    found = stage_of(pk)
    form = StageFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    page: Any = page_of(request, passages_of(found, outcome=said.get("outcome", ""), words=said.get("q", "")))
    rules = rules_of(found.category.edition)
    names = names_of_items(rules)
    context = {
        **_frame(found),
        "form": form,
        "page": page,
        "lines": [(passage, passage_words(passage, rules, names)) for passage in page],
        "choose": ChooseForm() if _is_by_hand(found) else None,
        "crumbs": stage_crumbs(found),
    }
    return render(request, "awards/stages/stage.html", context)


def _frame(found: Stage) -> dict[str, Any]:
    """Return what every page of a stage shows: its rules in words, and its row of the board."""
    categories = board_of(found.category.edition)
    own = next(category for category in categories if category.category.pk == found.category_id)
    row = next(row for row in own.rows if row.stage.pk == found.pk)
    return {
        "stage": found, "row": row, "category_name": own.name, "name": row.name, "rules": row.rules,
        "places": row.rules.gate.places_of(found.category.key),
    }  # fmt: skip


def _is_by_hand(found: Stage) -> bool:
    in_work = found.status in {Stage.Status.ACTIVE, Stage.Status.CLOSED}
    return in_work and stage_rules(found).gate.method == "by_hand"


@require_http_methods(FORM)
def stage_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a stage with its deadline."""
    return _deadline(request, stage_of(pk), begins=True)


@require_http_methods(FORM)
def stage_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the deadline of a stage; a closed one is opened again."""
    return _deadline(request, stage_of(pk), begins=False)


def _deadline(request: HttpRequest, found: Stage, *, begins: bool) -> HttpResponse:
    form = DeadlineForm(request.POST or None, initial={"closes_at": found.closes_at})
    if request.method == "POST" and form.is_valid():
        act = stages.activate_stage if begins else stages.extend_stage
        try:
            act(actor=signed_in(request), stage=found, closes_at=form.cleaned_data["closes_at"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The stage is under way.") if begins else _("The deadline is moved."))
            return redirect("awards:board", pk=found.category.edition_id)
    title = _("Begin a stage") if begins else _("Move the deadline")
    context = {**_frame(found), "form": form, "title": title, "begins": begins, "crumbs": stage_crumbs(found, title)}
    return render(request, "awards/stages/deadline.html", context)


@require_POST
def stage_close(request: HttpRequest, pk: int) -> HttpResponse:
    found = stage_of(pk)
    act = lambda: stages.close_stage(actor=signed_in(request), stage=found)  # noqa: E731
    tried(request, act, _("The stage is closed. Look at the preview, then decide."))
    return redirect("awards:board", pk=found.category.edition_id)


@require_POST
def stage_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Let those move up who wait, where somebody withdrew."""
    found = stage_of(pk)
    act = lambda: stages.fill_places(actor=signed_in(request), stage=found)  # noqa: E731
    tried(request, act, _("Those who waited have moved up and are told by mail."))
    return redirect("awards:stage", pk=pk)


@require_POST
def stage_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the ticked entries on the curators' short list or leave them out: all of them, or none."""
    found, form = stage_of(pk), ChooseForm(request.POST)
    ticked = _ticked(request, found)
    if not form.is_valid() or not ticked:
        messages.error(
            request, _("Tick at least one entry, choose what happens to it, and say why. Nothing was saved.")
        )
    else:
        passes, reason = form.cleaned_data["passes"] == "yes", form.cleaned_data["reason"]
        act = lambda: _choose(request, ticked, reason, passes=passes)  # noqa: E731
        tried(request, act, _("%(count)d entries have your choice.") % {"count": len(ticked)})
    return redirect(f"{reverse('awards:stage', args=[pk])}?page={request.GET.get('page', '1')}")


def _ticked(request: HttpRequest, found: Stage) -> list[Passage]:
    """Return the ticked entries, or all that wait for a choice, but those that other officers have to choose."""
    rows = found.passages.order_by("pk")
    if "rest" in request.POST:
        open_ones = rows.filter(chosen__isnull=True, outcome=Passage.Outcome.IN, entry__status=Entry.Status.SUBMITTED)
        return list(without_ties(open_ones, signed_in(request)))
    keys = [int(key) for key in request.POST.getlist("passage") if key.isdecimal() and len(key) <= LONGEST_KEY]
    return list(rows.filter(pk__in=keys))


@transaction.atomic
def _choose(request: HttpRequest, passages: Sequence[Passage], reason: str, *, passes: bool) -> None:
    for passage in passages:
        checks.choose_entry(actor=signed_in(request), passage=passage, passes=passes, reason=reason)


# --- decided ----------------------------------------------------------------------------------------------------


@require_http_methods(FORM)
def stage_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who would pass; in a plenary beside the ranking; then decide, once."""
    found = stage_of(pk)
    form, deviations = _plenary(request, found)
    if request.method == "POST" and "decide" in request.POST and deviations is not None:
        act = lambda: stages.decide_stage(actor=signed_in(request), stage=found, deviations=deviations)  # noqa: E731
        if tried(request, act, _("The stage is decided. Every entrant is told by mail, with the reason.")):
            return redirect("awards:stage", pk=pk)
    preview = preview_of(found, deviations or ())
    # A plenary sees everybody on one page; a preview of hundreds is read page by page.
    page = preview.lines if form else page_of(request, preview.lines)
    rows = [
        (line, *((form[f"choice_{line.standing.code}"], form[f"reason_{line.standing.code}"]) if form else ("", "")))
        for line in page
    ]
    context = {
        **_frame(found),
        "preview": preview,
        "rows": rows,
        "page": page,
        "form": form,
        "crumbs": stage_crumbs(found, _("Decide")),
    }
    return render(request, "awards/stages/decide.html", context)


def _plenary(request: HttpRequest, found: Stage) -> tuple[PlenaryForm | None, list[Deviation] | None]:
    """Return the plenary's form, and the departures it names: None where the form has a slip."""
    if found.kind != "plenary" or found.status == Stage.Status.DECIDED:
        return None, []
    codes = [standing.code for standing in before_gate(found).standings if standing.points is not None]
    form = PlenaryForm(request.POST or None, codes=codes)
    if request.method != "POST":
        return form, []
    return form, form.deviations if form.is_valid() else None


@require_safe
def stars(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stars the points give by each scheme of the edition, side by side."""
    found = stage_of(pk)
    shown = stars_side_by_side(found)
    schemes = [
        {"scheme": scheme, "name": in_language(scheme.names), "totals": totals, "chosen": scheme.id == shown.chosen}
        for scheme, totals in zip(shown.schemes, shown.totals, strict=True)
    ]
    context = {
        "stage": found, "name": stage_name(found), "stars": shown, "schemes": schemes,
        "page": page_of(request, shown.lines), "crumbs": stage_crumbs(found, _("Stars")),
    }  # fmt: skip
    return render(request, "awards/stages/stars.html", context)
