"""What many journeys begin with: choosing a language, signing in."""

import re

from playwright.sync_api import expect
from tests.journeys.reader import Reader

from gebyar.accounts.demo import DemoPerson

CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", re.MULTILINE)


def choose_language(reader: Reader) -> None:
    """Arrive as everybody does, in Indonesian, and switch to the reader's language by the form of the page."""
    reader.open("/")
    expect(reader.page.locator("html")).to_have_attribute("lang", "id")
    if reader.language != "id":
        reader.page.locator(f"button[name=language][value={reader.language}]:visible").click()
        expect(reader.page.locator("html")).to_have_attribute("lang", reader.language)


def sign_in(reader: Reader, keys: DemoPerson) -> None:
    """Sign in with the password, and with the code of the app where the account has one."""
    choose_language(reader)
    reader.open("/accounts/login/")
    reader.enter("login", keys.email)
    reader.enter("password", keys.password)
    reader.page.locator("#content").get_by_role("button", name=reader.say("Sign in"), exact=True).click()
    if keys.secret:
        give_code(reader, keys)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(reader.say("What is waiting for you"))


def give_code(reader: Reader, keys: DemoPerson) -> None:
    """Enter the present code; once more when it ran out on the way."""
    reader.is_at("/accounts/2fa/authenticate/")
    for _try in range(2):
        reader.enter("code", keys.code())
        reader.page.locator("#content").get_by_role("button", name=reader.say("Sign in"), exact=True).click()
        if "/2fa/authenticate/" not in reader.page.url:
            return


def sign_in_by_mail(reader: Reader, keys: DemoPerson) -> None:
    """Sign in without a password, by the code of a mail."""
    choose_language(reader)
    reader.open("/accounts/login/")
    reader.look("sign-in")
    reader.follow("Send me a code by e-mail")
    reader.enter("email", keys.email)
    reader.look("ask-for-a-code")
    reader.press("Send the code")
    reader.sees_title("Enter the code from the mail")
    reader.look("enter-the-code")
    letter = reader.site.mail_to(keys.email).get_payload(decode=True).decode()
    reader.enter("code", CODE.search(letter)[1])
    reader.press("Continue")
    reader.sees_title("What is waiting for you")
