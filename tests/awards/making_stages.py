"""Editions whose entries are in, so that their stages can run; checks and rankings without their pages."""

from datetime import timedelta

from django.utils import timezone
from tests.awards.making import DOCUMENT, draft, entry, organiser, words
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.models import Check, RankingVersion, Stage
from gebyar.awards.services import checks, editions, stages
from gebyar.records.services import append_decision
from gebyar.registry.models import FirmMember

SOON = timedelta(days=7)


def full_edition(entries=3, key="food", **changes):
    """Return a published edition whose time for entries is over, with so many of them in one category."""
    made = draft(opens_in=timedelta(days=-30), closes_in=timedelta(days=-1), **changes)
    made = editions.publish_edition(actor=None, edition=made)
    category = made.categories.get(key=key)
    for _number in range(entries):
        entry(category)
    return made


def stage_rules(id_, kind="administrative", method="checked", days=0, **more):
    gate = {"method": method, **{name: more.pop(name) for name in ("places", "threshold", "reserves") if name in more}}
    return {"id": id_, "kind": kind, "names": words(id_.title()), "gate": gate, "objection_days": days, **more}


def through(*stages_before, places=3):
    """Return the change of rules that leads through these stages, and a judging one, to a decision."""
    last = stage_rules("prizes", "decision", "ranked", places=places)
    judging = [] if any(stage["kind"] == "judging" for stage in stages_before) else [judged(places=places)]
    return {"stages": [*stages_before, *judging, last]}


def regencies(**more):
    """Return the change of rules by which regencies propose firms."""
    conditions = [condition for condition in DOCUMENT["conditions"] if condition["id"] != "age"]
    return {"entrants": ["regency"], "conditions": conditions, **more}


def over(stage):
    """Let the time to object to a stage pass."""
    Stage.objects.filter(pk=stage.pk).update(objections_until=timezone.now())


def tie(firm, user):
    """Let an officer act for a firm."""
    return FirmMember.objects.create(firm=firm, user=user)


CRITERIA = [{"id": "idea", "names": words("Idea"), "help": words("How new"), "weight": 100}]


def judged(id_="judging", method="ranked", **more):
    return stage_rules(id_, "judging", method, criteria=CRITERIA, judges_per_entry=2, **more)


def stage_of(edition, key, category="food"):
    return Stage.objects.select_related("category__edition__version").get(
        category__edition=edition, category__key=category, key=key
    )


def begin(stage, closes_in=SOON):
    return stages.activate_stage(actor=None, stage=stage, closes_at=timezone.now() + closes_in)


def close(stage):
    return stages.close_stage(actor=None, stage=stage)


def decide(stage, deviations=(), actor=None):
    return stages.decide_stage(actor=actor, stage=stage, deviations=deviations)


def begun(edition, key, category="food"):
    return begin(stage_of(edition, key, category))


def check_all(stage, refused=()):
    """Let two officers look at every entry; those whose numbers are refused lack their plan."""
    for officer in (organiser(), organiser()):
        for passage in stage.passages.select_related("entry").order_by("entry__number"):
            bad = passage.entry.number in refused
            checks.check_entry(
                actor=officer, passage=passage, verdict=Check.Verdict.NOT_IN_ORDER if bad else Check.Verdict.IN_ORDER,
                findings={"nib": "NIB milik usaha lain"} if bad else {},
            )  # fmt: skip


def checked_stage(edition, key="papers", refused=(), category="food", actor=None):
    """Return the first stage, decided after all its entries were checked."""
    stage = begun(edition, key, category)
    check_all(stage, refused)
    close(stage)
    return decide(stage, actor=actor)


def rank(stage, points=None, final=True):
    """Store a ranking of a stage as judging would: entries by number, the first best, or by these points."""
    codes = [passage.entry.code for passage in stage.passages.select_related("entry").order_by("entry__number")]
    given = points or [90.0 - 5 * n for n in range(len(codes))]
    order = sorted(range(len(codes)), key=lambda n: -given[n])
    rows = [{"rank": place, "entry": codes[n], "adjusted": given[n]} for place, n in enumerate(order, 1)]
    record = append_decision(
        actor=None, method="uji", version="1", title="Ranking", inputs={}, seed=0, result={"rows": rows}
    )
    return RankingVersion.objects.create(
        stage=stage, version=stage.rankings.count() + 1, method="mixed", result={"rows": rows}, record=record,
        is_final=final,
    )  # fmt: skip


def judged_stage(edition, key="judging", points=None, deviations=()):
    """Return a judging stage, decided by a ranking."""
    stage = begun(edition, key)
    rank(stage, points)
    close(stage)
    return decide(stage, deviations)


def outcomes(stage):
    """Return by the entry's number how it left a stage."""
    rows = stage.passages.order_by("entry__number").values_list("entry__number", "outcome")
    return dict(rows)


def local_officer(region_code="33.74"):
    return person(Role.LOCAL_OFFICER, region_code)
