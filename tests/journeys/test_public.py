"""Somebody without an account looks around."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.deeds import choose_language
from tests.journeys.reader import PHONE

MOST_BYTES = 60 * 1024


@pytest.fixture
def firm(world):
    return world.firm()


def test_visitor_finds_a_firm_and_reads_the_figures(visit, language, firm):
    reader = visit(language)
    choose_language(reader)
    reader.look("home")
    _find_misspelt(reader, firm)
    reader.look("firm")
    reader.open("/firms/")
    reader.look("firms")
    reader.follow("On the map")
    reader.sees_title("Firms on the map")
    reader.look("map")
    reader.open("/figures/")
    _change_the_rule(reader)
    reader.look("figures-other-rule")
    reader.open("/figures/claims/")
    reader.sees_title("What was said, and what the sources say")
    reader.look("claims")


def test_visitor_without_scripts_finishes_everything(visit, firm):
    reader = visit("id", size=PHONE, scripts=False)
    choose_language(reader)
    _find_misspelt(reader, firm)
    reader.open("/firms/map/")
    reader.page.locator("svg a").first.click()
    reader.is_at(r"/firms/\?province=")
    reader.open("/figures/")
    _change_the_rule(reader)
    reader.open("/figures/claims/")
    reader.page.locator("#content details summary").first.click()
    expect(reader.page.locator("#content details table").first).to_be_visible()


def _find_misspelt(reader, firm):
    box = reader.page.locator("#front-search")
    box.fill("Kenangga " + firm.name.rsplit(" ", 1)[1])
    box.press("Enter")
    reader.is_at("/firms/")
    expect(reader.page.locator("#content .notice")).to_contain_text("“kenanga”")
    if reader.scripts:
        reader.look("search-corrected")
    reader.page.locator("#content").get_by_role("link", name=firm.name, exact=True).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(firm.name)


def _change_the_rule(reader):
    reader.sees_title("Small and medium industry in figures")
    tabs = reader.page.locator("#content .tabs").first
    before, other = tabs.locator("[aria-current]").inner_text(), tabs.locator("a:not([aria-current])").first
    chosen = other.inner_text()
    other.click()
    reader.is_at(r"/figures/\?rule=")
    expect(tabs.locator("[aria-current]")).to_have_text(chosen)
    assert chosen != before


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_visitor_chooses_language_and_theme_once_for_all_pages(visit, scripts):
    reader = visit("en", scripts=scripts)
    choose_language(reader)
    page = reader.page.locator("html")
    reader.page.locator("footer button[name=theme][value=dark]").click()
    expect(page).to_have_attribute("data-theme", "dark")
    reader.open("/figures/claims/")
    expect(page).to_have_attribute("lang", "en")
    expect(page).to_have_attribute("data-theme", "dark")
    reader.page.locator("footer button[name=theme][value=auto]").click()
    reader.is_at("/figures/claims/$")
    expect(page).not_to_have_attribute("data-theme", re.compile(".*"))


def test_first_page_is_at_most_60_kilobytes_over_the_wire(visit):
    reader = visit(size=PHONE)
    meter = reader.page.context.new_cdp_session(reader.page)
    meter.send("Network.enable")
    received = []
    meter.on("Network.loadingFinished", lambda done: received.append(done["encodedDataLength"]))
    reader.open("/")
    reader.page.wait_for_load_state("networkidle")
    assert len(received) >= 3, "page, stylesheet, script"
    assert sum(received) <= MOST_BYTES, received
