"""What an entrant is told, as a sheet to keep."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gebyar.awards.documents.typesetting import typeset
from gebyar.awards.models import Entry
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.feedback import CriterionMarks, StageFeedback, Standing
from gebyar.awards.wording_results import figure_words
from gebyar.awards.wording_rules import in_language
from gebyar.drawing.qr import qr_svg


def feedback_pdf(entry: Entry, stages: list[StageFeedback]) -> bytes:
    """Return the sheet on A4 in the reader's language."""
    address = settings.SITE_URL + reverse("awards:feedback", args=[entry.pk])
    category = in_language(rules_of(entry.edition).category(entry.category.key).names)
    return typeset(
        "feedback",
        entry.edition,
        {
            "title": _("What came of your entry"),
            "entry": entry.title or entry.code,
            "under": ", ".join([category, _("no. %(number)s") % {"number": entry.number or "–"}]),
            "stages": [_stage(stage) for stage in stages],
            "heads": [_("Criterion"), _("Marks"), _("Average"), _("Those who passed")],
            "hints-title": _("What would help"),
            "reasons-title": _("What the judges wrote"),
            "record-label": _("SHA-256 of the decision record"),
            "address": address,
            "scan": _("Scan to open this page."),
            "qr": qr_svg(address),
        },
    )


def _stage(stage: StageFeedback) -> dict[str, Any]:
    record = stage.stage.record
    return {
        "name": stage.name,
        "outcome": stage.passage.get_outcome_display(),
        "words": stage.words,
        "standing": standing_words(stage.standing) if stage.standing else "",
        "rows": [_row(one) for one in stage.criteria],
        "hints": stage.hints,
        "reasons": [f"{one.name}: {reason}" for one in stage.criteria for reason in one.reasons],
        "record": record.hash if record else "",
    }


def _row(one: CriterionMarks) -> list[str]:
    marks = ", ".join(figure_words(mark) for mark in one.marks)
    if one.not_applicable:
        words = ngettext("%(count)d time not applicable", "%(count)d times not applicable", one.not_applicable)
        marks = "; ".join(filter(None, [marks, words % {"count": one.not_applicable}]))
    return [one.name, marks or "–", figure_words(one.mean), figure_words(one.of_passed)]


def standing_words(standing: Standing) -> str:
    """Say the place, the points and what was corrected."""
    facts = {
        "raw": figure_words(standing.raw), "correction": figure_words(standing.correction, signed=True),
        "adjusted": figure_words(standing.adjusted), "low": figure_words(standing.low),
        "high": figure_words(standing.high),
    }  # fmt: skip
    told = [_("Number %(rank)d of %(of)d.") % {"rank": standing.rank, "of": standing.of}]
    told.append(_("Average of your judges: %(raw)s of 100.") % facts)
    if standing.is_adjusted and round(standing.correction or 0, 1):
        told.append(
            _(
                "Your judges were stricter or milder than others, and single marks are never exact, so %(correction)s"
                " points were added: %(adjusted)s."
            )
            % facts
        )
    if standing.is_adjusted:
        told.append(_("With a probability of 90%% the true value lies between %(low)s and %(high)s.") % facts)
    return " ".join(told)
