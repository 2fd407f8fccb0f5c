"""Mails to judges whose marks are missing: at most one a day to each, however often somebody presses."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.errors_judging import JudgingClosed
from gebyar.awards.models import Judge, Stage
from gebyar.awards.queries.judging import counted, takes_scores
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.letters_judging import write_to_judges
from gebyar.awards.services.turns_judging import held_judges, held_stage
from gebyar.records.services import record_audit

PAUSE = timedelta(hours=20)  # so that two presses, or a press and the daily task, write once a day
WARNING = timedelta(hours=48)


@transaction.atomic
def remind_judges(*, actor: User | None, stage: Stage) -> int:
    """Have the judges reminded whose marks are missing, each at most once in `PAUSE`.

    Returns
    -------
    int
        How many will be written to.

    Raises
    ------
    JudgingClosed
    """
    may_organise(actor)
    found = held_stage(stage.pk)
    if not takes_scores(found):
        raise JudgingClosed
    late = counted(found).filter(sent_at__isnull=True).values_list("judge", flat=True)
    now = timezone.now()
    due = [
        judge.pk
        for judge in held_judges(set(late)).values()
        if judge.reminded_at is None or now - judge.reminded_at >= PAUSE
    ]
    if due:
        Judge.objects.filter(pk__in=due).update(reminded_at=now)
        record_audit(actor=actor, verb="awards.remind_judges", target=found, after={"count": len(due)})
        transaction.on_commit(lambda: write_to_judges(due, found.pk, "missing"), robust=True)
    return len(due)


def remind_before_closing() -> int:
    """Remind the judges of every stage that closes within `WARNING`.

    Returns
    -------
    int
        How many judges will be written to.
    """
    now = timezone.now()
    near = Stage.objects.filter(status=Stage.Status.ACTIVE, closes_at__range=(now, now + WARNING))
    return sum(remind_judges(actor=None, stage=stage) for stage in near.order_by("pk"))
