"""The pages about people: what they show, in both languages, and what their forms do."""

import json
import re

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.factories import PASSWORD, UserFactory, person

from gebyar.accounts import services
from gebyar.accounts.models import Invitation, Role, RoleGrant, User

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "gudeg-becak-melati"
NO_BREAK_SPACE = "\u00a0"


def text_of(response):
    page = response.content.decode().replace(NO_BREAK_SPACE, " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def administrator(sign_in_as):
    user = person(Role.ADMINISTRATOR, name="Ratna")
    sign_in_as(user)
    return user


@pytest.mark.parametrize(
    "route", ["account_login", "account_signup", "account_request_login_code", "account_reset_password"]
)
@pytest.mark.parametrize("form", [{}, {"login": "x", "email": "x", "password": "y", "password1": "y"}])
def test_entrance_pages_call_a_mail_surel(client, route, form):
    page = client.post(reverse(route), form).content.decode()
    words = re.sub(r"""(type|name|id|for|value|autocomplete|href|aria-describedby)="[^"]*\"""", "", page)
    assert re.findall(r"[^>]*\be-?mail\b[^<]*", words, re.IGNORECASE) == []


@pytest.mark.parametrize(
    "route",
    [
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
    ],
)
def test_entrance_pages_differ_by_language_and_leave_nothing_untranslated(client, route):
    indonesian, english = (
        text_of(client.get(reverse(route), headers={"cookie": f"django_language={language}"}))
        for language in ("id", "en")
    )
    assert indonesian != english
    assert not re.search(r"\b(the|your|with|account|we)\b", indonesian)
    assert not re.search(r"\b(Anda|dengan|akun|kami)\b", english.replace("Bahasa Indonesia", ""))


def test_my_account_names_the_roles_and_their_regions(sign_in_as):
    client = sign_in_as(person(Role.LOCAL_OFFICER, "33.74"))
    assert "Kota Semarang, Jawa Tengah" in text_of(client.get(reverse("accounts:me")))


def test_my_account_saves_the_name_and_the_consents(sign_in_as):
    user = UserFactory()
    client = sign_in_as(user)
    page = reverse("accounts:me")
    client.post(page, {"action": "name", "about-name": " Dewi "})
    client.post(page, {"action": "consents", "consent-programme_news": "on"})
    user.refresh_from_db()
    assert user.name == "Dewi"
    assert [consent.purpose for consent in user.consents.all()] == ["programme_news"]
    client.post(page, {"action": "consents"})
    assert not user.consents.filter(withdrawn_at__isnull=True).exists()


def test_my_data_come_as_a_file_of_the_person_alone(sign_in_as):
    user, other = UserFactory(), UserFactory()
    response = sign_in_as(user).post(reverse("accounts:my_data"))
    assert response.headers["Content-Disposition"].startswith('attachment; filename="gebyar-')
    assert json.loads(response.content)["account"]["email"] == user.email
    assert other.email not in response.content.decode()


def test_closing_the_account_asks_for_the_password_and_for_a_tick(client):
    user = UserFactory()
    page = reverse("accounts:erase_me")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    asked = client.get(page)
    if asked.status_code == 302:
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": page})
    client.post(page, {})
    user.refresh_from_db()
    assert user.is_active

    client.post(page, {"sure": "on"})
    user.refresh_from_db()
    assert not user.is_active
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("count", [1, 3])
def test_people_list_shows_everybody_with_the_same_number_of_queries(
    client, administrator, count, django_assert_num_queries
):
    others = [person(Role.LOCAL_OFFICER, "33.74") for _ in range(count)]
    client.get(reverse("accounts:people"))
    with django_assert_num_queries(12, exact=False) as queries:
        page = text_of(client.get(reverse("accounts:people")))
    assert all(user.email in page for user in others)
    assert len(queries.captured_queries) <= 12


def test_people_list_finds_by_name_and_role(client, administrator):
    ani, budi = person(Role.JUDGE, name="Ani"), UserFactory(name="Budi")
    page = text_of(client.get(reverse("accounts:people"), {"q": "ani", "role": "judge"}))
    assert ani.email in page
    assert budi.email not in page


def test_role_is_given_and_ended_on_the_page_of_the_person(client, administrator):
    user = UserFactory()
    page = reverse("accounts:person", args=[user.pk])
    form = {"role": "local_officer", "region_code": "33.74"}
    assert client.post(reverse("accounts:grant_role", args=[user.pk]), form)["Location"] == page
    grant = user.grants.get()
    assert (grant.role, grant.region_code, grant.granted_by) == ("local_officer", "33.74", administrator)
    assert "Kota Semarang, Jawa Tengah" in text_of(client.get(page))

    assert client.post(reverse("accounts:end_grant", args=[grant.pk]))["Location"] == page
    grant.refresh_from_db()
    assert grant.ended_at is not None


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"role": "local_officer", "region_code": ""}, "region_code"),
        ({"role": "judge", "region_code": "33.74"}, "region_code"),
        ({"role": "judge", "region_code": "99.99"}, "region_code"),
        ({"role": "king", "region_code": ""}, "role"),
    ],
)
def test_role_form_says_what_is_wrong_beside_the_field(client, administrator, form, field):
    user = UserFactory()
    response = client.post(reverse("accounts:grant_role", args=[user.pk]), form)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not user.grants.exists()


