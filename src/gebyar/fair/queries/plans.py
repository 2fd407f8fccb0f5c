"""Plans as pages show them: figures, meetings, reasons, and what changed between two versions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gebyar.fair.models import MeetingRequest, Participant, Plan, PlannedMeeting, Refusal, Round, Slot
from gebyar.fair.queries.words import by_words
from gebyar.fair.wording import refusal_words


def plans_of(found: Round) -> QuerySet[Plan]:
    return (
        found.plans.select_related("record", "made_by", "based_on")
        .annotate(meeting_count=_rows_of(PlannedMeeting), refusal_count=_rows_of(Refusal))
        .order_by("-version")
    )


def _rows_of(kind: type[Model]) -> Coalesce:
    """Count by itself: two joined counts would multiply a plan's thousands of meetings by its refusals."""
    rows = kind._default_manager.filter(plan=OuterRef("pk")).order_by()  # noqa: SLF001  Django's documented name
    return Coalesce(Subquery(rows.values("plan").annotate(count=Count("pk")).values("count")), 0)


def meetings_of(plan: Plan, *, words: str = "") -> QuerySet[PlannedMeeting]:
    """Return the meetings in the order of time and table; `words` are of either firm's name, or its number."""
    meetings = plan.meetings.filter(by_words(words, "request__asker", "request__asked"))
    ends = ("slot", "request__asker__firm", "request__asked__firm")
    return meetings.select_related(*ends).order_by("slot__number", "table")


@dataclass(frozen=True)
class RefusalLine:
    request: MeetingRequest
    words: str


def refusals_of(plan: Plan) -> QuerySet[Refusal]:
    return (
        plan.refusals.filter(request__withdrawn_at__isnull=True)
        .select_related("request__asker__firm", "request__asked__firm")
        .order_by("request__number")
    )


def refusal_lines(plan: Plan, refusals: Iterable[Refusal]) -> list[RefusalLine]:
    """Return the reasons for organisers, which name every firm."""
    shown = list(refusals)
    wanted = {refusal.parameters["other"] for refusal in shown if "other" in refusal.parameters}
    people = plan.round.participants.filter(number__in=wanted)
    names = dict(people.values_list("number", "firm__name")) if wanted else {}
    return [RefusalLine(one.request, refusal_words(one, names=names, for_organiser=True)) for one in shown]


@dataclass(frozen=True)
class PlanFigures:
    """What can be said of one version in numbers.

    Attributes
    ----------
    granted, refused
        Requests with and without a place.
    accepted_refused
        Those without, although both sides want the meeting.
    priority, priority_bound
        Points of the granted requests, and the most that any choice could have reached.
    least, served_least
        The fewest meetings of anybody who asks or is asked, and who has so few.
    without
        Participants who ask or are asked, and have no meeting.
    called_off
        Meetings whose request was withdrawn since, or one of whose ends does not come.
    """

    plan: Plan
    granted: int
    refused: int
    accepted_refused: int
    least: int | None
    served_least: list[Participant] = field(default_factory=list)
    without: int = 0
    called_off: int = 0

    @property
    def priority_share(self) -> float | None:
        bound = self.plan.priority_bound
        return (self.plan.priority or 0) / bound if bound else None


MOST_NAMED = 10


def figures_of_plan(plan: Plan) -> PlanFigures:
    served = Counter(plan.seats.values_list("participant", flat=True))
    there = MeetingRequest.objects.filter(round=plan.round_id, withdrawn_at__isnull=True)
    wanted = {key for pair in there.values_list("asker", "asked") for key in pair}
    coming = list(
        Participant.objects.filter(pk__in=wanted, status=Participant.Status.CONFIRMED, is_standby=False)
        .select_related("firm")
        .order_by("number")
    )
    least = min((served[person.pk] for person in coming), default=None)
    refused = plan.refusals.filter(request__withdrawn_at__isnull=True)
    gone = Participant.Status.WITHDRAWN
    called_off = (
        Q(request__withdrawn_at__isnull=False) | Q(request__asker__status=gone) | Q(request__asked__status=gone)
    )
    return PlanFigures(
        plan=plan,
        granted=plan.meetings.count(),
        refused=refused.count(),
        accepted_refused=refused.filter(request__answer=MeetingRequest.Answer.ACCEPTED).count(),
        least=least,
        served_least=[person for person in coming if served[person.pk] == least][:MOST_NAMED],
        without=sum(served[person.pk] == 0 for person in coming),
        called_off=plan.meetings.filter(called_off).count(),
    )


