"""Officers who do the same to a stage at the same moment. Without the category's lock each of it goes wrong."""

import contextlib
import threading

import pytest
from tests.awards.making import organiser
from tests.awards.making_stages import (
    begun,
    check_all,
    checked_stage,
    close,
    decide,
    full_edition,
    judged,
    outcomes,
    rank,
    stage_of,
    through,
)
from tests.concurrency.racing import at_once

from gebyar.awards.models import Check, Entry, Passage
from gebyar.awards.services import checks, objections, stage_turns, stages
from gebyar.records.models import AuditEntry, DecisionRecord

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
    monkeypatch.setattr(stage_turns, "lock", lambda rows: rows)


def names(raised):
    return sorted(error.__name__ if error else "" for error in raised)


# --- two officers begin a stage ---------------------------------------------------------------------------------


def begin_two(monkeypatch):
    made = full_edition(2)
    stage = stage_of(made, "papers")
    meet_in(monkeypatch, stages, "refuse_beginning")
    raised = at_once(*[lambda: begun(made, "papers")] * 2)
    stage.refresh_from_db()
    begins = AuditEntry.objects.filter(verb="awards.activate_stage").count()
    return names(raised), stage.status, stage.passages.count(), begins


def test_two_who_begin_a_stage_at_once_begin_it_once(monkeypatch):
    assert begin_two(monkeypatch) == (["", "StageBegun"], "active", 2, 1)


def test_control_without_the_lock_the_second_one_breaks_in_the_database(monkeypatch):
    without_lock(monkeypatch)

    # The edition's own row, which the first stage holds as well, would let them take turns.
    monkeypatch.setattr(stages, "lock", lambda rows: rows)
    assert begin_two(monkeypatch) == (["", "IntegrityError"], "active", 2, 1)


# --- a decision is made once ------------------------------------------------------------------------------------


def decide_two(monkeypatch):
    stage = begun(full_edition(2), "papers")
    check_all(stage, refused={2})
    close(stage)
    meet_in(monkeypatch, stages, "_refuse_decided")
    raised = at_once(*[lambda: decide(stage)] * 2)
    decisions = AuditEntry.objects.filter(verb="awards.decide_stage").count()
    return names(raised), DecisionRecord.objects.count(), decisions


def test_two_who_decide_at_once_decide_once(monkeypatch):
    assert decide_two(monkeypatch) == (["", "StageDecided"], 1, 1)


def test_control_without_the_lock_a_stage_is_decided_twice(monkeypatch):
    without_lock(monkeypatch)

    assert decide_two(monkeypatch) == (["", ""], 2, 2)


# --- two checks for the same place ------------------------------------------------------------------------------


def check_two(monkeypatch):
    passage = begun(full_edition(1), "papers").passages.get()
    officers = [organiser(), organiser()]
    meet_in(monkeypatch, checks, "_place_of")
    raised = at_once(
        *(
            lambda officer=officer: checks.check_entry(actor=officer, passage=passage, verdict=Check.Verdict.IN_ORDER)
            for officer in officers
        )
    )
    return names(raised), list(passage.checks.values_list("place", flat=True))


def test_two_who_check_at_once_look_first_and_second(monkeypatch):
    assert check_two(monkeypatch) == (["", ""], [1, 2])


def test_control_without_the_lock_both_take_the_first_place(monkeypatch):
    without_lock(monkeypatch)

    assert check_two(monkeypatch) == (["", "IntegrityError"], [1])


# --- closing while somebody checks ------------------------------------------------------------------------------


def check_while_closing(monkeypatch):
    """The check has looked whether the stage is open when the other one closes and decides it."""
    stage = begun(full_edition(1), "papers")
    check_all(stage, refused={1})
    passage = stage.passages.get()
    Check.objects.filter(place=2).update(verdict=Check.Verdict.IN_ORDER)
    Check.objects.filter(place=1).delete()
    Check.objects.filter(place=2).update(place=1)
    looked, closed = threading.Event(), threading.Event()
    real = checks._refuse_outside_of_work

    def look(*args, **facts):
        real(*args, **facts)
        looked.set()
        closed.wait(timeout=1.5)

    def end():
        looked.wait(timeout=10)
        close(stage)
        closed.set()

    monkeypatch.setattr(checks, "_refuse_outside_of_work", look)
    officer = organiser()
    at_once(lambda: checks.check_entry(actor=officer, passage=passage, verdict=Check.Verdict.IN_ORDER), end)
    verbs = AuditEntry.objects.filter(verb__in=["awards.check_entry", "awards.close_stage"]).order_by("pk")
    return list(verbs.values_list("verb", flat=True))[-2:]


def test_closing_waits_for_the_check_that_is_being_saved(monkeypatch):
    assert check_while_closing(monkeypatch) == ["awards.check_entry", "awards.close_stage"]


def test_control_without_the_lock_a_check_is_saved_after_closing(monkeypatch):
    without_lock(monkeypatch)

    assert check_while_closing(monkeypatch) == ["awards.close_stage", "awards.check_entry"]


# --- the waiting list -------------------------------------------------------------------------------------------


def fill_two(monkeypatch):
    made = full_edition(4, **through(judged(places=1)))
    stage = begun(made, "judging")
    rank(stage)
    close(stage)
    decide(stage)
    Entry.objects.filter(edition=made, number=1).update(status="withdrawn")
    meet_in(monkeypatch, stages, "_takes_in")
    raised = at_once(*[lambda: stages.fill_places(actor=None, stage=stage)] * 2)
    return names(raised), outcomes(stage), DecisionRecord.objects.filter(method="places.promote").count()


def test_a_free_place_is_filled_once(monkeypatch):
    filled = {1: "withdrawn", 2: "passed", 3: "waiting", 4: "waiting"}
    assert fill_two(monkeypatch) == (["", "NothingToFill"], filled, 1)


def test_control_without_the_lock_a_free_place_is_filled_twice(monkeypatch):
    without_lock(monkeypatch)

    _raised, _outcomes, records = fill_two(monkeypatch)
    assert records == 2


# --- objections -------------------------------------------------------------------------------------------------


def answer_two(monkeypatch):
    papers = checked_stage(full_edition(2), refused={2})
    passage = papers.passages.select_related("entry__firm").get(entry__number=2)
    made = objections.file_objection(actor=passage.entry.entrant, passage=passage, text="Keliru")
    meet_in(monkeypatch, objections, "_held")
    raised = at_once(
        *(
            lambda upheld=upheld, officer=officer: objections.answer_objection(
                actor=officer, objection=made, upheld=upheld, answer="Ya" if upheld else "Tidak"
            )
            for upheld, officer in ((True, organiser()), (False, organiser()))
        )
    )
    return names(raised)


def test_an_objection_gets_one_answer(monkeypatch):
    assert answer_two(monkeypatch) == ["", "ObjectionAnswered"]


def test_control_without_the_lock_it_gets_two(monkeypatch):
    without_lock(monkeypatch)

    assert answer_two(monkeypatch) == ["", ""]
    assert Passage.objects.filter(objections__isnull=False).count() == 1
