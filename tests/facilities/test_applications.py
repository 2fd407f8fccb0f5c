"""From a draft to what was granted: who may, what is asked, and what is kept."""

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone
from tests.facilities.making import (
    MACHINES,
    PDF,
    again,
    applicant,
    approved,
    closed,
    draft,
    judges,
    member_of,
    officer,
    open_call,
    submitted,
)
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.facilities import errors
from gebyar.facilities.models import Application, FollowUp
from gebyar.facilities.queries.applications import deadline_of, seen_judgements
from gebyar.facilities.services.allotting import allot_call, preview_call
from gebyar.facilities.services.applications import (
    begin_application,
    hand_in_document,
    save_application,
    submit_application,
    withdraw_application,
)
from gebyar.facilities.services.following import answer_follow_up, remind_follow_ups
from gebyar.facilities.services.judging import judge_application, record_visit
from gebyar.facilities.services.payments import pay
from gebyar.facilities.working_days import working_days_after
from gebyar.records.models import AuditEntry, DecisionRecord
from gebyar.records.verify import Outcome as Verdict
from gebyar.records.verify import verify_record
from gebyar.registry.errors import UnfitFile

pytestmark = pytest.mark.django_db


def test_a_complete_application_gets_a_number_and_keeps_what_was_known(django_capture_on_commit_callbacks):
    call = open_call()
    with django_capture_on_commit_callbacks(execute=True):
        first, second = submitted(call), submitted(call)

    assert [first.number, second.number, first.status] == [1, 2, "submitted"]
    assert first.amount == 30_000_000
    assert first.facts["verdicts"] == {
        "industri": "met", "nib": "met", "skala": first.facts["verdicts"]["skala"], "mesin_baru": "asked",
    }  # fmt: skip
    assert first.facts["values"]["workers"] == 12
    assert "province:33" in first.facts["groups"]
    assert "first_time" in first.facts["groups"]
    assert [letter.to for letter in mail.outbox] == [[member_of(one.firm).email] for one in (first, second)]


def test_an_incomplete_application_says_what_is_missing_and_stays_a_draft():
    call, firm = open_call(), applicant()
    member = member_of(firm)
    made = begin_application(actor=member, call=call, firm=firm)

    with pytest.raises(errors.Incomplete) as error:
        submit_application(actor=member, application=made)

    assert error.value.facts["missing"].count(",") >= 3
    assert again(made).status == "draft"


def test_a_paper_is_known_by_its_content_and_replaces_the_one_before():
    made = draft()
    member = member_of(made.firm)
    with pytest.raises(UnfitFile):
        hand_in_document(
            actor=member, application=made, key="faktur", file=ContentFile(b"MZ\x90 program", name="faktur.pdf")
        )
    hand_in_document(actor=member, application=made, key="faktur", file=ContentFile(PDF + b" baru", name="x.exe"))

    assert made.documents.filter(key="faktur").count() == 1
    assert made.documents.get(key="faktur").file.name.endswith(".pdf")


def test_nothing_is_handed_in_after_the_closing():
    made = draft()
    closed(made.call)
    with pytest.raises(errors.CallClosed):
        submit_application(actor=member_of(made.firm), application=again(made))
    assert again(made).status == "draft"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"said": {"nothing": True}}, errors.UnfitApplication),
        ({"said": {}, "choice": "stolen"}, errors.UnfitApplication),
        ({"said": {}, "price": -1}, errors.UnfitApplication),
    ],
)
def test_answers_that_nobody_asked_are_refused(answers, error):
    made = draft()
    with pytest.raises(error):
        save_application(actor=member_of(made.firm), application=made, **answers)
    assert again(made).price == 100_000_000


def test_a_stranger_cannot_begin_save_submit_or_withdraw():
    made = draft()
    stranger = make_member(make_firm())
    for act in (
        lambda: begin_application(actor=stranger, call=made.call, firm=made.firm),
        lambda: save_application(actor=stranger, application=made, said={}),
        lambda: submit_application(actor=stranger, application=made),
        lambda: withdraw_application(actor=stranger, application=made),
    ):
        with pytest.raises(errors.NotYourFirm):
            act()
    assert again(made).status == "draft"


# --- judging ----------------------------------------------------------------------------------------------------


def test_two_officers_who_agree_decide_and_the_second_sees_nothing_before(django_capture_on_commit_callbacks):
    made = submitted()
    first, second = judges()
    with django_capture_on_commit_callbacks(execute=True):
        judge_application(actor=first, application=made, is_fit=False, note="Mesin bekas", findings={"mesin_baru": "x"})
        before = [seen_judgements(who, again(made)) for who in (second, member_of(made.firm))]
        assert again(made).status == "submitted"
        judge_application(actor=second, application=made, is_fit=False, note="Sama")

    assert before == [[], []]
    assert again(made).status == "rejected"
    assert [one.place for one in seen_judgements(member_of(made.firm), again(made))] == [1, 2]
    assert "Mesin bekas" in mail.outbox[-1].body
    told = AuditEntry.objects.filter(verb="facilities.judge_application").values_list("after", flat=True)
    assert list(told) == [{"place": 1}, {"place": 2}] or list(told) == [{"place": 2}, {"place": 1}]


