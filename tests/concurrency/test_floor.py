"""The fair's day: two desks, two no-shows and two sides of a meeting at the same moment, with the locks and without."""

import contextlib
import threading

import pytest
from django.db import IntegrityError
from tests.concurrency.racing import at_once
from tests.fair.floor_days import between, make_day, published, slot, who
from tests.registry.firms import make_member

from gebyar.fair.errors_floor import AlreadyHere, AlreadyMissing
from gebyar.fair.models import CheckIn, Notice, Outcome
from gebyar.fair.services import floor, outcomes, turns
from gebyar.partnership.models import Deal

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def hold_until_both(monkeypatch, module, name):
    """Hold each act after this step until the other has done it too, or waits for the lock, which breaks the barrier."""
    barrier = threading.Barrier(2)
    step = getattr(module, name)

    def meet(*args, **kwargs):
        done = step(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1.5)
        return done

    monkeypatch.setattr(module, name, meet)


def without_lock(monkeypatch, *modules):
    for module in modules:
        monkeypatch.setattr(module, "lock", lambda rows: rows)


def names(raised):
    return sorted(error.__name__ if error else "" for error in raised)


# --- two desks check in the same participant --------------------------------------------------------------------


def two_desks(monkeypatch):
    day = make_day()
    hold_until_both(monkeypatch, floor, "_as_facts")
    act = lambda: floor.check_in(actor=None, participant=who(day, 1), at=slot(day, 1).starts_at)  # noqa: E731
    return at_once(act, act)


def test_two_desks_at_once_note_one_arrival_and_tell_the_other(monkeypatch):
    assert names(two_desks(monkeypatch)) == ["", AlreadyHere.__name__]
    assert CheckIn.objects.count() == 1


def test_control_without_the_lock_two_desks_collide_in_the_database(monkeypatch):
    without_lock(monkeypatch, floor)

    assert names(two_desks(monkeypatch)) == ["", IntegrityError.__name__]


# --- two no-shows at once ---------------------------------------------------------------------------------------


def two_repairs(monkeypatch, *numbers):
    day = make_day()
    hold_until_both(monkeypatch, floor, "_shown")
    acts = [
        lambda number=number: floor.repair(actor=None, round_=day, participant=who(day, number), from_slot=slot(day, 2))
        for number in numbers
    ]
    return day, at_once(*acts)


def test_two_no_shows_at_once_are_both_in_the_plan_that_is_shown(monkeypatch):
    day, raised = two_repairs(monkeypatch, 1, 2)

    shown = published(day)
    assert names(raised) == ["", ""]
    assert (shown.version, shown.based_on.version) == (3, 2)
    assert not shown.meetings.filter(request__asker__number__in=[1, 2], slot__number__gte=2).exists()


def test_one_no_show_noted_twice_at_once_makes_one_version(monkeypatch):
    day, raised = two_repairs(monkeypatch, 1, 1)

    assert names(raised) == ["", AlreadyMissing.__name__]
    assert (day.plans.count(), Notice.objects.filter(participant__number=1, code="dropped").count()) == (2, 1)


def test_control_without_the_lock_two_no_shows_collide_in_the_database(monkeypatch):
    without_lock(monkeypatch, floor, turns)

    _day, raised = two_repairs(monkeypatch, 1, 2)

    assert names(raised) == ["", IntegrityError.__name__]


# --- both sides say yes at once ---------------------------------------------------------------------------------


def both_say_yes(monkeypatch):
    day = make_day()
    request = between(day, 1, 4)
    hold_until_both(monkeypatch, outcomes, "_said_by")
    sides = [(side, make_member(side.firm)) for side in (request.asker, request.asked)]
    acts = [
        lambda side=side, member=member: outcomes.record_outcome(
            actor=member, request=request, participant=side, interest=Outcome.Interest.YES
        )
        for side, member in sides
    ]
    return at_once(*acts)


def test_both_sides_at_once_open_one_deal(monkeypatch):
    assert both_say_yes(monkeypatch) == [None, None]
    assert (Deal.objects.count(), Outcome.objects.exclude(deal=None).count()) == (1, 2)


def test_control_without_the_lock_neither_side_sees_the_other_and_no_deal_is_opened(monkeypatch):
    without_lock(monkeypatch, outcomes)

    assert both_say_yes(monkeypatch) == [None, None]
    assert (Deal.objects.count(), Outcome.objects.count()) == (0, 2)
