"""Objections: in time, once, answered by somebody else, and passing entries when they are upheld."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from tests.awards.making import organiser
from tests.awards.making_stages import (
    begun,
    checked_stage,
    close,
    decide,
    full_edition,
    judged,
    judged_stage,
    local_officer,
    outcomes,
    rank,
    stage_rules,
    through,
    tie,
)
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards import errors_stages as errors
from gebyar.awards.models import Objection, Prize, Stage
from gebyar.awards.services import objections, outcome_mails
from gebyar.records.errors import NotAllowed
from gebyar.records.models import DecisionRecord
from gebyar.records.verify import Outcome, verify_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers():
    return checked_stage(full_edition(3), refused={2}, actor=organiser())


def refused_passage(stage, number=2):
    return stage.passages.select_related("entry__firm", "stage").get(entry__number=number)


def file(passage, actor=None, text="NIB itu milik kami"):
    return objections.file_objection(actor=actor or passage.entry.entrant, passage=passage, text=text)


def answer(objection, *, upheld, actor=None, text="NIB sudah diperiksa lagi"):
    return objections.answer_objection(actor=actor or organiser(), objection=objection, upheld=upheld, answer=text)


def test_entrant_who_did_not_pass_objects_once_in_time(papers):
    passage = refused_passage(papers)
    made = file(passage)

    assert made.status == Objection.Status.OPEN
    with pytest.raises(errors.ObjectionFiled):
        file(passage)


def test_objection_can_be_taken_back_and_filed_again(papers):
    passage = refused_passage(papers)
    made = file(passage)
    objections.withdraw_objection(actor=passage.entry.entrant, objection=made)
    with pytest.raises(errors.ObjectionAnswered):
        objections.withdraw_objection(actor=passage.entry.entrant, objection=made)

    assert file(passage).status == Objection.Status.OPEN


def test_nobody_else_objects_and_nobody_who_passed_or_comes_too_late(papers):
    passage, passed = refused_passage(papers), refused_passage(papers, 1)
    for user in (passed.entry.entrant, organiser(), person(Role.JUDGE), local_officer("33"), person()):
        with pytest.raises(NotAllowed):
            file(passage, user)
    with pytest.raises(errors.NoObjectionPossible):
        file(passed)
    with pytest.raises(errors.ObjectionNeedsWords):
        file(passage, text="  ")
    Stage.objects.filter(pk=papers.pk).update(objections_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(errors.NoObjectionPossible):
        file(passage)
    assert Objection.objects.count() == 0


def test_member_who_left_the_firm_does_not_object_any_more(papers):
    passage = refused_passage(papers)
    passage.entry.entrant.memberships.update(ended_at=timezone.now())

    with pytest.raises(NotAllowed):
        file(passage, type(passage.entry.entrant).objects.get(pk=passage.entry.entrant_id))


def test_whoever_checked_or_decided_or_has_a_tie_leaves_the_answer_to_others(papers):
    passage = refused_passage(papers)
    made = file(passage)
    tied = organiser()
    tie(passage.entry.firm, tied)
    took_part = [check.officer for check in passage.checks.all()]
    for officer in (*took_part, passage.decided_by):
        with pytest.raises(errors.AnswerFromOthers):
            answer(made, upheld=True, actor=officer)
    with pytest.raises(errors.TiedToEntry):
        answer(made, upheld=True, actor=tied)
    for user in (local_officer("33"), person(Role.JUDGE), passage.entry.entrant):
        with pytest.raises(NotAllowed):
            answer(made, upheld=True, actor=user)
    assert outcomes(papers)[2] == "failed"


def test_upheld_objection_lets_the_entry_pass_with_a_record_that_verifies(papers):
    passage = refused_passage(papers)
    made = file(passage)
    with pytest.raises(errors.ObjectionNeedsWords):
        answer(made, upheld=True, text=" ")

    answer(made, upheld=True)

    passage.refresh_from_db()
    assert outcomes(papers) == {1: "passed", 2: "passed", 3: "passed"}
    assert (passage.code, passage.parameters["reason"]) == ("objection_upheld", "NIB sudah diperiksa lagi")
    assert verify_record(passage.record.document).outcome == Outcome.SAME
    with pytest.raises(errors.ObjectionAnswered):
        answer(made, upheld=False)


def test_rejected_objection_leaves_the_outcome_and_both_are_told(papers):
    passage = refused_passage(papers)
    outcome_mails.mail_waiting_outcomes(stage_id=papers.pk)
    mail.outbox.clear()

    answer(file(passage), upheld=False, text="Nomor pada NIB berbeda")
    outcome_mails.mail_waiting_outcomes(stage_id=papers.pk)

    assert outcomes(papers)[2] == "failed"
    assert DecisionRecord.objects.count() == 1
    assert len(mail.outbox) == 1
    assert "Nomor pada NIB berbeda" in mail.outbox[0].body
    assert "menyanggah sampai" not in mail.outbox[0].body


def test_next_stage_waits_for_the_answer(papers):
    made = file(refused_passage(papers))
    Stage.objects.filter(pk=papers.pk).update(objections_until=timezone.now())
    edition = papers.category.edition
    with pytest.raises(errors.ObjectionsOpen):
        begun(edition, "judging")

    answer(made, upheld=True)

    assert outcomes(begun(edition, "judging")) == {1: "in", 2: "in", 3: "in"}


def test_upheld_objection_after_the_last_stage_brings_the_star_of_the_points():
    schemes = [
        {"id": "three", "names": {"id": "Tiga", "en": "Three"}, "least_points": [[1, 60], [2, 75]],
         "fosters": {"1": "regency", "2": "province"}, "source": "Uji"},
    ]  # fmt: skip
    last = stage_rules("prizes", "decision", "threshold", threshold=80, days=3)
    stages_ = [stage_rules("papers"), judged(places=3), last]
    made = full_edition(3, stages=stages_, star_schemes=schemes, star_scheme="three")
    checked_stage(made)
    judged_stage(made, points=[90.0, 77.0, 65.0])
    stage = begun(made, "prizes")
    close(stage)
    decide(stage)
    assert list(Prize.objects.values_list("entry__number", "stars")) == [(1, 2)]

    answer(file(refused_passage(stage)), upheld=True)

    assert list(Prize.objects.order_by("position").values_list("entry__number", "stars")) == [(1, 2), (2, 2)]


def test_ranked_stage_gives_the_waiting_ones_the_right_to_object():
    made = full_edition(2, **through(judged(places=1, days=2)))
    stage = begun(made, "judging")
    rank(stage)
    close(stage)
    decide(stage)

    assert file(refused_passage(stage)).passage.outcome == "waiting"
