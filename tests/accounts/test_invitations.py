from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from tests.factories import UserFactory, person

from gebyar.accounts import services
from gebyar.accounts.errors import (
    AccountExists,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationUnknown,
    InvitationUsed,
)
from gebyar.accounts.models import Invitation, Role, RoleGrant, User
from gebyar.accounts.queries import hash_of
from gebyar.records.errors import NotAllowed

pytestmark = pytest.mark.django_db


def token_of(letter):
    return letter.link.rstrip("/").rsplit("/", 1)[1]


def invited(email="baru@uji.example", role=Role.JUDGE, region_code=""):
    return services.invite(actor=None, email=email, role=role, region_code=region_code)


def test_invite_mails_the_link_and_stores_only_its_hash(django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        letter = services.invite(actor=None, email=" Baru@Uji.example", role=Role.LOCAL_OFFICER, region_code="33.74")
    [mail] = mailoutbox
    stored = Invitation.objects.get()
    assert mail.to == ["baru@uji.example"]
    assert letter.link in mail.body
    assert "Semarang" in mail.body
    assert stored.token_hash == hash_of(token_of(letter))
    assert len(token_of(letter)) >= 43  # 256 bits in base 64
    assert timedelta(days=13, hours=23) < stored.expires_at - timezone.now() <= timedelta(days=14)


def test_invite_by_somebody_else_sends_nothing(django_capture_on_commit_callbacks, mailoutbox):
    officer = person(Role.PROGRAMME_OFFICER)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(NotAllowed):
        services.invite(actor=officer, email="baru@uji.example", role=Role.JUDGE)
    assert Invitation.objects.count() == 0
    assert mailoutbox == []


def test_invite_again_replaces_the_link():
    first, second = invited(), invited()
    assert Invitation.objects.count() == 1
    user = UserFactory(email="baru@uji.example")
    with pytest.raises(InvitationUnknown):
        services.accept_invitation(actor=user, token=token_of(first))
    assert services.accept_invitation(actor=user, token=token_of(second)).role == Role.JUDGE


def test_accept_invitation_gives_the_role_once():
    sender = person(Role.ADMINISTRATOR)
    letter = services.invite(actor=sender, email="baru@uji.example", role=Role.JUDGE)
    user = UserFactory(email="baru@uji.example")

    grant = services.accept_invitation(actor=user, token=token_of(letter))

    assert (grant.user, grant.role, grant.granted_by) == (user, Role.JUDGE, sender)
    with pytest.raises(InvitationUsed):
        services.accept_invitation(actor=user, token=token_of(letter))
    assert user.grants.count() == 1


def test_accept_invitation_by_somebody_else_changes_nothing():
    letter, thief = invited(), UserFactory()
    with pytest.raises(InvitationForSomebodyElse):
        services.accept_invitation(actor=thief, token=token_of(letter))
    assert RoleGrant.objects.count() == 0
    assert Invitation.objects.get().accepted_at is None


def test_accept_invitation_too_late_changes_nothing():
    letter = invited()
    user = UserFactory(email="baru@uji.example")
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(InvitationExpired):
        services.accept_invitation(actor=user, token=token_of(letter))
    assert RoleGrant.objects.count() == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 43])
def test_accept_invitation_with_a_made_up_token_changes_nothing(token):
    invited()
    user = UserFactory(email="baru@uji.example")
    with pytest.raises(InvitationUnknown):
        services.accept_invitation(actor=user, token=token)
    assert RoleGrant.objects.count() == 0


def test_join_by_invitation_opens_an_account_with_a_confirmed_address():
    letter = invited(role=Role.ADMINISTRATOR)
    user = services.join_by_invitation(token=token_of(letter), name=" Ani ", password="tiga kata sandi")
    assert (user.email, user.name) == ("baru@uji.example", "Ani")
    assert user.check_password("tiga kata sandi")
    assert user.has_perm("accounts.administer")
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (user.pk, "baru@uji.example", True, True)
    ]


def test_join_by_invitation_with_an_account_already_there_changes_nothing():
    UserFactory(email="baru@uji.example")
    letter = invited()
    with pytest.raises(AccountExists):
        services.join_by_invitation(token=token_of(letter), name="Ani", password="tiga kata sandi")
    assert User.objects.count() == 1
    assert RoleGrant.objects.count() == 0
    assert Invitation.objects.get().accepted_at is None


def test_withdraw_invitation_stops_its_link():
    letter = invited()
    services.withdraw_invitation(actor=None, invitation=letter.invitation)
    with pytest.raises(InvitationUnknown):
        services.join_by_invitation(token=token_of(letter), name="Ani", password="tiga kata sandi")


def test_withdraw_invitation_already_used_is_refused():
    letter = invited()
    services.join_by_invitation(token=token_of(letter), name="Ani", password="tiga kata sandi")
    with pytest.raises(InvitationUsed):
        services.withdraw_invitation(actor=None, invitation=letter.invitation)
    assert Invitation.objects.count() == 1
