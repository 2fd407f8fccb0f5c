"""What entrants and organisers do at the same moment. Without the lock each of it goes wrong, which shows."""

import contextlib
import threading

import pytest
from tests.awards.making import category, document, draft, entry
from tests.concurrency.racing import at_once
from tests.factories import person

from gebyar.awards.models import Entry
from gebyar.awards.services import desk, editions, entries

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


def without_lock(monkeypatch, module):
    monkeypatch.setattr(module, "lock", lambda rows: rows)


def names(raised):
    return sorted(error.__name__ if error else "" for error in raised)


# --- the number of the receipt ----------------------------------------------------------------------------------


def hand_in_two(monkeypatch):
    food = category()
    made = [entry(food, submitted=False) for _number in range(2)]
    meet_in(monkeypatch, entries, "facts_of")
    raised = at_once(
        *(lambda one=one: entries.submit_entry(actor=one.firm.members.get().user, entry=one) for one in made)
    )
    return names(raised), sorted(Entry.objects.exclude(number=None).values_list("number", flat=True))


def test_two_entries_at_once_get_a_number_each(monkeypatch):
    assert hand_in_two(monkeypatch) == (["", ""], [1, 2])


def test_control_without_the_lock_one_number_is_given_twice(monkeypatch):
    without_lock(monkeypatch, entries)

    assert hand_in_two(monkeypatch) == (["", "IntegrityError"], [1])


# --- handed in while the edition ends ---------------------------------------------------------------------------


def hand_in_at_the_end(monkeypatch):
    """The entrant has been let in when the organiser ends the edition; whoever came first is right."""
    made = entry(category(), submitted=False)
    member = made.firm.members.get().user
    looked, ended = threading.Event(), threading.Event()
    real = entries.state_of

    def look(*args):
        looked.set()
        ended.wait(timeout=1.5)
        return real(*args)

    def end():
        looked.wait(timeout=5)
        editions.end_edition(actor=None, edition=made.edition)
        ended.set()

    monkeypatch.setattr(entries, "state_of", look)
    order = []

    def submit():
        entries.submit_entry(actor=member, entry=made)
        order.append("handed in before the end" if not ended.is_set() else "handed in after the end")

    raised = at_once(submit, end)
    return names(raised), order


def test_edition_ends_only_after_the_entry_that_was_let_in(monkeypatch):
    assert hand_in_at_the_end(monkeypatch) == (["", ""], ["handed in before the end"])


def test_control_without_the_lock_an_entry_comes_in_after_the_end(monkeypatch):
    without_lock(monkeypatch, entries)

    assert hand_in_at_the_end(monkeypatch) == (["", ""], ["handed in after the end"])


def test_entry_that_comes_after_the_end_is_refused():
    made = entry(category(), submitted=False)
    editions.end_edition(actor=None, edition=made.edition)

    raised = at_once(lambda: entries.submit_entry(actor=made.firm.members.get().user, entry=made))

    assert (names(raised), Entry.objects.get().status) == (["CallClosed"], "draft")


# --- the same draft from two phones -----------------------------------------------------------------------------


def save_two(monkeypatch):
    made = entry(category(), submitted=False, answers={})
    member = made.firm.members.get().user
    meet_in(monkeypatch, entries, "_answers")
    raised = at_once(
        lambda: entries.save_entry(actor=member, entry=made, answers={"product": "Keripik"}),
        lambda: entries.save_entry(actor=member, entry=made, answers={"story": "Baru"}),
    )
    made.refresh_from_db()
    return names(raised), made.answers


def test_answers_from_two_phones_are_both_kept(monkeypatch):
    assert save_two(monkeypatch) == (["", ""], {"product": "Keripik", "story": "Baru"})


def test_control_without_the_lock_one_answer_is_lost(monkeypatch):
    without_lock(monkeypatch, entries)

    raised, answers = save_two(monkeypatch)

    assert (raised, len(answers)) == (["", ""], 1)


# --- versions of rules ------------------------------------------------------------------------------------------


def save_rules_twice(monkeypatch):
    made = draft()
    meet_in(monkeypatch, editions, "_checked")
    raised = at_once(
        *(
            lambda most=most: editions.save_rules(actor=None, edition=made, document=document(most_members=most))
            for most in (3, 4)
        )
    )
    return names(raised), sorted(made.versions.values_list("number", flat=True))


def test_two_versions_at_once_get_a_number_each(monkeypatch):
    assert save_rules_twice(monkeypatch) == (["", ""], [1, 2, 3])


def test_control_without_the_lock_two_versions_get_one_number(monkeypatch):
    without_lock(monkeypatch, editions)

    assert save_rules_twice(monkeypatch) == (["", "IntegrityError"], [1, 2])


# --- one reminder -----------------------------------------------------------------------------------------------


def remind_twice(monkeypatch):
    made = entry(category(), submitted=False)
    made.documents.all().delete()
    officer = person("local_officer", "33")
    meet_in(monkeypatch, desk, "missing")
    raised = at_once(*(lambda: desk.remind(actor=officer, entry=made) for _time in range(2)))
    return names(raised), made.desk_notes.count()


def test_two_presses_send_one_reminder(monkeypatch):
    assert remind_twice(monkeypatch) == (["", "RemindedAlready"], 1)


def test_control_without_the_lock_two_reminders_are_sent(monkeypatch):
    without_lock(monkeypatch, entries)

    assert remind_twice(monkeypatch)[1] == 2
