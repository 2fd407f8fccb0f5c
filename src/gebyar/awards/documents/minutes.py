"""The minutes of a stage's decision, with the ranking: every entry by its code, with points, outcome and reason."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from gebyar.awards.models import Passage, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.results import decision_rows, outcome_counts, passages_of
from gebyar.awards.wording_results import figure_words
from gebyar.awards.wording_rules import in_language
from gebyar.records.minutes import minutes_pdf
from gebyar.records.models import DecisionRecord

# A sheet of this length takes about a second to set; the rest stands in the record attached to it.
PRINTED_ROWS = 1000


def stage_minutes_pdf(stage: Stage, record: DecisionRecord, language: str) -> bytes:
    """Return the minutes of a decided stage.

    Parameters
    ----------
    stage
        With ``category__edition__version`` at hand.
    record
        Of its decision.
    language
        "id" or "en".
    """
    with override(language):
        rows = decision_rows(stage, passages_of(stage)[:PRINTED_ROWS])
        ranked = any(row.passage.rank for row in rows)
        columns = [*([_("No."), _("Code"), _("Points")] if ranked else [_("Code")]), _("Outcome"), _("Why")]
        cells = [
            [
                *([str(row.passage.rank or "–")] if ranked else []), row.code,
                *([figure_words(row.passage.points)] if ranked else []),
                str(row.passage.get_outcome_display()), row.words,
            ]
            for row in rows
        ]  # fmt: skip
        paragraphs = _paragraphs(stage)
    return minutes_pdf(
        record.document, address=settings.SITE_URL + reverse("records:record", args=[record.hash]), columns=columns,
        rows=cells, paragraphs=paragraphs, language=language,
    )  # fmt: skip


def _paragraphs(stage: Stage) -> list[str]:
    rules, counts = rules_of(stage.category.edition), outcome_counts(stage)
    names = {
        "edition": stage.category.edition.title,
        "category": in_language(rules.category(stage.category.key).names),
        "stage": in_language(rules.stage(stage.key).names),
    }
    told = [_("%(edition)s, category %(category)s, stage %(stage)s.") % names]
    facts = {
        "count": sum(counts.values()), "passed": counts[Passage.Outcome.PASSED],
        "waiting": counts[Passage.Outcome.WAITING], "failed": counts[Passage.Outcome.FAILED],
    }  # fmt: skip
    told.append(
        _("Of %(count)d entries %(passed)d passed, %(waiting)d are on the waiting list, %(failed)d did not pass.")
        % facts
    )
    if sum(counts.values()) > PRINTED_ROWS:
        words = _("The table holds the first %(shown)d of %(all)d rows. All of them stand in the attached record.")
        told.append(words % {"shown": PRINTED_ROWS, "all": sum(counts.values())})
    return told
