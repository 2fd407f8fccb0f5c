"""An edition for the permission matrix: each category stands at another point, with an entry of the first firm in it."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from tests.awards.making import DOCUMENT, draft, entry, words
from tests.awards.making_stages import judged, stage_rules

from gebyar.awards.models import CoachingSession, Objection, Passage, Prize, Proposal, Prototype, Stage
from gebyar.awards.services import editions
from gebyar.records.services import append_decision

SECRET_OBJECTION = "Sanggahan Rahasia Uji"
SECRET_NOTE = "Catatan Rahasia Mentor"
CODE = "K" * 24


def stages_of(firm, other, member):
    """Return what the routes of the stages point at: all of it belongs to the first firm."""
    made = _edition()
    now = timezone.now()
    record = append_decision(
        actor=None, method="uji", version="1", title="Tahap", inputs={}, seed=1, result={"rows": []}
    )
    stages = {stage.category.key + ":" + stage.key: stage for stage in Stage.objects.filter(category__edition=made)}
    entries = {}
    for category in made.categories.all():
        kind = "regency" if category.key == "proposed" else "firm"
        entries[category.key] = entry(category, firm=firm, entrant=member, kind=kind, submitted=kind == "firm")
    rival = entry(made.categories.get(key="food"), firm=other)
    _set(stages["food:papers"], "active")
    checking = _into(stages["food:papers"], entries["food"])
    _into(stages["food:papers"], rival)
    _set(stages["contested:papers"], "decided", record, objections_until=now + timedelta(days=3))
    contested = _into(
        stages["contested:papers"], entries["contested"], outcome="failed", code="not_in_order", decided_at=now
    )
    objection = Objection.objects.create(passage=contested, text=SECRET_OBJECTION, filed_by=member)
    _set(stages["coached:camp"], "active")
    _into(stages["coached:camp"], entries["coached"])
    session = CoachingSession.objects.create(
        stage=stages["coached:camp"], title="Kemasan", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    session.attendances.create(entry=entries["coached"], was_there=True, note=SECRET_NOTE)
    prototype = Prototype.objects.create(stage=stages["coached:camp"], entry=entries["coached"], title="Rasa kedua")
    prototype.file.save("rasa.jpg", ContentFile(b"\xff\xd8\xff uji"))
    prize = Prize.objects.create(
        stage=stages["won:prizes"], entry=entries["won"], position=1, name_id="Pertama", name_en="First", code=CODE
    )
    proposal = Proposal.objects.create(entry=entries["proposed"], reason="Khas daerah", proposed_by=None)
    return {
        "stages_edition": made, "checking_stage": stages["food:papers"], "checking": checking,
        "waiting_stage": stages["won:papers"], "contested_stage": stages["contested:papers"], "contested": contested,
        "objection": objection, "coached_stage": stages["coached:camp"], "coached": entries["coached"],
        "session": session, "prototype": prototype, "prize": prize, "proposal": proposal,
    }  # fmt: skip


def _edition():
    conditions = [condition for condition in DOCUMENT["conditions"] if condition["id"] != "age"]
    keys = ("food", "contested", "coached", "won", "proposed")
    categories = [{"id": key, "names": words(key), "help": words(key), "prizes": [words("First")]} for key in keys]
    stages = [
        stage_rules("papers", days=3), stage_rules("camp", "coaching", "by_hand"), judged(places=3),
        stage_rules("prizes", "decision", "ranked", places=3),
    ]  # fmt: skip
    made = draft(
        title="Anugerah Tahap Uji", opens_in=timedelta(days=-30), closes_in=timedelta(days=-1), award="tahap",
        entrants=["firm", "regency"], conditions=conditions, categories=categories, stages=stages,
    )  # fmt: skip
    return editions.publish_edition(actor=None, edition=made)


def _set(stage, status, record=None, **facts):
    now = timezone.now()
    facts |= {"status": status, "opened_at": now, "closes_at": now + timedelta(days=7)}
    if record is not None:
        facts |= {"record": record, "decided_at": now}
    Stage.objects.filter(pk=stage.pk).update(**facts)
    stage.refresh_from_db()


def _into(stage, one, **facts):
    return Passage.objects.create(stage=stage, entry=one, **facts)
