import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder
from tests.factories import UserFactory, person

from gebyar.accounts import personal_data, services
from gebyar.accounts.errors import LastAdministrator
from gebyar.accounts.models import Consent, Invitation, Role, User
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(monkeypatch):
    erased = []
    monkeypatch.setattr(personal_data, "_contributors", {})
    personal_data.register("contoh", lambda user: {"of": user.email}, lambda user: erased.append(user.email))
    return erased


def consents(user):
    return [(consent.purpose, consent.withdrawn_at is None) for consent in user.consents.order_by("pk")]


def test_give_consent_twice_is_noted_once():
    user = UserFactory()
    first = services.give_consent(actor=user, purpose="programme_news")
    assert services.give_consent(actor=user, purpose="programme_news") == first
    assert consents(user) == [("programme_news", True)]


def test_withdraw_consent_keeps_the_proof():
    user = UserFactory()
    services.give_consent(actor=user, purpose="programme_news")
    services.withdraw_consent(actor=user, purpose="programme_news")
    services.withdraw_consent(actor=user, purpose="programme_news")
    services.give_consent(actor=user, purpose="programme_news")
    assert consents(user) == [("programme_news", False), ("programme_news", True)]


def test_give_consent_to_an_older_wording_is_asked_again():
    user = UserFactory()
    Consent.objects.create(user=user, purpose="programme_news", wording_version="2020-1")
    services.give_consent(actor=user, purpose="programme_news")
    assert consents(user) == [("programme_news", False), ("programme_news", True)]


def test_export_my_data_holds_what_is_stored_on_the_person_and_nothing_of_others(contributor):
    user, other = person(Role.LOCAL_OFFICER, "33.74"), person(Role.JUDGE)
    services.give_consent(actor=user, purpose="programme_news")
    services.give_consent(actor=other, purpose="shared_contact")

    document = json.loads(json.dumps(services.export_my_data(actor=user), cls=DjangoJSONEncoder))

    assert document["contoh"] == {"of": user.email}
    account = document["account"]
    assert (account["email"], account["name"]) == (user.email, user.name)
    assert [role["region_code"] for role in account["roles"]] == ["33.74"]
    assert [consent["purpose"] for consent in account["consents"]] == ["programme_news"]
    assert [factor["type"] for factor in account["second_factors"]] == ["totp"]
    text = json.dumps(document)
    assert other.email not in text
    assert "secret" not in text
    assert "password" not in text


def test_erase_me_leaves_nothing_that_names_the_person(contributor):
    user = person(Role.JUDGE)
    email, name = user.email, user.name
    services.give_consent(actor=user, purpose="programme_news")
    services.invite(actor=None, email=email, role=Role.ADMINISTRATOR)

    services.erase_me(actor=user)

    user.refresh_from_db()
    assert (user.name, user.is_active, user.has_usable_password()) == ("", False, False)
    assert user.erased_at is not None
    assert contributor == [email]
    assert not user.grants.filter(ended_at__isnull=True).exists()
    assert consents(user) == [("programme_news", False)]
    assert not Authenticator.objects.filter(user=user).exists()
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not User.objects.filter(email=email).exists()
    assert not User.objects.filter(name=name).exists()
    assert not Invitation.objects.filter(email=email).exists()
    trail = list(AuditEntry.objects.values())
    assert {"accounts.give_consent", "accounts.erase_me", "accounts.end_grant"} <= {row["verb"] for row in trail}
    assert email not in str(trail)
    assert name not in str(trail)
    assert AuditEntry.objects.get(verb="accounts.erase_me").actor_label == "judge"


def test_erase_me_of_the_last_administrator_changes_nothing(contributor):
    user = person(Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        services.erase_me(actor=user)
    user.refresh_from_db()
    assert user.is_active
    assert user.grants.get().ended_at is None
    assert contributor == []


def test_erase_me_ends_every_session(client):
    user = UserFactory()
    client.force_login(user)
    assert client.session.get("_auth_user_id") == str(user.pk)
    services.erase_me(actor=user)
    assert client.get("/people/me/").status_code == 302


def test_two_people_can_be_erased():
    services.erase_me(actor=UserFactory())
    services.erase_me(actor=UserFactory())
    assert User.objects.filter(erased_at__isnull=False).count() == 2
