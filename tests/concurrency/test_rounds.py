"""What participants and organisers do at the same moment. Without the round's lock each of it goes wrong, which shows."""

import contextlib
import itertools
import threading

import pytest
from tests.concurrency.racing import at_once
from tests.fair.rounds import asking_round, full_round, make_plan

from gebyar.fair import services
from gebyar.fair.services import hand, plans, requests, turns

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def meet_in(monkeypatch, module, name):
    """Hold each of two between looking and writing until the other has looked too, or is held up by the lock."""
    barrier, real = threading.Barrier(2), getattr(module, name)

    def meet(*args, **facts):
        found = real(*args, **facts)
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1.5)
        return found

    monkeypatch.setattr(module, name, meet)


def without_lock(monkeypatch):
    monkeypatch.setattr(turns, "lock", lambda rows: rows)


def names(raised):
    return sorted(error.__name__ if error else "" for error in raised)


# --- the cap of requests ----------------------------------------------------------------------------------------


def ask_two(monkeypatch):
    """One participant, who has one request left, asks two others at once."""
    round_, (one, *_), others = asking_round(most_requests=1)
    meet_in(monkeypatch, requests, "_refuse_beyond_cap")
    numbers = itertools.count(1)
    monkeypatch.setattr(requests, "next_number", lambda _rows: next(numbers))
    raised = at_once(*(lambda other=other: services.ask(actor=None, asker=one, asked=other) for other in others))
    return names(raised), round_.requests.count()


def test_cap_holds_for_two_requests_at_once(monkeypatch):
    assert ask_two(monkeypatch) == (["", "TooManyRequests"], 1)


def test_control_without_the_lock_the_cap_is_passed(monkeypatch):
    without_lock(monkeypatch)

    assert ask_two(monkeypatch) == (["", ""], 2)


# --- both ask each other ----------------------------------------------------------------------------------------


def ask_each_other(monkeypatch):
    round_, (one, *_), (buyer, *_) = asking_round()
    meet_in(monkeypatch, requests, "_between")
    raised = at_once(
        lambda: services.ask(actor=None, asker=one, asked=buyer),
        lambda: services.ask(actor=None, asker=buyer, asked=one),
    )
    return names(raised), list(round_.requests.values_list("answer", flat=True))


def test_two_who_ask_each_other_at_once_have_accepted(monkeypatch):
    assert ask_each_other(monkeypatch) == (["", ""], ["accepted"])


def test_control_without_the_lock_the_second_is_caught_by_the_database(monkeypatch):
    without_lock(monkeypatch)

    assert ask_each_other(monkeypatch) == (["", "IntegrityError"], ["open"])


# --- plans ------------------------------------------------------------------------------------------------------


def start_two(monkeypatch):
    round_ = full_round()
    meet_in(monkeypatch, plans, "_close_interrupted")
    raised = at_once(*(lambda seed=seed: services.open_plan(actor=None, round_=round_, seed=seed) for seed in (1, 2)))
    return names(raised), round_.plans.count()


def test_two_plans_at_once_open_one_and_tell_the_other(monkeypatch):
    assert start_two(monkeypatch) == (["", "PlanRunning"], 1)


def test_control_without_the_lock_two_plans_collide_in_the_database(monkeypatch):
    without_lock(monkeypatch)

    assert start_two(monkeypatch) == (["", "IntegrityError"], 1)


def publish_two(monkeypatch):
    round_ = full_round()
    versions = [make_plan(round_, seed=seed, seconds=10) for seed in (1, 2)]
    meet_in(monkeypatch, plans, "_shown_now")
    raised = at_once(*(lambda plan=plan: services.publish_plan(actor=None, plan=plan) for plan in versions))
    return names(raised), round_.plans.filter(published_at__isnull=False).count()


def test_two_organisers_who_publish_at_once_leave_one_version_shown(monkeypatch):
    assert publish_two(monkeypatch) == (["", ""], 1)


def test_control_without_the_lock_two_publications_collide_in_the_database(monkeypatch):
    without_lock(monkeypatch)

    assert publish_two(monkeypatch) == (["", "IntegrityError"], 1)


def move_two(monkeypatch):
    """Two organisers change the published plan at once: one version each, with numbers of their own."""
    plan = services.publish_plan(actor=None, plan=make_plan(full_round(), seconds=10))
    meetings = list(plan.meetings.select_related("request", "plan")[:2])
    meet_in(monkeypatch, hand, "facts_of")
    raised = at_once(*(lambda one=one: services.drop_meeting(actor=None, meeting=one) for one in meetings))
    return names(raised), list(plan.round.plans.order_by("version").values_list("version", flat=True))


def test_two_changes_by_hand_at_once_make_two_versions(monkeypatch):
    assert move_two(monkeypatch) == (["", ""], [1, 2, 3])


def test_control_without_the_lock_two_versions_get_one_number(monkeypatch):
    without_lock(monkeypatch)

    assert move_two(monkeypatch) == (["", "IntegrityError"], [1, 2])
