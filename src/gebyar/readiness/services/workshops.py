"""Workshops: opened by an officer, joined by whoever holds the code, answered without an account."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.accounts.queries import hash_of
from gebyar.readiness.errors import (
    AlreadyFinished,
    AlreadyTakenHome,
    NotFinished,
    NotInUse,
    NotYourFirm,
    NotYourWorkshop,
    WorkshopClosed,
    WorkshopFull,
)
from gebyar.readiness.models import Assessment, InstrumentVersion, Workshop, WorkshopSheet
from gebyar.readiness.paper import PaperRow
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.queries.workshops import facilitated
from gebyar.readiness.services.assessments import next_occasion
from gebyar.readiness.services.scoring import COLUMNS, score_into, take_answers
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm

MOST_SHEETS = 1000
_TOKEN_BYTES = 32


@transaction.atomic
def open_workshop(
    *,
    actor: User | None,
    name: str,
    version: InstrumentVersion,
    starts_at: datetime,
    place: str = "",
    region_code: str = "",
    is_synthetic: bool = False,
) -> Workshop:
    """Open a workshop; whoever has its code can join until it is closed.

    Raises
    ------
    NotInUse
    """
    if version.status != InstrumentVersion.Status.PUBLISHED:
        raise NotInUse
    made = Workshop.objects.create(
        name=name.strip()[:160], instrument=version, starts_at=starts_at, place=place.strip()[:160],
        region_code=region_code, facilitator=actor, is_synthetic=is_synthetic,
    )  # fmt: skip
    after = {"name": made.name, "instrument": version.pk, "region": region_code}
    record_audit(actor=actor, verb="readiness.open_workshop", target=made, after=after)
    return made


@transaction.atomic
def show_results(*, actor: User, workshop: Workshop, shown: bool) -> Workshop:
    """Let the group see itself, or not.

    Raises
    ------
    NotYourWorkshop
    """
    found = _own(actor, workshop)
    found.shows_results = shown
    found.save(update_fields=["shows_results"])
    verb = "readiness.show_results" if shown else "readiness.hide_results"
    record_audit(actor=actor, verb=verb, target=found)
    return found


@transaction.atomic
def close_workshop(*, actor: User, workshop: Workshop) -> Workshop:
    """Take no more participants and answers.

    Raises
    ------
    NotYourWorkshop, WorkshopClosed
    """
    found = _own(actor, workshop)
    _require_open(found)
    found.status = Workshop.Status.CLOSED
    found.save(update_fields=["status"])
    record_audit(actor=actor, verb="readiness.close_workshop", target=found, after={"sheets": found.sheets.count()})
    return found


def _own(actor: User, workshop: Workshop) -> Workshop:
    if not facilitated(actor).filter(pk=workshop.pk).exists():
        raise NotYourWorkshop
    return lock(Workshop.objects.filter(pk=workshop.pk)).get()


def _require_open(workshop: Workshop) -> None:
    if workshop.status != Workshop.Status.OPEN:
        raise WorkshopClosed


# --- participants -----------------------------------------------------------------------------------------------


@transaction.atomic
def join_workshop(*, workshop: Workshop) -> tuple[WorkshopSheet, str]:
    """Give a participant an empty sheet, and the token that alone leads to it; nobody knows who it is.

    Raises
    ------
    WorkshopClosed, WorkshopFull
    """
    found = lock(Workshop.objects.select_related("instrument").filter(pk=workshop.pk)).get()
    _require_open(found)
    if found.sheets.count() >= MOST_SHEETS:
        raise WorkshopFull(most=MOST_SHEETS)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    sheet = WorkshopSheet(workshop=found, token_hash=hash_of(token))
    score_into(instrument_of(found.instrument), sheet)
    sheet.save()
    return sheet, token


@transaction.atomic
def answer_sheet(*, sheet: WorkshopSheet, answers: dict[str, str]) -> WorkshopSheet:
    """Keep answers of a participant, by the questions' ids. The audit trail tells nothing of them: they are nobody's.

    Raises
    ------
    WorkshopClosed, AlreadyFinished, UnfitAnswer
    """
    found = _open_sheet(sheet)
    take_answers(instrument_of(found.workshop.instrument), found, answers)
    found.saved_at = timezone.now()
    found.save(update_fields=[*COLUMNS, "saved_at"])
    return found


def _open_sheet(sheet: WorkshopSheet) -> WorkshopSheet:
    found = lock(WorkshopSheet.objects.select_related("workshop__instrument").filter(pk=sheet.pk)).get()
    if found.finished_at is not None:
        raise AlreadyFinished
    _require_open(found.workshop)
    return found


@transaction.atomic
def finish_sheet(*, sheet: WorkshopSheet) -> WorkshopSheet:
    """Finish a participant's answers; with open questions there is no index, and they stay out of the group's.

    Raises
    ------
    WorkshopClosed, AlreadyFinished
    """
    found = _open_sheet(sheet)
    score_into(instrument_of(found.workshop.instrument), found)
    found.finished_at = found.saved_at = timezone.now()
    found.save(update_fields=[*COLUMNS, "finished_at", "saved_at"])
    return found


@transaction.atomic
def take_home(*, actor: User, sheet: WorkshopSheet, firm: Firm) -> Assessment:
    """Make a participant's result that of a firm for which they act.

    Raises
    ------
    NotYourFirm, NotFinished, AlreadyTakenHome
    """
    if not actor.has_perm("readiness.assess", firm):
        raise NotYourFirm
    found = lock(WorkshopSheet.objects.select_related("workshop__instrument").filter(pk=sheet.pk)).get()
    if found.finished_at is None:
        raise NotFinished
    if found.firm_id is not None:
        raise AlreadyTakenHome
    lock(Firm.objects.filter(pk=firm.pk)).get()
    version = found.workshop.instrument
    made = Assessment(
        firm=firm, instrument=version, occasion=next_occasion(firm, version), status=Assessment.Status.FINISHED,
        workshop=found.workshop, answered_by=actor, answers=found.answers, started_at=found.saved_at,
        finished_at=timezone.now(), is_synthetic=firm.is_synthetic,
    )  # fmt: skip
    made.is_candidate = score_into(instrument_of(version), made).is_candidate
    made.save()
    found.firm = firm
    found.save(update_fields=["firm"])
    after = {"firm": firm.pk, "index": made.index}
    record_audit(actor=actor, verb="readiness.take_home", target=made, after=after)
    return made


# --- paper ------------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_paper(*, actor: User, workshop: Workshop, rows: list[PaperRow]) -> list[WorkshopSheet]:
    """Enter answers from paper; they take the place of those from paper before, so that a file can be sent again.

    Raises
    ------
    NotYourWorkshop, WorkshopClosed, WorkshopFull, UnfitAnswer
        Nothing is changed then.
    """
    found = _own(actor, workshop)
    _require_open(found)
    found.sheets.filter(row__isnull=False).delete()
    if found.sheets.count() + len(rows) > MOST_SHEETS:
        raise WorkshopFull(most=MOST_SHEETS)
    instrument, now = instrument_of(found.instrument), timezone.now()
    sheets = []
    for row in rows:
        sheet = WorkshopSheet(
            workshop=found, row=row.number, token_hash=hash_of(secrets.token_urlsafe(_TOKEN_BYTES)), finished_at=now
        )
        take_answers(instrument, sheet, row.answers)
        sheets.append(sheet)
    WorkshopSheet.objects.bulk_create(sheets)
    record_audit(actor=actor, verb="readiness.enter_paper", target=found, after={"rows": len(rows)})
    return sheets
