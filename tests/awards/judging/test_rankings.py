"""Rankings: made from what was sent, recomputed from the record alone, one of them final."""

import json

import pytest
from tests.awards import making
from tests.awards.making_judging import assign, close, full_round, judging, send
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards.errors_judging import NothingSent, StageStillOpen
from gebyar.awards.models import RankingVersion
from gebyar.awards.queries.judging import final_ranking
from gebyar.awards.queries.rankings import shown_ranking
from gebyar.awards.services import conflicts, judges, rankings
from gebyar.awards.wording_rankings import ALARMS, FINDINGS, finding_words
from gebyar.methods.judging import CODES
from gebyar.records.errors import NotAllowed
from gebyar.records.verify import Outcome, verify_record

pytestmark = pytest.mark.django_db


def test_ranking_waits_until_the_stage_is_closed_and_for_marks():
    stage, _, _ = judging(1, 1)
    with pytest.raises(StageStillOpen):
        rankings.make_ranking(actor=None, stage=stage)
    close(stage)
    with pytest.raises(NothingSent):
        rankings.make_ranking(actor=None, stage=stage)
    for actor in (person(), person(Role.JUDGE), person(Role.LOCAL_OFFICER, "33")):
        with pytest.raises(NotAllowed):
            rankings.make_ranking(actor=actor, stage=stage)


def test_few_marks_are_ranked_by_plain_means_and_it_says_so():
    stage, entries, people = judging(2, 2)
    send(assign(stage, entries[0], people[0]), 60, 60)
    send(assign(stage, entries[1], people[1]), 90, 90)
    close(stage)

    version = rankings.make_ranking(actor=making.organiser(), stage=stage)
    shown = shown_ranking(version)

    assert (version.method, [row["entry"] for row in version.result["rows"]]) == (
        "raw",
        [entries[1].code, entries[0].code],
    )
    assert not shown.is_as_declared
    assert shown.reason


def test_full_round_is_adjusted_and_its_record_recomputes():
    stage, entries, people = full_round(12, 4, per_entry=4)
    close(stage)

    version = rankings.make_ranking(actor=making.organiser(), stage=stage)

    assert version.method == "mixed"
    assert [row["entry"] for row in version.result["rows"]][:2] == [entries[0].code, entries[1].code]
    assert version.result["rows"][0]["low"] is not None
    record = json.loads(version.record.body)
    assert verify_record(record).outcome == Outcome.SAME
    names = [entry.firm.name for entry in entries] + [one.user.email for one in people]
    assert [name for name in names if name in version.record.body] == []


def test_robust_variant_is_used_where_the_rules_declare_it():
    stage, _, _ = full_round(9, 3, ranking="robust", ties=["adjusted", "criterion:idea", "lot"])
    close(stage)

    version = rankings.make_ranking(actor=None, stage=stage)

    assert version.method == "robust"
    assert json.loads(version.record.body)["inputs"]["options"]["ties"] == ["adjusted", "criterion:idea", "lot"]
    assert shown_ranking(version).is_as_declared
    assert verify_record(json.loads(version.record.body)).outcome == Outcome.SAME


def test_one_changed_mark_in_the_record_is_found():
    stage, _, _ = full_round(9, 3)
    close(stage)
    record = json.loads(rankings.make_ranking(actor=None, stage=stage).record.body)

    record["inputs"]["marks"][0][3] += 1

    assert verify_record(record).outcome != Outcome.SAME


def test_marks_of_a_tied_judge_and_drafts_do_not_count():
    stage, entries, people = judging(1, 3)
    rows = [assign(stage, entries[0], one) for one in people]
    send(rows[0], 60, 60)
    send(rows[1], 100, 100)
    conflicts.declare_conflict(actor=None, judge=people[1], entry=entries[0], kind="employer")
    close(stage)

    version = rankings.make_ranking(actor=None, stage=stage)

    assert [(row["raw"], row["marks"]) for row in version.result["rows"]] == [(60.0, 1)]


def test_what_a_judge_sent_before_they_left_still_counts():
    stage, entries, people = judging(2, 1)
    send(assign(stage, entries[0], people[0]), 60, 60)
    assign(stage, entries[1], people[0])
    judges.answer_judgeship(actor=people[0].user, judge=people[0], accept=False, reason="Bertugas di luar negeri")
    close(stage)

    version = rankings.make_ranking(actor=None, stage=stage)

    assert [(row["entry"], row["raw"]) for row in version.result["rows"]] == [(entries[0].code, 60.0)]


def test_not_applicable_is_never_a_zero():
    stage, entries, people = judging(1, 1)
    send(assign(stage, entries[0], people[0]), 80, None)
    close(stage)

    assert rankings.make_ranking(actor=None, stage=stage).result["rows"][0]["raw"] == 80


def test_one_ranking_is_final_and_another_takes_its_place():
    stage, entries, people = judging(1, 1)
    send(assign(stage, entries[0], people[0]))
    close(stage)
    first, second = (rankings.make_ranking(actor=None, stage=stage) for _ in range(2))
    assert final_ranking(stage) is None

    rankings.mark_final(actor=making.organiser(), ranking=first)
    rankings.mark_final(actor=making.organiser(), ranking=second)

    assert final_ranking(stage) == second
    assert list(RankingVersion.objects.order_by("version").values_list("is_final", flat=True)) == [False, True]


def test_every_code_of_the_method_has_words_here():
    assert set(FINDINGS) == set(CODES)
    assert set(ALARMS) == {code for code in CODES if code.startswith("judge_")}


def test_every_sentence_takes_the_parameters_of_its_code():
    facts = dict.fromkeys(
        ["count", "least", "listed", "judge", "second_entry", "first_entry", "entry", "percent", "ratio", "spread",
         "usual", "chance"], "7",
    )  # fmt: skip
    said = {code: finding_words(code, {**facts, "rule": "adjusted, criterion:idea"}, {"idea": "Ide"}) for code in CODES}
    assert "Ide" in said["tie"]
    assert [words for words in said.values() if "%(" in words] == []
