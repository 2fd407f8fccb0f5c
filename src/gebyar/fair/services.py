"""Every write of the fair. A plan is made by a background task, stored with its decision record, then published."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.fair.models import Fair, MeetingDay, MeetingRequest, Participant, Plan, PlannedMeeting, Seat, Slot
from gebyar.fair.planning import problem_inputs
from gebyar.methods.meetings.plan import Plan as Solution
from gebyar.methods.meetings.records import METHOD, VERSION, result_of, run
from gebyar.records.errors import DomainError
from gebyar.records.locking import lock
from gebyar.records.services import append_decision, record_audit
from gebyar.registry.models import Firm

Progress = Callable[[int, int | None, str], None]

# A plan that has not reported for this long was interrupted; another may be started.
SILENCE = timedelta(minutes=2)


class PlanRunning(DomainError):
    words = _("A plan is being made for this day. Wait until it is finished, then make another.")


class NothingToPublish(DomainError):
    words = _("This plan has no meetings to publish.")


class AlreadyAsked(DomainError):
    words = _("Two of the requests name the same pair of participants. A pair meets once a day.")


@dataclass(frozen=True)
class SlotTimes:
    starts_at: datetime
    ends_at: datetime
    is_morning: bool


@transaction.atomic
def create_fair(
    *,
    actor: User | None,
    name: str,
    venue: str,
    starts_on: date,
    ends_on: date,
    time_zone: str = "Asia/Jakarta",
    is_synthetic: bool = False,
) -> Fair:
    fair = Fair.objects.create(
        name=name,
        venue=venue,
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone,
        is_synthetic=is_synthetic,
    )
    record_audit(actor=actor, verb="fair.create_fair", target=fair, after={"name": name, "venue": venue})
    return fair


@transaction.atomic
def create_meeting_day(
    *, actor: User | None, fair: Fair, on: date, tables: int, slots: Sequence[SlotTimes], fairness: int = 2
) -> MeetingDay:
    day = MeetingDay.objects.create(fair=fair, date=on, tables=tables, fairness=fairness)
    Slot.objects.bulk_create(Slot(day=day, number=n, **asdict(slot)) for n, slot in enumerate(slots, start=1))
    record_audit(
        actor=actor,
        verb="fair.create_meeting_day",
        target=day,
        after={"date": on.isoformat(), "tables": tables, "slots": len(slots)},
    )
    return day


@transaction.atomic
def add_participants(*, actor: User | None, day: MeetingDay, firms: Iterable[Firm]) -> list[Participant]:
    """Give each firm the next free number of the day."""
    lock(MeetingDay.objects.filter(pk=day.pk)).get()
    last = day.participants.aggregate(Max("number"))["number__max"] or 0
    added = Participant.objects.bulk_create(
        Participant(day=day, firm=firm, number=number) for number, firm in enumerate(firms, start=last + 1)
    )
    record_audit(actor=actor, verb="fair.add_participants", target=day, after={"added": len(added)})
    return added


@transaction.atomic
def add_requests(
    *,
    actor: User | None,
    day: MeetingDay,
    pairs: Iterable[tuple[Participant, Participant]],
    session: MeetingRequest.Session = MeetingRequest.Session.ANY,
) -> list[MeetingRequest]:
    lock(MeetingDay.objects.filter(pk=day.pk)).get()
    last = day.requests.aggregate(Max("number"))["number__max"] or 0
    requests = [
        MeetingRequest(day=day, number=number, host=host, guest=guest, session=session)
        for number, (host, guest) in enumerate(pairs, start=last + 1)
    ]
    try:
        with transaction.atomic():
            MeetingRequest.objects.bulk_create(requests)
    except IntegrityError as error:
        raise AlreadyAsked from error
    record_audit(actor=actor, verb="fair.add_requests", target=day, after={"added": len(requests)})
    return requests


@transaction.atomic
def start_plan(*, actor: User | None, day: MeetingDay, seed: int, seconds: int = 60) -> Plan:
    """Open the next version of the day's plan; the work itself follows on commit, behind the page."""
    from gebyar.fair.tasks import make_plan  # noqa: PLC0415  the task calls back into this module

    plan = _open_plan(actor, day, seed)
    transaction.on_commit(lambda: make_plan.enqueue(plan.pk, seconds))
    return plan