# --- two versions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What became of one request: None before: added; None after: dropped."""

    request: MeetingRequest
    before: PlannedMeeting | None
    after: PlannedMeeting | None

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "dropped" if self.after is None else "moved"


@dataclass(frozen=True)
class Comparison:
    before: PlanFigures
    after: PlanFigures
    changes: list[Change]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in ("moved", "added", "dropped")}


def compare(before: Plan, after: Plan) -> Comparison:
    """Hold two versions of one round against each other."""
    old, new = ({one.request_id: one for one in meetings_of(plan)} for plan in (before, after))
    changes = []
    for key in {*old, *new}:
        was, now = old.get(key), new.get(key)
        if was is None or now is None or (was.slot_id, was.table) != (now.slot_id, now.table):
            changes.append(Change((now or was).request, was, now))  # type: ignore[union-attr]
    changes.sort(key=lambda change: change.request.number)
    return Comparison(figures_of_plan(before), figures_of_plan(after), changes)


# --- where a meeting could go -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FreeSlot:
    """A slot in which both sides are free, and the tables that are free in it."""

    slot: Slot
    tables: list[int]


def free_slots(plan: Plan, request: MeetingRequest) -> list[FreeSlot]:
    """Return where a meeting could be without anybody else moving, by what the plan and both sides say."""
    from gebyar.fair.planning import facts_of  # noqa: PLC0415  reads the whole round, which few pages need

    facts = facts_of(plan.round, with_standby=True)
    guests = {person.pk: facts.round.guests[n] for n, person in enumerate(facts.participants)}
    own = plan.meetings.filter(request=request).values_list("pk", flat=True).first()
    ends = (request.asker_id, request.asked_id)
    seats = plan.seats.filter(participant__in=ends).exclude(meeting=own)
    busy = Counter(seats.values_list("participant", "slot"))
    taken: dict[int, set[int]] = {}
    for slot, table in plan.meetings.exclude(pk=own).values_list("slot", "table"):
        taken.setdefault(slot, set()).add(table)
    found = []
    for number, slot in enumerate(facts.slots, start=1):
        free = all(number not in guests[end].absent and busy[end, slot.pk] < guests[end].delegates for end in ends)
        tables = [table.number for table in facts.tables if table.number not in taken.get(slot.pk, set())]
        if free and tables:
            found.append(FreeSlot(slot, tables))
    return found


def shown_meetings(participant: Participant) -> QuerySet[PlannedMeeting]:
    """Return a participant's meetings of the published plan, in order of time."""
    return (
        PlannedMeeting.objects.filter(
            Q(request__asker=participant) | Q(request__asked=participant), plan__published_at__isnull=False
        )
        .select_related("slot", "request__asker__firm", "request__asked__firm")
        .order_by(F("slot__number"))
    )


def own_refusals(participant: Participant) -> list[RefusalLine]:
    """Return why requests of or to a participant are not in the published plan; third firms are not named."""
    found = Refusal.objects.filter(
        Q(request__asker=participant) | Q(request__asked=participant),
        plan__round=participant.round_id, plan__published_at__isnull=False, request__withdrawn_at__isnull=True,
    )  # fmt: skip
    rows = found.select_related("request__asker__firm", "request__asked__firm").order_by("request__number")
    return [RefusalLine(refusal.request, refusal_words(refusal)) for refusal in rows]