def test_a_third_officer_decides_where_two_differ():
    made = submitted()
    first, second = judges()
    third = officer()
    judge_application(actor=first, application=made, is_fit=True)
    judge_application(actor=second, application=made, is_fit=False, note="Tidak")
    assert again(made).status == "submitted"
    judge_application(actor=third, application=made, is_fit=True)
    assert again(made).status == "approved"
    with pytest.raises(errors.NotToJudge):
        judge_application(actor=officer(), application=made, is_fit=True)


def test_nobody_judges_twice_afar_or_for_an_own_firm():
    made = submitted()
    first, _second = judges()
    judge_application(actor=first, application=made, is_fit=True)
    own = person(Role.LOCAL_OFFICER, "33")
    made.firm.members.create(user=own)
    for actor, error in (
        (first, errors.AlreadyJudged),
        (person(Role.LOCAL_OFFICER, "35"), errors.NotYourRegion),
        (member_of(made.firm), errors.NotYourRegion),
        (own, errors.OwnFirm),
    ):
        with pytest.raises(error):
            judge_application(actor=actor, application=made, is_fit=True)
    assert made.judgements.count() == 1


def test_a_visit_is_noted_until_the_decision():
    made = submitted()
    first, second = judges()
    record_visit(actor=first, application=made, visited_on=made.submitted_at.date(), is_as_said=True, findings="Ada")
    with pytest.raises(errors.UnfitVisit):
        record_visit(actor=first, application=made, visited_on=made.submitted_at.date(), is_as_said=True, findings=" ")
    for one in (first, second):
        judge_application(actor=one, application=made, is_fit=True)
    with pytest.raises(errors.NotToJudge):
        record_visit(actor=first, application=made, visited_on=made.submitted_at.date(), is_as_said=True, findings="x")


# --- allotting --------------------------------------------------------------------------------------------------


def full_call(count=4, **facts):
    """Four fit applications of 30 million each for a budget of 100 million."""
    call = open_call(**facts)
    return call, [approved(call) for _one in range(count)]


def test_a_call_is_allotted_within_its_budget_and_its_record_can_be_checked(django_capture_on_commit_callbacks):
    call, applications = full_call()
    closed(call)
    with django_capture_on_commit_callbacks(execute=True):
        record = allot_call(actor=officer(), call=call)

    found = [again(one) for one in applications]
    assert [one.status for one in found] == ["admitted", "admitted", "admitted", "waiting"]
    assert [one.granted for one in found] == [30_000_000] * 3 + [None]
    assert found[3].code == "budget"
    assert verify_record(record.document).outcome is Verdict.SAME
    assert FollowUp.objects.count() == 3
    assert len([letter for letter in mail.outbox if "keputusan" in letter.subject]) == 4
    assert not any(firm.name in record.body for firm in (one.firm for one in found))


def test_a_call_is_not_allotted_too_early_twice_or_by_others():
    call, applications = full_call(2)
    national = officer()
    with pytest.raises(errors.StillOpen):
        allot_call(actor=national, call=call)
    waiting = submitted(call)
    closed(call)
    with pytest.raises(errors.NotAllJudged):
        allot_call(actor=national, call=call)
    withdraw_application(actor=member_of(waiting.firm), application=waiting)
    for actor in (person(Role.LOCAL_OFFICER, "33"), member_of(applications[0].firm)):
        with pytest.raises(errors.NotNational):
            allot_call(actor=actor, call=call)
    with pytest.raises(errors.PreviewChanged):
        allot_call(actor=national, call=call, seen="0" * 64)
    allot_call(actor=national, call=call, seen=preview_call(call).fingerprint)
    with pytest.raises(errors.AlreadyAllotted):
        allot_call(actor=national, call=call)
    assert DecisionRecord.objects.count() == 1


def test_whoever_waits_moves_up_when_a_sum_becomes_free_and_exactly_one():
    call, applications = full_call(5)
    closed(call)
    first = allot_call(actor=officer(), call=call)
    withdraw_application(actor=member_of(applications[1].firm), application=again(applications[1]))

    statuses = [again(one).status for one in applications]
    assert statuses == ["admitted", "withdrawn", "admitted", "admitted", "waiting"]
    moved = again(applications[3])
    assert (moved.code, moved.granted) == ("promoted", 30_000_000)
    record = moved.call.record
    assert record.pk != first.pk
    assert verify_record(record.document).outcome is Verdict.SAME
    assert moved.follow_up.due_on


def test_who_withdrew_while_waiting_does_not_hold_a_sum_up():
    call, applications = full_call(5)
    closed(call)
    allot_call(actor=officer(), call=call)
    for number in (3, 0):
        withdraw_application(actor=member_of(applications[number].firm), application=again(applications[number]))

    assert [again(one).status for one in applications] == [
        "withdrawn", "admitted", "admitted", "withdrawn", "admitted",
    ]  # fmt: skip


