"""A firm writes an offer on a phone, an officer has it shown, and a buyer sees why it suits."""

import itertools

from playwright.sync_api import expect
from tests.factories import person
from tests.journeys.deeds import choose_language, sign_in
from tests.journeys.reader import PHONE
from tests.registry.firms import make_firm

from gebyar.accounts.models import Role
from gebyar.partnership.facts import ListingFacts
from gebyar.partnership.services.listings import decide_listing, send_listing, write_listing

_numbers = itertools.count(1)


def test_offer_is_written_on_a_phone_approved_and_suggested(visit, language, world):
    maker = make_firm(name=f"Keripik Melati {next(_numbers)}", is_synthetic=True)
    shop = make_firm(name=f"Toko Melati {next(_numbers)}", region_code="33.75.01", kind="partner", is_synthetic=True)
    buyer_user, buyer_keys = world.member(shop)
    need = _need_of(shop, buyer_user)
    member, officer, buyer = visit(language), visit(language), visit(language)

    sign_in(member, world.member(maker)[1])
    member.page.set_viewport_size(PHONE)
    member.open("/partners/mine/")
    member.look("no-listings-yet")
    member.follow("Write a listing")
    _write(member)
    sign_in(officer, world.officer(Role.LOCAL_OFFICER, "33.74")[1])
    _approve(officer, f"Keripik talas renyah {maker.pk}")
    sign_in(buyer, buyer_keys)
    buyer.open(f"/partners/{need.pk}/")
    buyer.follow("Suggestions")
    buyer.sees_title("Suggestions for you")
    suggested = buyer.page.locator("#content li", has_text=maker.name)
    expect(suggested).to_contain_text(buyer.say("Same industry code %(code)s.", code="10794"))
    expect(buyer.page.locator("#content")).not_to_contain_text("61.234")
    buyer.look("suggestions")
    _follow_a_deal(buyer, f"Keripik talas renyah {maker.pk}")


def _need_of(shop, user):
    """A need that is shown already."""
    said = ListingFacts(direction="need", role="supplier", title="Butuh kripik talas", kbli_codes=("10794",))
    listing = write_listing(actor=user, firm=shop, facts=said)
    send_listing(actor=user, listing=listing)
    return decide_listing(actor=person(Role.PROGRAMME_OFFICER), listing=listing, approve=True)


def _choose(reader, name, value):
    reader.page.locator(f"#content [name={name}][value={value}]").check()


def _write(member):
    """Four small pages; what is missing is said at the field, and what was typed stays there."""
    member.sees_title("Write a listing")
    member.look("step-what")
    firm = member.page.locator("#content [name=firm]").get_attribute("value")
    _choose(member, "direction", "offer")
    member.enter("title", f"Keripik talas renyah {firm}")
    member.press("Continue")
    expect(member.page.locator("#content .field-error").first).to_be_visible()
    expect(member.page.locator("#content [name=title]")).to_have_value(f"Keripik talas renyah {firm}")
    member.look("step-what-refused")
    _choose(member, "role", "supplier")
    member.press("Continue")
    member.sees("Kept as a draft. Only your firm sees it until you send it.")
    for name, text in (("quantity", "500"), ("unit", "kg"), ("price_low", "61.234")):
        member.enter(name, text)
    member.look("step-how-much")
    member.press("Continue")
    member.enter("kbli_codes", "10794")
    _choose(member, "certificates", "halal")
    member.look("step-who-fits")
    member.press("Continue")
    member.sees("So it will be shown")
    member.look("step-photos-and-sending")
    member.press("Send for approval")
    member.sees("Sent. An officer of your region looks at it; you will get a mail.")
    member.look("listing-waiting")


def _approve(officer, title):
    officer.open("/partners/waiting/")
    officer.look("listings-waiting")
    officer.link(title).click()
    officer.sees("Your decision")
    officer.look("listing-to-decide")
    officer.press("Approve")
    officer.sees("Approved. Everybody can read it.")


def _follow_a_deal(buyer, title):
    buyer.link(title).click()
    buyer.follow("Follow a deal")
    buyer.sees_title("Follow a deal")
    buyer.look("deal-new")
    buyer.press("Follow the deal")
    buyer.sees("The deal is followed now. Say how far it is whenever something happens.")
    _choose(buyer, "stage", "order")
    buyer.press("Say so")
    buyer.sees("An order or a delivery needs its sum in rupiah.")
    buyer.enter("amount", "5.000.000")
    buyer.press("Say so")
    buyer.sees("Noted. The other side sees it too.")
    buyer.look("deal")


def test_anybody_reads_the_list_and_the_figures(visit, language):
    reader = visit(language)
    choose_language(reader)
    reader.open("/partners/")
    reader.sees_title("Needs and offers")
    reader.look("listings")
    reader.open("/partners/deals/figures/")
    reader.look("deal-figures")
