"""What a firm means to do about its gaps, and how far it is."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.methods.readiness import gaps
from gebyar.readiness.errors import NoSuchGap, NotYourFirm, StepKnown
from gebyar.readiness.models import Assessment, PlanStep
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.records.locking import lock
from gebyar.records.services import record_audit


@transaction.atomic
def plan_step(
    *,
    actor: User,
    assessment: Assessment,
    question: str,
    target: str = "",
    help_by: str = "",
    due_on: date | None = None,
    note: str = "",
) -> PlanStep:
    """Put the next step of a question into the firm's plan; its lift is computed from the assessment.

    Parameters
    ----------
    target
        The option that is to be reached; the first that can be without one.
    help_by
        One of what the instrument says helps: a facility's id, "workshop" or "partners".

    Raises
    ------
    NotYourFirm, NoSuchGap, StepKnown
        Nothing is stored then.
    """
    if not actor.has_perm("readiness.assess", assessment.firm):
        raise NotYourFirm
    gap = next(
        (one for one in gaps(instrument_of(assessment.instrument), assessment.answers) if one.question == question),
        None,
    )
    if gap is None or (target and target not in gap.options) or (help_by and help_by not in gap.help_by):
        raise NoSuchGap
    made = PlanStep(
        firm=assessment.firm, assessment=assessment, question=question, target=target or gap.options[0], lift=gap.lift,
        help_by=help_by or (gap.help_by[0] if gap.help_by else ""), due_on=due_on, note=note.strip()[:300],
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise StepKnown from error
    record_audit(actor=actor, verb="readiness.plan_step", target=made, after=_facts(made))
    return made


@transaction.atomic
def change_step(*, actor: User, step: PlanStep, status: str, due_on: date | None = None, note: str = "") -> PlanStep:
    """Say how far a step is, or when it is due.

    Raises
    ------
    NotYourFirm, StepKnown
        Nothing is changed then; StepKnown when a dropped or done step would be open beside a newer one.
    """
    found = lock(PlanStep.objects.select_related("firm").filter(pk=step.pk)).get()
    if not actor.has_perm("readiness.assess", found.firm):
        raise NotYourFirm
    before = _facts(found)
    found.status, found.due_on, found.note, found.changed_at = status, due_on, note.strip()[:300], timezone.now()
    try:
        with transaction.atomic():
            found.save(update_fields=["status", "due_on", "note", "changed_at"])
    except IntegrityError as error:
        raise StepKnown from error
    record_audit(actor=actor, verb="readiness.change_step", target=found, before=before, after=_facts(found))
    return found


def _facts(step: PlanStep) -> dict[str, Any]:
    return {
        "question": step.question, "target": step.target, "status": str(step.status),
        "due_on": step.due_on.isoformat() if step.due_on else None,
    }  # fmt: skip
