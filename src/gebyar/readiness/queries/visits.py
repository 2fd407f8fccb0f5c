"""Who is to be visited, and what visits found."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gebyar.accounts.queries import region_filter
from gebyar.methods.readiness import agreement, differences
from gebyar.readiness.models import Assessment, Visit
from gebyar.readiness.queries.instruments import asked_questions, instrument_of
from gebyar.readiness.queries.results import value_words
from gebyar.readiness.wording import answer_words, said
from gebyar.reference.instruments import Instrument
from gebyar.registry.rules import open_firms

FINISHED = Visit.Status.FINISHED


def visible_assessments(user: Any) -> QuerySet[Assessment]:
    """Return the assessments a person may read: of their firms, and finished ones of firms of their region."""
    mine = Q(firm__in=open_firms(user))
    region = region_filter(user, "firm__region_code")
    found = Assessment.objects.select_related("firm", "instrument")
    return found.filter(mine | (region & Q(status=Assessment.Status.FINISHED)))


def candidates(user: Any, *, waiting: bool = True) -> QuerySet[Assessment]:
    """Return the firms of an officer's region whose last result reaches the index from which a visit verifies it.

    Parameters
    ----------
    waiting
        Only those that nobody has visited to the end yet.
    """
    later = Assessment.objects.filter(
        firm=OuterRef("firm"), instrument__key=OuterRef("instrument__key"), status=Assessment.Status.FINISHED,
        finished_at__gt=OuterRef("finished_at"),
    )  # fmt: skip
    found = Assessment.objects.filter(region_filter(user, "firm__region_code"), is_candidate=True)
    found = found.exclude(Exists(later)).select_related("firm", "instrument")
    found = found.annotate(visited=Count("visits", filter=Q(visits__status=FINISHED)))
    if waiting:
        found = found.filter(visited=0)
    return found.order_by("-index", "pk")


# --- what was found ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DifferenceLine:
    """A question to which the firm and the assessor gave different answers; `by` is assessor − firm."""

    number: int
    text: str
    own: list[str]
    seen: list[str]
    by: float | None
    note: str
    question: str


def difference_lines(visit: Visit) -> list[DifferenceLine]:
    assessment = visit.assessment
    instrument = instrument_of(assessment.instrument)
    numbers = {question.id: number for number, question in enumerate(asked_questions(instrument), 1)}
    lines = []
    for one in differences(instrument, assessment.answers, visit.answers):
        question = instrument.question(one.question)
        own, seen = (
            answer_words(question, answers.get(one.question), _("does not apply"))
            for answers in (assessment.answers, visit.answers)
        )
        lines.append(
            DifferenceLine(
                numbers[one.question],
                said(question.text),
                own,
                seen,
                one.by,
                visit.notes.get(one.question, ""),
                one.question,
            )
        )
    return lines


@dataclass(frozen=True)
class Agreement:
    """How far two people agree: quadratic weighted kappa over the questions that both answered."""

    first: str
    second: str
    questions: int
    kappa: float | None


def agreements(assessment: Assessment, visits: list[Visit]) -> list[Agreement]:
    """Compare every two assessors, and each with the firm itself; empty where nobody has finished a visit."""
    instrument = instrument_of(assessment.instrument)
    people = [(_("the firm"), assessment.answers)]
    people += [(_("assessor %(number)d") % {"number": number}, visit.answers) for number, visit in enumerate(visits, 1)]
    return [_agreement(instrument, *pair) for pair in combinations(people, 2)]


def _agreement(
    instrument: Instrument, first: tuple[str, dict[str, str]], second: tuple[str, dict[str, str]]
) -> Agreement:
    pairs = []
    for question in instrument.questions:
        one, other = (
            value_words(instrument, question.id, answers.get(question.id)) for _name, answers in (first, second)
        )
        if one is not None and other is not None:
            pairs.append((one, other))
    low, high = instrument.scale
    return Agreement(first[0], second[0], len(pairs), agreement(pairs, low=low, high=high))
