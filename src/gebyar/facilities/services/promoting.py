"""A place or sum that becomes free goes to the next of the waiting list, exactly as many as there are places."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.allotment import code_of
from gebyar.facilities.models import Application, Call
from gebyar.facilities.services.following import begin_follow_up
from gebyar.facilities.services.letters import write_outcome
from gebyar.records.services import append_decision, record_audit

if TYPE_CHECKING:
    from gebyar.methods.places.allotment import Verdict
    from gebyar.methods.places.call import Applicant

_STANDING = {Application.Status.ADMITTED, Application.Status.WAITING, Application.Status.REFUSED}


def promote_from(*, actor: User, call: Call, freed: Application) -> list[Application]:
    """Let those move up who wait; asked for within the transaction that frees the place, with the call locked."""
    from gebyar.methods.places import promote, promoted, records, storage  # noqa: PLC0415  see allotment.fall

    if call.record is None:
        return []
    document = call.record.document
    places_call = storage.call_from_json(document["inputs"]["call"])
    seed = int(document["seed"] or 0)
    before = storage.allotment_from_json(document["result"], seed)
    applications = {code_of(one): one for one in call.applications.filter(number__isnull=False)}
    gone = code_of(freed)
    applicants = _still_standing(storage.applicants_from_json(document["inputs"]["applicants"]), applications, gone)
    after = promote(places_call, applicants, before, [gone])
    record = append_decision(
        actor=actor,
        method=records.PROMOTE_METHOD,
        version=records.PROMOTE_VERSION,
        title=f"{call.name[:150]}, {call.pk}: waiting list",
        inputs=records.promote_inputs_of(places_call, applicants, before, [gone]),
        seed=seed,
        result=records.result_of(after),
    )
    call.record = record
    call.save(update_fields=["record"])
    moved = [_move_up(applications[row.applicant], row) for row in promoted(before, after)]
    after_words = {"freed": gone, "moved": [code_of(one) for one in moved], "record": record.hash}
    record_audit(actor=actor, verb="facilities.promote_waiting", target=call, after=after_words)
    return moved


def _still_standing(
    applicants: "tuple[Applicant, ...]", applications: dict[str, Application], gone: str
) -> "tuple[Applicant, ...]":
    """Leave out whoever withdrew while waiting: a place must not wait for them."""
    return tuple(one for one in applicants if one.id == gone or applications[one.id].status in _STANDING)


def _move_up(application: Application, row: "Verdict") -> Application:
    application.status = Application.Status.ADMITTED
    application.code, application.parameters, application.rank = row.code, dict(row.parameters), row.rank
    application.granted, application.decided_at = row.amount, timezone.now()
    application.save(update_fields=["status", "code", "parameters", "rank", "granted", "decided_at"])
    begin_follow_up(application)
    transaction.on_commit(lambda: write_outcome(application), robust=True)
    return application
