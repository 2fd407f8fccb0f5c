from datetime import timedelta

import pytest
from django.core import mail
from tests.fair.floor_days import LAYOUT, ask, between, layout_of, make_day, published, slot, who
from tests.registry.firms import make_member

from gebyar.fair import errors_floor as errors
from gebyar.fair.models import CheckIn, MeetingLog, Notice, Participant
from gebyar.fair.queries.floor import (
    board_token,
    check_in_counts,
    desk_lines,
    halls,
    missing_slots,
    round_of_board,
    slots_of,
    working_day,
)
from gebyar.fair.services import floor
from gebyar.fair.services.notices import mail_waiting_notices
from gebyar.methods.rounds.checking import check_round
from gebyar.methods.rounds.storage import plan_from_json, round_from_json
from gebyar.records.models import AuditEntry
from gebyar.records.verify import verify_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return make_day()


def start(round_, number):
    return slot(round_, number).starts_at


# --- checking in ------------------------------------------------------------------------------------------------


def test_check_in_notes_the_moment_on_the_fairs_own_day(day):
    at = start(day, 1) - timedelta(minutes=9)

    row = floor.check_in(actor=None, participant=who(day, 1), at=at)

    assert (str(row.date), row.came_at, row.missing_since) == ("2026-11-12", at, None)
    assert AuditEntry.objects.filter(verb="fair.check_in").count() == 1


def test_check_in_a_second_time_says_when_it_was_done(day):
    floor.check_in(actor=None, participant=who(day, 1), at=start(day, 1))

    with pytest.raises(errors.AlreadyHere) as refusal:
        floor.check_in(actor=None, participant=who(day, 1), at=start(day, 2))

    assert "09.30" in str(refusal.value)
    assert CheckIn.objects.get().came_at == start(day, 1)


def test_check_in_before_the_slot_from_which_a_firm_was_given_up_ends_its_absence(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    floor.check_in(actor=None, participant=who(day, 1), at=start(day, 2) - timedelta(minutes=1))

    assert missing_slots(day) == {}


def test_check_in_after_it_leaves_the_slots_between_missed(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))

    floor.check_in(actor=None, participant=who(day, 1), at=start(day, 3) - timedelta(minutes=2))

    assert missing_slots(day) == {who(day, 1).pk: frozenset({1, 2})}


def test_missing_slots_end_with_the_slot_at_which_somebody_is_expected(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1), until_slot=slot(day, 3))

    assert missing_slots(day) == {who(day, 1).pk: frozenset({1, 2})}


def test_missing_slots_are_of_that_day_only():
    day = make_day(slots=2, days=2, layout=((1, 4, 1, 1), (1, 5, 3, 2)), unplaced=())

    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))

    assert missing_slots(day) == {who(day, 1).pk: frozenset({1, 2})}
    assert (1, 5, 3, 2) in layout_of(published(day))


def test_desk_lines_say_who_is_here_and_what_comes_first(day):
    floor.check_in(actor=None, participant=who(day, 2), at=start(day, 1))
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))
    slots = slots_of(day)

    lines = desk_lines(day, day.participants.select_related("firm"), working_day(day, slots), slots)

    assert [(line.participant.number, line.is_here, line.is_missing) for line in lines] == [
        (1, False, True), (2, True, False), (3, False, False), (4, False, False), (5, False, False),
    ]  # fmt: skip
    assert check_in_counts(day, working_day(day, slots)) == {"expected": 5, "here": 1, "missing": 1, "awaited": 3}


# --- how meetings went ------------------------------------------------------------------------------------------


def test_log_meeting_said_again_replaces_what_was_said(day):
    request = between(day, 1, 4)
    floor.log_meeting(actor=None, request=request, state=MeetingLog.State.LATE, minutes_late=7)

    log = floor.log_meeting(actor=None, request=request, state=MeetingLog.State.NO_SHOW, missing=who(day, 4))

    assert (MeetingLog.objects.count(), log.state, log.minutes_late, log.missing.number) == (1, "no_show", None, 4)
    entry = AuditEntry.objects.filter(verb="fair.log_meeting").latest("pk")
    assert entry.before == {"state": "late", "minutes_late": 7, "missing": None}
    assert entry.after == {"state": "no_show", "minutes_late": None, "missing": 4}


