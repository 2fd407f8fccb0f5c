"""Facilities, calls and applications for other programs: the same queries, services and permissions as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.facilities.allotment import code_of
from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.applications import deadline_of, visible_applications
from gebyar.facilities.queries.offers import Offer, offers_for, open_calls, public_lines
from gebyar.facilities.queries.rulebook import facility_in_force, rulebook
from gebyar.facilities.services.allotting import allot_call
from gebyar.facilities.services.applications import (
    begin_application,
    save_application,
    submit_application,
    withdraw_application,
)
from gebyar.facilities.services.calls import MOST_RUPIAH
from gebyar.facilities.services.judging import judge_application
from gebyar.facilities.services.payments import pay
from gebyar.facilities.wording import said
from gebyar.reference.facilities import Facility, Version
from gebyar.registry.models import Firm
from gebyar.registry.queries.firms import visible_firms
from gebyar.registry.rules import open_firms

router = Router(tags=["facilities"])
PAGE_SIZE = 20
_LAST_PAGE = 5000

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
Slug = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]
# PostgreSQL stores no zero characters.
Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Rupiah = Annotated[int, Field(ge=0, le=MOST_RUPIAH)]


class ConditionOut(Schema):
    id: str
    words: str
    article: str
    certain: bool
    verdict: str | None = None
    missing: list[str] = []


class FacilityOut(Schema):
    id: str
    name: str
    summary: str
    law: str
    certain: bool
    versions: list[str]
    version: str | None


class VersionOut(Schema):
    version: str
    valid_from: date
    valid_until: date | None
    source: str
    benefit: str
    shares: dict[str, float]
    least: int | None
    most: int | None
    decision_days: int | None
    documents: list[str]
    conditions: list[ConditionOut]


class FacilityFullOut(FacilityOut):
    held: list[VersionOut]


class OfferOut(Schema):
    """A facility for one firm; ``status`` is could, not, unknown, or "" where no version holds today."""

    id: str
    name: str
    status: str
    conditions: list[ConditionOut]
    calls: list[int]


class ResultOut(Schema):
    code: str
    status: str
    rank: int
    granted: int | None
    reason: str


class CallOut(Schema):
    id: int
    facility: str
    version: str
    name: str
    opens_at: datetime
    closes_at: datetime
    budget: int | None
    places: int | None
    method: str
    points: dict[str, float]
    reserves: list[dict[str, Any]]
    seed: int
    status: str
    record: str | None


class CallFullOut(CallOut):
    results: list[ResultOut]


class ApplicationOut(Schema):
    id: int
    call_id: int
    firm_id: int
    firm: str
    number: int | None
    status: str
    choice: str
    price: int | None
    amount: int | None
    granted: int | None
    points: float | None
    rank: int | None
    code: str
    decide_by: date | None


class ApplicationIn(Schema):
    call_id: Key
    firm_id: Key


class AnswersIn(Schema):
    """``said`` answers conditions by their ids."""

    said: dict[Short, bool] = {}
    choice: Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""
    price: Rupiah | None = None


class JudgementIn(Schema):
    is_fit: bool
    note: Text = ""
    findings: dict[Short, Text] = {}


class JudgementOut(Schema):
    place: int
    status: str


class PaymentIn(Schema):
    amount: Rupiah
    paid_on: date
    reference: Short


class PaymentOut(Schema):
    id: int
    amount: int
    reference: str


class AllotIn(Schema):
    """``seen`` is the fingerprint of the preview; left out, whatever it is now is meant."""

    seen: Short = ""


class RecordOut(Schema):
    record: str


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise HttpError(404, "Not Found")
    return request.user


# --- facilities and calls ---------------------------------------------------------------------------------------


@router.get("/facilities", response=list[FacilityOut], auth=None)
def list_facilities(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every facility with the version that holds today."""
    return [_facility(one) for one in rulebook().values()]


@router.get("/facilities/{key}", response=FacilityFullOut, auth=None)
def get_facility(request: HttpRequest, key: Slug) -> dict[str, Any]:
    """Return one facility with all its versions: conditions, law, benefit and dates."""
    found = facility_in_force(key)
    return {**_facility(found), "held": [_version(version) for version in reversed(found.versions)]}


