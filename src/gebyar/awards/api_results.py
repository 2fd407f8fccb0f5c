"""Results of awards for other programs: decisions, winners, figures, and whether a certificate is valid. All public."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema, Status

from gebyar.awards.models import Edition, Stage
from gebyar.awards.queries.analytics import Cut, FunnelStep, figures_of
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.results import (
    Winner,
    certificate_of,
    decided_stages,
    decision_rows,
    decisions_of,
    passages_of,
    winners_of,
)
from gebyar.awards.wording_rules import in_language

router = Router(tags=["awards"])

MOST_EDITIONS = 200
MOST_ROWS = 5000
LARGEST = 2**63 - 1
_SLUG = r"^[a-z0-9][a-z0-9_-]{0,60}$"
_CODE = r"^[A-Za-z0-9_-]{1,40}$"


class EditionOut(Schema):
    slug: str
    title: str
    award: str
    year: int
    status: str
    opens_at: datetime
    closes_at: datetime
    seed: int
    rules_sha256: str
    is_synthetic: bool


class DecisionOut(Schema):
    """A decided stage; ``record`` is the hash of its decision record."""

    stage_id: int
    category: str
    stage: str
    decided_at: datetime
    record: str


class DecisionRowOut(Schema):
    code: str
    rank: int | None
    points: float | None
    outcome: str
    reason: str
    deviates: bool


class WinnerOut(Schema):
    """A winner; ``winner`` is empty where people won who have not agreed to be named."""

    category: str
    position: int
    prize: str
    stars: int | None
    winner: str
    firm_id: int | None
    title: str
    region_code: str
    story: str
    given_at: datetime
    lost_at: datetime | None


class CertificateOut(Schema):
    valid: bool
    winner: str
    title: str
    prize: str
    category: str
    edition: str
    given_at: datetime
    lost_at: datetime | None
    lost_reason: str
    record: str


class StepOut(Schema):
    name: str
    count: int


class CellOut(Schema):
    """``entered`` is null where the figure would tell about single firms."""

    key: str
    name: str
    entered: int | None
    won: int


class FiguresOut(Schema):
    funnel: list[StepOut]
    provinces: list[CellOut]
    cuts: dict[str, list[CellOut]]


class Unknown(Schema):
    detail: str


def _edition(slug: str) -> Edition:
    found = Edition.objects.exclude(status=Edition.Status.DRAFT).select_related("version")
    return get_object_or_404(found, slug=slug)


@router.get("/awards/editions", response=list[EditionOut])
def list_award_editions(request: HttpRequest) -> list[dict[str, Any]]:
    """Editions whose call was published, the newest first."""
    found = Edition.objects.exclude(status=Edition.Status.DRAFT).select_related("version").order_by("-year", "slug")
    return [
        {
            "slug": one.slug, "title": one.title, "award": one.award, "year": one.year, "status": one.status,
            "opens_at": one.opens_at, "closes_at": one.closes_at, "seed": one.seed,
            "rules_sha256": one.version.sha256 if one.version else "", "is_synthetic": one.is_synthetic,
        }
        for one in found[:MOST_EDITIONS]
    ]  # fmt: skip


@router.get("/awards/editions/{slug}/decisions", response=list[DecisionOut])
def list_award_decisions(request: HttpRequest, slug: str = Path(pattern=_SLUG)) -> list[dict[str, Any]]:
    """What is decided in an edition, each with its record."""
    return [
        {
            "stage_id": one.stage.pk, "category": one.stage.category.key, "stage": one.stage.key,
            "decided_at": one.stage.decided_at, "record": one.stage.record.hash if one.stage.record else "",
        }
        for one in decisions_of(_edition(slug))
    ]  # fmt: skip


@router.get("/awards/decisions/{stage_id}", response=list[DecisionRowOut])
def get_award_decision(request: HttpRequest, stage_id: int = Path(ge=1, le=LARGEST)) -> list[dict[str, Any]]:
    """Every entry of a decided stage by its code, with the reason; the first 5,000."""
    stage: Stage = get_object_or_404(decided_stages(), pk=stage_id)
    return [
        {
            "code": row.code, "rank": row.passage.rank, "points": row.passage.points, "outcome": row.passage.outcome,
            "reason": row.words, "deviates": row.passage.deviates,
        }
        for row in decision_rows(stage, passages_of(stage)[:MOST_ROWS])
    ]  # fmt: skip


@router.get("/awards/editions/{slug}/winners", response=list[WinnerOut])
def list_award_winners(request: HttpRequest, slug: str = Path(pattern=_SLUG)) -> list[dict[str, Any]]:
    """The winners of an edition; none before the last stage is decided."""
    return [_winner(of.category.key, winner) for of in winners_of(_edition(slug)) for winner in of.winners]


def _winner(category: str, winner: Winner) -> dict[str, Any]:
    prize, entry = winner.prize, winner.entry
    return {
        "category": category, "position": prize.position, "prize": winner.name, "stars": prize.stars,
        "winner": winner.holder, "firm_id": entry.firm_id, "title": entry.title, "region_code": entry.region_code,
        "story": winner.story, "given_at": prize.given_at, "lost_at": prize.revoked_at,
    }  # fmt: skip


@router.get("/awards/editions/{slug}/figures", response=FiguresOut)
def get_award_figures(request: HttpRequest, slug: str = Path(pattern=_SLUG)) -> dict[str, Any]:
    """How many came how far, from where, and which firms."""
    found = figures_of(_edition(slug))
    return {
        "funnel": [_step(step) for step in found.funnel],
        "provinces": _cells(found.provinces),
        "cuts": {cut.title: _cells(cut) for cut in found.cuts},
    }


def _step(step: FunnelStep) -> dict[str, Any]:
    return {"name": step.name, "count": step.count}


def _cells(cut: Cut) -> list[dict[str, Any]]:
    return [{"key": one.key, "name": one.name, "entered": one.entered, "won": one.won} for one in cut.cells]


@router.get("/awards/certificates/{code}", response={200: CertificateOut, 404: Unknown})
def check_award_certificate(request: HttpRequest, code: str = Path(pattern=_CODE)) -> Any:
    """Whether a certificate is valid, by the code in its address."""
    prize = certificate_of(code)
    if prize is None:
        return Status(404, {"detail": "No certificate has this code."})
    stage, winner = prize.stage, Winner(prize)
    category = rules_of(stage.category.edition).category(stage.category.key)
    return {
        "valid": prize.revoked_at is None, "winner": winner.holder, "title": prize.entry.title, "prize": winner.name,
        "category": in_language(category.names), "edition": stage.category.edition.title, "given_at": prize.given_at,
        "lost_at": prize.revoked_at, "lost_reason": prize.revoked_reason,
        "record": stage.record.hash if stage.record else "",
    }  # fmt: skip
