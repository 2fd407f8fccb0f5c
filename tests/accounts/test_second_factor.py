"""Officers, judges and administrators get nowhere without their second step, whichever way they come in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from tests.factories import PASSWORD, TOTP_SECRET, UserFactory, person

from gebyar.accounts.demo import DemoPerson
from gebyar.accounts.models import Role
from gebyar.accounts.services import grant_role

pytestmark = pytest.mark.django_db

ROLES = [
    (Role.ADMINISTRATOR, ""),
    (Role.PROGRAMME_OFFICER, ""),
    (Role.LOCAL_OFFICER, "33.74"),
    (Role.JUDGE, ""),
]
SET_UP = "/accounts/2fa/?needed=1"


def code(secret=TOTP_SECRET):
    return DemoPerson("", "", "", secret).code()


def enter_password(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def enter_mailed_code(client, user, mailoutbox):
    client.post(reverse("account_request_login_code"), {"email": user.email})
    [mailed] = re.findall(r"(?m)^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mailoutbox[-1].body)
    return client.post(reverse("account_confirm_login_code"), {"code": mailed})


@pytest.mark.parametrize(("role", "region_code"), ROLES)
def test_role_without_second_factor_opens_nothing_but_the_set_up(client, role, region_code):
    user = person(role, region_code, second_factor=False)
    enter_password(client, user)
    for route in ("accounts:me", "web:home", "account_email", "account_change_password"):
        assert client.get(reverse(route))["Location"] == SET_UP
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize(("role", "region_code"), ROLES)
def test_role_with_second_factor_is_asked_for_it_after_the_password(client, role, region_code):
    user = person(role, region_code)
    response = enter_password(client, user)
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("accounts:me"))["Location"].startswith(reverse("account_login"))

    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("accounts:me")).status_code == 200


def test_mailed_code_does_not_stand_for_the_second_factor(client, mailoutbox):
    user = person(Role.JUDGE)
    response = enter_mailed_code(client, user, mailoutbox)
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_mailed_code_leads_to_the_set_up_when_there_is_no_second_factor(client, mailoutbox):
    enter_mailed_code(client, person(Role.JUDGE, second_factor=False), mailoutbox)
    assert client.get(reverse("accounts:me"))["Location"] == SET_UP


def test_password_reset_does_not_sign_in(client, mailoutbox, settings):
    user = person(Role.ADMINISTRATOR)
    client.post(reverse("account_reset_password"), {"email": user.email})
    [link] = re.findall(r"https?://\S+/password/reset/key/\S+", mailoutbox[0].body)
    page = client.get(link.removeprefix(settings.SITE_URL))["Location"]
    client.post(page, {"password1": "gudeg-becak-melati", "password2": "gudeg-becak-melati"})
    assert "_auth_user_id" not in client.session


def test_wrong_code_is_refused(client):
    enter_password(client, person(Role.JUDGE))
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session


def test_code_works_once(client, client_of_another_browser):
    user, used = person(Role.JUDGE), code()
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": used})
    assert "_auth_user_id" in client.session
    enter_password(client_of_another_browser, user)
    client_of_another_browser.post(reverse("mfa_authenticate"), {"code": used})
    assert "_auth_user_id" not in client_of_another_browser.session


@pytest.fixture
def client_of_another_browser():
    from django.test import Client

    return Client()


def test_wrong_codes_are_limited(client):
    user = person(Role.JUDGE)
    enter_password(client, user)
    for _ in range(6):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert "_auth_user_id" not in client.session


def test_session_older_than_the_role_is_asked_for_the_second_factor(client):
    user = UserFactory(second_factor=False)
    enter_password(client, user)
    assert client.get(reverse("accounts:me")).status_code == 200
    grant_role(actor=None, user=user, role=Role.PROGRAMME_OFFICER)
    assert client.get(reverse("accounts:me"))["Location"] == SET_UP


def test_session_without_the_factor_stays_out_when_the_factor_is_set_up_elsewhere(client):
    """Somebody who knew the password may have a session open while the owner sets up the app."""
    user = person(Role.ADMINISTRATOR, second_factor=False)
    enter_password(client, user)
    set_up_elsewhere(user)
    for route in ("accounts:people", "mfa_index", "mfa_deactivate_totp", "mfa_add_webauthn"):
        response = client.get(reverse(route))
        assert response["Location"].startswith(reverse("mfa_reauthenticate")), route
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert client.get(reverse("accounts:people")).status_code == 200


def set_up_elsewhere(user):
    from allauth.mfa.adapter import get_adapter

    secret = get_adapter().encrypt(TOTP_SECRET)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})


def test_setting_up_the_app_counts_for_this_session_and_gives_recovery_codes(client):
    user = person(Role.JUDGE, second_factor=False)
    enter_password(client, user)
    page = reverse("mfa_activate_totp")
    if client.get(page).status_code == 302:
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": page})
    assert "data:image/svg+xml" in client.get(page).content.decode()
    secret = client.session["mfa.totp.secret"]

    response = client.post(page, {"code": code(secret)})

    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(response["Location"]).status_code == 200
    assert client.get(reverse("accounts:me")).status_code == 200
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored


def test_recovery_code_opens_once(client):
    user = person(Role.JUDGE)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    recovery = RecoveryCodes.activate(user).get_unused_codes()[0]
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": recovery})
    assert client.get(reverse("accounts:me")).status_code == 200
    client.post(reverse("account_logout"))
    enter_password(client, user)
    client.post(reverse("mfa_authenticate"), {"code": recovery})
    assert "_auth_user_id" not in client.session


def test_visitor_needs_no_second_factor(client):
    enter_password(client, UserFactory())
    assert client.get(reverse("accounts:me")).status_code == 200


def test_switching_the_app_off_leads_back_to_the_set_up(client, sign_in_as):
    user = person(Role.JUDGE)
    sign_in_as(user)
    Authenticator.objects.filter(user=user).delete()
    assert client.get(reverse("accounts:me"))["Location"] == SET_UP
