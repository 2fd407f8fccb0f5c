"""Panels: proposed, put in force, changed by hand, accepted and given back."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.awards import making
from tests.awards.making_judging import assign, edition, judge, judging
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.errors_judging import (
    AnsweredAlready,
    AssignedAlready,
    Barred,
    HasSent,
    JudgeFull,
    NoJudges,
    NotAJudgeHere,
    NothingToJudge,
    PanelsRunning,
    PlanNotUsable,
    PlanOutdated,
    ReasonNeeded,
    StageDecided,
)
from gebyar.awards.models import Assignment, Judge, PanelPlan, Stage
from gebyar.awards.panelling import bench_of, mixes_of, task_of
from gebyar.awards.queries.board import obstacles
from gebyar.awards.queries.panels import candidates_for, proposed_panels
from gebyar.awards.services import conflicts, panels
from gebyar.awards.tasks import make_panels
from gebyar.awards.wording_panels import FINDINGS, REMEDIES, finding_words
from gebyar.methods.panels.reasons import CODES
from gebyar.records.errors import NotAllowed
from gebyar.records.verify import Outcome, verify_record

pytestmark = pytest.mark.django_db

WHY = "Alasan yang cukup panjang"


def made(stage, seed=7):
    return panels.run_panels(plan=panels.open_panels(actor=None, stage=stage, seed=seed))


def pairs(stage, *states):
    rows = Assignment.objects.filter(stage=stage).exclude(status="declined")
    rows = rows.filter(status__in=states) if states else rows
    return sorted(rows.values_list("entry__number", "judge__number"))


# --- what is asked of the method --------------------------------------------------------------------------------


def test_task_holds_bars_fixed_pairs_loads_and_fits():
    stage, entries, people = judging(3, 3)
    Judge.objects.filter(pk=people[0].pk).update(expertise=["13134"], least=1, most=2)
    Judge.objects.filter(pk=people[2].pk).update(status="declined")
    conflicts.declare_conflict(actor=None, judge=people[1], entry=entries[0], kind="family")
    assign(stage, entries[1], people[1])
    assign(stage, entries[2], people[0], status="declined", decline_reason=WHY)
    assign(stage, entries[2], people[1], status="proposed")  # only proposed: free to change

    bench = bench_of(stage)
    task = task_of(bench)

    assert [entry.number for entry in bench.entries] == [1, 2, 3]
    assert [one.number for one in bench.judges] == [1, 2]
    assert task.affinity.tolist() == [[1.0, 0.1]] * 3
    assert task.barred.tolist() == [[False, True], [False, False], [True, False]]
    assert (task.least.tolist(), task.most.tolist(), task.coverage.tolist()) == ([1, 0], [2, 30], [2, 2, 2])
    assert task.fixed == ((1, 1),)


def test_judges_of_other_categories_are_barred():
    stage, entries, people = judging(2, 2)
    edition_ = stage.category.edition
    people[0].categories.set([edition_.categories.get(key="craft")])
    people[1].categories.set([stage.category])

    assert bench_of(stage).barred == {(entry.pk, people[0].pk) for entry in entries}


def test_mixes_are_sets_of_judges_by_gender_region_and_expertise():
    stage, _entries, people = judging(2, 0, mixes=["gender", "region", "expertise"])
    facts = (
        {"gender": "f", "region_code": "33", "expertise": ["13"]},
        {"gender": "m", "region_code": "35.78", "expertise": ["10"]},
        {"gender": "", "region_code": "", "expertise": []},
    )
    for one in facts:
        judge(stage.category.edition, **one)

    mixes = {mix.name: (set(mix.judges), mix.entries and set(mix.entries)) for mix in mixes_of(bench_of(stage))}

    assert [mix.name for mix in task_of(bench_of(stage)).mixes] == ["mix 1", "mix 2", "mix 3", "mix 4"]
    assert (people, mixes) == (
        [],
        {
            "gender f": ({0}, None),
            "gender m": ({1}, None),
            "region 33": ({1}, {0, 1}),
            "expertise 1": ({0}, {0, 1}),
        },
    )


# --- proposals --------------------------------------------------------------------------------------------------


def test_proposal_is_stored_with_a_record_that_verifies_and_names_nobody():
    stage, entries, people = judging(4, 4)

    plan = made(stage)

    assert (plan.status, plan.connected, len(plan.pairs)) == ("optimal", True, 8)
    assert plan.worst <= plan.worst_bound + 1e-9
    assert plan.record.method == "panels.assign"
    assert verify_record(json.loads(plan.record.body)).outcome == Outcome.SAME
    names = [entry.firm.name for entry in entries] + [one.user.email for one in people]
    assert [name for name in names if name in plan.record.body] == []
    assert pairs(stage) == []  # nobody is asked before it is put in force
    assert len(proposed_panels(plan)) == 4


def test_one_proposal_is_made_at_a_time_and_a_silent_one_counts_as_interrupted():
    stage, *_ = judging(3, 3)
    first = panels.open_panels(actor=None, stage=stage)

    with pytest.raises(PanelsRunning):
        panels.open_panels(actor=None, stage=stage)
    PanelPlan.objects.filter(pk=first.pk).update(heard_at=timezone.now() - timedelta(minutes=3))
    second = panels.open_panels(actor=None, stage=stage)

    first.refresh_from_db()
    assert (first.status, first.reason, second.version) == ("unknown", "interrupted", 2)
    make_panels.func(first.pk)  # the worker comes back late: nothing is changed
    first.refresh_from_db()
    assert (first.status, first.pairs) == ("unknown", [])
    make_panels.func(second.pk)
    second.refresh_from_db()
    assert second.is_usable


def test_nothing_is_started_without_entries_judges_or_leave():
    stage, _, _ = judging(1, 0)
    bare = edition().categories.get(key="food").stages.get(key="judging")
    decided, *_ = judging(1, 1)
    Stage.objects.filter(pk=decided.pk).update(status="waiting")

    with pytest.raises(NoJudges):
        panels.start_panels(actor=None, stage=stage)
    with pytest.raises(NothingToJudge):
        panels.start_panels(actor=None, stage=bare)
    for actor in (person(), person(Role.JUDGE), person(Role.LOCAL_OFFICER, "33")):
        with pytest.raises(NotAllowed):
            panels.start_panels(actor=actor, stage=stage)
    assert PanelPlan.objects.count() == 0


def test_infeasible_proposal_says_why_and_what_would_help():
    stage, entries, people = judging(3, 2)
    conflicts.declare_conflict(actor=None, judge=people[0], entry=entries[1], kind="family")

    plan = made(stage)

    assert (plan.status, plan.pairs) == ("infeasible", [])
    words = [finding_words(one) for one in plan.needs]
    assert any(entries[1].code in sentence for sentence in words)
    with pytest.raises(PlanNotUsable):
        panels.put_in_force(actor=None, plan=plan)


def test_a_mix_that_cannot_be_kept_is_named_to_the_organiser_and_not_in_the_record():
    stage, entries, _people = judging(2, 3, mixes=["gender"])  # three women

    plan = made(stage)

    words = " ".join(finding_words(one) for one in plan.needs)
    assert plan.status == "infeasible"
    assert entries[0].code in words
    assert "seorang laki-laki" in words
    assert "gender" not in plan.record.body


def test_every_code_of_the_method_has_words_here():
    assert set(FINDINGS) == set(CODES)
    assert set(CODES) >= REMEDIES


# --- in force ---------------------------------------------------------------------------------------------------


def test_putting_in_force_asks_judges_and_keeps_what_was_agreed(django_capture_on_commit_callbacks):
    stage, entries, people = judging(4, 4)
    assign(stage, entries[0], people[0])
    assign(stage, entries[1], people[3], status="proposed", by_hand=True)
    stale = assign(stage, entries[2], people[2], status="proposed")
    plan = made(stage)
    plan.pairs = [pair for pair in plan.pairs if pair[:2] != [entries[2].pk, people[2].pk]]
    plan.save()

    with django_capture_on_commit_callbacks(execute=True):
        panels.put_in_force(actor=making.organiser(), plan=plan)

    assert {(1, 1), (2, 4)} <= set(pairs(stage))
    assert not Assignment.objects.filter(pk=stale.pk).exists()
    assert Assignment.objects.get(entry=entries[0], judge=people[0]).status == "accepted"
    assert PanelPlan.objects.get(pk=plan.pk).in_force_since is not None


def test_a_newer_proposal_takes_the_place_of_the_one_in_force():
    stage, *_ = judging(4, 4)
    first, second = made(stage, 1), made(stage, 2)

    panels.put_in_force(actor=None, plan=first)
    panels.put_in_force(actor=None, plan=second)

    assert list(stage.panel_plans.filter(in_force_since__isnull=False)) == [second]
    assert len(pairs(stage)) == 8


def test_a_tie_found_since_makes_a_proposal_outdated():
    stage, *_ = judging(4, 4)
    plan = made(stage)
    entry, taker, _fit = plan.pairs[0]
    tied = Judge.objects.get(pk=taker)
    conflicts.declare_conflict(actor=None, judge=tied, entry=stage.category.entries.get(pk=entry), kind="family")

    with pytest.raises(PlanOutdated):
        panels.put_in_force(actor=None, plan=plan)
    assert pairs(stage) == []


# --- by hand ----------------------------------------------------------------------------------------------------


def test_by_hand_is_kept_by_later_proposals():
    stage, entries, people = judging(3, 4)
    Judge.objects.filter(pk__in=[one.pk for one in people[:3]]).update(expertise=["13134"])

    panels.assign_by_hand(actor=making.organiser(), stage=stage, entry=entries[0], judge=people[3])
    panels.put_in_force(actor=None, plan=made(stage))

    assert (1, 4) in pairs(stage)
    assert len([pair for pair in pairs(stage) if pair[0] == 1]) == 2


def test_by_hand_refuses_ties_doubles_full_judges_and_strangers():
    stage, entries, people = judging(3, 2)
    other = judge(edition())
    conflicts.declare_conflict(actor=None, judge=people[0], entry=entries[0], kind="family")
    Judge.objects.filter(pk=people[1].pk).update(most=1)
    panels.assign_by_hand(actor=None, stage=stage, entry=entries[1], judge=people[1])

    for entry, taker, error in (
        (entries[0], people[0], Barred),
        (entries[1], people[1], AssignedAlready),
        (entries[2], people[1], JudgeFull),
        (entries[2], other, NotAJudgeHere),
    ):
        with pytest.raises(error):
            panels.assign_by_hand(actor=None, stage=stage, entry=entry, judge=taker)
    assert pairs(stage) == [(2, 2)]


def test_taken_out_stays_out_unless_given_again_by_hand():
    stage, entries, people = judging(2, 3)
    given = assign(stage, entries[0], people[0])
    with pytest.raises(ReasonNeeded):
        panels.unassign(actor=None, assignment=given, reason="salah")
    panels.unassign(actor=None, assignment=given, reason=WHY)

    panels.put_in_force(actor=None, plan=made(stage))
    assert (1, 1) not in pairs(stage)
    panels.assign_by_hand(actor=None, stage=stage, entry=entries[0], judge=people[0])
    assert (1, 1) in pairs(stage)


def test_sent_marks_cannot_be_taken_out_or_given_back():
    stage, entries, people = judging(1, 1)
    sent = assign(stage, entries[0], people[0], sent_at=timezone.now())

    with pytest.raises(HasSent):
        panels.unassign(actor=None, assignment=sent, reason=WHY)
    with pytest.raises(HasSent):
        panels.answer_assignment(actor=people[0].user, assignment=sent, accept=False, reason=WHY)


def test_judge_accepts_each_or_all_and_gives_back_with_a_reason():
    stage, entries, people = judging(4, 1)
    rows = [assign(stage, entry, people[0], status="proposed") for entry in entries]
    me = people[0].user

    panels.answer_assignment(actor=me, assignment=rows[0], accept=True)
    with pytest.raises(ReasonNeeded):
        panels.answer_assignment(actor=me, assignment=rows[1], accept=False)
    panels.answer_assignment(actor=me, assignment=rows[1], accept=False, reason=WHY)
    with pytest.raises(AnsweredAlready):
        panels.answer_assignment(actor=me, assignment=rows[1], accept=True)
    with pytest.raises(NotAllowed):
        panels.answer_assignment(actor=person(Role.JUDGE), assignment=rows[2], accept=True)
    assert panels.answer_all(actor=me, judge=people[0], stage=stage) == 2
    assert panels.answer_all(actor=me, judge=people[0], stage=stage) == 0

    assert pairs(stage, "accepted") == [(1, 1), (3, 1), (4, 1)]


def test_best_available_judge_stands_first_and_the_others_with_their_reason():
    stage, entries, people = judging(2, 5)
    Judge.objects.filter(pk__in=[people[1].pk, people[2].pk]).update(expertise=["13"])
    Judge.objects.filter(pk=people[4].pk).update(most=0)
    assign(stage, entries[1], people[1])
    assign(stage, entries[0], people[3], status="declined", decline_reason=WHY)
    conflicts.declare_conflict(actor=None, judge=people[0], entry=entries[0], kind="family")

    found = candidates_for(stage, entries[0])

    assert [one.judge.number for one in found] == [3, 2, 1, 4, 5]
    assert [bool(one.why_not) for one in found] == [False, False, True, True, True]
    assert (found[3].why_not, found[4].why_not) == (WHY, "full")


# --- before judging opens ---------------------------------------------------------------------------------------


def test_obstacles_tell_of_few_judges_few_entries_and_panels_apart():
    stage, entries, people = judging(2, 2)
    assign(stage, entries[0], people[0])
    assign(stage, entries[1], people[1])

    assert len(obstacles(stage)) == 3


def test_obstacles_vanish_with_enough_judges_and_entries():
    stage, entries, people = judging(8, 3)
    for entry in entries:
        for one in people:
            assign(stage, entry, one)

    assert obstacles(stage) == []


def test_decided_stage_takes_no_panels():
    stage, *_ = judging(1, 1)
    record = made(stage).record
    Stage.objects.filter(pk=stage.pk).update(status="decided", record=record, decided_at=timezone.now())

    with pytest.raises(StageDecided):
        panels.start_panels(actor=None, stage=stage)