def test_points_come_from_the_register_and_order_the_call():
    call = open_call(budget=40_000_000, points={"remote": 10})
    near, far = approved(call), approved(call, applicant(region_code="73.71.10"))
    closed(call)
    allot_call(actor=officer(), call=call)

    assert [(again(one).status, again(one).points) for one in (near, far)] == [("waiting", 0.0), ("admitted", 10.0)]


def test_a_reserve_takes_a_place_for_its_group():
    call = open_call(budget=40_000_000, points={}, reserves=[{"group": "remote", "least": 1}])
    near, far = approved(call), approved(call, applicant(region_code="73.71.10"))
    closed(call)
    allot_call(actor=officer(), call=call)

    assert [again(one).code for one in (near, far)] == ["reserved", "admitted_reserve"]


# --- after ------------------------------------------------------------------------------------------------------


def granted():
    call, applications = full_call(1)
    closed(call)
    allot_call(actor=officer(), call=call)
    return again(applications[0])


def test_never_more_is_paid_than_was_granted():
    one, national = granted(), officer()
    day = one.decided_at.date()
    pay(actor=national, application=one, amount=20_000_000, paid_on=day, reference="SP2D 1")
    for amount, reference, error in (
        (10_000_001, "SP2D 2", errors.TooMuch),
        (5_000_000, "SP2D 1", errors.ReferenceKnown),
        (0, "SP2D 3", errors.UnfitPayment),
        (5, " ", errors.UnfitPayment),
    ):
        with pytest.raises(error):
            pay(actor=national, application=one, amount=amount, paid_on=day, reference=reference)
    with pytest.raises(errors.NotNational):
        pay(actor=person(Role.LOCAL_OFFICER, "33"), application=one, amount=1, paid_on=day, reference="x")
    pay(actor=national, application=one, amount=10_000_000, paid_on=day, reference="SP2D 4")
    assert sum(one.disbursements.values_list("amount", flat=True)) == 30_000_000
    with pytest.raises(errors.AlreadyPaid):
        withdraw_application(actor=member_of(one.firm), application=one)


def test_a_firm_is_asked_once_a_year_after_and_before_stands_beside_after(django_capture_on_commit_callbacks):
    one = granted()
    follow_up = one.follow_up
    assert remind_follow_ups() == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_follow_ups(today=follow_up.due_on) == 1
        assert remind_follow_ups(today=follow_up.due_on) == 0
    assert member_of(one.firm).email in mail.outbox[-1].to
    said = {"workers": 18, "sales": 2_000_000_000, "production_value": None}
    answer_follow_up(actor=member_of(one.firm), application=one, figures=said, note="Tambah orang")

    follow_up.refresh_from_db()
    assert follow_up.before["workers"] == 12
    assert follow_up.after == {**said, "index": None}
    with pytest.raises(errors.NotYourFirm):
        answer_follow_up(actor=officer(), application=one, figures=said)


def test_a_facility_without_a_formula_is_given_in_places():
    with pytest.raises(errors.UnfitCall):
        open_call("bpipi", budget=5)
    call = open_call("bpipi", budget=None, places=1)
    firms = [applicant(kbli_code="15201") for _one in range(2)]
    both = [approved(call, firm) for firm in firms]
    closed(call)
    allot_call(actor=officer(), call=call)
    assert [(again(one).status, again(one).granted) for one in both] == [("admitted", None), ("waiting", None)]
    assert Application.objects.filter(call__rules__key=MACHINES).count() == 0


def test_beginning_twice_goes_on_with_the_same_draft_and_after_a_withdrawal_a_new_one_begins():
    made = draft()
    member = member_of(made.firm)
    assert begin_application(actor=member, call=made.call, firm=made.firm) == made
    withdraw_application(actor=member, application=made)
    assert begin_application(actor=member, call=made.call, firm=made.firm) != made
    with pytest.raises(errors.NotWithdrawable):
        withdraw_application(actor=member, application=made)


def test_the_rules_say_by_when_an_application_is_decided():
    call = open_call("kite_ikm", budget=None, places=3)
    one = submitted(call, applicant(npwp_sealed=b"sealed", npwp_hash=b"hash"))
    day = timezone.localdate(one.submitted_at)
    assert deadline_of(one) == working_days_after(day, 14)
    assert one.facts["values"]["npwp"] == "on record"


@pytest.mark.parametrize(("method", "last"), [("first_come", [3, 4]), ("lottery", None)])
def test_other_methods_go_by_the_line_or_the_seed(method, last):
    call, applications = full_call(4, method=method, budget=60_000_000, points={})
    closed(call)
    record = allot_call(actor=officer(), call=call)
    waiting = [one.number for one in map(again, applications) if one.status == "waiting"]
    assert len(waiting) == 2
    assert last is None or waiting == last
    assert verify_record(record.document).outcome is Verdict.SAME
