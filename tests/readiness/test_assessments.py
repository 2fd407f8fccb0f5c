"""A firm assesses itself: nothing is lost, nothing counts that was not said, and what is finished stays."""

import pytest
from django.db import IntegrityError, transaction
from tests.factories import person
from tests.readiness.made import answers, begun, finished, version
from tests.registry.firms import make_firm, make_member

from gebyar.readiness.errors import (
    AlreadyFinished,
    NotInUse,
    NotYourFirm,
    OccasionTaken,
    StillOpen,
    UnfitAnswer,
    UnknownOccasion,
)
from gebyar.readiness.models import Assessment, InstrumentVersion
from gebyar.readiness.services.assessments import answer, begin_assessment, finish_assessment
from gebyar.readiness.services.instruments import take_in_built_in
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_instruments_of_the_software_are_taken_in_once():
    first = take_in_built_in(actor=None)

    assert sorted(one.key for one in first) == ["indi40", "tangga_enam"]
    assert take_in_built_in(actor=None) == []


def test_beginning_twice_goes_on_with_the_same_draft():
    made, member = begun()

    assert begin_assessment(actor=member, firm=made.firm, version=made.instrument).pk == made.pk
    assert AuditEntry.objects.filter(verb="readiness.begin_assessment").count() == 1


def test_version_that_is_not_in_use_cannot_be_begun():
    firm = make_firm()
    draft = InstrumentVersion.objects.create(
        key="x", number=1, document=version().document, sha256="a" * 64, status="draft"
    )

    with pytest.raises(NotInUse):
        begin_assessment(actor=make_member(firm), firm=firm, version=draft)


def test_stranger_and_officer_cannot_answer_for_a_firm():
    made, _member = begun()

    for other in (make_member(make_firm()), person("local_officer", "33.74"), person("programme_officer")):
        with pytest.raises(NotYourFirm):
            answer(actor=other, assessment=made, answers={"keamanan": "a"})
        with pytest.raises(NotYourFirm):
            begin_assessment(actor=other, firm=made.firm, version=made.instrument)
    made.refresh_from_db()
    assert made.answers == {}


def test_answer_is_kept_at_once_and_taken_back_by_an_empty_one():
    made, member = begun()

    kept = answer(actor=member, assessment=made, answers={"keamanan": "c", "mesin_cerdas": "jaringan;ai"})
    assert (kept.answered, kept.index) == (2, None)
    assert kept.index_low < kept.index_high < 4

    back = answer(actor=member, assessment=made, answers={"keamanan": ""})
    assert (back.answers, back.answered) == ({"mesin_cerdas": "jaringan;ai"}, 1)
    assert back.index_low < kept.index_low


@pytest.mark.parametrize("said", [{"keamanan": "z"}, {"tidak_ada": "a"}, {"keamanan": "a;b"}, {"keamanan": "na"}])
def test_unfit_answer_is_refused_and_nothing_is_kept(said):
    made, member = begun()

    with pytest.raises(UnfitAnswer):
        answer(actor=member, assessment=made, answers={"digitalisasi": "a", **said})

    made.refresh_from_db()
    assert made.answers == {}


def test_open_questions_are_said_and_do_not_count_as_nothing():
    made, member = begun()
    said = answers(4, keamanan="")
    answer(actor=member, assessment=made, answers=said)

    with pytest.raises(StillOpen, match="1"):
        finish_assessment(actor=member, assessment=made)
    done = finish_assessment(actor=member, assessment=made, although_open=True)

    # Technology has four fields, so one open question of one field leaves a quarter of its weight open.
    assert (done.index, done.level, done.is_candidate) == (None, "", False)
    assert (done.index_low, done.index_high) == (pytest.approx(4 - 0.175), 4)


def test_finished_assessment_has_both_scores_and_is_a_candidate_from_three():
    high, _member = finished(3, layanan_data="c")
    low, _member = finished(2)

    assert (high.index, high.level, high.is_candidate) == (pytest.approx(3 + 0.175 / 6), "matang", True)
    assert low.is_candidate is False
    assert set(high.profiles) == {"ikm"}
    assert high.profiles["ikm"]["index"] is not None


def test_finished_assessment_never_changes():
    made, member = finished()

    with pytest.raises(AlreadyFinished):
        answer(actor=member, assessment=made, answers={"keamanan": "a"})
    with pytest.raises(AlreadyFinished):
        finish_assessment(actor=member, assessment=made)
    for change in ({"answers": {}}, {"index": 4.0}, {"level": "matang"}, {"finished_at": None, "status": "draft"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.filter(pk=made.pk).update(**change)


def test_occasions_follow_each_other_and_none_is_measured_twice():
    firm = make_firm()
    member = make_member(firm)
    seen = [finished(1, firm, member, key="tangga_enam")[0].occasion for _time in range(3)]

    assert seen == ["T0", "T1", "T2"]
    with pytest.raises(OccasionTaken):
        begin_assessment(actor=member, firm=firm, version=version("tangga_enam"))
    with pytest.raises(UnknownOccasion):
        begin_assessment(actor=member, firm=firm, version=version("tangga_enam"), occasion="T9")
    with pytest.raises(UnknownOccasion):
        begin_assessment(actor=member, firm=firm, version=version(), occasion="T0")
