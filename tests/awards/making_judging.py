"""Stages with judges, entries and panels for tests, made with rows, so that each test begins where it needs to."""

from datetime import timedelta
from itertools import count

from django.utils import timezone
from tests.awards import making
from tests.awards.making import words
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.models import Assignment, Passage, Stage
from gebyar.awards.services import scores

REASON = "Alasan yang cukup panjang."
_numbers = count(1)


def judge(edition, user=None, **facts):
    """Return a judge whose address belongs to no other house."""
    number = next(_numbers)
    return making.judge(edition, user or person(Role.JUDGE, email=f"juri@juri{number}.example"), **facts)


def judging_rules(**changes):
    """Return the rules of a stage in which marks are given."""
    return {
        "id": "judging", "kind": "judging", "names": words("Judging"), "gate": {"method": "ranked", "places": 2},
        "criteria": [
            {"id": "idea", "names": words("Idea"), "help": words("How new"), "weight": 60},
            {"id": "market", "names": words("Market"), "help": words("Who buys"), "weight": 40, "optional": True},
        ],
        "judges_per_entry": 2, "anonymised": True, **changes,
    }  # fmt: skip


def edition(**changes):
    """Return a published edition whose first stage is judging."""
    prizes = {"id": "prizes", "kind": "decision", "names": words("Decision"), "gate": {"method": "ranked", "places": 2}}
    return making.edition(stages=[judging_rules(**changes), prizes])


def judging(entries=3, judges=3, closes_in=timedelta(days=7), firms=(), **changes):
    """Return an active judging stage of food, its entries and its judges; nobody is assigned to anything yet."""
    made = edition(**changes)
    stage = made.categories.get(key="food").stages.get(key="judging")
    firms = [*firms, *([None] * (entries - len(firms)))]
    listed = [making.entry(stage.category, firm=firm) for firm in firms]
    activate(stage, listed, closes_in)
    return stage, listed, [judge(made) for _ in range(judges)]


def activate(stage, entries, closes_in=timedelta(days=7)):
    stage.status, stage.opened_at = Stage.Status.ACTIVE, timezone.now()
    stage.closes_at = timezone.now() + closes_in
    stage.save()
    Passage.objects.bulk_create(Passage(stage=stage, entry=entry) for entry in entries)


def close(stage):
    Stage.objects.filter(pk=stage.pk).update(status=Stage.Status.CLOSED, closed_at=timezone.now())
    stage.refresh_from_db()


def assign(stage, entry, judge, status=Assignment.Status.ACCEPTED, **facts):
    return Assignment.objects.create(stage=stage, entry=entry, judge=judge, status=status, **facts)


def give(assignment, idea=80, market=70, reason=REASON):
    """Give draft marks for both criteria; None for the market is not applicable."""
    given = [
        scores.Given("idea", idea, reason=reason),
        scores.Given("market", market, not_applicable=market is None, reason=reason),
    ]
    scores.save_scores(actor=None, assignment=assignment, given=given)


def send(assignment, *marks, **how):
    give(assignment, *marks, **how)
    return scores.send_scores(actor=None, assignment=assignment)


def full_round(entries=10, judges=9, per_entry=3, **changes):
    """Return a stage in which every entry was scored by so many judges, round and round."""
    stage, listed, people = judging(entries, judges, judges_per_entry=per_entry, **changes)
    for place, entry in enumerate(listed):
        for step in range(per_entry):
            number = (place * per_entry + step) % judges if per_entry < judges else step
            severity = 3 * number
            send(assign(stage, entry, people[number]), 90 - 4 * place - severity, 80 - 3 * place - severity)
    return stage, listed, people
