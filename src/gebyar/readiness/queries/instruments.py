"""Versions of instruments, read into typed values once."""

from dataclasses import dataclass

from django.db.models import QuerySet

from gebyar.methods.readiness.answers import value_of
from gebyar.readiness.models import InstrumentVersion
from gebyar.readiness.wording import said
from gebyar.reference.instruments import Instrument, Question, read_instrument

Status = InstrumentVersion.Status
MOST_KEPT = 50
_read: dict[str, Instrument] = {}


def instrument_of(version: InstrumentVersion) -> Instrument:
    """Return the typed instrument of a version; each document is read once for as long as the process lives."""
    known = _read.get(version.sha256)
    if known is None:
        known = read_instrument(version.document)
        while len(_read) >= MOST_KEPT:
            _read.pop(next(iter(_read)), None)
        _read[version.sha256] = known
    return known


def in_use() -> QuerySet[InstrumentVersion]:
    return InstrumentVersion.objects.filter(status=Status.PUBLISHED).order_by("key")


def asked_questions(instrument: Instrument) -> tuple[Question, ...]:
    """Return all questions in the order in which they are asked: one of a profile right after the one it replaces."""
    after = {old: new for profile in instrument.profiles for old, new in profile.replaces.items()}
    extra = {question.id: question for question in instrument.extra}
    found: list[Question] = []
    for question in instrument.questions:
        found.append(question)
        follower = extra.pop(after.get(question.id, ""), None)
        if follower is not None:
            found.append(follower)
    return (*found, *extra.values())


def open_questions(instrument: Instrument, answers: dict[str, str]) -> list[tuple[int, Question]]:
    """Return the questions without an answer, each with its number."""
    asked = enumerate(asked_questions(instrument), 1)
    return [(number, question) for number, question in asked if value_of(question, answers.get(question.id)) is None]


# --- two versions beside each other -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One place in which two versions differ; None where it is missing in one of them."""

    place: str
    before: str | None
    after: str | None


def version_changes(before: object, after: object, place: str = "") -> list[Change]:
    """Return what differs between two documents, each with its place; lists of blocks are compared by their ids."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [*before, *(name for name in after if name not in before)]
        return [
            change
            for name in names
            for change in version_changes(before.get(name), after.get(name), f"{place}.{name}" if place else str(name))
        ]
    if _has_ids(before) and _has_ids(after):
        return version_changes(_by_id(before), _by_id(after), place)
    return [] if before == after else [Change(place, _text(before), _text(after))]


def _has_ids(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and "id" in row for row in value)


def _by_id(rows: object) -> dict[str, object]:
    return {str(row["id"]): row for row in rows} if isinstance(rows, list) else {}


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict) and "text" in value and isinstance(value["text"], dict):
        return said(value["text"])
    return str(value)
