"""Marks: drafts, history, sending, and the moment at which nothing is taken any more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.awards.making_judging import REASON, assign, close, give, judging, send
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.errors_judging import (
    Barred,
    JudgingClosed,
    JudgingNotOpen,
    MustBeScored,
    NotAccepted,
    NotSent,
    OutOfRange,
    ReasonNeeded,
    ScoresIncomplete,
    SentAlready,
    UnknownCriterion,
)
from gebyar.awards.models import Assignment, Conflict, Score, ScoreChange, Stage
from gebyar.awards.queries.judging import judging_rules, others_marks, weighted
from gebyar.awards.services import scores
from gebyar.awards.services.scores import Given
from gebyar.records.errors import NotAllowed
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def assigned(**changes):
    stage, entries, people = judging(1, 1, **changes)
    return stage, assign(stage, entries[0], people[0])


def kept(assignment):
    return list(assignment.scores.order_by("criterion").values_list("criterion", "value", "not_applicable", "reason"))


def history(assignment):
    return list(assignment.changes.order_by("pk").values_list("criterion", "old", "new", "after_sending"))


# --- drafts -----------------------------------------------------------------------------------------------------


def test_draft_is_kept_with_its_history_and_the_same_again_changes_nothing():
    _stage, row = assigned()
    me = row.judge.user
    first = [Given("idea", 80.0), Given("market", 70.0, reason="Pasar luas")]

    assert scores.save_scores(actor=me, assignment=row, given=first) == ["idea", "market"]
    assert scores.save_scores(actor=me, assignment=row, given=first) == []
    scores.save_score(actor=me, assignment=row, criterion="idea", value=85, reason="Baru")
    scores.save_score(actor=me, assignment=row, criterion="market", not_applicable=True, reason="Belum dijual")

    assert kept(row) == [("idea", 85.0, False, "Baru"), ("market", None, True, "Belum dijual")]
    assert history(row) == [
        ("idea", "", "80", False),
        ("market", "", "70", False),
        ("idea", "80", "85", False),
        ("market", "70", "n/a", False),
    ]
    assert AuditEntry.objects.filter(verb="awards.save_scores").count() == 3


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (Given("idea", 101.0), OutOfRange),
        (Given("idea", -1.0), OutOfRange),
        (Given("idea", 80.5), OutOfRange),
        (Given("idea", float("nan")), OutOfRange),
        (Given("idea", not_applicable=True), MustBeScored),
        (Given("taste", 50.0), UnknownCriterion),
    ],
)
def test_mark_that_the_rules_do_not_allow_keeps_nothing(given, error):
    _stage, row = assigned()

    with pytest.raises(error):
        scores.save_scores(actor=row.judge.user, assignment=row, given=[Given("market", 70.0), given])
    assert (kept(row), history(row)) == ([], [])


def test_steps_of_a_fine_scale_are_met_despite_rounding():
    fine = {"id": "idea", "names": {"id": "Ide", "en": "Idea"}, "help": {"id": "-", "en": "-"}, "weight": 1}
    _stage, row = assigned(criteria=[{**fine, "low": 0, "high": 1, "step": 0.1}])

    scores.save_score(actor=None, assignment=row, criterion="idea", value=0.3)
    with pytest.raises(OutOfRange):
        scores.save_score(actor=None, assignment=row, criterion="idea", value=0.35)
    assert kept(row) == [("idea", 0.3, False, "")]


def test_only_the_judge_gives_marks_not_even_the_organiser():
    _stage, row = assigned()

    for actor in (person(Role.PROGRAMME_OFFICER), person(Role.ADMINISTRATOR), person(Role.JUDGE), person()):
        with pytest.raises(NotAllowed):
            scores.save_score(actor=actor, assignment=row, criterion="idea", value=80)
        with pytest.raises(NotAllowed):
            scores.send_scores(actor=actor, assignment=row)
    assert kept(row) == []


# --- sent -------------------------------------------------------------------------------------------------------


def test_sending_names_everything_that_is_missing():
    _stage, row = assigned()
    scores.save_scores(actor=None, assignment=row, given=[Given("idea", 80.0, reason="pendek")])

    with pytest.raises(ScoresIncomplete) as told:
        scores.send_scores(actor=None, assignment=row)

    assert "Idea" in str(told.value)
    assert "Market" in str(told.value)
    row.refresh_from_db()
    assert row.sent_at is None


def test_sent_marks_stand_and_sending_twice_changes_nothing():
    _stage, row = assigned()
    sent = send(row)

    assert scores.send_scores(actor=None, assignment=row).sent_at == sent.sent_at
    with pytest.raises(SentAlready):
        give(row, 10)
    assert kept(row)[0][:2] == ("idea", 80.0)
    assert AuditEntry.objects.filter(verb="awards.send_scores").count() == 1


def test_not_applicable_counts_as_complete():
    _stage, row = assigned()

    assert send(row, 80, None).sent_at is not None


def test_all_that_is_complete_is_sent_at_once():
    stage, entries, people = judging(3, 1)
    rows = [assign(stage, entry, people[0]) for entry in entries]
    give(rows[0])
    give(rows[2])

    assert scores.send_all(actor=people[0].user, assignments=rows) == (2, 1)
    assert [row.sent_at is not None for row in Assignment.objects.order_by("pk")] == [True, False, True]


def test_opened_again_the_history_says_that_it_was_after_sending():
    _stage, row = assigned()
    organiser = person(Role.PROGRAMME_OFFICER)
    with pytest.raises(NotSent):
        scores.reopen_scores(actor=organiser, assignment=row, reason="Salah ketik nilai")
    send(row)
    with pytest.raises(ReasonNeeded):
        scores.reopen_scores(actor=organiser, assignment=row, reason="x")
    with pytest.raises(NotAllowed):
        scores.reopen_scores(actor=row.judge.user, assignment=row, reason="Salah ketik nilai")

    scores.reopen_scores(actor=organiser, assignment=row, reason="Salah ketik nilai")
    send(row, 60, 70)

    assert history(row)[-1] == ("idea", "80", "60", True)


# --- when and by whom marks are taken ---------------------------------------------------------------------------


def refused(row, error):
    before = kept(row)
    with pytest.raises(error):
        give(row, 33)
    with pytest.raises(error):
        scores.send_scores(actor=None, assignment=row)
    assert kept(row) == before


def test_nothing_is_taken_before_the_stage_begins_after_its_deadline_or_once_it_is_closed():
    stage, row = assigned()
    give(row)

    for facts, error in (
        ({"status": "waiting"}, JudgingNotOpen),
        ({"status": "active", "closes_at": timezone.now() - timedelta(seconds=1)}, JudgingClosed),
        ({"status": "closed", "closes_at": timezone.now() + timedelta(days=1)}, JudgingClosed),
    ):
        Stage.objects.filter(pk=stage.pk).update(**facts)
        refused(row, error)


def test_nothing_is_taken_from_who_has_not_accepted_gave_back_or_is_tied():
    _stage, row = assigned()
    give(row)

    for status, error in (("proposed", NotAccepted), ("declined", NotAccepted)):
        Assignment.objects.filter(pk=row.pk).update(status=status, decline_reason=REASON)
        refused(row, error)
    Assignment.objects.filter(pk=row.pk).update(status="accepted")
    Conflict.objects.create(judge=row.judge, entry=row.entry, kind="family", source="organiser")
    refused(row, Barred)


def test_database_refuses_late_marks_by_itself():
    stage, row = assigned()
    give(row)
    close(stage)

    for act in (
        lambda: Score.objects.create(assignment=row, criterion="taste", value=1),
        lambda: Score.objects.filter(assignment=row).update(value=1),
        lambda: Assignment.objects.filter(pk=row.pk).update(sent_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
            act()


def test_database_keeps_sent_marks_and_the_history():
    _stage, row = assigned()
    send(row)

    for act, words in (
        (lambda: Score.objects.filter(assignment=row).update(value=1), "stand"),
        (lambda: Score.objects.filter(assignment=row).delete(), "stand"),
        (lambda: ScoreChange.objects.update(new="99"), "only grows"),
        (lambda: ScoreChange.objects.all().delete(), "only grows"),
    ):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            act()


# --- the rest of the panel --------------------------------------------------------------------------------------


def test_others_marks_are_hidden_until_the_own_are_sent():
    stage, entries, people = judging(1, 4)
    rows = [assign(stage, entries[0], one) for one in people]
    send(rows[1], 50, 50)
    send(rows[2], 100, None)
    rules = judging_rules(stage)

    assert others_marks(rows[0], rules) is None
    others = others_marks(send(rows[0]), rules)
    assert (others.points, others.waiting, others.mean, others.low, others.high) == (
        [50.0, 100.0],
        1,
        75.0,
        50.0,
        100.0,
    )


def test_weights_are_shared_among_what_was_answered():
    stage, _row = assigned()
    rules = judging_rules(stage)

    assert weighted(rules, {"idea": 80, "market": 70}) == pytest.approx(76)
    assert weighted(rules, {"idea": 80, "market": None}) == pytest.approx(80)
    assert weighted(rules, {}) is None
