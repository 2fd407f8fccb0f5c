from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fair.rounds import asking_round, full_round, make_plan

from gebyar.fair import errors, services, tasks, wording
from gebyar.fair.models import CheckIn, Plan, Refusal, Seat
from gebyar.fair.planning import facts_of
from gebyar.fair.queries.plans import compare, figures_of_plan, free_slots, plans_of, refusal_lines, refusals_of
from gebyar.fair.services.plans import SILENCE
from gebyar.methods.rounds import CODES, check_round
from gebyar.methods.rounds.storage import plan_from_json, round_from_json
from gebyar.records.models import AuditEntry
from gebyar.records.verify import verify_record

pytestmark = pytest.mark.django_db


def test_run_plan_places_every_request_once_and_proves_it_best():
    plan = make_plan(full_round())

    assert (plan.status, plan.idle, plan.bound, plan.meetings.count()) == ("optimal", 0, 0, 6)
    assert (plan.priority, Seat.objects.filter(plan=plan).count()) == (plan.priority_bound, 12)


def test_run_plan_leaves_a_record_that_verifies_from_its_text_alone():
    plan = make_plan(full_round())

    verification = verify_record(plan.record.document)

    assert (verification.outcome, verification.differences) == (0, [])


def test_plan_record_holds_no_name_of_a_firm():
    plan = make_plan(full_round())

    assert not [name for name in ("IKM", "Pembeli") if name in plan.record.body]


def test_run_plan_on_the_day_places_nobody_who_is_missing():
    round_ = full_round()
    missing, first = round_.participants.first(), round_.slots.first()
    CheckIn.objects.create(participant=missing, date=first.local_start().date(), missing_since=first.starts_at)

    plan = make_plan(round_)

    assert Seat.objects.filter(plan=plan, participant=missing).count() == 0
    assert set(plan.refusals.filter(request__asker=missing).values_list("code", flat=True)) == {"absent"}
    assert plan.meetings.count() == 4


def test_run_plan_says_for_every_request_why_it_was_not_granted():
    round_ = full_round(slots=2, tables=1, most_meetings=1)
    plan = make_plan(round_)

    lines = refusal_lines(plan, refusals_of(plan))

    assert (plan.meetings.count(), len(lines)) == (2, 4)
    assert all("%" not in line.words and line.words not in CODES for line in lines)


def test_every_code_of_the_method_has_words_in_both_languages():
    assert not set(CODES) - set(wording.REASONS)
    for words in wording.REASONS.values():
        with translation.override("id"):
            indonesian = str(words)
        with translation.override("en"):
            assert str(words) != indonesian


def test_reasons_for_participants_name_no_third_firm():
    round_ = full_round(slots=1, tables=1)
    plan = make_plan(round_)
    refusal = Refusal(
        plan=plan, request=round_.requests.get(number=1), code="least_first", parameters={"participant": 4, "other": 2}
    )

    with translation.override("en"):
        own = wording.refusal_words(refusal)
        organiser = wording.refusal_words(refusal, names={2: "IKM 2"}, for_organiser=True)

    assert own == "The place at Pembeli 1 went to another participant, who would otherwise have fewer meetings."
    assert organiser == "The place at Pembeli 1 went to IKM 2, who would otherwise have fewer meetings."


def test_run_plan_twice_changes_nothing_the_second_time():
    plan = make_plan(full_round())
    record, meetings = plan.record_id, set(plan.meetings.values_list("request", "slot", "table"))

    again = services.run_plan(plan=plan)

    assert (again.record_id, set(again.meetings.values_list("request", "slot", "table"))) == (record, meetings)


def test_same_seed_gives_the_same_plan():
    round_ = full_round()

    results = [make_plan(round_, seed=5).record.document["result"] for _ in range(2)]

    assert results[0] == results[1]


def test_open_plan_while_one_is_being_made_is_refused():
    round_ = full_round()
    services.open_plan(actor=None, round_=round_, seed=1)

    with pytest.raises(errors.PlanRunning):
        services.open_plan(actor=None, round_=round_, seed=2)

    assert list(round_.plans.values_list("version", "seed")) == [(1, 1)]


def test_open_plan_closes_one_that_was_interrupted():
    round_ = full_round()
    left = services.open_plan(actor=None, round_=round_, seed=1)
    Plan.objects.filter(pk=left.pk).update(heard_at=timezone.now() - SILENCE - timedelta(seconds=1))

    plan = services.open_plan(actor=None, round_=round_, seed=2)

    left.refresh_from_db()
    assert (left.status, plan.version) == ("unknown", 2)
    assert "Terputus" in wording.reason_words(left)