def _facility(one: Facility) -> dict[str, Any]:
    now = one.on(timezone.localdate())
    return {
        "id": one.id, "name": said(one.names), "summary": said(one.summary), "law": one.law, "certain": one.certain,
        "versions": [version.version for version in one.versions], "version": now.version if now else None,
    }  # fmt: skip


def _version(version: Version) -> dict[str, Any]:
    benefit = version.benefit
    return {
        "version": version.version, "valid_from": version.valid_from, "valid_until": version.valid_until,
        "source": version.source, "benefit": said(benefit.words), "shares": dict(benefit.shares),
        "least": benefit.least, "most": benefit.most, "decision_days": version.decision_days,
        "documents": [said(ask.names) for ask in version.documents],
        "conditions": [
            {"id": line.condition.id, "words": line.words, "article": line.condition.article,
             "certain": line.condition.certain}
            for line in public_lines(version)
        ],
    }  # fmt: skip


@router.get("/firms/{firm_id}/facilities", response=list[OfferOut], auth=django_auth)
def firm_facilities(request: HttpRequest, firm_id: Key) -> list[dict[str, Any]]:
    """Say which facilities a firm could have, with each condition's answer; for the firm and its officers."""
    firm = _seen_firm(request, firm_id)
    return [_offer(one) for one in offers_for(firm)[0]]


def _seen_firm(request: HttpRequest, firm_id: int) -> Firm:
    firm: Firm = get_object_or_404(visible_firms(request.user).select_related("delivery__source"), pk=firm_id)
    if not request.user.has_perm("facilities.see", firm):
        raise HttpError(404, "Not Found")
    return firm


def _offer(one: Offer) -> dict[str, Any]:
    conditions = [
        {
            "id": line.condition.id, "words": line.words, "article": line.condition.article,
            "certain": line.condition.certain, "verdict": line.verdict,
            "missing": [label for label, _url in line.remedies] if line.verdict == "unknown" else [],
        }
        for line in one.lines
    ]  # fmt: skip
    calls = [call.pk for call in one.calls]
    return {"id": one.facility.id, "name": one.name, "status": one.status, "conditions": conditions, "calls": calls}


