"""A firm's own assessment: begun, answered question by question, finished for good."""

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.readiness.errors import (
    AlreadyFinished,
    NotInUse,
    NotYourFirm,
    OccasionTaken,
    StillOpen,
    UnknownOccasion,
)
from gebyar.readiness.models import Assessment, InstrumentVersion
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.services.scoring import COLUMNS, score_into, take_answers
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm

Status = Assessment.Status


@transaction.atomic
def begin_assessment(*, actor: User, firm: Firm, version: InstrumentVersion, occasion: str = "") -> Assessment:
    """Begin to answer an instrument for a firm, or go on with what was begun.

    Parameters
    ----------
    occasion
        T0, T1, …, where the instrument has them; without one the next that was not measured yet.

    Raises
    ------
    NotYourFirm, NotInUse, UnknownOccasion, OccasionTaken
        Nothing is stored then.
    """
    if not actor.has_perm("readiness.assess", firm):
        raise NotYourFirm
    lock(Firm.objects.filter(pk=firm.pk)).get()
    begun = Assessment.objects.filter(firm=firm, instrument=version, status=Status.DRAFT).first()
    if begun is not None:
        return begun
    if version.status != InstrumentVersion.Status.PUBLISHED:
        raise NotInUse
    made = Assessment(
        firm=firm, instrument=version, occasion=_occasion(firm, version, occasion), answered_by=actor,
        is_synthetic=firm.is_synthetic,
    )  # fmt: skip
    score_into(instrument_of(version), made)
    made.save()
    after = {"firm": firm.pk, "instrument": version.pk, "occasion": made.occasion}
    record_audit(actor=actor, verb="readiness.begin_assessment", target=made, after=after)
    return made


def next_occasion(firm: Firm, version: InstrumentVersion) -> str:
    """Return the first occasion that was not measured yet, the last when all were; "" where there are none."""
    occasions = instrument_of(version).occasions
    taken = _taken(firm, version)
    free = [name for name in occasions if name not in taken]
    return free[0] if free else (occasions[-1] if occasions else "")


def _taken(firm: Firm, version: InstrumentVersion) -> set[str]:
    done = Assessment.objects.filter(firm=firm, instrument__key=version.key, status=Status.FINISHED)
    return set(done.values_list("occasion", flat=True))


def _occasion(firm: Firm, version: InstrumentVersion, asked: str) -> str:
    occasions = instrument_of(version).occasions
    if not asked:
        asked = next_occasion(firm, version)
    if not occasions and not asked:
        return ""
    if asked not in occasions:
        raise UnknownOccasion(occasion=asked[:20])
    if asked in _taken(firm, version):
        raise OccasionTaken(occasion=asked)
    return asked


@transaction.atomic
def answer(*, actor: User, assessment: Assessment, answers: dict[str, str]) -> Assessment:
    """Keep answers of a draft, by the questions' ids; an empty one takes the answer back.

    Drafts leave no trace in the audit trail: what counts is what they are finished with.

    Raises
    ------
    NotYourFirm, AlreadyFinished, UnfitAnswer
        Nothing is changed then.
    """
    found = _locked(actor, assessment)
    take_answers(instrument_of(found.instrument), found, answers)
    found.saved_at = timezone.now()
    found.save(update_fields=[*COLUMNS, "saved_at"])
    return found


def _locked(actor: User, assessment: Assessment) -> Assessment:
    found = lock(Assessment.objects.select_related("firm", "instrument").filter(pk=assessment.pk)).get()
    if not actor.has_perm("readiness.assess", found.firm):
        raise NotYourFirm
    if found.status != Status.DRAFT:
        raise AlreadyFinished
    return found


@transaction.atomic
def finish_assessment(*, actor: User, assessment: Assessment, although_open: bool = False) -> Assessment:
    """Finish an assessment; from now on its answers never change.

    Parameters
    ----------
    although_open
        Finish with open questions: there is no index then, only its bounds.

    Raises
    ------
    NotYourFirm, AlreadyFinished, StillOpen
        Nothing is changed then.
    """
    found = _locked(actor, assessment)
    score = score_into(instrument_of(found.instrument), found)
    if not score.is_complete and not although_open:
        raise StillOpen(count=score.questions - score.answered)
    found.status, found.is_candidate = Status.FINISHED, score.is_candidate
    found.finished_at = found.saved_at = timezone.now()
    found.save(update_fields=[*COLUMNS, "status", "is_candidate", "finished_at", "saved_at"])
    after = {"answered": found.answered, "index": found.index, "level": found.level}
    record_audit(actor=actor, verb="readiness.finish_assessment", target=found, after=after)
    return found
