"""The fair for machines: its days, a day's plan, and one participant's agenda by its address part."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.security import django_auth

from gebyar.fair.models import MeetingDay, Participant, Plan
from gebyar.fair.queries import agenda_of, days_with_counts
from gebyar.fair.services import publish_plan, start_plan

router = Router(tags=["fair"])


class DayOut(Schema):
    id: int
    fair: str
    date: date
    tables: int
    participants: int
    requests: int


class PlanOut(Schema):
    version: int
    status: str
    idle: int | None
    bound: int | None
    seconds: float | None
    reason: str
    published_at: datetime | None


class PlanIn(Schema):
    seed: int = Field(ge=0, le=2**31 - 1)
    seconds: int = Field(60, ge=5, le=600)


class AgendaLineOut(Schema):
    starts_at: datetime
    ends_at: datetime
    table: int
    meets: str


class AgendaOut(Schema):
    firm: str
    date: date
    version: int | None
    meetings: list[AgendaLineOut]


@router.get("/fair/days", response=list[DayOut], summary="Days of business meetings")
def list_days(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "id": day.pk,
            "fair": day.fair.name,
            "date": day.date,
            "tables": day.tables,
            "participants": day.participant_count,
            "requests": day.request_count,
        }
        for day in days_with_counts()
    ]


@router.get("/fair/days/{day_id}/plans", response=list[PlanOut], summary="Versions of a day's plan")
def list_plans(request: HttpRequest, day_id: int) -> list[Plan]:
    return list(get_object_or_404(MeetingDay, pk=day_id).plans.all())


@router.post("/fair/days/{day_id}/plans", response={202: PlanOut}, auth=django_auth, summary="Make another version")
def make_day_plan(request: HttpRequest, day_id: int, wish: PlanIn) -> Status[Plan]:
    day = get_object_or_404(MeetingDay, pk=day_id)
    return Status(202, start_plan(actor=request.user, day=day, seed=wish.seed, seconds=wish.seconds))


@router.post(
    "/fair/days/{day_id}/plans/{version}/publish",
    response=PlanOut,
    auth=django_auth,
    summary="Show a version to everybody",
)
def publish_day_plan(request: HttpRequest, day_id: int, version: int) -> Plan:
    return publish_plan(actor=request.user, plan=get_object_or_404(Plan, day_id=day_id, version=version))


@router.get("/fair/agendas/{token}", response=AgendaOut, summary="One participant's agenda")
def get_agenda(request: HttpRequest, token: str) -> dict[str, Any]:
    participant = get_object_or_404(Participant.objects.select_related("firm", "day__fair"), agenda_token=token)
    agenda = agenda_of(participant)
    meetings = [
        {"starts_at": line.starts_at, "ends_at": line.ends_at, "table": line.table, "meets": line.with_firm.name}
        for line in agenda.lines
    ]
    version = agenda.plan.version if agenda.plan else None
    return {"firm": participant.firm.name, "date": agenda.day.date, "version": version, "meetings": meetings}
