"""Two people add the sixth photo at the same moment. Without the lock the firm shows seven."""

import contextlib
import threading

import pytest
from tests.concurrency.racing import at_once
from tests.registry.firms import make_firm, make_member
from tests.security.world import tiny_photo

from gebyar.registry.errors import TooManyPhotos
from gebyar.registry.services import photos

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def both_have_counted(monkeypatch):
    """Hold each between counting and writing until the other has counted too, or is held up by the lock."""
    barrier = threading.Barrier(2)
    store = photos._stored

    def meet(*args):
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1.5)
        return store(*args)

    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    monkeypatch.setattr(photos, "_stored", meet)


def two_photos():
    firm = make_firm()
    acts = [
        lambda who=who: photos.add_photo(actor=who, firm=firm, file=tiny_photo(), alt="Kain batik")
        for who in (make_member(firm), make_member(firm))
    ]
    return firm, acts


def test_two_photos_at_once_with_the_lock_leave_no_more_than_the_page_shows(both_have_counted):
    firm, acts = two_photos()

    raised = at_once(*acts)

    assert sorted(map(str, raised)) == sorted(map(str, [None, TooManyPhotos]))
    assert firm.photos.count() == 1


def test_two_photos_at_once_without_the_lock_are_too_many(both_have_counted, monkeypatch):
    monkeypatch.setattr("gebyar.registry.services.photos.lock", lambda found: found)
    firm, acts = two_photos()

    assert (at_once(*acts), firm.photos.count()) == ([None, None], 2)