@router.get("/calls", response=list[CallOut], auth=None)
def list_facility_calls(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the calls that are open or announced."""
    return [_call(one) for one in open_calls()]


@router.get("/calls/{call_id}", response=CallFullOut, auth=None)
def get_facility_call(request: HttpRequest, call_id: Key) -> dict[str, Any]:
    """Return one published call; once it is allotted, with the outcome by numbers."""
    shown = Call.objects.exclude(status=Call.Status.DRAFT).select_related("rules", "record")
    found: Call = get_object_or_404(shown, pk=call_id)
    rows = found.applications.filter(rank__isnull=False).order_by("rank", "number") if found.record else []
    results = [
        {"code": code_of(one), "status": str(one.status), "rank": one.rank, "granted": one.granted, "reason": one.code}
        for one in rows
    ]
    return {**_call(found), "results": results}


def _call(one: Call) -> dict[str, Any]:
    record = one.record.hash if one.record_id and one.record else None
    return {
        "id": one.pk, "facility": one.rules.key, "version": one.version, "name": one.name, "opens_at": one.opens_at,
        "closes_at": one.closes_at, "budget": one.budget, "places": one.places, "method": str(one.method),
        "points": one.points, "reserves": one.reserves, "seed": one.seed, "status": str(one.status), "record": record,
    }  # fmt: skip


# --- applications -----------------------------------------------------------------------------------------------


@router.get("/applications", response=list[ApplicationOut], auth=django_auth)
def list_applications(request: HttpRequest, page: int = 1) -> list[dict[str, Any]]:
    """Return the applications of one's firms and region, the newest first, twenty at a time."""
    start = (min(max(page, 1), _LAST_PAGE) - 1) * PAGE_SIZE
    found = visible_applications(_person(request)).order_by("-made_at", "-pk")
    return [_application(one) for one in found[start : start + PAGE_SIZE]]


@router.get("/applications/{application_id}", response=ApplicationOut, auth=django_auth)
def get_application(request: HttpRequest, application_id: Key) -> dict[str, Any]:
    return _application(_seen(request, application_id))


def _seen(request: HttpRequest, application_id: int) -> Application:
    found: Application = get_object_or_404(visible_applications(_person(request)), pk=application_id)
    return found


def _own(request: HttpRequest, application_id: int) -> Application:
    found = _seen(request, application_id)
    if found.firm_id not in open_firms(request.user):
        raise HttpError(404, "Not Found")
    return found


def _application(one: Application) -> dict[str, Any]:
    return {
        "id": one.pk, "call_id": one.call_id, "firm_id": one.firm_id, "firm": one.firm.name, "number": one.number,
        "status": str(one.status), "choice": one.choice, "price": one.price, "amount": one.amount,
        "granted": one.granted, "points": one.points, "rank": one.rank, "code": one.code,
        "decide_by": deadline_of(one),
    }  # fmt: skip


@router.post("/applications", response={201: ApplicationOut}, auth=django_auth)
def begin_one_application(request: HttpRequest, asked: ApplicationIn) -> Status[dict[str, Any]]:
    """Begin an application of one's own firm, or return the one that is there."""
    user = _person(request)
    if asked.firm_id not in open_firms(user):
        raise HttpError(404, "Not Found")
    call = get_object_or_404(Call.objects.exclude(status="draft").select_related("rules"), pk=asked.call_id)
    firm = get_object_or_404(Firm, pk=asked.firm_id)
    return Status(201, _application(begin_application(actor=user, call=call, firm=firm)))


@router.put("/applications/{application_id}", response=ApplicationOut, auth=django_auth)
def answer_application(request: HttpRequest, application_id: Key, answers: AnswersIn) -> dict[str, Any]:
    """Keep the answers of a draft; the amount is computed by the benefit's formula."""
    found = _own(request, application_id)
    return _application(save_application(actor=_person(request), application=found, **answers.dict()))


@router.post("/applications/{application_id}/submission", response=ApplicationOut, auth=django_auth)
def hand_in_application(request: HttpRequest, application_id: Key) -> dict[str, Any]:
    found = _own(request, application_id)
    return _application(submit_application(actor=_person(request), application=found))


@router.post("/applications/{application_id}/withdrawal", response=ApplicationOut, auth=django_auth)
def withdraw_one_application(request: HttpRequest, application_id: Key) -> dict[str, Any]:
    found = _own(request, application_id)
    return _application(withdraw_application(actor=_person(request), application=found))


@router.post("/applications/{application_id}/judgements", response={201: JudgementOut}, auth=django_auth)
def judge_one_application(request: HttpRequest, application_id: Key, word: JudgementIn) -> Status[dict[str, Any]]:
    """Say as an officer of the region whether an application is fit."""
    user, found = _person(request), _seen(request, application_id)
    if not user.has_perm("facilities.judge", found.firm) or found.firm_id in open_firms(user):
        raise HttpError(404, "Not Found")
    made = judge_application(actor=user, application=found, **word.dict())
    found.refresh_from_db()
    return Status(201, {"place": made.place, "status": str(found.status)})


@router.post("/applications/{application_id}/payments", response={201: PaymentOut}, auth=django_auth)
def pay_application(request: HttpRequest, application_id: Key, sum_: PaymentIn) -> Status[dict[str, Any]]:
    """Note a sum that was paid, never more than was granted."""
    user = _national(request)
    made = pay(actor=user, application=_seen(request, application_id), **sum_.dict())
    return Status(201, {"id": made.pk, "amount": made.amount, "reference": made.reference})


@router.post("/calls/{call_id}/allotment", response={201: RecordOut}, auth=django_auth)
def allot_one_call(request: HttpRequest, call_id: Key, how: AllotIn) -> Status[dict[str, Any]]:
    """Allot a closed call for good; returns the hash of the decision record."""
    user = _national(request)
    found: Call = get_object_or_404(Call, pk=call_id)
    return Status(201, {"record": allot_call(actor=user, call=found, seen=how.seen).hash})


def _national(request: HttpRequest) -> User:
    user = _person(request)
    if not user.has_perm("facilities.allot"):
        raise HttpError(404, "Not Found")
    return user
