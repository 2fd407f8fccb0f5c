"""A decided edition for the permission matrix: the first firm has won in it."""

from datetime import timedelta

from django.utils import timezone
from tests.awards.making import draft, entry
from tests.awards.making_stages import judged, stage_rules

from gebyar.awards.models import Passage, Prize, Stage
from gebyar.awards.services import editions
from gebyar.records.services import append_decision


def results_of(firm, other, member):
    """Return what the routes of results point at, made with rows, for the world is built for every row of the matrix."""
    made = draft(
        title="Anugerah Hasil Uji", award="hasil", opens_in=timedelta(days=-30), closes_in=timedelta(days=-1),
        stages=[judged(places=2), stage_rules("prizes", "decision", "ranked", places=2)],
    )  # fmt: skip
    made = editions.publish_edition(actor=None, edition=made)
    category, now = made.categories.get(key="food"), timezone.now()
    record = append_decision(
        actor=None, method="uji", version="1", title="Hasil", inputs={}, seed=1, result={"rows": []}
    )
    stage = category.stages.get(key="prizes")
    Stage.objects.filter(pk=stage.pk).update(status="decided", opened_at=now, decided_at=now, record=record)
    won, lost = entry(category, firm=firm, entrant=member), entry(category, firm=other)
    for one, outcome, rank in ((won, "passed", 1), (lost, "failed", 2)):
        facts = {"outcome": outcome, "rank": rank, "code": "admitted_rank", "parameters": {"rank": rank, "places": 1}}
        Passage.objects.create(stage=stage, entry=one, decided_at=now, **facts)
    prize = Prize.objects.create(stage=stage, entry=won, position=1, name_id="Pertama", name_en="First", code="H" * 24)
    return {"edition": made, "entry": won, "prize": prize, "stage": stage}


def _of(name, parameter="pk", **others):
    return lambda world: {parameter: world.things["award_results"][name].pk, **others}


def _edition(**others):
    return lambda world: {"slug": world.things["award_results"]["edition"].slug, **others}


_CODE = lambda world: {"code": world.things["award_results"]["prize"].code}  # noqa: E731

PARAMETERS = {
    "awards:results": _edition(),
    "awards:winners": _edition(),
    "awards:winners_of_category": _edition(category="food"),
    "awards:figures": _edition(),
    "awards:press": _edition(),
    "awards:press_file": _edition(format="csv"),
    "awards:decision": _of("stage"),
    "awards:decision_minutes": _of("stage"),
    "awards:certificate": _CODE,
    "awards:certificate_sheet": _of("prize"),
    "awards:story": _of("prize"),
    "awards:feedback": _of("entry"),
    "awards:feedback_sheet": _of("entry"),
    "api:list_award_decisions": _edition(),
    "api:get_award_decision": _of("stage", "stage_id"),
    "api:list_award_winners": _edition(),
    "api:get_award_figures": _edition(),
    "api:check_award_certificate": _CODE,
}
FORMS = {"awards:story": lambda _world: {"text_id": "Juara kita", "text_en": ""}}
