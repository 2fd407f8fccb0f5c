"""Judging: a mark at the moment of closing, and two organisers who assign at once, with the locks and without."""

import contextlib
import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from tests.awards.making_judging import assign, judging
from tests.concurrency.racing import at_once

from gebyar.awards.errors_judging import AssignedAlready, JudgeFull, JudgingClosed
from gebyar.awards.models import Assignment, Judge, Score, Stage
from gebyar.awards.services import panels, scores, stages, turns_judging

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


def without_lock(monkeypatch):
    monkeypatch.setattr(turns_judging, "lock", lambda rows: rows)


def names(raised):
    return sorted(error.__name__ if error else "" for error in raised)


# --- a mark while the stage closes ------------------------------------------------------------------------------


def mark_while_closing(monkeypatch):
    """Let the stage close after a judge's mark is written but before that is certain; return what closing saw."""
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    written, seen = threading.Event(), []
    step = scores.record_audit

    def pause(**facts):
        written.set()
        closed.wait(timeout=1.5)
        return step(**facts)

    closed = threading.Event()
    monkeypatch.setattr(scores, "record_audit", pause)

    def mark():
        scores.save_score(actor=None, assignment=row, criterion="idea", value=80)

    def close():
        written.wait(timeout=10)
        stages.close_stage(actor=None, stage=stage)
        seen.append(Score.objects.count())
        closed.set()

    raised = at_once(mark, close)
    return raised, seen, Score.objects.count()


def test_closing_waits_for_a_mark_that_is_being_written(monkeypatch):
    raised, seen, kept = mark_while_closing(monkeypatch)

    assert (raised, seen, kept) == ([None, None], [1], 1)


def test_control_without_the_lock_a_mark_appears_after_the_stage_was_closed(monkeypatch):
    without_lock(monkeypatch)

    raised, seen, kept = mark_while_closing(monkeypatch)

    assert (raised, seen, kept) == ([None, None], [0], 1)


def mark_after_looking(monkeypatch):
    """Let the stage close between a judge's look at it and the writing of the mark."""
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    looked, closed = threading.Event(), threading.Event()
    step = scores.judging_rules

    def pause(found):
        looked.set()
        closed.wait(timeout=1.5)
        return step(found)

    monkeypatch.setattr(scores, "judging_rules", pause)

    def close():
        looked.wait(timeout=10)
        stages.close_stage(actor=None, stage=stage)
        closed.set()

    raised = at_once(lambda: scores.save_score(actor=None, assignment=row, criterion="idea", value=80), close)
    return raised, Score.objects.count()


def test_a_judge_who_looked_in_time_is_in_time(monkeypatch):
    assert mark_after_looking(monkeypatch) == ([None, None], 1)


def test_control_without_the_lock_the_database_still_refuses_the_late_mark(monkeypatch):
    without_lock(monkeypatch)

    assert mark_after_looking(monkeypatch) == ([IntegrityError, None], 0)


def test_a_mark_at_the_very_deadline_is_refused_by_service_and_database(monkeypatch):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    Stage.objects.filter(pk=stage.pk).update(closes_at=timezone.now())
    act = lambda: scores.save_score(actor=None, assignment=row, criterion="idea", value=80)  # noqa: E731

    with pytest.raises(JudgingClosed):
        act()
    monkeypatch.setattr(scores, "takes_scores", lambda _stage: True)
    with pytest.raises(IntegrityError, match="not open"):
        act()
    connection.rollback()
    assert Score.objects.count() == 0


# --- two assignments at once ------------------------------------------------------------------------------------


def same_pair_twice(monkeypatch):
    stage, entries, people = judging(1, 1)
    hold_until_both(monkeypatch, panels, "fit_of")
    act = lambda: panels.assign_by_hand(actor=None, stage=stage, entry=entries[0], judge=people[0])  # noqa: E731
    return at_once(act, act)


def test_the_same_entry_is_given_to_a_judge_once(monkeypatch):
    assert names(same_pair_twice(monkeypatch)) == ["", AssignedAlready.__name__]
    assert Assignment.objects.count() == 1


def test_control_without_the_lock_the_second_one_meets_the_constraint(monkeypatch):
    without_lock(monkeypatch)

    assert names(same_pair_twice(monkeypatch)) == ["", IntegrityError.__name__]


def two_for_one_place(monkeypatch):
    stage, entries, people = judging(2, 1)
    Judge.objects.update(most=1)
    hold_until_both(monkeypatch, panels, "fit_of")
    acts = [
        lambda entry=entry: panels.assign_by_hand(actor=None, stage=stage, entry=entry, judge=people[0])
        for entry in entries
    ]
    return at_once(*acts)


def test_a_judge_with_one_place_left_gets_one_of_two_entries(monkeypatch):
    assert names(two_for_one_place(monkeypatch)) == ["", JudgeFull.__name__]
    assert Assignment.objects.count() == 1


def test_control_without_the_lock_a_judge_gets_more_than_they_take(monkeypatch):
    without_lock(monkeypatch)

    assert names(two_for_one_place(monkeypatch)) == ["", ""]
    assert Assignment.objects.count() == 2


# --- sent twice at once -----------------------------------------------------------------------------------------


def test_a_device_that_sends_twice_at_once_leaves_one_history(monkeypatch):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    hold_until_both(monkeypatch, scores, "judging_rules")
    act = lambda: scores.save_score(actor=None, assignment=row, criterion="idea", value=80)  # noqa: E731

    assert at_once(act, act) == [None, None]
    assert (row.scores.count(), row.changes.count()) == (1, 1)


def test_control_without_the_lock_the_history_tells_it_twice_or_collides(monkeypatch):
    stage, entries, people = judging(1, 1)
    row = assign(stage, entries[0], people[0])
    without_lock(monkeypatch)
    hold_until_both(monkeypatch, scores, "_checked")
    act = lambda: scores.save_score(actor=None, assignment=row, criterion="idea", value=80)  # noqa: E731

    raised = at_once(act, act)
    assert (names(raised) == ["", IntegrityError.__name__]) or row.changes.count() == 2
