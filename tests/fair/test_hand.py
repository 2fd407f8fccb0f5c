"""Changes by hand: what stands against them in the reader's words, and the record of what people decided."""

from functools import partial

import pytest
from django.utils import timezone, translation
from tests.fair.floor_days import between, make_day, published, slot, who
from tests.fair.rounds import asking_round, full_round, make_plan

from gebyar.fair import errors, services, wording
from gebyar.fair.models import MeetingLog, MeetingRequest, Participant
from gebyar.fair.planning import facts_of
from gebyar.fair.queries.agendas import agenda_of
from gebyar.fair.queries.plans import free_slots
from gebyar.fair.services import floor
from gebyar.fair.timetable import ZoneTables
from gebyar.methods.rounds.checking import check_places
from gebyar.methods.rounds.faults import Fault
from gebyar.records.models import AuditEntry, DecisionRecord
from gebyar.records.verify import verify_record

pytestmark = pytest.mark.django_db


def dropped(plan):
    return services.drop_meeting(actor=None, meeting=plan.meetings.order_by("pk").first())


# --- the record -------------------------------------------------------------------------------------------------


def test_version_changed_by_hand_has_no_record_until_it_is_published():
    plan = dropped(make_plan(full_round()))

    assert (plan.record, DecisionRecord.objects.count()) == (None, 1)


def test_published_version_changed_by_hand_has_a_record_that_verifies_from_its_text_alone():
    base = make_plan(full_round())
    plan = services.publish_plan(actor=None, plan=dropped(base))

    document = plan.record.document
    verification = verify_record(document)

    assert (document["method"]["name"], verification.outcome, verification.differences) == ("meetings.hand", 0, [])
    assert (document["inputs"]["base"], document["seed"]) == (base.record.hash, None)
    result = document["result"]
    assert (len(result["places"]), len(result["dropped"]), result["added"], result["faults"]) == (5, 1, [], [])
    assert (result["idle"], result["priority"]) == (plan.idle, plan.priority)
    assert not [name for name in ("IKM", "Pembeli") if name in plan.record.body]
    published = AuditEntry.objects.filter(verb="fair.publish_plan").get()
    assert published.after == {"version": 2, "record": plan.record.hash}


def test_record_of_a_change_by_hand_names_rules_that_the_places_break():
    plan = dropped(make_plan(full_round()))
    meeting = plan.meetings.select_related("slot", "request__asker").first()
    services.set_availability(actor=None, participant=meeting.request.asker, absent=[meeting.slot])

    plan = services.publish_plan(actor=None, plan=plan)

    (fault,) = plan.record.document["result"]["faults"]
    assert "cannot meet" in fault
    assert verify_record(plan.record.document).outcome == 0


def test_record_of_a_change_by_hand_counts_meetings_whose_request_is_gone():
    plan = dropped(make_plan(full_round()))
    services.remove_request(actor=None, request=plan.meetings.first().request)

    plan = services.publish_plan(actor=None, plan=plan)

    inputs = plan.record.document["inputs"]
    assert (len(inputs["places"]), inputs["called_off"], plan.meetings.count()) == (4, 1, 5)


def test_version_shown_again_keeps_its_record():
    round_ = full_round()
    base = services.publish_plan(actor=None, plan=make_plan(round_))
    plan = services.publish_plan(actor=None, plan=dropped(base))
    services.undo_publication(actor=None, round_=round_)

    again = services.publish_plan(actor=None, plan=plan)

    assert (again.record_id, DecisionRecord.objects.count()) == (plan.record_id, 2)


# --- what stands against a place --------------------------------------------------------------------------------


def hindered(hindrance):
    """Return a plan, one of its meetings, and where it cannot go, for a reason that only the method's check knows."""
    zones = [ZoneTables("Pangan", 3), ZoneTables("Logam", 1)]
    round_ = full_round(slots=6, tables=zones, rest_after=1 if hindrance == "rest" else None)
    plan = make_plan(round_)
    meeting = plan.meetings.select_related("request__asker", "slot").order_by("pk").first()
    asker = meeting.request.asker
    place = next(free for free in free_slots(plan, meeting.request) if free.slot.pk != meeting.slot_id)
    where, table = place.slot, round_.tables.get(number=place.tables[0])
    rows = MeetingRequest.objects.filter(pk=meeting.request_id)
    if hindrance == "afternoon":
        rows.update(time=MeetingRequest.Time.AFTERNOON)
    elif hindrance == "fixed":
        rows.update(fixed_slot=meeting.slot)
    elif hindrance == "declined":
        rows.update(answer="declined", answered_at=timezone.now())
        plan = dropped(plan)
    elif hindrance == "most":
        plan = dropped(plan)
        Participant.objects.filter(pk=asker.pk).update(most_meetings=1)
    elif hindrance == "rest":
        other = plan.meetings.filter(request__asker=asker).exclude(pk=meeting.pk).get()
        beside = [free for free in free_slots(plan, meeting.request) if abs(free.slot.number - other.slot.number) == 1]
        where, table = beside[0].slot, round_.tables.get(number=beside[0].tables[0])
    else:
        Participant.objects.filter(pk=asker.pk).update(zone=round_.zones.get(name="Pangan"))
        table = round_.tables.get(zone__name="Logam")
        where = next(free.slot for free in free_slots(plan, meeting.request) if table.number in free.tables)
    return plan, meeting, where, table


