"""Firms with what they have begun and finished."""

from dataclasses import dataclass, field
from typing import Any

from gebyar.readiness.models import Assessment, InstrumentVersion
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.wording import level_words, said
from gebyar.reference.instruments import Instrument
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms

Status = Assessment.Status


@dataclass(frozen=True)
class FirmLine:
    firm: Firm
    draft: Assessment | None
    latest: Assessment | None
    level: str = ""


def firm_lines(user: Any) -> list[FirmLine]:
    """Return a person's firms with their draft and last result; two queries."""
    firms = list(Firm.objects.filter(pk__in=open_firms(user)).order_by("name", "pk"))
    found: dict[int, list[Assessment]] = {firm.pk: [] for firm in firms}
    rows = Assessment.objects.filter(firm__in=found).select_related("instrument").order_by("-started_at", "-pk")
    for assessment in rows if firms else ():
        found[assessment.firm_id].append(assessment)
    return [_line(firm, found[firm.pk]) for firm in firms]


def _line(firm: Firm, assessments: list[Assessment]) -> FirmLine:
    draft = next((one for one in assessments if one.status == Status.DRAFT), None)
    finished = [one for one in assessments if one.finished_at is not None]
    latest = max(finished, key=lambda one: (one.finished_at, one.pk), default=None)  # type: ignore[arg-type, return-value]
    level = level_words(instrument_of(latest.instrument), latest.level) if latest else ""
    return FirmLine(firm, draft, latest, level)


@dataclass(frozen=True)
class InstrumentLine:
    """An instrument in use, what the firm has begun and finished by it, and what is measured next."""

    version: InstrumentVersion
    instrument: Instrument
    name: str
    summary: str
    draft: Assessment | None
    finished: list[Assessment] = field(default_factory=list)
    next_occasion: str = ""
    is_complete: bool = False  # every occasion was measured


def instrument_lines(firm: Firm, versions: list[InstrumentVersion]) -> list[InstrumentLine]:
    """Return the instruments in use for a firm; one query."""
    rows = list(firm.assessments.select_related("instrument").order_by("-started_at", "-pk"))
    return [
        _instrument_line(version, [one for one in rows if one.instrument.key == version.key]) for version in versions
    ]


def _instrument_line(version: InstrumentVersion, rows: list[Assessment]) -> InstrumentLine:
    instrument = instrument_of(version)
    finished = [one for one in rows if one.status == Status.FINISHED]
    taken = {one.occasion for one in finished}
    free = [name for name in instrument.occasions if name not in taken]
    return InstrumentLine(
        version, instrument, said(instrument.names), said(instrument.summary),
        next((one for one in rows if one.status == Status.DRAFT), None), finished,
        next_occasion=free[0] if free else "", is_complete=bool(instrument.occasions) and not free,
    )  # fmt: skip
