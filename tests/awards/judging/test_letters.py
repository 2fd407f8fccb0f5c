"""Mails to judges: what they say, to whom they go, and that none goes out twice."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.awards.making_judging import assign, close, judging, send

from gebyar.awards.errors_judging import JudgingClosed
from gebyar.awards.models import Judge
from gebyar.awards.services.letters_judging import write_all
from gebyar.awards.services.reminders_judging import PAUSE, remind_before_closing, remind_judges
from gebyar.awards.tasks import look_at_judging, mail_judges

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["assigned", "missing"])
def test_mail_tells_how_much_waits_and_until_when_and_whoever_is_done_gets_none(mailoutbox, kind):
    stage, entries, people = judging(2, 2)
    assign(stage, entries[0], people[0])
    assign(stage, entries[1], people[0], status="proposed")
    send(assign(stage, entries[0], people[1]))

    assert mail_judges.func([judge.pk for judge in people], stage.pk, kind) == 1

    assert [mail.to for mail in mailoutbox] == [[people[0].user.email]]
    assert "2" in mailoutbox[0].body
    assert "/awards/judge/work/" in mailoutbox[0].body
    assert "Nilai diterima sampai" in mailoutbox[0].body
    assert stage.category.edition.title in mailoutbox[0].subject
    assert write_all([people[0].pk], 0, kind) == 0  # the stage is gone


def test_each_judge_is_reminded_once_in_a_day():
    stage, entries, people = judging(1, 2)
    for judge in people:
        assign(stage, entries[0], judge)
    Judge.objects.filter(pk=people[0].pk).update(reminded_at=timezone.now() - PAUSE / 2)

    assert [remind_judges(actor=None, stage=stage) for _ in range(2)] == [1, 0]
    Judge.objects.update(reminded_at=timezone.now() - PAUSE)
    assert remind_judges(actor=None, stage=stage) == 2


def test_stages_that_close_soon_are_looked_after_and_others_left_alone():
    soon, entries, people = judging(1, 1, closes_in=timedelta(hours=20))
    assign(soon, entries[0], people[0])
    later, entries, people = judging(1, 1, closes_in=timedelta(days=9))
    assign(later, entries[0], people[0])

    assert remind_before_closing() == 1
    assert look_at_judging.func() == 0


def test_a_closed_stage_reminds_nobody():
    stage, entries, people = judging(1, 1)
    assign(stage, entries[0], people[0])
    close(stage)

    with pytest.raises(JudgingClosed):
        remind_judges(actor=None, stage=stage)
