"""Readiness for other programs: the same queries, services and permissions as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.readiness.models import Assessment, PlanStep
from gebyar.readiness.queries.figures import officer_figures, public_figures
from gebyar.readiness.queries.instruments import asked_questions, instrument_of
from gebyar.readiness.queries.plans import gap_lines, last_finished
from gebyar.readiness.queries.visits import candidates, visible_assessments
from gebyar.readiness.queries.workshops import facilitated, group_result, progress_of, workshop_list
from gebyar.readiness.services.assessments import answer, begin_assessment, finish_assessment
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.readiness.services.plans import plan_step
from gebyar.registry.models import Firm
from gebyar.registry.queries.firms import visible_firms

router = Router(tags=["readiness"])
PAGE_SIZE = 50
_LAST_PAGE = 2000

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
Name = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]
Said = Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$")]


class OptionOut(Schema):
    id: str
    text: dict[str, str]
    value: float
    exclusive: bool


class QuestionOut(Schema):
    id: str
    field: str
    kind: str
    text: dict[str, str]
    help: dict[str, str]
    optional: bool
    options: list[OptionOut]


class InstrumentOut(Schema):
    """An instrument in use, with its questions in the order in which they are asked."""

    key: str
    number: int
    sha256: str
    names: dict[str, str]
    source: str
    occasions: list[str]
    questions: list[QuestionOut]


class AssessmentOut(Schema):
    """A result; `index` and `level` are empty while answers are missing, then only the bounds are known."""

    id: int
    firm_id: int
    instrument: str
    version: int
    occasion: str
    status: str
    answered: int
    index: float | None
    index_low: float | None
    index_high: float | None
    level: str
    is_candidate: bool
    pillars: dict[str, float | None]
    fields: dict[str, float | None]
    profiles: dict[str, Any]
    finished_at: datetime | None


class BeginIn(Schema):
    instrument: Name
    occasion: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""


class ReadinessAnswersIn(Schema):
    """Question id → option id, several with ; between them, "na", or empty to take an answer back."""

    answers: dict[Name, Said]


class FinishIn(Schema):
    although_open: bool = False


class GapOut(Schema):
    question: str
    field: str
    now: float
    then: float
    options: list[str]
    lift: float
    effort: float
    help_by: list[str]


class StepIn(Schema):
    question: Name
    target: Name = ""
    help_by: Name = ""
    due_on: date | None = None
    note: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")] = ""


class StepOut(Schema):
    id: int
    question: str
    target: str
    lift: float
    help_by: str
    due_on: date | None
    status: str
    note: str


class WorkshopOut(Schema):
    id: int
    name: str
    instrument: str
    status: str
    join_code: str
    starts_at: datetime
    joined: int
    finished: int


class WorkshopGroupOut(Schema):
    count: int
    mean: float
    quartiles: list[float]
    pillars: dict[str, float]
    levels: dict[str, int]


class WorkshopStateOut(WorkshopOut):
    """`group` is empty while fewer than ten have answered everything."""

    complete: int
    group: WorkshopGroupOut | None


class ReadinessLineOut(Schema):
    """A group; both figures are empty where they are not shown."""

    label: str
    count: int | None
    mean: float | None


class ReadinessFiguresOut(Schema):
    total: ReadinessLineOut
    by_province: list[ReadinessLineOut]
    by_sector: list[ReadinessLineOut]
    by_size: list[ReadinessLineOut]


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]  # django_auth lets nobody else in
    return user


def _firm(request: HttpRequest, firm_id: int, permission: str) -> Firm:
    found = get_object_or_404(visible_firms(_person(request)), pk=firm_id)
    if not _person(request).has_perm(permission, found):
        raise HttpError(404, "Not Found")
    return found


def _assessment(request: HttpRequest, assessment_id: int, permission: str = "readiness.see") -> Assessment:
    found: Assessment = get_object_or_404(visible_assessments(_person(request)), pk=assessment_id)
    if not _person(request).has_perm(permission, found.firm):
        raise HttpError(404, "Not Found")
    return found


def _out(found: Assessment) -> dict[str, Any]:
    names = AssessmentOut.model_fields.keys() - {"instrument", "version", "status"}
    facts = {name: getattr(found, name) for name in names}
    return {
        **facts, "instrument": found.instrument.key, "version": found.instrument.number, "status": str(found.status)
    }  # fmt: skip


# --- instruments ------------------------------------------------------------------------------------------------


@router.get("/readiness/instruments/{key}", response=InstrumentOut, auth=None)
def get_instrument(request: HttpRequest, key: Name) -> dict[str, Any]:
    """Return an instrument in use."""
    version = built_in_versions().get(key)
    if version is None:
        raise HttpError(404, "Not Found")
    found = instrument_of(version)
    return {
        "key": version.key, "number": version.number, "sha256": version.sha256, "names": found.names,
        "source": found.source, "occasions": found.occasions, "questions": asked_questions(found),
    }  # fmt: skip


# --- assessments ------------------------------------------------------------------------------------------------


@router.get("/firms/{firm_id}/readiness", response=list[AssessmentOut], auth=django_auth)
def list_firm_readiness(request: HttpRequest, firm_id: Key) -> list[dict[str, Any]]:
    """Return a firm's finished assessments, the newest first, for the firm and its officers."""
    firm = _firm(request, firm_id, "readiness.see")
    found = firm.assessments.filter(status=Assessment.Status.FINISHED).select_related("instrument")
    return [_out(one) for one in found.order_by("-finished_at", "-pk")]


