from datetime import timedelta

import pytest
from django.utils import timezone
from tests.fair.rounds import asking_round, full_round, make_fair, make_plan, make_round, people_of, slot_times

from gebyar.fair import errors, services
from gebyar.fair.models import Fair, Round, Table
from gebyar.fair.planning import facts_of
from gebyar.fair.services import reminders
from gebyar.fair.timetable import ZoneTables
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_create_fair_twice_under_one_name_keeps_the_first():
    make_fair()

    with pytest.raises(errors.NameTaken):
        make_fair()

    assert Fair.objects.count() == 1


def test_time_zone_of_a_fair_stays_once_a_round_has_its_times():
    fair = make_fair()
    services.change_fair(actor=None, fair=fair, time_zone="Asia/Makassar")
    make_round(fair=fair)

    with pytest.raises(errors.ZoneFixed):
        services.change_fair(actor=None, fair=fair, time_zone="Asia/Jayapura")
    services.change_fair(actor=None, fair=fair, time_zone="Asia/Makassar", venue="Semarang")

    assert list(Fair.objects.values_list("time_zone", "venue")) == [("Asia/Makassar", "Semarang")]


def test_create_round_numbers_its_slots_and_tables_through_all_zones():
    round_ = make_round(slots=2, days=2, tables=[ZoneTables("Pangan", 2), ZoneTables("Logam", 1)])

    assert list(round_.slots.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert list(Table.objects.order_by("number").values_list("number", "zone__name")) == [
        (1, "Pangan"), (2, "Pangan"), (3, "Logam"),
    ]  # fmt: skip


def test_create_round_with_more_than_the_method_takes_stores_nothing():
    with pytest.raises(errors.TooLarge, match="500"):
        make_round(slots=501)

    assert Round.objects.count() == 0


def test_set_timetable_replaces_slots_and_tables_until_a_plan_stands_on_them():
    round_ = full_round()

    services.set_timetable(actor=None, round_=round_, slots=slot_times(6), tables=[ZoneTables("", 3)])
    assert (round_.slots.count(), round_.tables.count()) == (6, 3)

    services.open_plan(actor=None, round_=round_)
    with pytest.raises(errors.TimetableFixed):
        services.set_timetable(actor=None, round_=round_, slots=slot_times(1), tables=[ZoneTables("", 1)])
    assert (round_.slots.count(), round_.tables.count()) == (6, 3)


def test_round_opens_only_when_somebody_could_meet():
    round_ = make_round()
    with pytest.raises(errors.RoundNotReady):
        services.open_requests(actor=None, round_=round_)
    people_of(round_, 1, 1)

    services.open_requests(actor=None, round_=round_)
    services.open_requests(actor=None, round_=round_)

    assert AuditEntry.objects.filter(verb="fair.open_requests").count() == 1


def test_round_that_is_published_does_not_open_again():
    round_ = full_round()
    services.publish_plan(actor=None, plan=make_plan(round_))

    with pytest.raises(errors.WrongMoment):
        services.open_requests(actor=None, round_=round_)


def test_round_that_has_ended_takes_nothing_more():
    round_, (one, *_), (buyer, *_) = asking_round()
    services.end_round(actor=None, round_=round_)

    with pytest.raises(errors.RequestsClosed):
        services.ask(actor=None, asker=one, asked=buyer)
    with pytest.raises(errors.RoundEnded):
        services.add_request(actor=None, asker=one, asked=buyer)

    assert round_.requests.count() == 0


def test_change_round_that_changes_nothing_leaves_no_entry():
    round_ = make_round()

    services.change_round(actor=None, round_=round_, most_requests=10)
    services.change_round(actor=None, round_=round_, most_requests=3)

    entry = AuditEntry.objects.get(verb="fair.change_round")
    assert (entry.before, entry.after) == ({"most_requests": 10}, {"most_requests": 3})


def test_session_blocks_the_slots_it_touches_for_those_who_sit_in_it():
    round_, (one, two, _three), _buyers = asking_round(slots=4)
    second = round_.slots.get(number=2)

    services.add_session(
        actor=None, round_=round_, name="Lokakarya ekspor", starts_at=second.starts_at + timedelta(minutes=10),
        ends_at=second.ends_at + timedelta(minutes=10), participants=[one],
    )  # fmt: skip

    guests = facts_of(round_).round.guests
    assert (guests[one.number - 1].absent, guests[two.number - 1].absent) == (frozenset({2, 3}), frozenset())


def test_reminders_go_once_to_whoever_has_something_to_do(mailoutbox, django_capture_on_commit_callbacks):
    from tests.registry.firms import make_member

    round_, (one, two, three), (buyer, _other) = asking_round()
    members = {person: make_member(person.firm) for person in (one, two, buyer)}
    services.ask(actor=None, asker=one, asked=buyer)
    services.leave_round(actor=None, participant=two)
    services.ask(actor=None, asker=buyer, asked=three)

    sent = [services.remind_participants(actor=None, round_=round_) for _ in range(2)]
    services.send_reminders(round_id=round_.pk)

    assert sent == [True, False]
    assert {address for mail in mailoutbox for address in mail.to} == {members[buyer].email}
    assert "1 " in mailoutbox[0].body


def test_reminders_sent_again_after_a_kill_go_to_nobody_twice(mailoutbox):
    from tests.registry.firms import make_member

    round_, (one, *_), (buyer, _other) = asking_round()
    for person in (one, buyer):
        make_member(person.firm)
    services.remind_participants(actor=None, round_=round_)

    services.send_reminders(round_id=round_.pk)
    count = len(mailoutbox)

    assert (count, services.send_reminders(round_id=round_.pk), len(mailoutbox)) == (2, 0, 2)


def test_round_closed_at_the_same_moment_keeps_no_other_from_being_reminded(monkeypatch):
    soon = timezone.now() + timedelta(hours=20)
    first, *_ = asking_round(ask_until=soon)
    second = Round.objects.create(fair=first.fair, name="Lain", status="asking", ask_until=soon)
    real = reminders.held

    def closed_meanwhile(pk):
        Round.objects.filter(pk=first.pk).update(status="planning")
        return real(pk)

    monkeypatch.setattr(reminders, "held", closed_meanwhile)

    assert services.remind_before_deadlines() == 1
    assert list(Round.objects.filter(reminded_at__isnull=False)) == [second]


def test_reminder_outside_the_time_of_requests_is_refused():
    round_, *_ = asking_round(ask_until=timezone.now() - timedelta(days=1))

    with pytest.raises(errors.WrongMoment):
        services.remind_participants(actor=None, round_=round_)

    assert Round.objects.get().reminded_at is None


def test_daily_task_reminds_rounds_whose_deadline_is_near_and_no_others():
    now = timezone.now()
    near, *_ = asking_round(ask_until=now + timedelta(hours=20))
    make_round(name="Lain", fair=near.fair, ask_until=now + timedelta(hours=20))
    Round.objects.create(fair=near.fair, name="Jauh", status="asking", ask_until=now + timedelta(days=9))

    assert [services.remind_before_deadlines(), services.remind_before_deadlines()] == [1, 0]

    assert list(Round.objects.filter(reminded_at__isnull=False)) == [near]


def test_looking_at_deadlines_sets_the_next_look():
    from gebyar.fair.tasks import look_at_deadlines

    assert look_at_deadlines.func() == 0
