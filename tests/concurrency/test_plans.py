"""Two officers start a plan for one day at once. Without the lock the constraint has to catch the second one."""

import contextlib
import threading

import pytest
from django.db import IntegrityError, connection
from tests.fair.days import make_full_day

from gebyar.fair import services

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def start_two_plans(day, monkeypatch):
    """Let two threads open a plan; each holds still between looking and writing until the other has looked too."""
    both, outcomes = threading.Barrier(2), []
    close = services._close_interrupted

    def meet(day):
        close(day)
        # A broken barrier: the other one waits for the lock, which is what the lock is for.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=1.5)

    monkeypatch.setattr(services, "_close_interrupted", meet)

    def start(seed):
        try:
            services.open_plan(actor=None, day=day, seed=seed)
            outcomes.append("opened")
        except (services.PlanRunning, IntegrityError) as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=start, args=[seed]) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(outcomes)


def test_two_plans_at_once_with_the_lock_open_one_and_tell_the_other(monkeypatch):
    day = make_full_day()

    assert start_two_plans(day, monkeypatch) == ["PlanRunning", "opened"]
    assert day.plans.count() == 1


def test_two_plans_at_once_without_the_lock_collide_in_the_database(monkeypatch):
    day = make_full_day()
    monkeypatch.setattr(services, "lock", lambda rows: rows)

    assert start_two_plans(day, monkeypatch) == ["IntegrityError", "opened"]