@transaction.atomic
def open_plan(*, actor: User | None, day: MeetingDay, seed: int) -> Plan:
    """Open the next version for a caller who will run it at once, such as the command line."""
    return _open_plan(actor, day, seed)


def _open_plan(actor: User | None, day: MeetingDay, seed: int) -> Plan:
    lock(MeetingDay.objects.filter(pk=day.pk)).get()
    _close_interrupted(day)
    if day.plans.filter(status=Plan.Status.RUNNING).exists():
        raise PlanRunning
    last = day.plans.aggregate(Max("version"))["version__max"] or 0
    plan = Plan.objects.create(day=day, version=last + 1, seed=seed, made_by=actor)
    record_audit(actor=actor, verb="fair.start_plan", target=plan, after={"version": plan.version, "seed": seed})
    return plan


def _close_interrupted(day: MeetingDay) -> None:
    silent = day.plans.filter(status=Plan.Status.RUNNING, heard_at__lt=timezone.now() - SILENCE)
    silent.update(status=Plan.Status.UNKNOWN, reason="interrupted")


def run_plan(*, plan: Plan, seconds: float, progress: Progress | None = None) -> Plan:
    """Solve the plan's day and store the outcome. Running it again after an interruption starts afresh."""
    inputs = problem_inputs(plan.day)

    def report(done: int, total: int | None, words: str) -> None:
        Plan.objects.filter(pk=plan.pk).update(progress=words[:200], heard_at=timezone.now())
        if progress:
            progress(done, total, words)

    solution = run(inputs, seed=plan.seed, time_limit=seconds, progress=report)
    return _store(plan, inputs, solution)


@transaction.atomic
def _store(plan: Plan, inputs: dict[str, Any], solution: Solution) -> Plan:
    plan = lock(Plan.objects.filter(pk=plan.pk)).select_related("day__fair").get()
    if plan.status != Plan.Status.RUNNING:
        return plan
    result = result_of(solution)
    plan.status, plan.reason = result["status"], result["reason"] or ""
    plan.idle, plan.bound, plan.seconds = result["idle"], result["bound"], solution.seconds
    _store_meetings(plan, result["meetings"])
    plan.record = append_decision(
        actor=plan.made_by,
        method=METHOD,
        version=VERSION,
        title=f"{plan.day.fair.name}: {plan.day.date.isoformat()}, version {plan.version}",
        inputs=inputs,
        seed=plan.seed,
        result=result,
    )
    plan.save()
    record_audit(
        actor=plan.made_by,
        verb="fair.finish_plan",
        target=plan,
        after={"status": plan.status, "idle": plan.idle, "bound": plan.bound, "record": plan.record.hash},
    )
    return plan


def _store_meetings(plan: Plan, placed: list[dict[str, int]]) -> None:
    requests = dict(enumerate(plan.day.requests.all(), start=1))
    slots = {slot.number: slot for slot in plan.day.slots.all()}
    meetings = PlannedMeeting.objects.bulk_create(
        PlannedMeeting(plan=plan, request=requests[m["meeting"]], slot=slots[m["slot"]], table=m["table"])
        for m in placed
    )
    Seat.objects.bulk_create(
        Seat(plan=plan, slot_id=meeting.slot_id, participant_id=participant, meeting=meeting)
        for meeting in meetings
        for participant in (meeting.request.host_id, meeting.request.guest_id)
    )


@transaction.atomic
def publish_plan(*, actor: User | None, plan: Plan) -> Plan:
    """Show this version to the participants instead of the one they saw before."""
    lock(MeetingDay.objects.filter(pk=plan.day_id)).get()
    plan.refresh_from_db()
    if plan.status not in {Plan.Status.OPTIMAL, Plan.Status.FEASIBLE}:
        raise NothingToPublish
    before = plan.day.plans.filter(published_at__isnull=False).first()
    plan.day.plans.filter(published_at__isnull=False).update(published_at=None)
    plan.published_at = timezone.now()
    plan.save(update_fields=["published_at"])
    record_audit(
        actor=actor,
        verb="fair.publish_plan",
        target=plan,
        before={"version": before.version if before else None},
        after={"version": plan.version},
    )
    return plan
