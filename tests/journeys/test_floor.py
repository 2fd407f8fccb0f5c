"""The fair's day: somebody does not come, the plan changes, those whom it touches see it; and two firms go on."""

from django.utils import translation
from playwright.sync_api import expect
from tests.fair.floor_days import make_day, slot, who
from tests.fair.rounds import make_fair
from tests.journeys.deeds import choose_language, sign_in
from tests.journeys.reader import PHONE

from gebyar.accounts.models import Role


def test_day_goes_on_when_somebody_does_not_come(visit, language, world):
    day = make_day(fair=make_fair(name=f"Gebyar Lantai {language}"))
    organiser, participant, hall = visit(language), visit(language), visit(language)
    _open_agenda(participant, day)
    sign_in(organiser, world.officer(Role.PROGRAMME_OFFICER)[1])
    _check_in(organiser, day)
    _plan_without_the_first(organiser, day)
    _see_the_change(participant)
    _read_without_a_signal(participant)
    _watch_the_board(organiser, hall)
    _show_the_version_before(organiser)


def test_two_firms_go_on_after_their_meeting(visit, language, world):
    day = make_day(fair=make_fair(name=f"Gebyar Hasil {language}"))
    organiser, seller, buyer = visit(language), visit(language), visit(language)
    sign_in(organiser, world.officer(Role.PROGRAMME_OFFICER)[1])
    organiser.open(f"/fair/rounds/{day.pk}/floor/?slot={slot(day, 1).pk}")
    organiser.look("floor")
    organiser.page.locator("#content button[value=held]").nth(1).click()
    _say_yes(seller, world, day, number=2)
    seller.sees("Thank you, that is recorded.")
    _say_yes(buyer, world, day, number=5)
    buyer.sees("Thank you. Both of you want to go on: what follows is kept as a deal, and both are asked how it goes.")
    buyer.look("outcomes-said")
    for reader in (seller, buyer):
        reader.open("/partners/deals/")
        expect(reader.page.locator("#content").get_by_text("IKM 2 – Pembeli 2").first).to_be_visible()
    organiser.open(f"/fair/rounds/{day.pk}/dashboard/")
    organiser.sees("Hoped for and realised")
    organiser.look("dashboard")


def _open_agenda(participant, day):
    choose_language(participant)
    participant.page.set_viewport_size(PHONE)
    participant.open(f"/fair/agendas/{who(day, 3).agenda_token}/")
    expect(participant.page.locator(".agenda li")).to_have_count(1)
    participant.look("agenda")


def _check_in(organiser, day):
    organiser.open(f"/fair/check-in/{who(day, 2).agenda_token}/")
    organiser.look("check-in")
    organiser.press("Check in")
    organiser.sees("%(firm)s is checked in.", firm="IKM 2")


def _plan_without_the_first(organiser, day):
    organiser.open(f"/fair/rounds/{day.pk}/floor/?slot={slot(day, 1).pk}")
    organiser.page.locator("#content details summary").first.click()
    organiser.press("%(firm)s did not come", firm="IKM 1")
    organiser.look("missing")
    organiser.page.locator("#content [name=from_slot]").select_option(str(slot(day, 2).pk))
    organiser.press("Plan anew from now")
    with translation.override(organiser.language):
        words = translation.ngettext(
            "Version %(version)d is shown. %(count)d participant was told.",
            "Version %(version)d is shown. %(count)d participants were told.",
            3,
        ) % {"version": 2, "count": 3}
    expect(organiser.page.get_by_text(words).first).to_be_visible()
    organiser.look("desk")


def _see_the_change(participant):
    participant.page.reload()
    participant.sees("What changed")
    expect(participant.page.locator(".agenda li")).to_have_count(2)
    participant.look("agenda-changed")


def _read_without_a_signal(participant):
    """The worker keeps the page once it is there; then the page opens without the server, and says so."""
    expect(participant.page.locator("[data-kept-note]")).to_be_visible()
    participant.page.reload()  # through the worker this time
    participant.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    participant.page.context.set_offline(True)
    participant.page.reload()
    participant.sees("You are offline")
    expect(participant.page.locator(".agenda li")).to_have_count(2)
    participant.page.context.set_offline(False)
    # What the browser says about the missing network is what was asked for here.
    participant.complaints[:] = [one for one in participant.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def _watch_the_board(organiser, hall):
    address = organiser.link("Board for the hall's screen").get_attribute("href")
    choose_language(hall)
    hall.open(address)
    expect(hall.page.locator("#board h1")).to_be_visible()
    hall.look("board")


def _show_the_version_before(organiser):
    organiser.press("Show the version before again")
    organiser.sees("The version before is shown again, and those whom it touches were told.")


def _say_yes(reader, world, day, number):
    sign_in(reader, world.member(who(day, number).firm)[1])
    reader.page.set_viewport_size(PHONE)
    reader.open(f"/fair/agendas/{who(day, number).agenda_token}/")
    reader.page.locator("#content a[href*='/outcome/']").first.click()
    reader.look("outcome")
    reader.page.locator("#content [name=interest][value=yes]").check()
    reader.press("Record it")
