"""Coaching: sessions, attendance, mentors' notes, prototypes with pictures."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from tests.awards.making import entry, organiser
from tests.awards.making_stages import begun, close, full_edition, local_officer, stage_of, stage_rules, through
from tests.factories import person

from gebyar.accounts.models import Role
from gebyar.awards import errors_stages as errors
from gebyar.awards.models import Attendance, CoachingSession, Prototype
from gebyar.awards.services import coaching
from gebyar.records.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp():
    return begun(full_edition(2, **through(stage_rules("camp", "coaching", "by_hand"))), "camp")


def session(stage, actor=None, **facts):
    starts = timezone.now() + timedelta(days=1)
    usual = {"title": "Kemasan", "mentor": "Ibu Sari", "starts_at": starts, "ends_at": starts + timedelta(hours=2)}
    return coaching.add_session(actor=actor or organiser(), stage=stage, **usual | facts)


def picture(name="purwarupa.jpg", size=(640, 480)):
    content, known = io.BytesIO(), Image.Exif()
    known[0x010F] = "Kamera"
    Image.new("RGB", size, "brown").save(content, "JPEG", exif=known)
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def test_organiser_adds_changes_and_removes_sessions(camp):
    made = session(camp)
    coaching.change_session(actor=organiser(), session=made, title="Kemasan dan label")
    assert CoachingSession.objects.get().title == "Kemasan dan label"

    coaching.remove_session(actor=organiser(), session=made)

    assert CoachingSession.objects.count() == 0


def test_sessions_belong_to_coaching_and_to_organisers(camp):
    other = stage_of(camp.category.edition, "prizes")
    with pytest.raises(errors.NoCoachingHere):
        session(other)
    for user in (person(), person(Role.JUDGE), local_officer("33")):
        with pytest.raises(NotAllowed):
            session(camp, user)
    assert CoachingSession.objects.count() == 0


def test_attendance_is_noted_for_entries_of_the_stage_and_may_be_corrected(camp):
    made = session(camp)
    one, two = (passage.entry for passage in camp.passages.order_by("entry__number"))
    there = {one.pk: True, two.pk: False}
    assert coaching.mark_attendance(actor=organiser(), session=made, there=there, notes={one.pk: "Kemasan baru"}) == 1
    coaching.mark_attendance(actor=organiser(), session=made, there={two.pk: True})

    rows = dict(Attendance.objects.values_list("entry", "was_there"))
    assert rows == {one.pk: True, two.pk: True}
    assert Attendance.objects.get(entry=one).note == "Kemasan baru"
    with pytest.raises(errors.NotInStage):
        coaching.mark_attendance(actor=organiser(), session=made, there={entry(camp.category).pk: True})


def show(stage, passage, actor=None, **said):
    usual = {"title": "Rasa kedua", "text": "Lebih renyah"}
    return coaching.add_prototype(
        actor=actor or passage.entry.entrant, entry=passage.entry, stage=stage, **usual | said
    )


def test_entrant_shows_a_prototype_whose_picture_knows_nothing_but_pixels(camp):
    made = show(camp, camp.passages.first(), file=picture())

    stored = Image.open(made.file.open())
    assert (stored.format, dict(stored.getexif())) == ("JPEG", {})
    assert "purwarupa" not in made.file.name


def test_file_that_is_no_picture_is_refused(camp):
    with pytest.raises(DomainError):
        show(camp, camp.passages.first(), file=SimpleUploadedFile("foto.jpg", b"<script>alert(1)</script>"))
    assert Prototype.objects.count() == 0


def test_only_the_entrant_shows_and_only_while_the_stage_runs(camp):
    first, second = camp.passages.order_by("entry__number")
    for user in (second.entry.entrant, organiser(), person(Role.JUDGE)):
        with pytest.raises(NotAllowed):
            show(camp, first, user)
    made = show(camp, first)
    with pytest.raises(NotAllowed):
        coaching.remove_prototype(actor=second.entry.entrant, prototype=made)
    close(camp)
    with pytest.raises(errors.StageNotActive):
        show(camp, first)
    with pytest.raises(errors.StageNotActive):
        coaching.remove_prototype(actor=first.entry.entrant, prototype=made)
    assert Prototype.objects.count() == 1


def test_prototype_and_its_picture_are_taken_out_together(camp, django_capture_on_commit_callbacks):
    passage = camp.passages.first()
    made = show(camp, passage, file=picture())
    storage, name = made.file.storage, made.file.name

    with django_capture_on_commit_callbacks(execute=True):
        coaching.remove_prototype(actor=passage.entry.entrant, prototype=made)

    assert not storage.exists(name)


def test_prototypes_have_a_limit(camp, monkeypatch):
    monkeypatch.setattr(coaching, "MOST_PROTOTYPES", 1)
    passage = camp.passages.first()
    show(camp, passage)

    with pytest.raises(errors.TooManyPrototypes):
        show(camp, passage)
