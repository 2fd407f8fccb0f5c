"""Readiness at the same moment: two finish one assessment, forty join one workshop, one assessor begins twice."""

import contextlib
import threading

import pytest
from django.db import IntegrityError
from tests.concurrency.racing import at_once
from tests.factories import person
from tests.readiness.made import answers, begun, finished, workshop

from gebyar.readiness.errors import AlreadyFinished, WorkshopFull
from gebyar.readiness.models import InstrumentVersion, Visit
from gebyar.readiness.services import assessments, instruments, visits, workshops
from gebyar.records.models import AuditEntry

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


# --- two finish at once -----------------------------------------------------------------------------------------


def two_finish(monkeypatch):
    made, member = begun()
    assessments.answer(actor=member, assessment=made, answers=answers(2))
    hold_until_both(monkeypatch, assessments, "_locked")
    act = lambda: assessments.finish_assessment(actor=member, assessment=made)  # noqa: E731
    return at_once(act, act)


def test_two_finishing_at_once_finish_once(monkeypatch):
    assert names(two_finish(monkeypatch)) == ["", AlreadyFinished.__name__]
    assert AuditEntry.objects.filter(verb="readiness.finish_assessment").count() == 1


def test_control_without_the_lock_the_second_runs_into_the_guard_of_finished_answers(monkeypatch):
    without_lock(monkeypatch, assessments)

    assert names(two_finish(monkeypatch)) == ["", IntegrityError.__name__]


# --- two answers at once ----------------------------------------------------------------------------------------


def two_answers(monkeypatch):
    made, member = begun()
    hold_until_both(monkeypatch, assessments, "_locked")
    acts = [
        lambda said=said: assessments.answer(actor=member, assessment=made, answers=said)
        for said in ({"keamanan": "b"}, {"digitalisasi": "c"})
    ]
    raised = at_once(*acts)
    made.refresh_from_db()
    return raised, made.answers


def test_two_answers_at_once_are_both_kept(monkeypatch):
    assert two_answers(monkeypatch) == ([None, None], {"keamanan": "b", "digitalisasi": "c"})


def test_control_without_the_lock_one_answer_is_lost(monkeypatch):
    without_lock(monkeypatch, assessments)

    raised, kept = two_answers(monkeypatch)

    assert (raised, len(kept)) == ([None, None], 1)


# --- forty join at once -----------------------------------------------------------------------------------------


def forty_join(monkeypatch, most):
    monkeypatch.setattr(workshops, "MOST_SHEETS", most)
    found = workshop()
    tokens = []
    raised = at_once(*[lambda: tokens.append(workshops.join_workshop(workshop=found)[1])] * 40)
    return found, raised, tokens


def test_forty_joining_at_once_have_forty_sheets(monkeypatch):
    found, raised, tokens = forty_join(monkeypatch, most=40)

    assert raised == [None] * 40
    assert (found.sheets.count(), len(set(tokens))) == (40, 40)


def test_no_more_join_at_once_than_there_is_room(monkeypatch):
    found, raised, _tokens = forty_join(monkeypatch, most=30)

    assert names(raised) == [""] * 30 + [WorkshopFull.__name__] * 10
    assert found.sheets.count() == 30


def test_control_without_the_lock_more_join_than_there_is_room(monkeypatch):
    without_lock(monkeypatch, workshops)
    monkeypatch.setattr(workshops, "MOST_SHEETS", 1)
    hold_until_both(monkeypatch, workshops, "_require_open")
    found = workshop()
    act = lambda: workshops.join_workshop(workshop=found)  # noqa: E731

    hold_until_both(monkeypatch, workshops, "score_into")  # both have counted before either is stored
    assert at_once(act, act) == [None, None]
    assert found.sheets.count() == 2


# --- one assessor begins twice ----------------------------------------------------------------------------------


def begin_twice():
    made, _member = finished(3, layanan_data="c")
    officer = person("local_officer", "33.74")
    return lambda: visits.begin_visit(actor=officer, assessment=made)


def test_one_assessor_beginning_twice_at_once_has_one_visit(monkeypatch):
    act = begin_twice()
    hold_until_both(monkeypatch, visits, "score_into")

    assert at_once(act, act) == [None, None]
    assert Visit.objects.count() == 1


def test_control_without_the_lock_the_second_visit_breaks_the_constraint(monkeypatch):
    act = begin_twice()
    without_lock(monkeypatch, visits)
    hold_until_both(monkeypatch, visits, "score_into")

    assert names(at_once(act, act)) == ["", IntegrityError.__name__]


# --- instruments of the software --------------------------------------------------------------------------------


def test_first_use_at_once_takes_the_instruments_in_once():
    assert at_once(*[instruments.built_in_versions] * 4) == [None] * 4
    assert sorted(InstrumentVersion.objects.values_list("key", flat=True)) == ["indi40", "tangga_enam"]
