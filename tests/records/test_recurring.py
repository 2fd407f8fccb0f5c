"""Tasks that set their own next run."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gebyar.partnership.tasks import remind
from gebyar.records.recurring import set_once

pytestmark = pytest.mark.django_db


def test_set_once_asked_by_two_workers_sets_one_task():
    assert [set_once(remind), set_once(remind)] == [True, False]
    assert DBTaskResult.objects.count() == 1


def test_set_once_with_a_span_waits_for_it():
    set_once(remind, after=timedelta(hours=2))

    assert DBTaskResult.objects.get().run_after > timezone.now() + timedelta(minutes=119)
