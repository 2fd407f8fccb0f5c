"""Published figures as open data: what the page shows, nothing that is hidden there."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from gebyar.statistics import open_data
from gebyar.statistics.indicators import INDICATORS, MEASURES
from gebyar.statistics.models import Snapshot
from gebyar.statistics.queries import Headline, by_province, chosen_rule, headline, latest_snapshot

router = Router(tags=["figures"])


class SharesOut(Schema):
    units: float | None
    workers: float | None
    output: float | None


class LineOut(Schema):
    label: str
    units: int | None
    workers: int | None
    output: Decimal | None


class TableOut(Schema):
    shares: SharesOut
    small: LineOut
    total: LineOut
    classes: list[LineOut]


class ProvinceOut(TableOut):
    code: str
    name: str


class HeadlineOut(TableOut):
    rule: str
    rule_version: str
    law: str
    taken_at: str
    snapshot_sha256: str
    firms: int
    synthetic_firms: int
    provinces: list[ProvinceOut]


class IndicatorOut(Schema):
    id: str
    name: str
    definition: str
    unit: str
    law: str


class FigureOut(Schema):
    rule: str
    region_code: str
    region: str
    size_class: str
    units: int | None
    workers: int | None
    output: Decimal | None


class OpenDataOut(Schema):
    metadata: dict[str, Any]
    figures: list[FigureOut]


@router.get("/figures/headline", response=HeadlineOut, summary="Headline figures by one size rule")
def headline_figures(request: HttpRequest, rule: str = "permenperin_64_2016") -> dict[str, Any]:
    """Return units, workers and output by size class and province; null where a value is protected."""
    snapshot, chosen = _snapshot(), chosen_rule(rule)
    provinces = [_table(line) | {"code": line.code, "name": line.name} for line in by_province(snapshot, chosen)]
    return _table(headline(snapshot, chosen)) | {
        "rule": chosen.id,
        "rule_version": snapshot.rules_version,
        "law": chosen.law,
        "taken_at": snapshot.taken_at.isoformat(),
        "snapshot_sha256": snapshot.sha256,
        "firms": snapshot.firms,
        "synthetic_firms": snapshot.synthetic_firms,
        "provinces": provinces,
    }


def _snapshot() -> Snapshot:
    snapshot = latest_snapshot()
    if snapshot is None:
        raise Http404
    return snapshot


def _table(table: Headline) -> dict[str, Any]:
    return {
        "shares": table.shares,
        "small": _line(table.small),
        "total": _line(table.total),
        "classes": [_line(line) for line in table.lines],
    }


def _line(line: Any) -> dict[str, Any]:
    return {"label": str(line.label), **{measure: getattr(line, measure) for measure in MEASURES}}


@router.get("/figures/indicators", response=list[IndicatorOut], summary="What each figure means")
def indicators(request: HttpRequest) -> list[dict[str, str]]:
    return [
        {"id": i.id, "name": str(i.name), "definition": str(i.definition), "unit": str(i.unit), "law": i.law}
        for i in INDICATORS
    ]


@router.get("/figures/open-data", response=OpenDataOut, summary="Every published figure, with its metadata")
def open_figures(request: HttpRequest) -> dict[str, Any]:
    """Return all rules, regions and size classes in one answer; null where a value is protected."""
    snapshot = _snapshot()
    return {"metadata": open_data.metadata(snapshot), "figures": open_data.rows(snapshot)}