@pytest.mark.parametrize("minutes", [None, 0, -3, 241])
def test_log_meeting_late_without_sensible_minutes_is_refused(day, minutes):
    with pytest.raises(errors.WrongLateness):
        floor.log_meeting(actor=None, request=between(day, 1, 4), state=MeetingLog.State.LATE, minutes_late=minutes)

    assert MeetingLog.objects.count() == 0


@pytest.mark.parametrize("missing", [None, 5])
def test_log_meeting_missed_by_nobody_of_the_two_is_refused(day, missing):
    somebody = who(day, missing) if missing else None

    with pytest.raises(errors.NotInTheMeeting):
        floor.log_meeting(actor=None, request=between(day, 1, 4), state=MeetingLog.State.NO_SHOW, missing=somebody)

    assert MeetingLog.objects.count() == 0


def test_log_meeting_that_is_not_in_the_plan_is_refused(day):
    with pytest.raises(errors.NotInThePlan):
        floor.log_meeting(actor=None, request=between(day, 3, 5), state=MeetingLog.State.HELD)


# --- planning anew ----------------------------------------------------------------------------------------------


def test_repair_takes_off_what_cannot_take_place_and_moves_nothing_else(day):
    plan = floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    kept = {place for place in LAYOUT if place != (1, 5, 2, 2)}
    assert kept <= layout_of(plan)
    assert (plan.kind, plan.based_on.version, plan.published_at is not None) == ("repair", 1, True)


def test_repair_fills_the_freed_place_with_a_request_that_had_none(day):
    plan = floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    assert {(one, other) for one, other, *_ in layout_of(plan)} == {(1, 4), (2, 5), (2, 4), (3, 4), (3, 5)}


def test_repair_fills_the_freed_place_with_a_firm_that_stands_by():
    layout = ((1, 4, 1, 1), (2, 5, 1, 2), (2, 4, 2, 1), (1, 5, 2, 2))
    day = make_day(slots=2, layout=layout, unplaced=((3, 5),))
    Participant.objects.filter(round=day, number=3).update(is_standby=True)

    plan = floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    assert layout_of(plan) == {(1, 4, 1, 1), (2, 5, 1, 2), (2, 4, 2, 1), (3, 5, 2, 2)}


def test_repair_leaves_locked_meetings_and_their_lock(day):
    published(day).meetings.filter(request=between(day, 3, 4)).update(is_locked=True)

    plan = floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))

    locked = plan.meetings.get(request=between(day, 3, 4))
    assert (locked.slot.number, locked.table, locked.is_locked) == (3, 1, True)


def test_repair_leaves_a_record_that_verifies_and_a_plan_that_keeps_every_rule(day):
    plan = floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))

    document = plan.record.document
    assert (document["method"]["name"], verify_record(document).outcome) == ("meetings.repair", 0)
    assert check_round(round_from_json(document["inputs"]["round"]), plan_from_json(document["result"])) == ()
    assert not [name for name in ("IKM", "Pembeli") if name in plan.record.body]


def test_repair_tells_those_whom_it_touches_and_nobody_else(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    told = set(Notice.objects.values_list("participant__number", "code", "parameters__firm"))
    assert told == {
        (1, "dropped", "Pembeli 2"), (5, "dropped", "IKM 1"), (3, "added", "Pembeli 2"), (5, "added", "IKM 3"),
    }  # fmt: skip


def test_repair_of_somebody_noted_before_is_refused_and_makes_no_version(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))

    with pytest.raises(errors.AlreadyMissing):
        floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    assert day.plans.count() == 2


