"""Two officers approve one correction at the same moment. Without the lock both change the fact, which shows."""

import contextlib
import threading

import pytest
from django.db import IntegrityError
from tests.concurrency.racing import at_once
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.registry.errors import AlreadyDecided
from gebyar.registry.models import Correction, FactChange
from gebyar.registry.services import corrections

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def both_have_looked(monkeypatch):
    """Hold each decision between looking and writing until the other has looked too, or is held up by the lock."""
    barrier = threading.Barrier(2)
    close = corrections._close

    def meet(*args):
        # A broken barrier: the other one waits for the lock, which is what the lock is for.
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1.5)
        close(*args)

    monkeypatch.setattr(corrections, "_close", meet)


def two_decisions(field, value, year=None):
    firm = make_firm(name="Batik Lama")
    make_profile(firm, sales=1_000)
    member = make_member(firm)
    officers = person(Role.LOCAL_OFFICER, "33.74"), person(Role.LOCAL_OFFICER, "33")
    correction = corrections.propose_correction(actor=member, firm=firm, field=field, value=value, year=year)
    acts = [
        lambda who=who: corrections.decide_correction(actor=who, correction=correction, approve=True)
        for who in officers
    ]
    return firm, acts


def test_two_approvals_at_once_with_the_lock_change_the_fact_once(both_have_looked):
    firm, acts = two_decisions("name", "Batik Baru")

    raised = at_once(*acts)

    firm.refresh_from_db()
    assert sorted(map(str, raised)) == sorted(map(str, [None, AlreadyDecided]))
    assert (firm.name, FactChange.objects.count()) == ("Batik Baru", 1)


def test_two_approvals_of_a_figure_with_the_lock_add_one_statement(both_have_looked):
    firm, acts = two_decisions("sales", "2000", year=2023)

    raised = at_once(*acts)

    assert sorted(map(str, raised)) == sorted(map(str, [None, AlreadyDecided]))
    assert sorted(firm.profiles.values_list("sales", "is_current")) == [(1_000, False), (2_000, True)]


def test_approval_and_refusal_at_once_leave_one_decision(both_have_looked):
    firm, (approve, _) = two_decisions("name", "Batik Baru")
    correction = Correction.objects.get()
    officer = person(Role.PROGRAMME_OFFICER)

    raised = at_once(
        approve,
        lambda: corrections.decide_correction(actor=officer, correction=correction, approve=False, note="Tidak"),
    )

    firm.refresh_from_db()
    decided = Correction.objects.get().status
    assert sorted(map(str, raised)) == sorted(map(str, [None, AlreadyDecided]))
    assert (decided, firm.name) in {("approved", "Batik Baru"), ("rejected", "Batik Lama")}


@pytest.fixture
def without_lock(monkeypatch):
    monkeypatch.setattr(corrections, "lock", lambda rows: rows)


def test_control_without_the_lock_both_try_to_change_the_fact(both_have_looked, without_lock):
    _firm, acts = two_decisions("name", "Batik Baru")

    raised = at_once(*acts)

    # Only the unique constraint on the change stops the second one: nobody is told that it was decided.
    assert sorted(map(str, raised)) == sorted(map(str, [None, IntegrityError]))
    assert AlreadyDecided not in raised


def test_control_without_the_lock_a_figure_is_stated_twice_or_breaks(both_have_looked, without_lock):
    firm, acts = two_decisions("sales", "2000", year=2023)

    raised = at_once(*acts)

    assert AlreadyDecided not in raised
    assert IntegrityError in raised or firm.profiles.filter(sales=2000).count() == 2
