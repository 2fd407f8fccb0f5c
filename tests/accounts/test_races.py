"""Two at the same moment: each test shows that the lock is what keeps the rule, by taking it away."""

import threading

import pytest
from tests.concurrency.racing import at_once
from tests.factories import UserFactory, person

from gebyar.accounts import services
from gebyar.accounts.errors import InvitationUsed, LastAdministrator
from gebyar.accounts.models import Invitation, Role, RoleGrant
from gebyar.accounts.services import invitations, roles

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def met(original, barrier):
    """Return the function with a meeting point behind it, so that both callers have looked before either writes."""

    def meet(*args, **kwargs):
        result = original(*args, **kwargs)
        barrier.wait(timeout=10)
        return result

    return meet


def unlocked(rows):
    return rows


def open_administrators():
    return RoleGrant.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True).count()


@pytest.fixture
def two_administrators():
    one, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    return (
        lambda: services.end_grant(actor=one, grant=other.grants.get()),
        lambda: services.end_grant(actor=other, grant=one.grants.get()),
    )


def test_two_administrators_who_end_each_other_leave_one(two_administrators):
    raised = at_once(*two_administrators)
    assert open_administrators() == 1
    assert sum(error is not None for error in raised) == 1


def test_two_administrators_who_end_each_other_without_the_lock_leave_none(two_administrators, monkeypatch):
    monkeypatch.setattr(roles, "lock", unlocked)
    monkeypatch.setattr(roles, "keep_an_administrator", met(roles.keep_an_administrator, threading.Barrier(2)))
    assert at_once(*two_administrators) == [None, None]
    assert open_administrators() == 0


@pytest.fixture
def one_letter_twice():
    """A letter whose reader, double-clicking, opens the account twice: the second must not count."""
    letter = services.invite(actor=None, email="baru@uji.example", role=Role.JUDGE)
    user = UserFactory(email="baru@uji.example")
    token = letter.link.rstrip("/").rsplit("/", 1)[1]
    return user, lambda: services.accept_invitation(actor=user, token=token)


def test_invitation_taken_up_twice_at_once_counts_once(one_letter_twice):
    user, accept = one_letter_twice
    raised = at_once(accept, accept)
    assert sorted(raised, key=str) == sorted([None, InvitationUsed], key=str)
    assert user.grants.count() == 1


def test_invitation_taken_up_twice_at_once_without_the_lock_reaches_the_grant_twice(one_letter_twice, monkeypatch):
    """The control: without the lock both pass the look, and only the constraint on grants stops the second."""
    user, accept = one_letter_twice
    monkeypatch.setattr(invitations, "lock", unlocked)
    monkeypatch.setattr(invitations, "still_open", met(invitations.still_open, threading.Barrier(2)))
    assert InvitationUsed not in at_once(accept, accept)
    assert user.grants.count() == 1
    assert Invitation.objects.get().accepted_by == user


def test_last_administrator_cannot_leave_while_the_other_is_being_ended():
    one, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    raised = at_once(
        lambda: services.erase_me(actor=one),
        lambda: services.end_grant(actor=None, grant=other.grants.get()),
    )
    assert open_administrators() == 1
    assert raised.count(LastAdministrator) == 1