@router.post("/firms/{firm_id}/readiness", response={201: AssessmentOut}, auth=django_auth)
def begin_readiness(request: HttpRequest, firm_id: Key, said: BeginIn) -> Status[dict[str, Any]]:
    """Begin an assessment of one's own firm, or go on with the draft."""
    firm = _firm(request, firm_id, "readiness.assess")
    version = built_in_versions().get(said.instrument)
    if version is None:
        raise HttpError(404, "Not Found")
    made = begin_assessment(actor=_person(request), firm=firm, version=version, occasion=said.occasion)
    return Status(201, _out(made))


@router.get("/readiness/assessments/{assessment_id}", response=AssessmentOut, auth=django_auth)
def get_readiness(request: HttpRequest, assessment_id: Key) -> dict[str, Any]:
    return _out(_assessment(request, assessment_id))


@router.post("/readiness/assessments/{assessment_id}/answers", response=AssessmentOut, auth=django_auth)
def answer_readiness(request: HttpRequest, assessment_id: Key, said: ReadinessAnswersIn) -> dict[str, Any]:
    """Keep answers of a draft; the bounds of the index come back."""
    found = _assessment(request, assessment_id, "readiness.assess")
    return _out(answer(actor=_person(request), assessment=found, answers=said.answers))


@router.post("/readiness/assessments/{assessment_id}/finish", response=AssessmentOut, auth=django_auth)
def finish_readiness(request: HttpRequest, assessment_id: Key, said: FinishIn) -> dict[str, Any]:
    """Finish an assessment; its answers never change afterwards."""
    found = _assessment(request, assessment_id, "readiness.assess")
    done = finish_assessment(actor=_person(request), assessment=found, although_open=said.although_open)
    return _out(done)


@router.get("/readiness/assessments/{assessment_id}/gaps", response=list[GapOut], auth=django_auth)
def list_gaps(request: HttpRequest, assessment_id: Key) -> list[Any]:
    """Return the steps that lift the index most for the least effort and are not planned yet."""
    return [line.gap for line in gap_lines(_assessment(request, assessment_id))]


@router.get("/readiness/candidates", response=list[AssessmentOut], auth=django_auth)
def list_candidates(request: HttpRequest, page: int = 1) -> list[dict[str, Any]]:
    """Return the results of one's region that wait for a visit, the highest first, fifty at a time."""
    start = (min(max(page, 1), _LAST_PAGE) - 1) * PAGE_SIZE
    return [_out(one) for one in candidates(_person(request))[start : start + PAGE_SIZE]]


# --- plans ------------------------------------------------------------------------------------------------------


@router.get("/firms/{firm_id}/plan", response=list[StepOut], auth=django_auth)
def list_steps(request: HttpRequest, firm_id: Key) -> list[PlanStep]:
    return list(_firm(request, firm_id, "readiness.see").plan_steps.order_by("pk"))


@router.post("/firms/{firm_id}/plan", response={201: StepOut}, auth=django_auth)
def create_step(request: HttpRequest, firm_id: Key, said: StepIn) -> Status[PlanStep]:
    """Put a step into one's firm's plan, from its last finished assessment."""
    latest = last_finished(_firm(request, firm_id, "readiness.assess"))
    if latest is None:
        raise HttpError(404, "Not Found")
    return Status(201, plan_step(actor=_person(request), assessment=latest, **said.dict()))


# --- workshops and figures --------------------------------------------------------------------------------------


@router.get("/readiness/workshops", response=list[WorkshopOut], auth=django_auth)
def list_workshops(request: HttpRequest, page: int = 1) -> list[dict[str, Any]]:
    """Return the workshops of one's region, the newest first, fifty at a time."""
    start = (min(max(page, 1), _LAST_PAGE) - 1) * PAGE_SIZE
    found = workshop_list(_person(request)).order_by("-starts_at", "-pk")[start : start + PAGE_SIZE]
    return [_workshop(one, one.joined, one.finished) for one in found]


@router.get("/readiness/workshops/{workshop_id}", response=WorkshopStateOut, auth=django_auth)
def get_workshop(request: HttpRequest, workshop_id: Key) -> dict[str, Any]:
    """Return how far a workshop is and its group's result; nothing of a single participant."""
    found = get_object_or_404(facilitated(_person(request)), pk=workshop_id)
    progress, group = progress_of(found), group_result(found).figures
    facts = _workshop(found, progress.joined, progress.finished)
    return {**facts, "complete": progress.complete, "group": group}


def _workshop(found: Any, joined: int, finished: int) -> dict[str, Any]:
    names = ("id", "name", "status", "join_code", "starts_at")
    facts = {name: getattr(found, name) for name in names}
    return {**facts, "instrument": found.instrument.key, "joined": joined, "finished": finished}


@router.get("/readiness/figures", response=list[ReadinessLineOut], auth=None)
def readiness_figures(request: HttpRequest, instrument: Name = "indi40") -> list[Any]:
    """Return the mean index by province and, last, of the country; groups of fewer than ten are not shown."""
    return public_figures(instrument)


@router.get("/readiness/figures/region", response=ReadinessFiguresOut, auth=django_auth)
def region_readiness_figures(request: HttpRequest, instrument: Name = "indi40") -> Any:
    """Return the figures of one's region by province, sector and size; groups of fewer than ten are not shown."""
    return officer_figures(_person(request), instrument)
