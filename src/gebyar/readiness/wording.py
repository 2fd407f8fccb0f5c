"""Words of instruments in the reader's language."""

from django.utils.translation import get_language

from gebyar.reference.instruments import NOT_APPLICABLE, Instrument, Question, Text


def said(text: Text) -> str:
    return text["en"] if (get_language() or "id").startswith("en") else text["id"]


def level_words(instrument: Instrument, level: str | None) -> str:
    return next((said(one.names) for one in instrument.levels if one.id == level), "")


def answer_words(question: Question, answer: str | None, not_applicable: str) -> list[str]:
    """Return what was chosen, each option in words; nothing where the question is open."""
    if not answer:
        return []
    if answer == NOT_APPLICABLE:
        return [not_applicable]
    chosen = answer.split(";")
    return [said(option.text) for option in question.options if option.id in chosen]