def test_repair_until_a_slot_that_is_not_after_its_start_is_refused(day):
    for until in (1, 2):
        with pytest.raises(errors.BackBeforeGone):
            floor.repair(
                actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2), until_slot=slot(day, until)
            )

    assert (CheckIn.objects.count(), day.plans.count()) == (0, 1)


def test_repair_without_a_published_plan_is_refused_and_notes_nothing(day):
    day.plans.update(published_at=None)

    with pytest.raises(errors.NothingPublished):
        floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))

    assert CheckIn.objects.count() == 0


def test_repair_from_now_when_every_slot_has_begun_is_refused(day):
    with pytest.raises(errors.NoSlotLeft):
        floor.repair(actor=None, round_=day, participant=who(day, 1))


def test_repair_that_changes_nothing_makes_no_version():
    day = make_day(unplaced=())

    plan = floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 4))

    assert (plan.version, CheckIn.objects.count(), Notice.objects.count()) == (1, 1, 0)


def test_plan_from_now_gives_somebody_who_came_their_free_meetings_back(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1))
    floor.check_in(actor=None, participant=who(day, 1), at=start(day, 3) - timedelta(minutes=1))

    plan = floor.plan_from_now(actor=None, round_=day, from_slot=slot(day, 3))

    again = {place for place in layout_of(plan) if place[0] == 1}
    assert {other for _one, other, *_ in again} == {4, 5}
    assert min(in_slot for _one, _other, in_slot, _table in again) >= 3


def test_undo_repair_shows_the_version_before_and_tells_those_whom_it_touches(day):
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    plan = floor.undo_repair(actor=None, round_=day)

    assert layout_of(plan) == set(LAYOUT)
    assert published(day) == plan
    newest = Notice.objects.filter(participant__number=1).first()
    assert (newest.code, newest.parameters["firm"]) == ("added", "Pembeli 2")


def test_undo_repair_of_a_plan_that_is_none_is_refused(day):
    with pytest.raises(errors.NotARepair):
        floor.undo_repair(actor=None, round_=day)


def test_notices_are_mailed_once_to_the_members_of_the_firm(day, django_capture_on_commit_callbacks):
    member = make_member(who(day, 3).firm)
    stranger = make_member(who(day, 2).firm)
    floor.repair(actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 2))

    sent = [mail_waiting_notices(participant=who(day, 3)) for _ in range(2)]

    assert sent == [1, 0]
    assert [letter.to for letter in mail.outbox] == [[member.email]]
    assert stranger.email not in mail.outbox[0].body
    assert all(words in mail.outbox[0].body for words in ("Pembeli 2", who(day, 3).agenda_token))


# --- the hall ---------------------------------------------------------------------------------------------------


def test_halls_say_who_sits_where_and_who_is_missing(day):
    floor.check_in(actor=None, participant=who(day, 4), at=start(day, 1))
    CheckIn.objects.create(participant=who(day, 1), date=start(day, 1).date(), missing_since=start(day, 1))

    (hall,) = halls(day, [slot(day, 1)])

    seats = [
        (line.table, line.area, [(s.participant.number, s.is_here, s.is_missing) for s in line.sides])
        for line in hall.lines
    ]
    assert seats == [
        (1, "Batik", [(1, False, True), (4, True, False)]),
        (2, "Pangan", [(2, False, False), (5, False, False)]),
    ]


def test_board_opens_by_its_own_address_only(day):
    token = board_token(day)

    assert round_of_board(token) == day
    assert [round_of_board(guess) for guess in (str(day.pk), f"{day.pk}.x", token[:-1], "", "x.y")] == [None] * 5


def test_withdrawn_request_leaves_the_plan_when_it_is_planned_anew(day):
    ask(day, 2, 3)
    request = between(day, 3, 4)
    request.withdrawn_at = start(day, 1)
    request.save()

    plan = floor.plan_from_now(actor=None, round_=day, from_slot=slot(day, 1))

    assert not plan.meetings.filter(request=request).exists()