def test_a_plan_that_was_closed_meanwhile_is_not_stored():
    round_ = full_round()
    left = services.open_plan(actor=None, round_=round_, seed=1)
    Plan.objects.filter(pk=left.pk).update(status="unknown", reason="interrupted")

    services.run_plan(plan=left)

    left.refresh_from_db()
    assert (left.status, left.meetings.count(), left.record) == ("unknown", 0, None)


def test_task_taken_up_again_after_a_kill_makes_the_plan_afresh_and_a_finished_one_not_at_all():
    plan = services.open_plan(actor=None, round_=full_round(), seed=1, seconds=10)
    Plan.objects.filter(pk=plan.pk).update(progress="best plan 3, bound 0", seconds_done=4)  # what the killed one left
    make = tasks.make_plan.func

    make(plan.pk)
    first = Plan.objects.get(pk=plan.pk)
    make(plan.pk)
    make(plan.pk + 1)

    assert (first.status, first.meetings.count()) == ("optimal", 6)
    assert Plan.objects.get().record_id == first.record_id


def test_stop_plan_keeps_the_best_so_far():
    round_ = full_round(small=6, buyers=4, slots=6)
    plan = services.open_plan(actor=None, round_=round_, seed=1, seconds=60)
    services.stop_plan(actor=None, plan=plan)
    services.stop_plan(actor=None, plan=plan)

    plan = services.run_plan(plan=plan)

    assert plan.is_usable
    assert plan.seconds < 30
    with pytest.raises(errors.NotRunning):
        services.stop_plan(actor=None, plan=plan)
    assert AuditEntry.objects.filter(verb="fair.stop_plan").count() == 1


def test_open_plan_without_requests_or_without_a_version_to_keep_is_refused():
    round_, (one, *_), (buyer, *_) = asking_round()
    with pytest.raises(errors.NothingToPlan):
        services.open_plan(actor=None, round_=round_)
    services.ask(actor=None, asker=one, asked=buyer)

    with pytest.raises(errors.NothingToKeep):
        services.open_plan(actor=None, round_=round_, kind="rest")

    assert round_.plans.count() == 0


def test_rest_keeps_every_meeting_and_places_new_requests():
    round_, small, (buyer, other) = asking_round()
    services.add_requests(actor=None, round_=round_, requests=[(firm, buyer) for firm in small])
    first = make_plan(round_)
    services.add_requests(actor=None, round_=round_, requests=[(firm, other) for firm in small])

    second = make_plan(round_, kind="rest", seed=99)

    comparison = compare(first, second)
    assert comparison.counts == {"moved": 0, "added": 3, "dropped": 0}


def test_rest_gives_up_meetings_that_can_no_longer_be():
    round_ = full_round()
    first = make_plan(round_)
    meeting = first.meetings.select_related("slot", "request__asker").first()
    services.set_availability(actor=None, participant=meeting.request.asker, absent=[meeting.slot])

    second = make_plan(round_, kind="rest")

    assert (
        second.status in {"optimal", "feasible"},
        second.meetings.filter(request=meeting.request).exclude(slot=meeting.slot).count(),
    ) == (True, 1)


def test_locked_meetings_stay_in_a_plan_made_anew():
    round_ = full_round(small=4, buyers=3, slots=5, tables=3)
    first = make_plan(round_, seed=1)
    kept = list(first.meetings.order_by("pk")[:2])
    for meeting in kept:
        services.lock_meeting(actor=None, meeting=meeting)

    second = make_plan(round_, seed=123)

    where = set(second.meetings.filter(is_locked=True).values_list("request", "slot", "table"))
    assert where == {(one.request_id, one.slot_id, one.table) for one in kept}


def test_publish_replaces_the_one_shown_before_and_undo_brings_it_back():
    round_ = full_round()
    first, second = make_plan(round_), make_plan(round_, seed=8)
    services.publish_plan(actor=None, plan=first)
    services.publish_plan(actor=None, plan=second)
    services.publish_plan(actor=None, plan=second)
    assert list(round_.plans.filter(published_at__isnull=False)) == [second]

    services.undo_publication(actor=None, round_=round_)

    round_.refresh_from_db()
    assert (list(round_.plans.filter(published_at__isnull=False)), round_.status) == ([first], "published")
    entries = AuditEntry.objects.filter(verb="fair.publish_plan").order_by("pk").values_list("before", "after")
    assert [(before["version"], after["version"]) for before, after in entries] == [(None, 1), (1, 2), (2, 1)]