@pytest.mark.parametrize(
    ("hindrance", "words"),
    [
        ("afternoon", "hanya bisa bertemu siang"), ("fixed", "sudah ditetapkan pada slot"), ("declined", "ditolak"),
        ("most", "paling banyak 1"), ("rest", "slot berturut-turut"), ("zone", "di luar zona"),
    ],
)  # fmt: skip
def test_what_only_the_check_finds_is_said_in_the_readers_words_with_the_firms_names(hindrance, words):
    plan, meeting, where, table = hindered(hindrance)
    versions = plan.round.plans.count()
    put = partial(services.move_meeting, meeting=meeting)
    if hindrance in {"declined", "most"}:
        put = partial(services.place_request, plan=plan, request=meeting.request)

    with translation.override("id"), pytest.raises(errors.CannotMove) as refusal:
        put(actor=None, slot=where, table=table)

    said = str(refusal.value)
    assert words in said
    assert "IKM" in said
    assert not [word for word in ("request", "no. ", " is ") if word in said]
    assert plan.round.plans.count() == versions


def test_every_fault_of_the_check_has_words_in_both_languages():
    facts = facts_of(full_round())
    numbers = {
        "guest": 1,
        "request": 1,
        "slot": 1,
        "table": 1,
        "other": 2,
        "longest": 3,
        "rest": 2,
        "count": 3,
        "most": 2,
    }
    for code in wording.FAULTS:
        said = {}
        for language in ("id", "en"):
            with translation.override(language):
                said[language] = wording.fault_words(Fault("as the method says it", code, **numbers), facts)
        assert "%" not in said["id"] + said["en"]
        assert said["id"] != said["en"]
    assert wording.fault_words("as the method says it", facts) == "as the method says it"


def test_every_rule_that_the_check_knows_has_a_code_with_words():
    plan, meeting, _where, _table = hindered("afternoon")
    services.set_availability(actor=None, participant=meeting.request.asker, absent=[meeting.slot])
    facts = facts_of(plan.round)
    places = facts.places_of(plan)
    crowded = [places[0].__class__(place.request, 1, 1) for place in places]

    codes = {getattr(fault, "code", None) for fault in check_places(facts.round, [*places, *crowded])}

    assert {"two_places", "table", "absent", "afternoon_only"} <= codes <= set(wording.FAULTS)


def test_request_of_somebody_who_has_not_confirmed_is_not_called_withdrawn():
    round_ = full_round(slots=6)
    plan = make_plan(round_)
    meeting = plan.meetings.select_related("request__asker", "slot").first()
    changed = services.drop_meeting(actor=None, meeting=meeting)
    services.change_participant(actor=None, participant=meeting.request.asker, status="invited")

    with translation.override("en"), pytest.raises(errors.CannotMove, match="has not confirmed"):
        services.place_request(
            actor=None, plan=changed, request=meeting.request, slot=meeting.slot,
            table=round_.tables.get(number=meeting.table),
        )  # fmt: skip


def test_meetings_of_somebody_who_has_to_confirm_again_get_that_reason_in_a_version_changed_by_hand():
    plan = make_plan(full_round(slots=6))
    one, *others = plan.meetings.select_related("request__asker").order_by("pk")
    other = next(meeting for meeting in others if meeting.request.asker_id != one.request.asker_id)
    services.change_participant(actor=None, participant=one.request.asker, status="invited")

    changed = services.drop_meeting(actor=None, meeting=other)

    named = [*changed.meetings.values_list("request", flat=True), *changed.refusals.values_list("request", flat=True)]
    assert sorted(named) == sorted(plan.round.requests.values_list("pk", flat=True))
    assert changed.refusals.get(request=one.request).code == "not_confirmed"


# --- reasons and logs -------------------------------------------------------------------------------------------


def test_whoever_is_absent_all_the_time_is_not_said_to_have_withdrawn():
    round_, (one, two, _three), (buyer, _other) = asking_round()
    services.add_requests(actor=None, round_=round_, requests=[(one, buyer), (two, buyer)])
    services.set_availability(actor=None, participant=one, absent=round_.slots.all())
    services.leave_round(actor=None, participant=two)

    plan = make_plan(round_)

    codes = dict(plan.refusals.values_list("request__asker__number", "code"))
    assert codes == {1: "absent", 2: "withdrawn"}


def test_wish_that_a_plan_could_not_keep_is_said_in_the_readers_language():
    plan = make_plan(full_round())
    plan.reason = (
        "The idle periods of some two participants differ by more than this round wishes. Plans exist, but in each of "
        "them the idle periods of some two participants differ by more than 2. Allow a difference of 3 or more."
    )

    with translation.override("id"):
        said = wording.reason_words(plan)

    assert "Dengan selisih 3" in said
    assert "idle" not in said


def test_no_show_is_forgotten_when_the_meeting_gets_another_place_ahead():
    day = make_day(unplaced=())
    request = between(day, 1, 4)
    floor.log_meeting(actor=None, request=request, state=MeetingLog.State.NO_SHOW, missing=who(day, 1))
    MeetingLog.objects.update(noted_at=slot(day, 1).ends_at)

    plan = floor.repair(
        actor=None, round_=day, participant=who(day, 1), from_slot=slot(day, 1), until_slot=slot(day, 3)
    )

    assert plan.meetings.get(request=request).slot.number >= 3
    lines = [line for line in agenda_of(who(day, 1)).meetings if line.request_id == request.pk]
    assert [(line.state, line.is_off) for line in lines] == [("", False)]


def test_no_show_stays_noted_when_the_plan_changes_elsewhere():
    day = make_day()
    request = between(day, 1, 4)
    floor.log_meeting(actor=None, request=request, state=MeetingLog.State.NO_SHOW, missing=who(day, 4))
    MeetingLog.objects.update(noted_at=slot(day, 1).ends_at)

    floor.repair(actor=None, round_=day, participant=who(day, 2), from_slot=slot(day, 2))

    assert published(day).kind == "repair"
    assert MeetingLog.objects.get().request == request
