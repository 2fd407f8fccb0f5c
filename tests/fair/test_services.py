from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.fair.days import make_day, make_full_day, make_plan
from tests.registry.firms import make_firm

from gebyar.fair import services
from gebyar.fair.models import Plan, Seat
from gebyar.records.models import AuditEntry
from gebyar.records.verify import verify_record

pytestmark = pytest.mark.django_db


def test_run_plan_places_every_request_once_and_proves_it_best():
    plan = make_plan(make_full_day())

    assert (plan.status, plan.idle, plan.bound, plan.meeting_count) == ("optimal", 0, 0, 6)
    assert Seat.objects.filter(plan=plan).count() == 12


def test_run_plan_leaves_a_record_that_verifies_from_its_text_alone():
    plan = make_plan(make_full_day())

    verification = verify_record(plan.record.document)

    assert verification.outcome == 0
    assert verification.differences == []


def test_plan_record_holds_no_name_of_a_firm():
    plan = make_plan(make_full_day())

    assert not [name for name in ("IKM", "Pembeli") if name in plan.record.body]


def test_run_plan_says_why_no_plan_exists():
    plan = make_plan(make_full_day(slots=2, tables=3))

    assert (plan.status, plan.idle, plan.meeting_count) == ("infeasible", None, 0)
    assert "no. 4" in plan.reason  # the first buyer has three meetings and two slots


def test_run_plan_honours_absent_slots():
    day = make_full_day(slots=6)
    first = day.participants.get(number=1)
    first.absent_slots = [1, 2, 3]
    first.save()

    plan = make_plan(day)

    slots = Seat.objects.filter(plan=plan, participant=first).values_list("slot__number", flat=True)
    assert min(slots) > 3


def test_run_plan_twice_changes_nothing_the_second_time():
    plan = make_plan(make_full_day())
    record, meetings = plan.record_id, set(plan.meetings.values_list("request", "slot", "table"))

    again = services.run_plan(plan=plan, seconds=30)

    assert again.record_id == record
    assert set(again.meetings.values_list("request", "slot", "table")) == meetings


def test_same_seed_gives_the_same_plan():
    day = make_full_day()

    results = [make_plan(day, seed=5).record.document["result"] for _ in range(2)]

    assert results[0] == results[1]


def test_open_plan_while_one_is_being_made_is_refused():
    day = make_full_day()
    services.open_plan(actor=None, day=day, seed=1)

    with pytest.raises(services.PlanRunning):
        services.open_plan(actor=None, day=day, seed=2)

    assert list(day.plans.values_list("version", "seed")) == [(1, 1)]


def test_open_plan_closes_one_that_was_interrupted():
    day = make_full_day()
    left = services.open_plan(actor=None, day=day, seed=1)
    Plan.objects.filter(pk=left.pk).update(heard_at=timezone.now() - services.SILENCE - timedelta(seconds=1))

    plan = services.open_plan(actor=None, day=day, seed=2)

    left.refresh_from_db()
    assert (left.status, plan.version) == ("unknown", 2)


def test_publish_plan_replaces_the_one_shown_before():
    day = make_full_day()
    first, second = make_plan(day), make_plan(day, seed=8)
    services.publish_plan(actor=None, plan=first)

    services.publish_plan(actor=None, plan=second)

    assert list(day.plans.filter(published_at__isnull=False)) == [second]
    entry = AuditEntry.objects.filter(verb="fair.publish_plan").first()
    assert (entry.before, entry.after) == ({"version": 1}, {"version": 2})


def test_publish_plan_without_meetings_is_refused():
    plan = make_plan(make_full_day(slots=2))

    with pytest.raises(services.NothingToPublish):
        services.publish_plan(actor=None, plan=plan)

    plan.refresh_from_db()
    assert plan.published_at is None


def test_add_requests_for_one_pair_twice_adds_none_of_them():
    day = make_day()
    one, two, three = services.add_participants(actor=None, day=day, firms=[make_firm() for _ in range(3)])

    with pytest.raises(services.AlreadyAsked):
        services.add_requests(actor=None, day=day, pairs=[(one, three), (one, two), (one, two)])

    assert day.requests.count() == 0


def test_database_refuses_somebody_in_two_places():
    plan = make_plan(make_full_day())
    seat = plan.seats.select_related("meeting").first()
    other = plan.meetings.exclude(pk=seat.meeting_id).first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(plan=plan, slot=seat.slot, participant=seat.participant, meeting=other)
