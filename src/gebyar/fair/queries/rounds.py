"""Fairs and rounds as lists and pages show them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gebyar.accounts.models import User
from gebyar.fair.models import Fair, MeetingRequest, Participant, Plan, Round
from gebyar.registry.rules import open_firms


def rounds_with_counts() -> QuerySet[Round]:
    """Return every round with how many take part, ask, and sit at how many tables in how many slots."""

    def counted(rows: str, **narrowed: Any) -> Coalesce:
        found = Round.objects.filter(pk=OuterRef("pk"), **narrowed).annotate(number_of=Count(rows)).order_by()
        return Coalesce(Subquery(found.values("number_of")), 0)

    return Round.objects.select_related("fair").annotate(
        participant_count=counted("participants"),
        request_count=counted("requests", requests__withdrawn_at__isnull=True),
        slot_count=counted("slots"),
        table_count=counted("tables"),
    )


def fairs_with_rounds(*, drafts: bool) -> QuerySet[Fair]:
    """Return the fairs, the latest first; rounds that are only being prepared are for organisers."""
    rounds = rounds_with_counts() if drafts else rounds_with_counts().exclude(status=Round.Status.DRAFT)
    return Fair.objects.prefetch_related(Prefetch("rounds", rounds, to_attr="shown_rounds")).order_by(
        "-starts_on", "pk"
    )


def participations_of(user: Any) -> QuerySet[Participant]:
    """Return where this person's firms take part, or are invited to."""
    if not isinstance(user, User):
        return Participant.objects.none()
    return (
        Participant.objects.filter(firm__in=open_firms(user))
        .exclude(round__status=Round.Status.DRAFT)
        .select_related("firm", "round__fair")
        .order_by("-round__fair__starts_on", "round__name", "number")
    )


@dataclass(frozen=True)
class RoundFigures:
    """Where a round stands, in numbers."""

    participants: int
    confirmed: int
    asking: int
    requests: int
    accepted: int
    declined: int
    unanswered: int
    slots: int
    tables: int
    days: int

    @property
    def places(self) -> int:
        """Meetings for which there is room, when nobody is ever absent."""
        return self.slots * self.tables


def figures_of(found: Round) -> RoundFigures:
    answer = MeetingRequest.Answer
    people = found.participants.aggregate(
        all=Count("pk"), confirmed=Count("pk", filter=Q(status=Participant.Status.CONFIRMED))
    )
    asked = found.requests.filter(withdrawn_at__isnull=True).aggregate(
        all=Count("pk"),
        asking=Count("asker", distinct=True),
        accepted=Count("pk", filter=Q(answer=answer.ACCEPTED)),
        declined=Count("pk", filter=Q(answer=answer.DECLINED)),
        unanswered=Count("pk", filter=Q(answer=answer.OPEN)),
    )
    starts = list(found.slots.values_list("starts_at", flat=True))
    return RoundFigures(
        participants=people["all"],
        confirmed=people["confirmed"],
        asking=asked["asking"],
        requests=asked["all"],
        accepted=asked["accepted"],
        declined=asked["declined"],
        unanswered=asked["unanswered"],
        slots=len(starts),
        tables=found.tables.count(),
        days=len({moment.astimezone(found.zone).date() for moment in starts}),
    )


def published_plan(found: Round) -> Plan | None:
    return found.plans.filter(published_at__isnull=False).first()
