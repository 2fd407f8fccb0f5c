"""Two decisions at the same moment, with the turn-taking and, as the control, without it."""

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from gebyar.records import services
from gebyar.records.models import DecisionRecord
from gebyar.records.queries import broken_links

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def decide(title):
    services.append_decision(actor=None, method="test.sum", version="1", title=title, inputs={}, seed=None, result={})


def wait_until_blocked(other, patience=10.0):
    """Wait until the other connection waits for a lock, of whatever kind."""
    end = time.monotonic() + patience
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [other])
            if cursor.fetchone() == (True,):
                return
            time.sleep(0.01)
    raise TimeoutError("The second decision never met the first.")


def two_at_once():
    """Decide in a second connection while the first has decided and not yet committed; return what it raised."""
    started, raised, pids = threading.Event(), [], []

    def second():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
                started.set()
                decide("Kedua")
        except IntegrityError as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        decide("Pertama")
        thread.start()
        assert started.wait(timeout=10)
        wait_until_blocked(pids[0])
    thread.join(timeout=20)
    assert not thread.is_alive()
    return raised


def test_two_decisions_at_once_follow_each_other():
    assert two_at_once() == []
    assert list(DecisionRecord.objects.order_by("sequence").values_list("title", flat=True)) == ["Pertama", "Kedua"]
    assert broken_links() == []


def test_two_decisions_at_once_without_taking_turns_lose_one(monkeypatch):
    monkeypatch.setattr(services, "take_turns", lambda _number: None)
    (error,) = two_at_once()
    assert "unique" in str(error)
    assert DecisionRecord.objects.get().title == "Pertama"


def test_eight_decisions_at_once_make_one_chain():
    def act(number):
        try:
            decide(f"Keputusan {number}")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert DecisionRecord.objects.count() == 8
    assert broken_links() == []
