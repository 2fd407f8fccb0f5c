"""Objections (*sanggah*): filed by the entrant in time, answered by an officer who had no part in the decision."""

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.errors_stages import (
    AnswerFromOthers,
    NoObjectionPossible,
    ObjectionAnswered,
    ObjectionFiled,
    ObjectionNeedsWords,
    TiedToEntry,
)
from gebyar.awards.gates import PASS
from gebyar.awards.models import Objection, Passage, Stage
from gebyar.awards.queries.checking import is_tied
from gebyar.awards.queries.stages import is_entrant
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.prizes import give_late_star
from gebyar.awards.services.stage_turns import held_passage
from gebyar.awards.services.stages import tell_outcomes
from gebyar.methods.places.call import Applicant, Call, Deviation, Kind
from gebyar.records.errors import NotAllowed
from gebyar.records.models import DecisionRecord
from gebyar.records.services import append_decision, record_audit

LEFT_BEHIND = (Passage.Outcome.FAILED, Passage.Outcome.WAITING)


@transaction.atomic
def file_objection(*, actor: User, passage: Passage, text: str) -> Objection:
    """Contest how an entry left a stage.

    Raises
    ------
    gebyar.records.errors.NotAllowed, NoObjectionPossible, ObjectionFiled, ObjectionNeedsWords
        Nothing is stored then.
    """
    if not is_entrant(actor, passage.entry):
        raise NotAllowed
    if not text.strip():
        raise ObjectionNeedsWords
    found = held_passage(passage.pk)
    if not is_open(found):
        raise NoObjectionPossible
    if found.objections.exclude(status=Objection.Status.WITHDRAWN).exists():
        raise ObjectionFiled
    made = Objection.objects.create(passage=found, text=text.strip(), filed_by=actor)
    record_audit(actor=actor, verb="awards.file_objection", target=made, after={"entry": found.entry.code})
    return made


def is_open(passage: Passage) -> bool:
    """Say whether the outcome can be contested now."""
    stage = passage.stage
    if stage.status != Stage.Status.DECIDED or stage.objections_until is None:
        return False
    return passage.outcome in LEFT_BEHIND and timezone.now() < stage.objections_until


@transaction.atomic
def withdraw_objection(*, actor: User, objection: Objection) -> Objection:
    """Take an objection back while it waits for its answer.

    Raises
    ------
    gebyar.records.errors.NotAllowed, ObjectionAnswered
    """
    if not is_entrant(actor, objection.passage.entry):
        raise NotAllowed
    found = _held(objection)
    found.status = Objection.Status.WITHDRAWN
    found.save(update_fields=["status"])
    record_audit(actor=actor, verb="awards.withdraw_objection", target=found)
    return found


def _held(objection: Objection) -> Objection:
    """Return an objection that waits for its answer, its category held."""
    passage = held_passage(objection.passage_id)
    found = Objection.objects.get(pk=objection.pk)
    if found.status != Objection.Status.OPEN:
        raise ObjectionAnswered
    found.passage = passage
    return found


@transaction.atomic
def answer_objection(*, actor: User, objection: Objection, upheld: bool, answer: str) -> Objection:
    """Answer an objection; one that is upheld lets the entry pass, beside all who passed, with a record of its own.

    Raises
    ------
    gebyar.records.errors.NotAllowed, AnswerFromOthers, TiedToEntry, ObjectionAnswered, ObjectionNeedsWords
        Nothing is changed then.
    """
    may_organise(actor)
    found = _held(objection)
    refuse_answer(actor, found.passage)
    if not answer.strip():
        raise ObjectionNeedsWords
    found.status = Objection.Status.UPHELD if upheld else Objection.Status.REJECTED
    found.answer, found.answered_by, found.answered_at = answer.strip(), actor, timezone.now()
    found.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    if upheld:
        _let_pass(actor, found)
    Passage.objects.filter(pk=found.passage_id).update(told_at=None)
    record_audit(
        actor=actor,
        verb="awards.answer_objection",
        target=found,
        before={"status": "open"},
        after={"status": str(found.status), "entry": found.passage.entry.code},
    )
    tell_outcomes(found.passage.stage)
    return found


def refuse_answer(actor: User, passage: Passage) -> None:
    """Refuse whoever decided, chose or checked, and whoever has a tie to the entry."""
    took_part = {passage.decided_by_id, passage.chosen_by_id, *passage.checks.values_list("officer", flat=True)}
    if actor.pk in took_part:
        raise AnswerFromOthers
    if is_tied(actor, passage.entry):
        raise TiedToEntry


def _let_pass(actor: User, objection: Objection) -> None:
    passage = objection.passage
    passage.record = _record(actor, objection)
    passage.outcome, passage.code = Passage.Outcome.PASSED, "objection_upheld"
    passage.parameters = {**passage.parameters, "reason": objection.answer}
    passage.save(update_fields=["record", "outcome", "code", "parameters"])
    give_late_star(actor=actor, stage=passage.stage, code=passage.entry.code)


def _record(actor: User, objection: Objection) -> DecisionRecord:
    """Record who stands as passed from now on: everybody who did, and this entry by decision of the officer."""
    from gebyar.methods.places import allot, records  # noqa: PLC0415  see gates.fall

    stage = objection.passage.stage
    edition = stage.category.edition
    rows = stage.passages.exclude(outcome=Passage.Outcome.WITHDRAWN).order_by("pk")
    outcomes = dict(rows.values_list("entry__code", "outcome"))
    passed = [code for code, outcome in outcomes.items() if outcome == Passage.Outcome.PASSED]
    call = Call(
        kinds=(Kind(PASS, len(passed) + 1),),
        threshold=1.0,
        deviations=(Deviation(objection.passage.entry.code, admitted=True, reason=f"objection {objection.pk} upheld"),),
    )
    applicants = [Applicant(id=code, points=float(code in passed)) for code in outcomes]
    return append_decision(
        actor=actor,
        method=records.METHOD,
        version=records.VERSION,
        title=f"{edition.title}: {stage.category.key}, {stage.key}, objection {objection.pk}",
        inputs=records.inputs_of(call, applicants),
        seed=edition.seed,
        result=records.result_of(allot(call, applicants, seed=edition.seed)),
    )
