"""Two officers decide one listing at the same moment, and a firm sends one statement twice. Without the lock it shows."""

import contextlib
import threading

import pytest
from tests.concurrency.racing import at_once
from tests.factories import person
from tests.partnership.market import a_deal, days_ago, waiting
from tests.registry.firms import make_member

from gebyar.accounts.models import Role
from gebyar.partnership.errors import AlreadySaid, NotWaiting
from gebyar.partnership.models import DealStatement, Listing, Reminder
from gebyar.partnership.queries.deals import standing
from gebyar.partnership.services import deals, listings, reminders
from gebyar.records.models import AuditEntry

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def meeting(barrier, act):
    """Hold each between looking and writing until the other has looked too, or is held up by the lock."""

    def met(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1.5)
        return act(*args, **kwargs)

    return met


@pytest.fixture
def both_have_looked(monkeypatch):
    barrier = threading.Barrier(2)
    monkeypatch.setattr(listings, "_close", meeting(barrier, listings._close))
    monkeypatch.setattr(deals, "DealStatement", Meeting(barrier))
    monkeypatch.setattr(reminders, "_is_over", meeting(barrier, reminders._is_over))


class Meeting:
    """The model, whose making waits for the other one."""

    def __init__(self, barrier):
        self.make = meeting(barrier, DealStatement)

    def __call__(self, **facts):
        return self.make(**facts)

    def __getattr__(self, name):
        return getattr(DealStatement, name)


def two_decisions():
    listing = waiting()
    officers = person(Role.LOCAL_OFFICER, "33.74"), person(Role.LOCAL_OFFICER, "33")
    return [
        lambda: listings.decide_listing(actor=officers[0], listing=listing, approve=True),
        lambda: listings.decide_listing(actor=officers[1], listing=listing, approve=False, note="Tidak"),
    ]


def decisions():
    return AuditEntry.objects.filter(verb__in=["partnership.approve_listing", "partnership.return_listing"])


def test_two_decisions_at_once_with_the_lock_leave_one(both_have_looked):
    raised = at_once(*two_decisions())

    assert sorted(map(str, raised)) == sorted(map(str, [None, NotWaiting]))
    told = decisions().get().verb
    assert (told, Listing.objects.get().status) in {
        ("partnership.approve_listing", "approved"), ("partnership.return_listing", "rejected"),
    }  # fmt: skip


def test_control_without_the_lock_both_decide(both_have_looked, monkeypatch):
    monkeypatch.setattr(listings, "lock", lambda rows: rows)

    assert (at_once(*two_decisions()), decisions().count()) == ([None, None], 2)


def two_statements():
    deal = a_deal()
    member = make_member(deal.seller)
    said = {"actor": member, "deal": deal, "side": "seller", "stage": "realised", "amount": 5, "on_date": days_ago(1)}
    return deal, [lambda: deals.state_deal(**said), lambda: deals.state_deal(**said)]


def test_same_statement_at_once_with_the_lock_counts_once(both_have_looked):
    deal, acts = two_statements()

    raised = at_once(*acts)

    assert sorted(map(str, raised)) == sorted(map(str, [None, AlreadySaid]))
    assert standing(deal).seller.realised == 5


def test_control_without_the_lock_a_delivery_counts_twice(both_have_looked, monkeypatch):
    monkeypatch.setattr(deals, "lock", lambda rows: rows)
    deal, acts = two_statements()

    assert (at_once(*acts), standing(deal).seller.realised) == ([None, None], 10)


def two_workers():
    deal = a_deal()
    Reminder.objects.exclude(side="seller", months=1).delete()
    return deal, [reminders.send_reminders, reminders.send_reminders]


def sent():
    return AuditEntry.objects.filter(verb="partnership.send_reminder").count()


def test_two_workers_at_once_with_the_lock_remind_once(both_have_looked):
    _deal, acts = two_workers()

    assert (at_once(*acts), sent()) == ([None, None], 1)


def test_control_without_the_lock_two_workers_remind_twice(both_have_looked, monkeypatch):
    monkeypatch.setattr(reminders, "lock", lambda rows: rows)
    _deal, acts = two_workers()

    assert (at_once(*acts), sent()) == ([None, None], 2)
