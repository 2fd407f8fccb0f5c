"""Stages begin one after the other, close, and are decided once, with a reason for every entry."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone, translation
from tests.awards.making import draft, edition, entry, organiser
from tests.awards.making_stages import (
    begin,
    begun,
    check_all,
    checked_stage,
    close,
    decide,
    full_edition,
    judged,
    judged_stage,
    outcomes,
    over,
    rank,
    stage_of,
    stage_rules,
    through,
    tie,
)
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards import errors_stages as errors
from gebyar.awards.models import Entry, Passage, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.services import checks, outcome_mails, stages
from gebyar.awards.wording import passage_words
from gebyar.methods.places.call import Deviation
from gebyar.records.errors import NotAllowed
from gebyar.records.models import AuditEntry, DecisionRecord
from gebyar.records.verify import Outcome, verify_record

pytestmark = pytest.mark.django_db


def words_of(passage, language="en"):
    with translation.override(language):
        return passage_words(passage, rules_of(passage.stage.category.edition))


def verified(record):
    return verify_record(record.document).outcome == Outcome.SAME


# --- begun ------------------------------------------------------------------------------------------------------


def test_first_stage_takes_every_entry_handed_in_and_no_draft():
    made = full_edition(2)
    entry(made.categories.get(key="food"), submitted=False)

    stage = begun(made, "papers")

    assert stage.status == Stage.Status.ACTIVE
    assert outcomes(stage) == {1: "in", 2: "in"}
    assert AuditEntry.objects.filter(verb="awards.activate_stage").count() == 1


def test_first_stage_waits_until_entries_are_closed():
    made = edition()
    entry(made.categories.get(key="food"))

    with pytest.raises(errors.EntriesStillTaken):
        begun(made, "papers")
    assert Passage.objects.count() == 0


def test_stage_of_a_draft_edition_does_not_exist_and_of_an_ended_one_does_not_begin():
    assert not draft().categories.exists()
    made = full_edition()
    type(made).objects.filter(pk=made.pk).update(status="ended")

    with pytest.raises(errors.EditionNotRunning):
        begun(made, "papers")


def test_stage_begins_once_with_a_deadline_ahead_and_after_the_one_before():
    made = full_edition()
    with pytest.raises(errors.DeadlinePast):
        begin(stage_of(made, "papers"), timedelta(days=-1))
    with pytest.raises(errors.EarlierStageOpen):
        begun(made, "judging")
    begun(made, "papers")

    with pytest.raises(errors.StageBegun):
        begun(made, "papers")
    with pytest.raises(errors.AnotherStageRuns):
        begun(made, "judging")


def test_only_one_stage_of_a_category_is_active_even_past_the_services():
    made = full_edition()
    begun(made, "papers")

    with pytest.raises(IntegrityError):
        Stage.objects.filter(pk=stage_of(made, "judging").pk).update(status="active")


def test_stages_are_for_organisers():
    stage = stage_of(full_edition(), "papers")
    for user in (person(), person(Role.JUDGE), person(Role.LOCAL_OFFICER, "33")):
        with pytest.raises(NotAllowed):
            stages.activate_stage(actor=user, stage=stage, closes_at=timezone.now() + timedelta(days=1))
    assert Passage.objects.count() == 0


def test_next_stage_takes_those_that_passed_once_objections_are_over():
    made = full_edition(3)
    papers = checked_stage(made, refused={2})
    with pytest.raises(errors.ObjectionsMayCome):
        begun(made, "judging")
    Stage.objects.filter(pk=papers.pk).update(objections_until=timezone.now())

    assert outcomes(begun(made, "judging")) == {1: "in", 3: "in"}


def test_next_stage_begins_at_once_where_nobody_could_object():
    made = full_edition(2)
    papers = checked_stage(made)

    assert papers.objections_until is None
    assert outcomes(begun(made, "judging")) == {1: "in", 2: "in"}


def test_stage_that_nobody_reaches_does_not_begin():
    made = full_edition(1, **through(stage_rules("papers"), judged(places=1)))
    checked_stage(made, refused={1})

    with pytest.raises(errors.NobodyPassed):
        begun(made, "judging")


# --- closed and opened again ------------------------------------------------------------------------------------


def test_closing_twice_closes_once_and_another_deadline_opens_again():
    stage = begun(full_edition(), "papers")
    close(stage)
    close(stage)
    assert AuditEntry.objects.filter(verb="awards.close_stage").count() == 1

    again = stages.extend_stage(actor=None, stage=stage, closes_at=timezone.now() + timedelta(days=1))

    assert (again.status, again.closed_at) == (Stage.Status.ACTIVE, None)


def test_another_deadline_makes_a_ranking_not_final_any_more():
    made = full_edition(2)
    checked_stage(made)
    stage = begun(made, "judging")
    ranking = rank(stage)
    close(stage)

    stages.extend_stage(actor=None, stage=stage, closes_at=timezone.now() + timedelta(days=1))

    ranking.refresh_from_db()
    assert not ranking.is_final


# --- decided ----------------------------------------------------------------------------------------------------


def test_decision_needs_a_closed_stage_whose_entries_are_all_checked():
    stage = begun(full_edition(2), "papers")
    with pytest.raises(errors.StageNotClosed):
        decide(stage)
    close(stage)

    with translation.override("en"):
        with pytest.raises(errors.NotReadyToDecide) as raised:
            decide(stage)
        assert "2 entries are not checked to the end." in str(raised.value)
    assert DecisionRecord.objects.count() == 0


def test_checked_gate_lets_those_in_order_through_and_tells_the_others_what_was_found():
    stage = checked_stage(full_edition(3), refused={2})

    assert outcomes(stage) == {1: "passed", 2: "failed", 3: "passed"}
    refused = stage.passages.select_related("stage__category__edition").get(entry__number=2)
    assert words_of(refused) == "Not in order, as two officers found: NIB: NIB milik usaha lain"
    assert words_of(refused, "id").startswith("Tidak sesuai")
    assert stage.objections_until - stage.decided_at == timedelta(days=3)
    assert verified(stage.record)


def test_decision_is_made_once():
    made = full_edition(2)
    stage = checked_stage(made)

    for act in (decide, close):
        with pytest.raises(errors.StageDecided):
            act(stage)
    assert DecisionRecord.objects.count() == 1


def test_ranked_gate_goes_by_the_final_ranking_of_its_stage():
    made = full_edition(5)
    checked_stage(made)
    stage = begun(made, "judging")
    rank(stage, final=False)
    close(stage)
    with pytest.raises(errors.NotReadyToDecide):
        decide(stage)
    rank(stage, [70.0, 90.0, 90.0, 60.0, 80.0])

    decided = decide(stage)

    assert outcomes(decided) == {1: "waiting", 2: "passed", 3: "passed", 4: "waiting", 5: "passed"}
    first = decided.passages.select_related("stage__category__edition").get(entry__number=1)
    assert (first.rank, first.points) == (4, 70.0)
    assert words_of(first) == "Number 4 of the ranking; 3 could pass, the last of them was number 3."
    assert verified(decided.record)


def test_reserve_lets_a_later_number_through_and_says_so():
    women = {"reserves": [{"group": "women", "least": 1}]}
    made = full_edition(3, **through(stage_rules("papers"), judged(places=1, **women)))
    last = Entry.objects.get(edition=made, number=3)
    last.facts = {"groups": ["women"]}
    last.save()
    checked_stage(made)

    stage = judged_stage(made)

    assert outcomes(stage) == {1: "waiting", 2: "waiting", 3: "passed"}
    passages = {p.entry.number: p for p in stage.passages.select_related("entry", "stage__category__edition")}
    assert "women" in words_of(passages[3])
    assert "women" in words_of(passages[1])


def test_threshold_gate_says_points_on_both_sides():
    made = full_edition(2, **through(stage_rules("papers"), judged(method="threshold", threshold=80)))
    checked_stage(made)

    stage = judged_stage(made, points=[81.25, 79.5])

    passages = {p.entry.number: p for p in stage.passages.select_related("entry", "stage__category__edition")}
    assert outcomes(stage) == {1: "passed", 2: "failed"}
    assert words_of(passages[1]) == "81.25 points; at least 80 are needed."
    assert words_of(passages[2], "id") == "79,5 poin; sedikitnya diperlukan 80."


def test_every_entrant_is_told_once(django_capture_on_commit_callbacks):
    made = full_edition(2)
    with django_capture_on_commit_callbacks(execute=True):
        stage = checked_stage(made, refused={2})
    assert outcome_mails.mail_waiting_outcomes(stage_id=stage.pk) == 2
    assert outcome_mails.mail_waiting_outcomes(stage_id=stage.pk) == 0

    texts = [message.body for message in mail.outbox]
    assert len(texts) == 2
    assert sum("NIB milik usaha lain" in text for text in texts) == 1
    assert sum("menyanggah sampai" in text for text in texts) == 1


# --- plenary ----------------------------------------------------------------------------------------------------


def plenary_edition(entries=4, places=2):
    plenary = stage_rules("plenary", "plenary", "ranked", places=places)
    made = full_edition(entries, **through(stage_rules("papers"), judged(places=entries), plenary))
    checked_stage(made)
    judged_stage(made)
    stage = begun(made, "plenary")
    close(stage)
    return stage


def codes(stage):
    return {p.entry.number: p.entry.code for p in stage.passages.select_related("entry")}


def test_plenary_departs_from_the_ranking_with_a_reason_that_stands_on_record():
    stage = plenary_edition()
    code = codes(stage)
    deviations = [Deviation(code[4], True, "Produk satu-satunya dari timur"), Deviation(code[1], False, "Izin habis")]

    decided = decide(stage, deviations)

    assert outcomes(decided) == {1: "failed", 2: "passed", 3: "waiting", 4: "passed"}
    fourth = decided.passages.select_related("stage__category__edition").get(entry__number=4)
    assert (fourth.deviates, fourth.reason) == (True, "Produk satu-satunya dari timur")
    assert words_of(fourth).endswith("Produk satu-satunya dari timur")
    assert verified(decided.record)


def test_departure_without_reason_or_of_somebody_else_or_outside_a_plenary_is_refused():
    stage = plenary_edition()
    code = codes(stage)[4]
    for wrong in ([Deviation(code, True, " ")], [Deviation("XXXXXX", True, "x")], [Deviation(code, True, "x")] * 2):
        with pytest.raises(errors.DeviationUnclear):
            decide(stage, wrong)

    papers = begun(full_edition(1), "papers")
    check_all(papers)
    close(papers)
    with pytest.raises(errors.NoDeviationHere):
        decide(papers, [Deviation(papers.passages.get().entry.code, False, "x")])


# --- withdrawals ------------------------------------------------------------------------------------------------


def withdraw(made, number):
    found = Entry.objects.get(edition=made, number=number)
    Entry.objects.filter(pk=found.pk).update(status=Entry.Status.WITHDRAWN, withdrawn_at=timezone.now())
    found.refresh_from_db()
    return found


def waiting_edition():
    made = full_edition(5, **through(stage_rules("papers"), judged(places=2), places=2))
    checked_stage(made)
    return made, judged_stage(made)


def test_next_on_the_waiting_list_moves_up_when_somebody_withdraws():
    made, stage = waiting_edition()

    moved = stages.entry_withdrew(actor=None, entry=withdraw(made, 1))

    assert [passage.entry.number for passage in moved] == [3]
    assert outcomes(stage) == {1: "withdrawn", 2: "passed", 3: "passed", 4: "waiting", 5: "waiting"}
    third = stage.passages.get(entry__number=3)
    assert (third.code, third.told_at) == ("promoted", None)
    assert verified(third.record)


def test_as_many_move_up_as_places_became_free_and_nobody_who_withdrew():
    made, stage = waiting_edition()
    for number in (1, 2, 3):
        withdraw(made, number)

    stages.fill_places(actor=None, stage=stage)

    assert outcomes(stage) == {1: "withdrawn", 2: "withdrawn", 3: "withdrawn", 4: "passed", 5: "passed"}
    with pytest.raises(errors.NothingToFill):
        stages.fill_places(actor=None, stage=stage)


def test_second_withdrawal_goes_on_from_the_first():
    made, _stage = waiting_edition()
    stages.entry_withdrew(actor=None, entry=withdraw(made, 1))

    moved = stages.entry_withdrew(actor=None, entry=withdraw(made, 3))

    assert [passage.entry.number for passage in moved] == [4]
    assert outcomes(begun(made, "prizes")) == {2: "in", 4: "in"}


def test_nobody_moves_up_once_the_next_stage_has_ended():
    made, stage = waiting_edition()
    close(begun(made, "prizes"))

    assert stages.entry_withdrew(actor=None, entry=withdraw(made, 1)) == []
    assert outcomes(stage)[3] == "waiting"


def test_withdrawn_entry_is_left_out_of_a_decision():
    made = full_edition(3)
    stage = begun(made, "papers")
    check_all(stage)
    withdraw(made, 2)
    close(stage)

    assert outcomes(decide(stage)) == {1: "passed", 2: "withdrawn", 3: "passed"}


def test_what_a_withdrawn_entry_passed_before_stays_as_it_was():
    made, stage = waiting_edition()
    begun(made, "prizes")
    stages.entry_withdrew(actor=None, entry=withdraw(made, 1))

    assert outcomes(stage_of(made, "papers"))[1] == "passed"
    assert outcomes(stage)[1] == "passed"
    assert outcomes(stage_of(made, "prizes"))[1] == "withdrawn"


def test_place_that_became_free_in_a_running_stage_is_filled_once():
    made, stage = waiting_edition()
    over(stage)
    begun(made, "prizes")
    withdraw(made, 1)

    stages.fill_places(actor=None, stage=stage)

    assert outcomes(stage_of(made, "prizes")) == {1: "in", 2: "in", 3: "in"}
    with pytest.raises(errors.NothingToFill):
        stages.fill_places(actor=None, stage=stage)
    assert DecisionRecord.objects.filter(method="places.promote").count() == 1


def test_winner_who_withdraws_later_keeps_the_history():
    made, _stage = waiting_edition()
    last = begun(made, "prizes")
    close(last)
    decide(last)

    stages.entry_withdrew(actor=None, entry=withdraw(made, 1))

    assert outcomes(last) == {1: "passed", 2: "passed"}


def test_nothing_changes_in_an_edition_that_has_ended():
    stage = begun(full_edition(1), "papers")
    type(stage.category.edition).objects.filter(pk=stage.category.edition_id).update(status="ended")

    for act in (close, decide, check_all):
        with pytest.raises(errors.EditionNotRunning):
            act(stage)
    assert outcomes(stage) == {1: "in"}


def test_officer_with_a_tie_does_not_depart_from_the_ranking_for_it():
    stage = plenary_edition()
    passage = stage.passages.select_related("entry__firm").get(entry__number=4)
    officer = organiser()
    tie(passage.entry.firm, officer)

    with pytest.raises(errors.TiedToEntry):
        decide(stage, [Deviation(passage.entry.code, True, "Bagus")], actor=officer)
    assert outcomes(stage) == {1: "in", 2: "in", 3: "in", 4: "in"}


# --- decided by hand --------------------------------------------------------------------------------------------


def test_prizes_chosen_by_hand_go_in_the_order_of_the_ranking():
    last = stage_rules("prizes", "decision", "by_hand", places=2)
    made = full_edition(3, stages=[stage_rules("papers"), judged(places=3), last])
    checked_stage(made)
    judged_stage(made, points=[70.0, 90.0, 80.0])
    stage = begun(made, "prizes")
    for passage in stage.passages.all():
        passes = passage.entry.number != 3
        checks.choose_entry(actor=None, passage=passage, passes=passes, reason="Pilihan juri")
    close(stage)
    decide(stage)

    assert list(stage.prizes.values_list("entry__number", "name_en")) == [(2, "First"), (1, "Second")]
    assert outcomes(stage) == {1: "passed", 2: "passed", 3: "failed"}
