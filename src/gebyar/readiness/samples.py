"""Made-up assessments with the moments of published scores of the food sector: no real respondent's answers are used.

Each firm draws a height, each question what it usually reaches; an answer is the option nearest to both with some noise.
Wanted of the index: mean 1.85, median 1.77; below 1: 9.4 %, 1 to 2: 52.5 %, 2 to 3: 30.1 %, from 3 on: 8.1 %; weakest
fields: skills 0.94, supply chain 1.14, innovation 1.30; strongest: openness 2.81 (Permenperin 21/2020, scores as published).
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl
from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.methods.readiness import score
from gebyar.readiness.models import Assessment, Workshop, WorkshopSheet
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.readiness.services.scoring import score_into
from gebyar.readiness.services.workshops import join_workshop, open_workshop
from gebyar.records.services import record_audit
from gebyar.reference.instruments import Instrument, Question
from gebyar.registry.models import Firm

KEY = "indi40"
# What is drawn around for a field; answers end at 0 and 4, so the means come out a little elsewhere. Fields that are not named reach USUAL.
USUAL = 1.82
FIELDS = {"kompetensi": 0.82, "rantai_pasok": 1.05, "inovasi": 1.25, "keterbukaan": 2.9, "budaya": 2.6}
# Of a firm's height, of one answer beside it; heights lean to the right, as the published scores do.
SPREAD, LEAN, NOISE = 0.75, 0.16, 0.8
WORKSHOP_SHEETS = 24


@transaction.atomic
def add_synthetic_readiness(
    *, actor: User | None, firms: Sequence[Firm], until: datetime, seed: int
) -> list[Assessment]:
    """Give firms a finished assessment each, in the year before `until`, and hold one workshop; all marked as made up.

    Parameters
    ----------
    firms
        Made-up firms without assessments.
    """
    version = built_in_versions()[KEY]
    instrument = instrument_of(version)
    draw = random.Random(seed)  # noqa: S311  a seeded draw is wanted
    rows = [synthetic_answers(instrument, draw) for _firm in firms]
    scores = score(instrument, _table(instrument, rows)) if rows else pl.DataFrame()
    made = []
    for firm, answers, found in zip(firms, rows, scores.iter_rows(named=True), strict=True):
        finished = until - timedelta(days=draw.randrange(5, 360))
        made.append(
            Assessment(
                firm=firm, instrument=version, status=Assessment.Status.FINISHED, answers=answers, is_synthetic=True,
                is_candidate=found["candidate"], started_at=finished, saved_at=finished, finished_at=finished,
                **_scored(instrument, found),
            )
        )  # fmt: skip
    Assessment.objects.bulk_create(made)
    _workshop(actor, instrument, until, draw)
    record_audit(actor=actor, verb="readiness.add_synthetic_readiness", after={"assessments": len(made)})
    return made


def synthetic_answers(instrument: Instrument, draw: random.Random) -> dict[str, str]:
    """Answer every question as one made-up firm would."""
    height = draw.gauss(0, SPREAD)
    height += LEAN * (height * height / SPREAD**2 - 1) * SPREAD
    return {question.id: _answer(question, height, draw) for question in instrument.all_questions}


def _answer(question: Question, height: float, draw: random.Random) -> str:
    wanted = FIELDS.get(question.field, USUAL) + height + draw.gauss(0, NOISE)
    if question.kind == "single":
        return min(question.options, key=lambda option: abs(option.value - wanted)).id
    counting = [option.id for option in question.options if not option.exclusive]
    chosen = sorted(draw.sample(counting, max(0, min(round(wanted), int(question.most)))), key=counting.index)
    return ";".join(chosen) or next(option.id for option in question.options if option.exclusive)


def _table(instrument: Instrument, rows: list[dict[str, str]]) -> pl.DataFrame:
    asked = [question.id for question in instrument.all_questions]
    return pl.DataFrame({name: [row[name] for row in rows] for name in asked}, schema=dict.fromkeys(asked, pl.String))


def _scored(instrument: Instrument, found: dict[str, object]) -> dict[str, object]:
    profiles = {
        one.id: {
            "answered": found[f"{one.id}_answered"], "questions": len(instrument.questions),
            "index": found[f"{one.id}_index"], "low": found[f"{one.id}_index_low"],
            "high": found[f"{one.id}_index_high"], "level": found[f"{one.id}_level"],
            "pillars": {pillar.id: found[f"{one.id}_pillar_{pillar.id}"] for pillar in instrument.pillars},
        }
        for one in instrument.profiles
    }  # fmt: skip
    return {
        "answered": found["answered"], "index": found["index"], "index_low": found["index_low"],
        "index_high": found["index_high"], "level": found["level"], "profiles": profiles,
        "pillars": {one.id: found[f"pillar_{one.id}"] for one in instrument.pillars},
        "fields": {one.id: found[f"field_{one.id}"] for one in instrument.fields},
    }  # fmt: skip


def _workshop(actor: User | None, instrument: Instrument, until: datetime, draw: random.Random) -> Workshop:
    """Hold a workshop in which most finished, some are still answering."""
    workshop = open_workshop(
        actor=actor, name="Lokakarya kesiapan (data contoh)", version=built_in_versions()[KEY], starts_at=until,
        place="Yogyakarta", region_code="34", is_synthetic=True,
    )  # fmt: skip
    for number in range(WORKSHOP_SHEETS):
        sheet: WorkshopSheet = join_workshop(workshop=workshop)[0]
        answers = synthetic_answers(instrument, draw)
        is_finished = number % 6 != 5
        sheet.answers = answers if is_finished else dict(list(answers.items())[: draw.randrange(1, 20)])
        score_into(instrument, sheet)
        sheet.finished_at = timezone.now() if is_finished else None
        sheet.save()
    workshop.shows_results = True
    workshop.save(update_fields=["shows_results"])
    return workshop
