"""An owner assesses the firm on a phone without JavaScript; forty people join a workshop at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.urls import reverse
from playwright.sync_api import expect
from tests.journeys.deeds import choose_language, sign_in
from tests.journeys.reader import PHONE
from tests.readiness.made import answers

from gebyar.accounts.models import Role
from gebyar.readiness.models import Assessment, Workshop
from gebyar.readiness.services.assessments import answer
from gebyar.readiness.services.workshops import answer_sheet, finish_sheet

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def test_owner_assesses_the_firm_on_a_phone_without_scripts(visit, language, world):
    firm = world.firm()
    user, keys = world.member(firm)
    reader = visit(language, scripts=False)
    sign_in(reader, keys)
    reader.page.set_viewport_size(PHONE)
    reader.open(f"/readiness/firms/{firm.pk}/")
    reader.page.locator("#content form button").first.click()
    reader.sees("What is meant? With an example")
    _answer(reader, "b")
    reader.follow("Skip this question")
    reader.sees("Question %(number)s of %(total)s", number=3, total=24)
    made = Assessment.objects.get(firm=firm)
    assert len(made.answers) == 1  # kept at once; what was skipped is no answer
    said = {name: text for name, text in answers(2).items() if name != "strategi_rencana"}
    answer(actor=user, assessment=made, answers=said)
    reader.follow("What is still open")
    reader.sees("Answer what is open")
    reader.follow("Answer what is open")
    _answer(reader, "c")
    reader.open(f"/readiness/assessments/{made.pk}/open/")
    reader.press("Finish and see the result")
    reader.sees("Two ways to look at it")
    expect(reader.page.locator("svg.bars")).to_be_visible()
    reader.follow("Make a plan")
    reader.page.locator("#content form button").first.click()
    reader.sees("The step stands in your plan.")


def test_owner_sees_pages_that_everybody_can_read(visit, language, world):
    firm = world.firm()
    user, keys = world.member(firm)
    reader = visit(language)
    sign_in(reader, keys)
    reader.page.set_viewport_size(PHONE)
    reader.open("/readiness/")
    reader.look("overview")
    reader.open(f"/readiness/firms/{firm.pk}/")
    reader.look("firm")
    reader.page.locator("#content form button").first.click()
    reader.look("question")
    made = Assessment.objects.get(firm=firm)
    reader.open(f"/readiness/assessments/{made.pk}/open/")
    reader.look("open")
    answer(actor=user, assessment=made, answers=answers(3, layanan_data="c"))
    reader.page.reload()
    reader.press("Finish and see the result")
    reader.look("result")
    reader.open(f"/readiness/firms/{firm.pk}/plan/")
    reader.look("plan")
    officer = visit(language)
    sign_in(officer, world.officer(Role.LOCAL_OFFICER, "33.74")[1])
    officer.open("/readiness/visits/")
    officer.look("visits")
    officer.follow(firm.name)
    officer.press("Begin my visit")
    officer.look("visit")
    officer.open("/readiness/figures/")
    officer.look("figures")


def test_keeper_changes_an_instrument(visit, language, world):
    keeper = visit(language)
    sign_in(keeper, world.officer(Role.PROGRAMME_OFFICER)[1])
    keeper.open("/readiness/instruments/")
    keeper.look("instruments")
    keeper.page.locator("#content table a").first.click()
    keeper.press("Begin a new version")
    keeper.follow("Pillars and weights")
    keeper.look("editor")
    keeper.page.locator("#content [name='pillars.0.weight']").fill("0.9")
    keeper.page.locator("#content [name='pillars.0.names.en']").fill("")
    keeper.press("Keep")
    expect(keeper.page.locator("#content .notice.wrong")).to_be_visible()
    keeper.page.go_back()
    keeper.page.go_back()
    keeper.press("Throw the draft away")


def test_forty_join_a_workshop_at_the_same_moment(visit, language, world, site):
    officer, phone = visit(language), visit(language)
    sign_in(officer, world.officer(Role.LOCAL_OFFICER, "33.74")[1])
    officer.open("/readiness/workshops/new/")
    officer.enter("name", f"Lokakarya {language}")
    officer.enter("starts_at", "2026-11-12T09:00")
    officer.press("Open it")
    officer.look("workshop")
    found = Workshop.objects.get(name=f"Lokakarya {language}")
    join = site.address + reverse("readiness:join", args=[found.join_code])
    with ThreadPoolExecutor(39) as pool:
        others = [pool.submit(_join, join) for _person in range(39)]
        choose_language(phone)
        phone.page.set_viewport_size(PHONE)
        phone.open(reverse("readiness:join", args=[found.join_code]))
        phone.look("join")
        phone.press("Join and begin")
        assert [one.result() for one in others] == [200] * 39
    assert found.sheets.count() == 40
    _answer(phone, "b")
    phone.look("sheet-question")
    for sheet in found.sheets.order_by("pk")[:39]:
        if not sheet.answers:
            answer_sheet(sheet=sheet, answers=answers(2))
            finish_sheet(sheet=sheet)
    officer.page.reload()
    officer.press("Show the group its result")
    officer.sees("Mean index of the group")
    officer.look("group")
    phone.open(reverse("readiness:group", args=[found.join_code]))
    phone.sees("Mean index of the group")
    phone.look("hall")
    officer.press("Close the workshop")
    officer.sees("The workshop is closed.")


def _answer(reader, option):
    reader.page.locator(f"#content [name=answer][value={option}]").check()
    reader.press("Keep and go on")


def _join(address):
    """Open the page of the code and press its button, as a phone does, in a session of its own."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = opener.open(address, timeout=60).read().decode()
    form = urlencode({"csrfmiddlewaretoken": TOKEN.search(page)[1]}).encode()
    return opener.open(Request(address, form, {"Referer": address}), timeout=60).status  # noqa: S310  our own site
