"""The register for other programs: the same queries, services and permissions as the pages."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from gebyar.accounts.models import User
from gebyar.records.errors import DomainError
from gebyar.registry.facts import fact
from gebyar.registry.models import Correction, Firm
from gebyar.registry.queries.firms import (
    FirmPage,
    card,
    cards,
    correction_line,
    correction_lines,
    corrections_to_decide,
    firm_page,
    visible_corrections,
    visible_firms,
)
from gebyar.registry.queries.narrowing import narrowed_for
from gebyar.registry.queries.search import CAP, PAGE_SIZE, Filters, search
from gebyar.registry.services import corrections as services
from gebyar.registry.typed import read

router = Router(tags=["registry"])
# Beyond the cap a list is narrowed, not paged.
_LAST_PAGE = CAP // PAGE_SIZE


class FirmOut(Schema):
    """What anybody may know of a firm."""

    id: int
    name: str
    products: list[str]
    regency: str
    division: str
    certificates: list[str]
    is_active: bool
    is_synthetic: bool


class FirmListOut(Schema):
    """One page of hits; `count` is null when there are more than 1,000."""

    count: int | None
    page: int
    corrected: dict[str, str]
    firms: list[FirmOut]


class FactOut(Schema):
    """A fact in canonical text with its source."""

    field: str
    label: str
    unit: str
    value: str | None
    source: str
    as_of: str | None


class SizeOut(Schema):
    rule: str
    law: str
    name: str
    missing: str


class FullFirmOut(FirmOut):
    """`facts`, `year` and `sizes` are null unless the reader acts for the firm or looks after its region."""

    year: int | None = None
    facts: list[FactOut] | None = None
    sizes: list[SizeOut] | None = None


class CorrectionOut(Schema):
    id: int
    firm_id: int
    firm: str
    field: str
    label: str
    year: int | None
    old: str | None
    new: str | None
    reason: str
    status: str
    proposed_at: datetime


class ProposalIn(Schema):
    """`value` as a person would type it; empty for "not known"."""

    field: str
    value: str = ""
    year: int | None = None
    reason: str = ""


class DecisionIn(Schema):
    approve: bool
    note: str = ""


class FirmQuery(Schema):
    q: str = ""
    region: str = ""
    kbli: str = ""
    size: str = ""
    certificate: str = ""
    kind: str = ""
    exports: bool | None = None
    page: int = 1


def _person(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]  # django_auth lets nobody else in
    return user


@router.get("/firms", response=FirmListOut, auth=None)
def list_firms(request: HttpRequest, query: Query[FirmQuery]) -> dict[str, Any]:
    """Search firms by words and filters; `size` and `exports` are for officers within their region."""
    asked = Filters(
        region=query.region, kbli=query.kbli, size=query.size, certificate=query.certificate, kind=query.kind,
        exports=query.exports, active=True,
    )  # fmt: skip
    narrowed = narrowed_for(request.user, asked)
    if narrowed.words:
        raise DomainError(narrowed.words)
    found = search(query.q[:120], narrowed.filters)
    page = min(max(query.page, 1), _LAST_PAGE)
    return {
        "count": found.count,
        "page": page,
        "corrected": found.corrected,
        "firms": cards(found.page(page)),
    }


@router.get("/firms/{firm_id}", response=FullFirmOut, auth=None)
def get_firm(request: HttpRequest, firm_id: int) -> dict[str, Any]:
    """One firm, with its facts for those who may see them."""
    firm = get_object_or_404(visible_firms(request.user).select_related("delivery__source"), pk=firm_id)
    public = vars(card(firm))
    if not request.user.has_perm("registry.see_firm_fully", firm):
        return public
    page = firm_page(firm)
    return {**public, "year": page.year, "facts": _facts(page), "sizes": page.sizes}


def _facts(page: FirmPage) -> list[dict[str, Any]]:
    return [
        {
            "field": line.fact.field, "label": str(line.fact.label), "unit": str(line.fact.unit), "value": line.value,
            "source": line.source, "as_of": line.as_of.isoformat() if line.as_of else None,
        }
        for line in (*page.identity, *page.yearly)
    ]  # fmt: skip


@router.get("/corrections", response=list[CorrectionOut], auth=django_auth)
def list_corrections(request: HttpRequest) -> list[dict[str, Any]]:
    """The corrections that wait for this officer, the oldest 100."""
    return [_correction(line) for line in correction_lines(corrections_to_decide(_person(request))[:100])]


def _correction(line: Any) -> dict[str, Any]:
    some = line.correction
    return {
        "id": some.pk, "firm_id": some.firm_id, "firm": some.firm.name, "field": some.field, "label": line.label,
        "year": some.year, "old": line.old, "new": line.new, "reason": some.reason, "status": some.status,
        "proposed_at": some.proposed_at,
    }  # fmt: skip


@router.post("/firms/{firm_id}/corrections", response={201: CorrectionOut}, auth=django_auth)
def propose_correction(request: HttpRequest, firm_id: int, proposal: ProposalIn) -> Status[dict[str, Any]]:
    """Propose the right value of one fact of one's own firm."""
    user = _person(request)
    firm = get_object_or_404(Firm, pk=firm_id)
    if not user.has_perm("registry.propose_correction", firm):
        raise HttpError(404, "Not Found")
    value = read(fact(proposal.field), proposal.value)
    made = services.propose_correction(
        actor=user, firm=firm, field=proposal.field, value=value, reason=proposal.reason, year=proposal.year
    )
    return Status(201, _correction(correction_line(made)))


@router.post("/corrections/{correction_id}/decision", response=CorrectionOut, auth=django_auth)
def decide_correction(request: HttpRequest, correction_id: int, decision: DecisionIn) -> dict[str, Any]:
    """Approve or refuse a correction of a firm of one's region."""
    user = _person(request)
    found: Correction = get_object_or_404(visible_corrections(user), pk=correction_id)
    if not user.has_perm("registry.decide_corrections", found.firm):
        raise HttpError(404, "Not Found")
    decided = services.decide_correction(actor=user, correction=found, approve=decision.approve, note=decision.note)
    return _correction(correction_line(decided))
