"""Visits of assessors: their own answers to the same questions, with what they saw."""

import secrets
from datetime import date
from functools import partial

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.readiness.errors import (
    AlreadyFinished,
    DayAhead,
    NotFinished,
    NotYourRegion,
    StillOpen,
    TooMuchEvidence,
    UnfitAnswer,
    UnfitEvidence,
)
from gebyar.readiness.models import Assessment, Evidence, Visit
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.services.scoring import COLUMNS, score_into, take_answers
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.errors import TooManyPixels, UnfitFile, UnfitPhoto
from gebyar.registry.services.certificates import check_file
from gebyar.registry.services.photos import prepare

MOST_EVIDENCE = 40
LONGEST_NOTE = 1000


@transaction.atomic
def begin_visit(*, actor: User, assessment: Assessment) -> Visit:
    """Begin one's own visit to a firm that finished its assessment, or go on with it.

    Raises
    ------
    NotYourRegion, NotFinished
    """
    found = lock(Assessment.objects.select_related("firm", "instrument").filter(pk=assessment.pk)).get()
    if not actor.has_perm("readiness.verify", found.firm):
        raise NotYourRegion
    if found.status != Assessment.Status.FINISHED:
        raise NotFinished
    begun: Visit | None = found.visits.filter(assessor=actor).first()
    if begun is not None:
        return begun
    made = Visit(assessment=found, assessor=actor)
    score_into(instrument_of(found.instrument), made)
    made.save()
    record_audit(actor=actor, verb="readiness.begin_visit", target=found, after={"visit": made.pk})
    return made


def _locked(actor: User, visit: Visit) -> Visit:
    related = ("assessment__firm", "assessment__instrument")
    found = lock(Visit.objects.select_related(*related).filter(pk=visit.pk)).get()
    if found.assessor_id != actor.pk or not actor.has_perm("readiness.verify", found.assessment.firm):
        raise NotYourRegion
    if found.status != Visit.Status.DRAFT:
        raise AlreadyFinished
    return found


@transaction.atomic
def answer_visit(*, actor: User, visit: Visit, answers: dict[str, str], notes: dict[str, str] | None = None) -> Visit:
    """Keep the assessor's answers and what they noted beside them, by the questions' ids.

    Raises
    ------
    NotYourRegion, AlreadyFinished, UnfitAnswer
        Nothing is changed then.
    """
    found = _locked(actor, visit)
    instrument = instrument_of(found.assessment.instrument)
    take_answers(instrument, found, answers)
    known = {question.id for question in instrument.all_questions}
    for question, note in (notes or {}).items():
        if question not in known:
            raise UnfitAnswer
        found.notes = {**found.notes, question: note.strip()[:LONGEST_NOTE]}
    found.notes = {question: note for question, note in found.notes.items() if note}
    found.save(update_fields=[*COLUMNS, "notes"])
    return found


@transaction.atomic
def add_evidence(*, actor: User, visit: Visit, question: str, file: "File[bytes]", caption: str = "") -> Evidence:
    """Keep a photo or a paper. Photos are written anew, without what the phone put into them.

    Parameters
    ----------
    file
        PDF, JPEG or PNG, told by its content.

    Raises
    ------
    NotYourRegion, AlreadyFinished, UnfitAnswer, UnfitEvidence, TooMuchEvidence
    gebyar.registry.errors.FileTooLarge
        Nothing is stored then.
    """
    content, ending = _ready(file)
    found = _locked(actor, visit)
    instrument = instrument_of(found.assessment.instrument)
    if question not in {one.id for one in instrument.all_questions}:
        raise UnfitAnswer
    if found.evidence.count() >= MOST_EVIDENCE:
        raise TooMuchEvidence(most=MOST_EVIDENCE)
    made = Evidence(visit=found, question=question, caption=caption.strip()[:160])
    made.file = ContentFile(content, name=f"{secrets.token_hex(16)}.{ending}")
    made.save()
    after = {"visit": found.pk, "evidence": made.pk, "question": question}
    record_audit(actor=actor, verb="readiness.add_evidence", target=found.assessment, after=after)
    return made


def _ready(file: "File[bytes]") -> tuple[bytes, str]:
    try:
        ending = check_file(file)
        return (file.read(), "pdf") if ending == "pdf" else (prepare(file).large, "jpg")
    except (UnfitFile, UnfitPhoto, TooManyPixels) as error:
        raise UnfitEvidence from error


@transaction.atomic
def remove_evidence(*, actor: User, evidence: Evidence) -> None:
    """Take a file out; it is deleted after the transaction.

    Raises
    ------
    NotYourRegion, AlreadyFinished
    """
    found = _locked(actor, evidence.visit)
    before = {"visit": found.pk, "evidence": evidence.pk, "question": evidence.question}
    stored = evidence.file
    evidence.delete()
    record_audit(actor=actor, verb="readiness.remove_evidence", target=found.assessment, before=before)
    transaction.on_commit(partial(stored.storage.delete, stored.name), robust=True)


@transaction.atomic
def finish_visit(*, actor: User, visit: Visit, visited_on: date, summary: str = "") -> Visit:
    """Finish a visit; from now on its answers never change, and its score stands beside the firm's own.

    Raises
    ------
    NotYourRegion, AlreadyFinished, StillOpen, DayAhead
        Nothing is changed then.
    """
    if visited_on > timezone.localdate():
        raise DayAhead
    found = _locked(actor, visit)
    score = score_into(instrument_of(found.assessment.instrument), found)
    if not score.is_complete:
        raise StillOpen(count=score.questions - score.answered)
    found.status, found.visited_on, found.summary = Visit.Status.FINISHED, visited_on, summary.strip()
    found.finished_at = timezone.now()
    found.save(update_fields=[*COLUMNS, "status", "visited_on", "summary", "finished_at"])
    after = {"visit": found.pk, "index": found.index, "self": found.assessment.index}
    record_audit(actor=actor, verb="readiness.finish_visit", target=found.assessment, after=after)
    return found