def test_versions_are_counted_without_multiplying_meetings_by_refusals():
    round_ = full_round(slots=2, tables=1)
    make_plan(round_)

    versions = plans_of(round_)

    assert [(plan.meeting_count, plan.refusal_count) for plan in versions] == [(2, 4)]
    joined = [name for name in ("fair_plannedmeeting", "fair_refusal") if f'JOIN "{name}"' in str(versions.query)]
    assert joined == []


def test_undo_without_another_version_is_refused():
    round_ = full_round()
    plan = services.publish_plan(actor=None, plan=make_plan(round_))

    with pytest.raises(errors.NothingToUndo):
        services.undo_publication(actor=None, round_=round_)

    assert list(round_.plans.filter(published_at__isnull=False)) == [plan]


def test_publish_plan_without_meetings_is_refused():
    plan = services.open_plan(actor=None, round_=full_round())

    with pytest.raises(errors.NothingToPublish):
        services.publish_plan(actor=None, plan=plan)

    plan.refresh_from_db()
    assert plan.published_at is None


def test_figures_name_whoever_is_served_least():
    round_, (one, two, three), (buyer, other) = asking_round(slots=4)
    services.add_requests(
        actor=None, round_=round_, requests=[(one, buyer), (one, other), (two, buyer), (three, buyer)]
    )
    services.set_availability(actor=None, participant=three, absent=round_.slots.all())

    figures = figures_of_plan(make_plan(round_))

    assert (figures.granted, figures.refused, figures.least, figures.without) == (3, 1, 0, 1)
    assert figures.served_least == [three]


def test_database_refuses_somebody_in_two_places():
    plan = make_plan(full_round())
    seat = plan.seats.select_related("meeting").first()
    other = plan.meetings.exclude(pk=seat.meeting_id).first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(plan=plan, slot=seat.slot, participant=seat.participant, meeting=other)


# --- by hand ----------------------------------------------------------------------------------------------------


def free_place(plan, meeting):
    found = next(free for free in free_slots(plan, meeting.request) if free.slot.pk != meeting.slot_id)
    return found.slot, plan.round.tables.get(number=found.tables[0])


def test_move_meeting_makes_a_version_of_its_own_and_leaves_the_published_one():
    plan = services.publish_plan(actor=None, plan=make_plan(full_round(slots=6)))
    meeting = plan.meetings.first()
    slot, table = free_place(plan, meeting)

    moved = services.move_meeting(actor=None, meeting=meeting, slot=slot, table=table)

    comparison = compare(plan, moved)
    assert (moved.kind, moved.based_on, moved.version, comparison.counts["moved"]) == ("hand", plan, 2, 1)
    assert moved.idle == idle_of(moved)


def idle_of(plan):
    facts = facts_of(plan.round)
    busy = {}
    for place in facts.places_of(plan):
        request = facts.round.requests[place.request - 1]
        for guest in (request.asker, request.asked):
            busy.setdefault(guest, set()).add(place.slot)
    return sum(sum(slot + 1 not in slots for slot in slots) - 1 for slots in busy.values())


def test_a_second_change_by_hand_goes_into_the_same_version_until_it_is_published():
    round_ = full_round(slots=6)
    first = make_plan(round_)
    one, two = first.meetings.order_by("pk")[:2]
    changed = services.drop_meeting(actor=None, meeting=one)
    again = services.drop_meeting(actor=None, meeting=changed.meetings.get(request=two.request))
    assert (again.version, again.meetings.count()) == (2, 4)
    services.publish_plan(actor=None, plan=again)

    third = services.place_request(
        actor=None, plan=again, request=one.request, slot=one.slot, table=round_.tables.get(number=one.table)
    )

    assert (third.version, third.meetings.count()) == (3, 5)


