"""Results for everybody: decisions, winners, figures, the press table, and whether a certificate is valid."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gebyar.awards.documents.certificate import certificate_pdf
from gebyar.awards.documents.feedback import feedback_pdf, standing_words
from gebyar.awards.documents.minutes import stage_minutes_pdf
from gebyar.awards.forms_results import StoryForm
from gebyar.awards.models import Entry, Passage, Prize
from gebyar.awards.queries.analytics import NATIONAL_SOURCE, figures_of
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.feedback import feedback_of
from gebyar.awards.queries.results import (
    Decision,
    Winner,
    certificate_of,
    decision_rows,
    decisions_of,
    has_winners,
    outcome_counts,
    passages_of,
    press_rows,
    prizes_with_all,
    winners_of,
)
from gebyar.awards.services.handing_out import FORMATS, write_press_table
from gebyar.awards.services.stories import write_story
from gebyar.awards.views.access_entering import crumbs
from gebyar.awards.views.access_results import (
    decided_stage,
    entry_with_feedback,
    prize_for_holder,
    public_edition,
    result_crumbs,
)
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import DomainError
from gebyar.records.wording import grouped
from gebyar.registry.views.access import signed_in

PER_PAGE = 50
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# --- decisions --------------------------------------------------------------------------------------------------


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is decided in an edition, and where its records, winners and figures are."""
    edition = public_edition(slug)
    context = {
        "edition": edition,
        "decisions": decisions_of(edition),
        "has_winners": has_winners(edition),
        "crumbs": result_crumbs(edition, _("Results"), up=""),
    }
    return render(request, "awards/results/results.html", context)


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a decision: every entry by its code, with the reason."""
    stage = decided_stage(pk)
    edition = stage.category.edition
    page = Paginator(passages_of(stage), PER_PAGE).get_page(request.GET.get("page"))
    shown, counts = Decision(stage, rules_of(edition)), outcome_counts(stage)
    context = {
        "decision": shown, "stage": stage, "record": stage.record, "page": page,
        "rows": decision_rows(stage, page.object_list), "edition": edition,
        "passed": counts[Passage.Outcome.PASSED], "of": sum(counts.values()),
        "is_ranked": shown.own.gate.method in {"ranked", "threshold"},
        "crumbs": result_crumbs(edition, f"{shown.category}: {shown.name}"),
    }  # fmt: skip
    return render(request, "awards/results/decision.html", context)


@require_safe
def decision_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the minutes of a decision in the reader's language, or in the one asked for with ``?language=``."""
    stage = decided_stage(pk)
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = get_language() or settings.LANGUAGE_CODE
    if stage.record is None:
        raise Http404
    return _pdf(stage_minutes_pdf(stage, stage.record, language), f"minutes-{stage.record.sequence}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


# --- winners ----------------------------------------------------------------------------------------------------


@require_safe
def winners(request: HttpRequest, slug: str, category: str | None = None) -> HttpResponse:
    """Show the winners of an edition, or of one category of it."""
    edition = public_edition(slug)
    found = winners_of(edition, category)
    if category is not None and not found:
        raise Http404
    label = found[0].name if category is not None else _("Winners")
    context = {
        "edition": edition, "groups": found, "one": found[0] if category is not None else None,
        "organises": request.user.has_perm("awards.organise"), "crumbs": result_crumbs(edition, label),
    }  # fmt: skip
    return render(request, "awards/results/winners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the public page says of a winner."""
    prize = get_object_or_404(prizes_with_all(Prize.objects.all()), pk=pk)
    edition = prize.stage.category.edition
    told = getattr(prize, "story", None)
    initial = {name: getattr(told, name) for name in ("text_id", "text_en", "names_people")} if told else {}
    form = StoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_story(actor=signed_in(request), prize=prize, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The story stands on the winners' page."))
            return redirect("awards:winners", slug=edition.slug)
    context = {
        "form": form, "winner": Winner(prize), "edition": edition, "is_firm": prize.entry.firm_id is not None,
        "crumbs": result_crumbs(edition, _("Story of a winner")),
    }  # fmt: skip
    return render(request, "awards/results/story.html", context)


@require_safe
def press(request: HttpRequest, slug: str) -> HttpResponse:
    edition = public_edition(slug)
    context = {
        "edition": edition,
        "rows": press_rows(edition),
        "crumbs": result_crumbs(edition, _("Table for the press")),
    }
    return render(request, "awards/results/press.html", context)


@require_safe
def press_file(_request: HttpRequest, slug: str, format: str) -> HttpResponseBase:  # noqa: A002
    """Give the press table as CSV or XLSX."""
    edition = public_edition(slug)
    if format not in FORMATS:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="gebyar-press-") as folder:
        path = Path(folder) / f"winners.{format}"
        write_press_table(edition, path, format)
        opened = path.open("rb")  # the open file outlives its name
    name = f"gebyar-{edition.slug}-winners.{format}"
    return FileResponse(opened, as_attachment=True, filename=name, content_type=_TYPES[format])


@require_safe
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how many came how far, from where, and which firms."""
    edition = public_edition(slug)
    context = {
        "edition": edition, "figures": figures_of(edition), "example_source": NATIONAL_SOURCE,
        "crumbs": result_crumbs(edition, _("Figures")),
    }  # fmt: skip
    return render(request, "awards/results/figures.html", context)


# --- certificates -----------------------------------------------------------------------------------------------


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a certificate is valid; a code that belongs to none says so in words."""
    prize = certificate_of(code)
    if prize is None:
        return render(request, "awards/results/certificate_unknown.html", {}, status=404)
    edition = prize.stage.category.edition
    category = in_language(rules_of(edition).category(prize.stage.category.key).names)
    context = {
        "prize": prize, "winner": Winner(prize), "edition": edition, "category": category,
        "record": prize.stage.record, "hash_groups": grouped(prize.stage.record.hash) if prize.stage.record else "",
        "crumbs": result_crumbs(edition, pgettext("award", "Certificate")),
    }  # fmt: skip
    return render(request, "awards/results/certificate.html", context)


@require_safe
@never_cache
def certificate_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the certificate to whoever won it; one that was taken back is not printed any more."""
    prize = prize_for_holder(request, pk)
    if prize.revoked_at is not None:
        raise Http404
    edition = prize.stage.category.edition
    return _pdf(certificate_pdf(prize), f"gebyar-{edition.slug}-{prize.stage.category.key}-{prize.position}")


# --- feedback ---------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell an entrant their marks, where they stood, why, and what would help."""
    entry = entry_with_feedback(request, pk)
    stages = feedback_of(entry)
    context = {
        "entry": entry, "edition": entry.edition,
        "stages": [(stage, standing_words(stage.standing) if stage.standing else "") for stage in stages],
        "prize": _prize_of(entry), "crumbs": crumbs(_("What came of it"), entry=entry),
    }  # fmt: skip
    return render(request, "awards/results/feedback.html", context)


def _prize_of(entry: Entry) -> Prize | None:
    return Prize.objects.filter(entry=entry, revoked_at__isnull=True).first()


@require_safe
@never_cache
def feedback_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    entry = entry_with_feedback(request, pk)
    return _pdf(feedback_pdf(entry, feedback_of(entry)), f"gebyar-{entry.edition.slug}-{entry.number}-feedback")
