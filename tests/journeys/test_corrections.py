"""A firm sets right what the register says of it; an officer of its region decides."""

import pytest
from playwright.sync_api import expect
from tests.journeys.deeds import sign_in, sign_in_by_mail
from tests.journeys.reader import PHONE

from gebyar.accounts.models import Role

WORKERS = "/facts/workers_female/"


@pytest.fixture
def firm(world):
    return world.firm()


def test_firm_corrects_a_fact_and_the_officer_approves(visit, language, world, firm):
    member, officer = visit(language), visit(language)
    sign_in_by_mail(member, world.member(firm)[1])
    member.look("home")
    member.link(firm.name).click()
    member.look("my-firm")
    _propose(member, firm)
    sign_in(officer, world.officer(Role.LOCAL_OFFICER, "33.74")[1])
    officer.look("officer-home")
    _approve(officer, firm)
    _read_history(member, firm)


def test_firm_corrects_a_fact_without_scripts_on_a_phone(visit, world, firm):
    member, officer = visit(size=PHONE, scripts=False), visit(size=PHONE, scripts=False)
    sign_in(member, world.member(firm)[1])
    member.open(f"/firms/{firm.pk}/")
    _propose(member, firm)
    sign_in(officer, world.officer(Role.LOCAL_OFFICER, "33")[1])
    _approve(officer, firm)
    _read_history(member, firm)


def _propose(member, firm):
    """What cannot be a number of people is said at the field, and what was typed stays there."""
    member.page.locator(f"#content a[href='/firms/{firm.pk}{WORKERS}']").click()
    member.enter("value", "banyak sekali")
    member.enter("reason", "Dua orang baru bekerja sejak Maret.")
    member.press("Send the correction")
    expect(member.page.locator("#content .field-error")).to_be_visible()
    expect(member.page.locator("#content [name=reason]")).to_have_value("Dua orang baru bekerja sejak Maret.")
    _look(member, "fact-refused")
    member.enter("value", "10")
    member.press("Send the correction")
    member.is_at(f"/firms/{firm.pk}/$")
    member.sees("Sent. An officer of your region decides; you will get a mail.")
    _look(member, "firm-waiting")


def _approve(officer, firm):
    officer.open("/firms/corrections/")
    _look(officer, "corrections")
    officer.link(firm.name).click()
    _look(officer, "correction")
    officer.press("Approve")
    officer.is_at("/firms/corrections/$")
    officer.sees("Approved. The register is changed.")
    expect(officer.link(firm.name)).to_have_count(0)


def _read_history(member, firm):
    """The fact is the firm's own now, and what the office said still stands below it."""
    member.open(f"/firms/{firm.pk}/")
    fold = member.page.locator("#content details", has_text=member.say("History of each fact"))
    fold.locator("summary").click()
    now, before = fold.get_by_role("list").first.get_by_role("listitem").all()
    expect(now).to_contain_text("10 ")
    expect(now).to_contain_text(member.say("The firm itself"))
    expect(before).to_contain_text("8 ")
    expect(before).to_contain_text("Dinas Perindustrian Kota Semarang")
    _look(member, "firm-history")


def _look(reader, name):
    if reader.scripts:
        reader.look(name)


def test_member_meets_the_not_found_page_at_another_firms_pages(visit, world, firm):
    reader = visit()
    sign_in(reader, world.member(world.firm())[1])
    for path in (WORKERS, "/people/", "/contact/", "/certificates/new/"):
        answer = reader.page.goto(f"{reader.site.address}/firms/{firm.pk}{path}")
        assert answer.status == 404
        reader.sees_title("This page is not here")
        assert firm.address not in reader.page.content()
    reader.look("not-found")
    reader.follow("Go to the front page")
    reader.sees_title("What is waiting for you")
