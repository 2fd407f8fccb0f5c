"""Editions that are decided, with winners, for tests of results."""

from tests.awards.making import judge
from tests.awards.making_stages import (
    CRITERIA,
    begun,
    checked_stage,
    close,
    decide,
    full_edition,
    judged_stage,
    stage_rules,
    through,
)

from gebyar.awards.models import Assignment
from gebyar.awards.services import rankings, scores

REASON = "Rasanya khas, kemasannya belum menyebut isi bersih."


def decided(entries=4, refused=(), places=3, points=None, **changes):
    """Return an edition whose category food is decided: papers checked, ranked, and three prizes given."""
    rules = through(
        stage_rules("papers"),
        stage_rules("judging", "judging", "ranked", places=places, criteria=CRITERIA, judges_per_entry=2),
        places=places,
    )
    made = full_edition(entries, **(rules | changes))
    checked_stage(made, refused=refused)
    judged_stage(made, points=points)
    close(begun(made, "prizes"))
    decide(made.categories.get(key="food").stages.get(key="prizes"))
    return made


def scored(entries=10, judges=3, places=4):
    """Return an edition in which every judge gave marks to every entry: the first has about 91 points, each next 3 less."""
    rules = through(
        stage_rules("judging", "judging", "ranked", places=places, criteria=CRITERIA, judges_per_entry=3),
        places=places,
    )
    made = full_edition(entries, **rules)
    stage = begun(made, "judging")
    people = [judge(made) for _number in range(judges)]
    for number, passage in enumerate(stage.passages.select_related("entry").order_by("entry__number")):
        for place, one_judge in enumerate(people):
            one = Assignment.objects.create(stage=stage, entry=passage.entry, judge=one_judge, status="accepted")
            given = scores.Given("idea", 90 - 3 * number + place, reason=f"{REASON} {place}")
            scores.save_scores(actor=None, assignment=one, given=[given])
            scores.send_scores(actor=None, assignment=one)
    close(stage)
    rankings.mark_final(actor=None, ranking=rankings.make_ranking(actor=None, stage=stage))
    decide(stage)
    return made


def prizes(edition):
    """Return the prizes of an edition, the first first."""
    from gebyar.awards.models import Prize

    return list(Prize.objects.filter(stage__category__edition=edition).order_by("position"))
