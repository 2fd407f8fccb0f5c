"""An administrator brings a local officer in, who sees their own region only."""

from playwright.sync_api import expect
from tests.factories import PASSWORD
from tests.journeys.deeds import choose_language, sign_in

from gebyar.accounts.demo import DemoPerson
from gebyar.accounts.models import Role


def test_invited_officer_sets_up_the_second_step_before_anything_else(visit, language, world):
    here, elsewhere = world.firm(), world.firm(region_code="35.78.10")
    administrator, invited = visit(language), visit(language)
    sign_in(administrator, world.officer(Role.ADMINISTRATOR)[1])
    address = f"dinas-{language}@uji.example"
    link = _invite(administrator, address)
    _take_up(invited, link)
    _set_up_second_step(invited, address)
    _sees_own_region_only(invited, here, elsewhere)


def _invite(administrator, address):
    administrator.open("/people/")
    administrator.look("people")
    administrator.follow("Invite somebody")
    administrator.enter("email", address)
    expect(administrator.page.locator("#content select[name=role]")).to_have_value(Role.LOCAL_OFFICER)
    administrator.press("Send the invitation")
    expect(administrator.page.locator("#content .field-error")).to_be_visible()
    administrator.page.locator("#content select[name=region_code]").select_option("33.74")
    administrator.press("Send the invitation")
    link = administrator.page.locator("#content .notice code")
    expect(link).to_be_visible()
    administrator.look("invited")
    return link.inner_text()


def _take_up(invited, link):
    choose_language(invited)
    invited.page.goto(link)
    invited.look("invitation")
    invited.enter("name", "Sari Wulandari")
    invited.enter("password", PASSWORD)
    invited.press("Open the account and take up the role")


def _set_up_second_step(invited, address):
    """Whatever page is asked for, the second step comes first."""
    invited.sees("One step before you start")
    invited.open("/firms/corrections/")
    invited.is_at("/accounts/2fa/")
    invited.look("second-step-needed")
    invited.follow("Set up the app")
    invited.sees_title("Set up the authenticator app")
    invited.look("second-step-app")
    secret = invited.page.locator("#content dd code").inner_text()
    keys = DemoPerson("", address, PASSWORD, secret)
    for _try in range(2):  # a code may run out on the way
        invited.enter("code", keys.code())
        invited.press("Switch the app on")
        if "/totp/activate/" not in invited.page.url:
            break
    invited.look("recovery-codes")


def _sees_own_region_only(invited, here, elsewhere):
    invited.open("/firms/corrections/")
    invited.sees_title("Corrections to decide")
    invited.look("corrections-empty")
    invited.open(f"/firms/{here.pk}/")
    invited.sees(here.address)
    invited.open(f"/firms/{elsewhere.pk}/")
    expect(invited.page.get_by_role("heading", level=1)).to_have_text(elsewhere.name)
    assert elsewhere.address not in invited.page.content()
    assert invited.page.goto(f"{invited.site.address}/people/").status == 404
    invited.sees_title("This page is not here")
    invited.open("/people/me/")
    invited.look("me")
