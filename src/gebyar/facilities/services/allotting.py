"""A call is allotted once, by the method it declared, and everybody gets the reason."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.allotment import Outcome, fall
from gebyar.facilities.errors import (
    AlreadyAllotted,
    CannotAllot,
    NotAllJudged,
    NotNational,
    PreviewChanged,
    StillOpen,
)
from gebyar.facilities.models import Application, Call
from gebyar.facilities.services.calls import held
from gebyar.facilities.services.following import begin_follow_up
from gebyar.facilities.services.letters import write_outcome
from gebyar.methods.places.call import PlacesError
from gebyar.records.models import DecisionRecord
from gebyar.records.services import append_decision, record_audit

if TYPE_CHECKING:
    from gebyar.methods.places.allotment import Verdict

Status = Application.Status
OUTCOMES = {"admitted": Status.ADMITTED, "waiting": Status.WAITING, "refused": Status.REFUSED}
_WRITTEN = ("status", "points", "rank", "code", "parameters", "granted", "decided_at")


def preview_call(call: Call) -> Outcome:
    """Return the call as it would fall now, of those judged so far; nothing is written.

    Raises
    ------
    CannotAllot
    """
    try:
        return fall(call)
    except PlacesError as error:
        raise CannotAllot(problem=str(error)) from error


@transaction.atomic
def allot_call(*, actor: User, call: Call, seen: str = "") -> DecisionRecord:
    """Allot a call for good and publish it: the record, every status, and a mail to every applicant.

    Parameters
    ----------
    seen
        `Outcome.fingerprint` of the preview that was looked at; left out, whatever it is now is meant.

    Raises
    ------
    NotNational, AlreadyAllotted, StillOpen, NotAllJudged, PreviewChanged, CannotAllot
        Nothing is changed then.
    """
    if not actor.has_perm("facilities.allot"):
        raise NotNational
    locked = held(call)
    _require_ready(locked)
    outcome = preview_call(locked)
    if seen and seen != outcome.fingerprint:
        raise PreviewChanged
    record = _recorded(actor, locked, outcome)
    for verdict, application, points in outcome.lines:
        _write(application, verdict, points)
    locked.status, locked.record = Call.Status.ALLOTTED, record
    locked.save(update_fields=["status", "record"])
    granted = outcome.allotment.granted
    after = {"record": record.hash, "admitted": len(outcome.allotment.admitted), "granted": granted}
    record_audit(actor=actor, verb="facilities.allot_call", target=locked, after=after)
    return record


def _require_ready(call: Call) -> None:
    if call.status != Call.Status.OPEN:
        raise AlreadyAllotted
    if call.closes_at > timezone.now():
        raise StillOpen
    waiting = call.applications.filter(status=Status.SUBMITTED).count()
    if waiting:
        raise NotAllJudged(count=waiting)


def _recorded(actor: User, call: Call, outcome: Outcome) -> DecisionRecord:
    from gebyar.methods.places import records  # noqa: PLC0415  see allotment.fall

    return append_decision(
        actor=actor,
        method=records.METHOD,
        version=records.VERSION,
        title=f"{call.name[:180]}, {call.pk}",
        inputs=records.inputs_of(outcome.call, outcome.applicants),
        seed=call.seed,
        result=records.result_of(outcome.allotment),
    )


def _write(application: Application, verdict: "Verdict", points: float) -> None:
    application.status = OUTCOMES[verdict.outcome]
    application.points, application.rank = points, verdict.rank
    application.code, application.parameters = verdict.code, dict(verdict.parameters)
    application.granted, application.decided_at = verdict.amount, timezone.now()
    application.save(update_fields=_WRITTEN)
    if application.status == Status.ADMITTED:
        begin_follow_up(application)
    transaction.on_commit(lambda: write_outcome(application), robust=True)