@pytest.mark.parametrize("hindrance", ["table", "firm", "absent", "elsewhere", "declined"])
def test_move_to_where_it_cannot_be_is_refused_in_words_and_changes_nothing(hindrance):
    round_ = full_round(slots=6)
    plan = make_plan(round_)
    meeting, other = (m for m in plan.meetings.select_related("request__asker", "slot").order_by("pk")[:2])
    slot, table = free_place(plan, meeting)
    if hindrance == "table":
        slot, table = other.slot, round_.tables.get(number=other.table)
    elif hindrance == "firm":
        same = plan.meetings.filter(request__asker=meeting.request.asker).exclude(pk=meeting.pk).get()
        slot = same.slot
        table = round_.tables.exclude(number__in=plan.meetings.filter(slot=slot).values("table")).first() or table
    elif hindrance == "absent":
        services.set_availability(actor=None, participant=meeting.request.asker, absent=[slot])
    elif hindrance == "elsewhere":
        slot = full_round_elsewhere(round_).slots.first()
    else:
        services.remove_request(actor=None, request=meeting.request)

    with pytest.raises(errors.FairError):
        services.move_meeting(actor=None, meeting=meeting, slot=slot, table=table)

    assert round_.plans.count() == 1


def full_round_elsewhere(round_):
    from tests.fair.rounds import make_round

    return make_round(name="Lain", fair=round_.fair)


def test_a_fault_from_elsewhere_does_not_keep_the_organiser_from_moving():
    round_ = full_round(slots=6)
    plan = make_plan(round_)
    wrong, meeting = plan.meetings.select_related("request__asker", "request__asked", "slot").order_by("pk")[:2]
    services.set_availability(actor=None, participant=wrong.request.asker, absent=[wrong.slot])
    if meeting.request.asker == wrong.request.asker:
        meeting = plan.meetings.exclude(request__asker=wrong.request.asker).first()
    slot, table = free_place(plan, meeting)

    moved = services.move_meeting(actor=None, meeting=meeting, slot=slot, table=table)

    assert moved.meetings.get(request=meeting.request).slot == slot


def test_reasons_that_a_change_by_hand_made_untrue_are_not_repeated():
    round_ = full_round(slots=2, tables=1)
    plan = make_plan(round_)
    assert "room_full" in set(plan.refusals.values_list("code", flat=True))

    changed = services.drop_meeting(actor=None, meeting=plan.meetings.first())

    codes = dict(changed.refusals.values_list("request", "code"))
    assert len(codes) == 5
    assert set(codes.values()) <= {"changed_since", "taken_out", "no_time"}


# --- any round --------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_stored_plan_keeps_every_rule_and_names_every_request(db, data):
    with transaction.atomic():
        plan = make_plan(any_round(data), seconds=5)
        stored(plan)
        transaction.set_rollback(True)


def any_round(data):
    draw = data.draw
    round_, small, buyers = asking_round(
        draw(st.integers(1, 4)), draw(st.integers(1, 3)), slots=draw(st.integers(1, 3)), days=draw(st.integers(1, 2)),
        tables=draw(st.integers(1, 3)), rest_after=draw(st.sampled_from([None, 1])),
        grants_unanswered=draw(st.booleans()), most_meetings=draw(st.sampled_from([None, 1, 2])),
    )  # fmt: skip
    everybody = [*small, *buyers]
    for person in everybody:
        services.change_participant(
            actor=None, participant=person, delegates=draw(st.integers(1, 2)), is_standby=draw(st.integers(0, 5)) == 0,
            status=draw(st.sampled_from(["confirmed"] * 4 + ["withdrawn", "invited"])),
        )  # fmt: skip
        services.set_availability(
            actor=None, participant=person, absent=[slot for slot in round_.slots.all() if draw(st.integers(0, 4)) == 0]
        )
    rows = [
        services.requests.NewRequest(
            firm, buyer, wish=draw(st.integers(1, 3)), answer=draw(st.sampled_from(["open", "accepted", "declined"])),
            time=draw(st.sampled_from([1, 3])),
        )
        for firm in small for buyer in buyers
    ]  # fmt: skip
    services.add_requests(actor=None, round_=round_, requests=rows)
    return round_


def stored(plan):
    facts = facts_of(plan.round)
    kept = plan_from_json(plan.record.document["result"])
    assert check_round(round_from_json(plan.record.document["inputs"]["round"]), kept) == ()
    assert sorted(facts.places_of(plan), key=lambda place: place.request) == sorted(
        kept.places, key=lambda p: p.request
    )
    named = [*plan.meetings.values_list("request", flat=True), *plan.refusals.values_list("request", flat=True)]
    assert sorted(named) == sorted(plan.round.requests.values_list("pk", flat=True))
