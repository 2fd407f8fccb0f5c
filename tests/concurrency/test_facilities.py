"""Officers and firms act at the same moment. Without the lock it shows."""

import contextlib
import threading

import pytest
from django.db import IntegrityError
from django.utils import timezone
from tests.concurrency.racing import at_once
from tests.facilities.making import again, approved, closed, draft, judges, member_of, officer, open_call, submitted

from gebyar.facilities.errors import AlreadyAllotted, NotAllJudged, TooMuch
from gebyar.facilities.models import Application, Call
from gebyar.facilities.services import allotting, applications, calls, judging, payments
from gebyar.records.models import DecisionRecord

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def meeting(barrier, act):
    """Hold each between looking and writing until the other has looked too, or is held up by the lock."""

    def met(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1.5)
        return act(*args, **kwargs)

    return met


def hold(monkeypatch, module, name):
    barrier = threading.Barrier(2)
    monkeypatch.setattr(module, name, meeting(barrier, getattr(module, name)))


def unlock(monkeypatch, *modules):
    for module in modules:
        monkeypatch.setattr(module, "lock", lambda rows: rows)


# --- two judgements at one place --------------------------------------------------------------------------------


def two_judgements():
    one = submitted()
    first, second = judges()
    return one, [
        lambda: judging.judge_application(actor=first, application=one, is_fit=True),
        lambda: judging.judge_application(actor=second, application=one, is_fit=True),
    ]


def test_two_judgements_at_once_with_the_lock_take_a_place_each(monkeypatch):
    hold(monkeypatch, judging, "_place")
    one, acts = two_judgements()
    assert at_once(*acts) == [None, None]
    assert (list(one.judgements.values_list("place", flat=True)), again(one).status) == ([1, 2], "approved")


def test_control_without_the_lock_both_want_the_first_place(monkeypatch):
    hold(monkeypatch, judging, "_place")
    unlock(monkeypatch, judging)
    one, acts = two_judgements()
    assert sorted(map(str, at_once(*acts))) == sorted(map(str, [None, IntegrityError]))
    assert again(one).status == "submitted"


# --- two numbers, and the closing -------------------------------------------------------------------------------


def two_submissions():
    call = open_call()
    made = [draft(call), draft(call)]
    return made, [
        lambda one=one: applications.submit_application(actor=member_of(one.firm), application=one) for one in made
    ]


def test_two_firms_at_once_with_the_lock_get_a_number_each(monkeypatch):
    hold(monkeypatch, applications, "snapshot_of")
    made, acts = two_submissions()
    assert at_once(*acts) == [None, None]
    assert sorted(again(one).number for one in made) == [1, 2]


def test_control_without_the_lock_both_get_the_same_number(monkeypatch):
    unlock(monkeypatch, calls, applications)
    _made, acts = two_submissions()
    hold(monkeypatch, Application, "save")
    assert sorted(map(str, at_once(*acts))) == sorted(map(str, [None, IntegrityError]))


def submission_at_the_closing(monkeypatch):
    """A firm hands in at the last moment while an officer allots."""
    call = open_call()
    approved(call)
    late = draft(call)
    looked = threading.Event()
    closed(call)

    def snapshot(one, make=applications.snapshot_of):
        looked.set()
        threading.Event().wait(1.5)
        return make(one)

    monkeypatch.setattr(applications, "snapshot_of", snapshot)
    # For the firm it is still a moment before the closing.
    monkeypatch.setattr(Call, "takes_applications", property(lambda call: call.status == Call.Status.OPEN))

    def allot():
        looked.wait(10)
        allotting.allot_call(actor=officer(), call=call)

    return late, [lambda: applications.submit_application(actor=member_of(late.firm), application=late), allot]


def test_handing_in_at_the_closing_with_the_lock_is_seen_by_the_allotment(monkeypatch):
    late, acts = submission_at_the_closing(monkeypatch)
    assert at_once(*acts) == [None, NotAllJudged]
    assert (again(late).status, again(late).call.status) == ("submitted", "open")


def test_control_without_the_lock_an_application_is_left_out(monkeypatch):
    unlock(monkeypatch, calls)
    late, acts = submission_at_the_closing(monkeypatch)
    assert at_once(*acts) == [None, None]
    assert (again(late).status, again(late).call.status) == ("submitted", "allotted")


# --- allotting and paying twice ---------------------------------------------------------------------------------


def two_allotments():
    call = open_call()
    approved(call)
    closed(call)
    officers = officer(), officer()
    return [lambda one=one: allotting.allot_call(actor=one, call=call) for one in officers]


def test_two_allotments_at_once_with_the_lock_leave_one_record(monkeypatch):
    hold(monkeypatch, allotting, "_recorded")
    raised = at_once(*two_allotments())
    assert sorted(map(str, raised)) == sorted(map(str, [None, AlreadyAllotted]))
    assert DecisionRecord.objects.count() == 1


def test_control_without_the_lock_a_call_is_allotted_twice(monkeypatch):
    hold(monkeypatch, allotting, "_recorded")
    unlock(monkeypatch, calls)
    assert at_once(*two_allotments()) == [None, None]
    assert DecisionRecord.objects.count() == 2


def two_payments():
    call = open_call()
    one = approved(call)
    closed(call)
    national = officer()
    allotting.allot_call(actor=national, call=call)
    day = timezone.localdate()
    return one, [
        lambda reference=reference: payments.pay(
            actor=national, application=one, amount=20_000_000, paid_on=day, reference=reference
        )
        for reference in ("A", "B")
    ]


def test_two_payments_at_once_with_the_lock_never_exceed_what_was_granted(monkeypatch):
    hold(monkeypatch, payments, "_store")
    one, acts = two_payments()
    assert sorted(map(str, at_once(*acts))) == sorted(map(str, [None, TooMuch]))
    assert sum(one.disbursements.values_list("amount", flat=True)) == 20_000_000


def test_control_without_the_lock_more_is_paid_than_was_granted(monkeypatch):
    hold(monkeypatch, payments, "_store")
    unlock(monkeypatch, payments)
    one, acts = two_payments()
    assert at_once(*acts) == [None, None]
    assert sum(one.disbursements.values_list("amount", flat=True)) == 40_000_000
