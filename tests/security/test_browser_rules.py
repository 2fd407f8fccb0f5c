"""Cookies, headers and redirects: what browsers are told, and what a stranger can learn or abuse."""

from importlib import reload

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import PASSWORD, UserFactory, person

from gebyar.accounts.models import Role

pytestmark = pytest.mark.django_db

ELSEWHERE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]


def enter_password(client, email, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def test_session_cookie_is_kept_from_scripts_and_other_sites(client):
    cookie = enter_password(client, UserFactory().email).cookies["sessionid"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_cookies_need_tls_when_the_address_has_it(monkeypatch):
    from gebyar.web import settings as project_settings

    monkeypatch.setenv("GEBYAR_URL", "https://gebyar.example")
    try:
        secure = reload(project_settings)
        assert (secure.SESSION_COOKIE_SECURE, secure.CSRF_COOKIE_SECURE, secure.LANGUAGE_COOKIE_SECURE) == (
            True,
            True,
            True,
        )
        assert secure.SECURE_HSTS_SECONDS >= 31_536_000
        assert secure.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN is False
    finally:
        monkeypatch.delenv("GEBYAR_URL")
        reload(project_settings)


def test_headers_forbid_frames_sniffing_and_foreign_sources(client):
    headers = client.get(reverse("web:home")).headers
    policy = headers["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    ):
        assert directive in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_error_pages_carry_the_policy(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_leads_nowhere_else(client, target):
    response = enter_password(client, UserFactory().email, next=target)
    assert response["Location"] == reverse("web:home")


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(("route", "form"), [("web:theme", {"theme": "dark"}), ("set_language", {"language": "en"})])
def test_choice_of_theme_or_language_leads_nowhere_else(client, route, form, target):
    response = client.post(reverse(route), {**form, "next": target})
    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_out_leads_nowhere_else(client, sign_in_as, target):
    sign_in_as(UserFactory())
    assert client.post(reverse("account_logout"), {"next": target})["Location"] == reverse("web:home")


def test_sign_out_has_the_browser_forget_what_it_kept(client, sign_in_as):
    sign_in_as(UserFactory())
    kept = client.post(reverse("web:theme"), {"theme": "dark"})
    gone, again = (client.post(reverse("account_logout")) for _ in range(2))

    said = [answer.headers.get("Clear-Site-Data") for answer in (kept, gone, again)]
    assert said == [None, '"storage"', None]
    assert "default-src 'none'" in gone.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("route", "form"),
    [
        ("web:theme", {"theme": "dark"}),
        ("account_login", {"login": "a@uji.example", "password": PASSWORD}),
        ("account_logout", {}),
        ("accounts:me", {"action": "name", "about-name": "Lain"}),
    ],
)
def test_post_without_its_token_is_refused(route, form):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(reverse(route), form).status_code == 403


def answers(client, known, unknown, ask):
    """The two answers, with the addresses themselves and the tokens of the forms taken out."""
    return [plain(ask(Client(), email), email) for email in (known, unknown)]


def plain(response, email):
    text = response.content.decode().replace(email, "ADDRESS")
    lines = [line for line in text.splitlines() if "csrf" not in line]
    return response.status_code, response.headers.get("Location"), lines


@pytest.mark.parametrize(
    "ask",
    [
        lambda client, email: enter_password(client, email, "salah-sekali"),
        lambda client, email: client.post(reverse("account_reset_password"), {"email": email}),
        lambda client, email: client.post(reverse("account_request_login_code"), {"email": email}),
        lambda client, email: client.post(reverse("account_request_login_code"), {"email": email}, follow=True),
        lambda client, email: client.post(
            reverse("account_signup"), {"email": email, "password1": "gudeg-becak-melati"}
        ),
    ],
    ids=["password", "reset", "code", "code page", "sign up"],
)
def test_answers_do_not_tell_whether_an_account_exists(client, ask):
    known, unknown = answers(client, UserFactory().email, "tak.dikenal@uji.example", ask)
    assert known == unknown


def test_wrong_passwords_are_limited_per_account(client):
    user = UserFactory()
    for _ in range(6):
        enter_password(client, user.email, "salah-sekali")
    enter_password(client, user.email)
    assert "_auth_user_id" not in client.session


def test_mailed_codes_are_limited_per_account(client, mailoutbox):
    email = UserFactory().email
    for _ in range(6):
        Client().post(reverse("account_request_login_code"), {"email": email})
    assert len(mailoutbox) == 3


def test_sign_ups_are_limited_per_address_of_the_network(client):
    statuses = [
        Client().post(reverse("account_signup"), {"email": f"{n}@uji.example", "password1": "x"}).status_code
        for n in range(22)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_refusal_looks_like_a_page_that_does_not_exist(sign_in_as):
    client = sign_in_as(person(Role.JUDGE))
    refused = client.get(reverse("accounts:people"))
    missing = client.get("/no-such-page/")
    assert refused.status_code == missing.status_code == 404
    assert strip(refused) == strip(missing)


def strip(response):
    """The page without its tokens and its own address, which the language form sends along."""
    return [line for line in response.content.decode().splitlines() if "csrf" not in line and 'name="next"' not in line]
