"""Letters that let somebody act for a firm."""

import re

import pytest
from django.core import mail
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.registry.errors import InvitationUnknown, InvitationUsed
from gebyar.registry.models import FirmInvitation
from gebyar.registry.services.members import accept_invitation, end_membership, invite_member

pytestmark = pytest.mark.django_db


def test_second_letter_takes_the_place_of_the_first_so_nobody_comes_back_by_an_older_one(
    django_capture_on_commit_callbacks,
):
    firm, friend = make_firm(), person()
    owner = make_member(firm)

    def letter():
        with django_capture_on_commit_callbacks(execute=True):
            invite_member(actor=owner, firm=firm, email=friend.email.upper())
        return re.search(r"/([\w-]{43})/", mail.outbox[-1].body)[1]

    older, newer = letter(), letter()

    assert FirmInvitation.objects.count() == 1
    with pytest.raises(InvitationUnknown):
        accept_invitation(actor=friend, token=older)
    member = accept_invitation(actor=friend, token=newer)
    end_membership(actor=owner, member=member)
    for token in (older, newer):
        with pytest.raises((InvitationUnknown, InvitationUsed)):
            accept_invitation(actor=friend, token=token)
    assert firm.members.filter(ended_at__isnull=True).count() == 1
