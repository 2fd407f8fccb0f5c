"""Signing in and up through the pages, as a browser without JavaScript does it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from tests.factories import PASSWORD, UserFactory

from gebyar.accounts.models import User

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "gudeg-becak-melati"


def is_signed_in(client):
    return "_auth_user_id" in client.session


def code_of(mail):
    """The code stands alone on its line, so that people find it."""
    [code] = re.findall(r"(?m)^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mail.body)
    return code


def enter_password(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def test_sign_in_with_a_password_opens_the_home_page(client):
    response = enter_password(client, UserFactory())
    assert response["Location"] == reverse("web:home")
    assert is_signed_in(client)


def test_sign_in_with_a_wrong_password_says_so_and_keeps_the_address(client):
    user = UserFactory()
    response = enter_password(client, user, "salah-sekali")
    assert response.status_code == 200
    assert not is_signed_in(client)
    assert user.email in response.content.decode()


def test_sign_in_to_a_closed_account_is_refused(client):
    response = enter_password(client, UserFactory(is_active=False))
    assert response["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_sign_in_with_a_mailed_code(client, mailoutbox):
    user = UserFactory()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    response = client.post(reverse("account_confirm_login_code"), {"code": code_of(mailoutbox[0])})
    assert response["Location"] == reverse("web:home")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_sign_in_with_a_wrong_code_is_refused_and_ends_after_three_tries(client, mailoutbox):
    user = UserFactory()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "XXXX-XXXX"})
    response = client.post(reverse("account_confirm_login_code"), {"code": code_of(mailoutbox[0])})
    assert response["Location"] == reverse("account_request_login_code")
    assert not is_signed_in(client)


def test_sign_up_asks_for_the_code_of_the_mail_before_it_lets_anybody_in(client, mailoutbox):
    form = {"email": "Baru@Uji.example", "password1": NEW_PASSWORD}
    response = client.post(reverse("account_signup"), form)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    assert client.get(reverse("accounts:me")).status_code == 302

    client.post(reverse("account_email_verification_sent"), {"code": code_of(mailoutbox[0])})

    user = User.objects.get(email="baru@uji.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified
    assert user.open_grants == []


@pytest.mark.parametrize("password", ["123456789012345", "pendek", "password123", "baru@uji.example"])
def test_sign_up_with_a_weak_password_is_refused(client, password):
    response = client.post(reverse("account_signup"), {"email": "baru@uji.example", "password1": password})
    assert response.status_code == 200
    assert User.objects.count() == 0


def test_forgotten_password_is_replaced_by_the_mailed_link_once(client, mailoutbox, settings):
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "localhost"})
    [link] = re.findall(r"https?://\S+/password/reset/key/\S+", mailoutbox[0].body)
    assert link.startswith(settings.SITE_URL)
    path = link.removeprefix(settings.SITE_URL)

    form_page = client.get(path)["Location"]
    client.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_signed_in(client)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)

    again = client.get(path, follow=True)
    assert reverse("account_reset_password") in again.content.decode()
    assert 'name="password1"' not in again.content.decode()


def test_password_is_changed_with_the_present_one_only(client, sign_in_as):
    user = UserFactory()
    sign_in_as(user)
    form = {"oldpassword": "salah-sekali", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(reverse("account_change_password"), form)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    client.post(reverse("account_change_password"), {**form, "oldpassword": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_sign_out_needs_a_post(client, sign_in_as):
    sign_in_as(UserFactory())
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    assert client.post(reverse("account_logout"))["Location"] == reverse("web:home")
    assert not is_signed_in(client)