def test_last_administrator_is_told_why_the_role_stays(client, administrator):
    grant = administrator.grants.get()
    response = client.post(reverse("accounts:end_grant", args=[grant.pk]), follow=True)
    grant.refresh_from_db()
    assert grant.ended_at is None
    assert 'class="notice wrong"' in response.content.decode()


def test_invitation_shows_its_link_once_when_there_is_no_mail_server(client, administrator):
    form = {"email": "Baru@Uji.example", "role": "judge", "region_code": ""}
    response = client.post(reverse("accounts:invite"), form)
    [link] = re.findall(r"/people/invitation/[\w-]+/", response.content.decode())
    assert "/people/invitation/" not in client.get(reverse("accounts:invite")).content.decode()
    assert Client().get(link).status_code == 200


def test_invitation_with_a_mail_server_keeps_its_link_to_the_mail(
    client, administrator, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example"
    form = {"email": "baru@uji.example", "role": "judge", "region_code": ""}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("accounts:invite"), form, follow=True)
    assert "/people/invitation/" not in response.content.decode()
    assert "/people/invitation/" in mailoutbox[0].body


@pytest.mark.parametrize("route", ["accounts:invite", "accounts:person"])
def test_role_form_begins_with_the_least_power_and_ends_with_a_warning(client, administrator, route):
    page = client.get(reverse(route, args=[administrator.pk] if route == "accounts:person" else [])).content.decode()
    [choice] = re.findall(r'<select name="role".*?</select>', page, re.DOTALL)
    offered = re.findall(r'value="(\w+)"( selected)?', choice)
    assert offered == [("local_officer", " selected"), ("judge", ""), ("programme_officer", ""), ("administrator", "")]
    assert "Administrator (hati-hati" in choice


def test_invitation_is_withdrawn_on_its_page(client, administrator):
    letter = services.invite(actor=None, email="baru@uji.example", role=Role.JUDGE)
    client.post(reverse("accounts:withdraw_invitation", args=[letter.invitation.pk]))
    assert Invitation.objects.count() == 0


@pytest.fixture
def letter(db):
    return services.invite(actor=None, email="baru@uji.example", role=Role.JUDGE)


def path_of(letter, settings):
    return letter.link.removeprefix(settings.SITE_URL)


def test_invited_newcomer_opens_an_account_and_goes_on_to_the_second_step(client, letter, settings):
    response = client.post(path_of(letter, settings), {"name": "Ani", "password": NEW_PASSWORD}, follow=True)
    user = User.objects.get(email="baru@uji.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/?needed=1"
    assert [grant.role for grant in user.open_grants] == ["judge"]


def test_invited_newcomer_sets_up_the_second_step_without_the_password_again(client, letter, settings):
    client.post(path_of(letter, settings), {"name": "Ani", "password": NEW_PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_invited_newcomer_is_asked_for_the_password_when_joining_was_long_ago(client, letter, settings):
    client.post(path_of(letter, settings), {"name": "Ani", "password": NEW_PASSWORD})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= 3600
    session.save()
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))


def test_invited_newcomer_with_a_weak_password_is_told_and_nothing_is_stored(client, letter, settings):
    response = client.post(path_of(letter, settings), {"name": "Ani", "password": "1234567890"})
    assert response.status_code == 422
    assert not User.objects.filter(email="baru@uji.example").exists()
    assert Invitation.objects.get().accepted_at is None


def test_invited_person_with_an_account_is_asked_to_sign_in_and_comes_back(client, letter, settings):
    UserFactory(email="baru@uji.example")
    page = client.get(path_of(letter, settings)).content.decode()
    assert f"{reverse('account_login')}?next={path_of(letter, settings)}" in page
    assert client.post(path_of(letter, settings), {"name": "x", "password": NEW_PASSWORD}).status_code == 200
    assert RoleGrant.objects.count() == 0


def test_invited_person_signed_in_takes_up_the_role(sign_in_as, letter, settings):
    user = UserFactory(email="baru@uji.example")
    client = sign_in_as(user)
    assert client.post(path_of(letter, settings))["Location"] == reverse("accounts:me")
    assert [grant.role for grant in user.open_grants] == ["judge"]


def test_invitation_of_somebody_else_is_not_taken_up(sign_in_as, letter, settings):
    client = sign_in_as(UserFactory())
    assert client.get(path_of(letter, settings)).status_code == 200
    assert client.post(path_of(letter, settings)).status_code == 422
    assert RoleGrant.objects.count() == 0


def test_invitation_used_or_expired_says_so(client, letter, settings):
    Invitation.objects.update(expires_at=timezone.now())
    assert client.get(path_of(letter, settings)).status_code == 410
    Invitation.objects.update(accepted_at=timezone.now())
    assert client.post(path_of(letter, settings), {"name": "x", "password": NEW_PASSWORD}).status_code == 410


def test_invitation_made_up_does_not_exist(client):
    assert client.get(reverse("accounts:accept_invitation", args=["A" * 43])).status_code == 404
