"""Workshops as their facilitator and their participants see them; of single participants nothing is told."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Count, Q, QuerySet

from gebyar.accounts.queries import hash_of, region_filter
from gebyar.methods.readiness import MOST_PRIVATE, GroupFigures, group_figures, score
from gebyar.readiness.models import Workshop, WorkshopSheet
from gebyar.readiness.queries.instruments import asked_questions, instrument_of
from gebyar.reference.instruments import Question

# The group's figures grow by so many people at a time: from two means that differ by one person, that person's
# index could be computed.
STEP = 5


def facilitated(user: Any) -> QuerySet[Workshop]:
    """Return the workshops of a person and, for officers, those of their region."""
    own = Q(facilitator=user) if getattr(user, "pk", None) else Q(pk__in=[])
    region = region_filter(user)
    found = Workshop.objects.select_related("instrument")
    return found if not region else found.filter(own | region)


def workshop_list(user: Any) -> QuerySet[Workshop]:
    return facilitated(user).annotate(
        joined=Count("sheets"), finished=Count("sheets", filter=Q(sheets__finished_at__isnull=False))
    )


def workshop_by_code(code: str) -> Workshop | None:
    return Workshop.objects.select_related("instrument").filter(join_code=code.strip().upper()).first()


def sheet_by_token(workshop: Workshop, token: str) -> WorkshopSheet | None:
    found = WorkshopSheet.objects.select_related("workshop__instrument")
    return found.filter(workshop=workshop, token_hash=hash_of(token)).first() if token else None


# --- for the facilitator ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far the group is. `questions`: each with how many answered it."""

    joined: int
    finished: int
    complete: int
    from_paper: int
    questions: list[tuple[int, Question, int]]


def progress_of(workshop: Workshop) -> Progress:
    """Count, without a name or a single sheet; one query."""
    rows = list(workshop.sheets.values_list("answers", "finished_at", "index", "row"))
    asked = asked_questions(instrument_of(workshop.instrument))
    counts = {question.id: sum(1 for answers, *_rest in rows if answers.get(question.id)) for question in asked}
    finished = [row for row in rows if row[1] is not None]
    return Progress(
        joined=len(rows),
        finished=len(finished),
        complete=sum(1 for row in finished if row[2] is not None),
        from_paper=sum(1 for row in rows if row[3] is not None),
        questions=[(number, question, counts[question.id]) for number, question in enumerate(asked, 1)],
    )


# --- for everybody ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupResult:
    """A group's figures, None while fewer than `least` finished completely; `count` of them are in the figures."""

    figures: GroupFigures | None
    least: int = MOST_PRIVATE


def group_result(workshop: Workshop) -> GroupResult:
    """Describe the group by the first so many complete sheets, a multiple of `STEP`, in the order they were finished."""
    complete = workshop.sheets.filter(finished_at__isnull=False, index__isnull=False).order_by("finished_at", "pk")
    answers = list(complete.values_list("answers", flat=True))
    counted = answers[: len(answers) - len(answers) % STEP]
    if len(counted) < MOST_PRIVATE:
        return GroupResult(None)
    instrument = instrument_of(workshop.instrument)
    asked = [question.id for question in instrument.all_questions]
    table = pl.DataFrame(
        {name: [row.get(name) for row in counted] for name in asked}, schema=dict.fromkeys(asked, pl.String)
    )
    return GroupResult(group_figures(instrument, score(instrument, table)))
