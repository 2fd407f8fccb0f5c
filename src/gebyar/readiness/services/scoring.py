"""Answers taken and scored, the same for a firm's own, an assessor's and a participant's."""

from dataclasses import asdict
from typing import Any

from gebyar.methods import readiness
from gebyar.methods.readiness.answers import value_of
from gebyar.methods.readiness.scoring import Score
from gebyar.readiness.errors import UnfitAnswer
from gebyar.readiness.models import Scored
from gebyar.reference.instruments import Instrument

COLUMNS = ("answers", "answered", "index", "index_low", "index_high", "level", "pillars", "fields", "profiles")


def take_answer(instrument: Instrument, scored: Scored, question_id: str, answer: str) -> None:
    """Put one answer among the others, or take it out when it is empty, and score anew.

    Raises
    ------
    UnfitAnswer
    """
    take_answers(instrument, scored, {question_id: answer})


def take_answers(instrument: Instrument, scored: Scored, answers: dict[str, str]) -> None:
    answers_now = dict(scored.answers)
    for question_id, answer in answers.items():
        question = next((one for one in instrument.all_questions if one.id == question_id), None)
        if question is None:
            raise UnfitAnswer
        try:
            value = value_of(question, answer)
        except readiness.UnfitAnswer as error:
            raise UnfitAnswer from error
        answers_now.pop(question_id, None)
        if value is not None:
            answers_now[question_id] = answer.strip()
    scored.answers = answers_now
    score_into(instrument, scored)


def score_into(instrument: Instrument, scored: Scored) -> Score:
    """Fill the columns of a score from the answers."""
    found = readiness.score_one(instrument, scored.answers)
    scored.answered = found.answered
    scored.index, scored.index_low, scored.index_high = found.index, found.low, found.high
    scored.level = found.level or ""
    scored.pillars, scored.fields = dict(found.pillars), dict(found.fields)
    scored.profiles = {name: _profile(part) for name, part in found.profiles.items()}
    return found


def _profile(score: Score) -> dict[str, Any]:
    facts = asdict(score)
    return {name: facts[name] for name in ("answered", "questions", "index", "low", "high", "level", "pillars")}
