"""Two imports at the same moment. Rows without NIB have no unique constraint to lean on, only the bulk writers' lock."""

import threading
from contextlib import nullcontext, suppress

import pytest
from django.db import connection
from tests.concurrency.racing import at_once
from tests.registry.lists import received, row

from gebyar.registry.models import Delivery, Firm, Profile
from gebyar.registry.services.deliveries import BeingTakenIn, applying, take_in, taking_in

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

NIBS = [f"12345000{number:05d}" for number in range(1000, 1040)]


@pytest.fixture
def both_have_looked(monkeypatch):
    """Hold each import between matching and writing until the other has matched too, or waits for the lock."""
    barrier = threading.Barrier(2)
    match = applying.match

    def meet(*facts):
        found = match(*facts)
        with suppress(threading.BrokenBarrierError):  # the other one waits for its turn: what the lock is for
            barrier.wait(timeout=1.5)
        return found

    monkeypatch.setattr(applying, "match", meet)


def taking(delivery):
    return lambda: take_in(actor=None, delivery=Delivery.objects.get(pk=delivery.pk))


def two_lists(**cells):
    """Two lists of the same 40 firms, the second in the other order."""
    rows = [row(f"Batik {n}", Alamat=f"Jl. {n}", TK="3", **{k: v[n] for k, v in cells.items()}) for n in range(40)]
    return received(rows), received(rows[::-1], source_name="Dinas Koperasi Kota Semarang")


def test_two_lists_of_the_same_places_at_once_make_each_firm_once(both_have_looked):
    one, other = two_lists()

    raised = at_once(taking(one), taking(other))

    assert raised == [None, None]
    assert (Firm.objects.count(), Profile.objects.count(), Profile.objects.filter(is_current=True).count()) == (
        40,
        80,
        40,
    )


def test_control_without_the_bulk_lock_the_same_places_become_firms_twice(both_have_looked, monkeypatch):
    monkeypatch.setattr(applying, "take_turns", lambda _number: None)
    one, other = two_lists()

    at_once(taking(one), taking(other))

    assert Firm.objects.count() == 80


def test_two_lists_of_the_same_nibs_at_once_make_each_firm_once(both_have_looked):
    one, other = two_lists(NIB=NIBS)

    raised = at_once(taking(one), taking(other))

    assert raised == [None, None]
    assert sorted(Firm.objects.values_list("nib", flat=True)) == NIBS
    assert Profile.objects.filter(is_current=True).count() == 40


def test_firm_that_registers_itself_meanwhile_is_found_on_the_second_try(monkeypatch):
    delivery = received([row("Batik 1", NIB=NIBS[0], TK="3")])
    match = applying.match

    def meanwhile(*facts):
        found = match(*facts)
        monkeypatch.setattr(applying, "match", match)
        rival = threading.Thread(target=_register)
        rival.start()
        rival.join()
        return found

    def _register():
        Firm.objects.create(name="Batik Satu", nib=NIBS[0], region_code="33.74")
        connection.close()

    monkeypatch.setattr(applying, "match", meanwhile)

    take_in(actor=None, delivery=delivery)

    assert list(Firm.objects.values_list("nib", "profiles__workers")) == [(NIBS[0], 3)]


@pytest.fixture
def both_at_work(monkeypatch):
    """Hold each import before its first chunk until the other is there too, or was refused."""
    barrier = threading.Barrier(2)
    take = taking_in._take_chunks

    def meet(*facts):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=3)
        take(*facts)

    monkeypatch.setattr(taking_in, "_take_chunks", meet)


def test_same_list_taken_in_twice_at_once_is_refused_once(both_at_work):
    one, _other = two_lists()

    raised = at_once(taking(one), taking(one))

    one.refresh_from_db()
    assert sorted(map(str, raised)) == sorted(map(str, [None, BeingTakenIn]))
    assert (Firm.objects.count(), one.counts["firms_new"], one.rows_taken) == (40, 40, 40)


def test_control_without_the_lock_on_the_list_its_counts_are_wrong(both_at_work, monkeypatch):
    monkeypatch.setattr(taking_in, "_sole_hand_on", lambda _delivery: nullcontext())
    one, _other = two_lists()

    raised = at_once(taking(one), taking(one))

    one.refresh_from_db()
    assert BeingTakenIn not in raised
    assert one.counts["firms_new"] != 40  # the second one found all firms there and wrote down its own count
