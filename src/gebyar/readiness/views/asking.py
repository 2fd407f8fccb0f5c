"""One question a screen, the same for a firm, a participant and an assessor."""

from typing import Any

from django.http import Http404

from gebyar.readiness.forms import QuestionForm
from gebyar.readiness.models import Scored
from gebyar.readiness.queries.instruments import asked_questions, open_questions
from gebyar.readiness.wording import said
from gebyar.reference.instruments import Instrument, Question


def question_of(instrument: Instrument, number: int) -> Question:
    asked = asked_questions(instrument)
    if not 1 <= number <= len(asked):
        raise Http404
    return asked[number - 1]


def question_context(instrument: Instrument, scored: Scored, question: Question, form: QuestionForm) -> dict[str, Any]:
    """Return what every question's page shows."""
    asked = asked_questions(instrument)
    number, total = asked.index(question) + 1, len(asked)
    field = next(one for one in instrument.fields if one.id == question.field)
    pillar = next(one for one in instrument.pillars if one.id == field.pillar)
    return {
        "form": form, "question": question, "number": number, "total": total, "pillar": said(pillar.names),
        "field": said(field.names), "help": said(question.help), "previous": number - 1, "instrument": instrument,
        "following": number + 1 if number < total else 0,
        "answered": total - len(open_questions(instrument, scored.answers)),
        "profile": next((said(one.names) for one in instrument.profiles if question.id in one.replaces.values()), ""),
    }  # fmt: skip


def open_lines(instrument: Instrument, scored: Scored) -> list[tuple[int, str]]:
    """Return number and words of each open question."""
    return [(number, said(question.text)) for number, question in open_questions(instrument, scored.answers)]
