"""An officer adds a passkey and signs in with it alone; Chromium's own virtual authenticator holds it."""

import re
from dataclasses import replace

from playwright.sync_api import expect
from tests.journeys.deeds import sign_in

from gebyar.accounts.models import Role

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_officer_adds_a_passkey_and_signs_in_with_it_alone(visit, language, world):
    officer, device = _with_authenticator(visit(language))
    keys = world.officer(Role.PROGRAMME_OFFICER)[1]
    sign_in(officer, keys)
    _add_passkey(officer, keys)
    assert len(device()) == 1
    _sign_out(officer)
    _sign_in_with_passkey(officer)
    officer.open("/firms/corrections/")
    officer.sees_title("Corrections to decide")


def test_passkey_that_the_account_does_not_know_opens_nothing(visit, language, world):
    officer, _device = _with_authenticator(visit(language))
    keys = world.officer(Role.PROGRAMME_OFFICER)[1]
    sign_in(officer, keys)
    _add_passkey(officer, keys)
    _remove_passkey(officer, keys)
    _sign_out(officer)
    officer.open("/accounts/login/")
    with officer.page.expect_response(_answers_a_passkey):
        officer.press("Use a passkey")
    officer.is_at("/accounts/login/")
    officer.open("/firms/corrections/")
    officer.is_at("/accounts/login/")


def _with_authenticator(reader):
    """A passkey belongs to a name, so the site is called by its name here and not by its number."""
    reader.site = replace(reader.site, address=reader.site.address.replace("127.0.0.1", "localhost"))
    session = reader.page.context.new_cdp_session(reader.page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return reader, lambda: session.send("WebAuthn.getCredentials", added)["credentials"]


def _add_passkey(officer, keys):
    officer.open("/accounts/2fa/")
    officer.follow("Add a passkey")
    _show_that_it_is_you(officer, keys)
    officer.sees_title("Add a passkey")
    officer.look("add-a-passkey")
    officer.enter("name", "Laptop kantor")
    officer.page.locator("#content [name=passwordless]").check()
    officer.press("Add the passkey")
    expect(officer.page).not_to_have_url(re.compile("/webauthn/add/"))
    officer.open("/accounts/2fa/webauthn/")
    expect(officer.page.get_by_role("row").filter(has_text="Laptop kantor")).to_have_count(1)
    officer.look("passkeys")


def _show_that_it_is_you(officer, keys):
    if "reauthenticate" in officer.page.url:
        officer.enter("password", keys.password)
        officer.press("Continue")


def _remove_passkey(officer, keys):
    officer.open("/accounts/2fa/webauthn/")
    officer.follow("Remove")
    officer.page.locator("#content").get_by_role("button").first.click()
    officer.sees("No passkey yet")


def _answers_a_passkey(response):
    return response.url.endswith("/webauthn/login/") and response.request.method == "POST"


def _sign_out(officer):
    officer.open("/accounts/logout/")
    officer.page.locator("#content").get_by_role("button", name=officer.say("Sign out"), exact=True).click()
    officer.open("/accounts/login/")
    officer.sees_title("Sign in")


def _sign_in_with_passkey(officer):
    officer.look("sign-in-with-a-passkey")
    officer.press("Use a passkey")
    officer.sees_title("What is waiting for you")
