"""A firm enters an award on a phone, an officer helps it to complete, and an organiser prepares the next edition."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.awards.entering.files import pdf, picture
from tests.awards.making import draft
from tests.journeys.deeds import sign_in
from tests.journeys.reader import PHONE

from gebyar.accounts.models import Role
from gebyar.awards.models import Entry
from gebyar.awards.services import editions
from gebyar.awards.services.entries import begin_entry
from gebyar.registry.models import Certificate

_numbers = itertools.count(1)


@pytest.fixture
def call():
    return editions.publish_edition(actor=None, edition=draft(title=f"Anugerah Kriya {next(_numbers)}"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_firm_enters_on_a_phone_from_the_call_to_the_receipt(visit, language, world, call, scripts):
    firm = world.firm()
    Certificate.objects.create(firm=firm, kind="nib", number="912")
    member = visit(language, scripts=scripts)
    sign_in(member, world.member(firm)[1])
    member.page.set_viewport_size(PHONE)
    _open(member, f"/awards/{call.slug}/", "call")
    member.follow("Enter")
    _look(member, "enter")
    member.page.locator("#content [name=category][value=food]").check()
    member.page.locator(f"#content [name=who][value=firm-{firm.pk}]").check()
    member.press("Begin")
    _look(member, "part-firm")
    member.follow("This is right, go on")
    member.enter("q-product", "Keripik talas")
    _look(member, "part-answers")
    member.press("Keep and go on")
    _look(member, "part-documents")
    _documents(member)
    member.follow("Go on")
    member.page.locator("#content [name=d-original]").check()
    _look(member, "part-declarations")
    member.press("Keep and go on")
    # What was left out is named with the way to it.
    _look(member, "part-check-missing")
    member.page.locator("#content .notice").get_by_role("link").first.click()
    expect(member.page.locator("#content [name=q-product]")).to_have_value("Keripik talas")
    member.enter("title", "Keripik talas asap")
    member.enter("q-story", "Diasapi dengan kayu kopi.")
    member.press("Keep and go on")
    member.open(_path(member, "check"))
    _look(member, "part-check")
    member.press("Hand the entry in")
    member.sees_title("Receipt no. %(number)s", number=1)
    _look(member, "receipt")
    assert Entry.objects.get(firm=firm).status == "submitted"


def _path(reader, part):
    return reader.page.url.removeprefix(reader.site.address).rpartition("/form/")[0] + f"/form/{part}/"


def _open(reader, path, name):
    reader.open(path)
    _look(reader, name)


def _look(reader, name):
    if reader.scripts:
        reader.look(name)


def _documents(member):
    """The register's certificate by one press, a photo from the phone, and a damaged file that is refused first."""
    rows = member.page.locator("#content tbody th a")
    rows.first.click()
    _look(member, "document-from-register")
    member.press("Use this")
    rows.nth(1).click()
    _give(member, "rusak.jpg", b"\xff\xd8\xff\xe0 rusak" * 50)
    expect(member.page.locator("#content .field-error").first).to_be_visible()
    _look(member, "document-refused")
    _give(member, "foto.jpg", picture().read())


def _give(reader, name, content):
    reader.page.locator("#content [name=file]").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content}]
    )
    reader.press("Hand in the file")


def test_officer_helps_an_entrant_to_complete(visit, language, world, call):
    firm = world.firm()
    user, _keys = world.member(firm)
    made = begin_entry(actor=user, category=call.categories.get(key="food"), kind="firm", firm=firm)
    officer = visit(language)
    sign_in(officer, world.officer(Role.LOCAL_OFFICER, "33.74")[1])
    _open(officer, f"/awards/desk/?edition={call.pk}", "desk")
    officer.page.get_by_role("link", name=firm.name).first.click()
    _look(officer, "desk-entry")
    officer.press("Send a reminder")
    officer.sees("The reminder is sent.")
    officer.page.locator("#content [name=channel][value=call]").check()
    officer.enter("text", "Memotret besok pagi")
    officer.press("Note it")
    expect(officer.page.locator("#content")).to_contain_text("Memotret besok pagi")
    officer.open(f"/awards/desk/{made.pk}/documents/nib/")
    _look(officer, "desk-document")
    officer.enter("consent", "Bu Siti, lewat telepon")
    _give(officer, "nib.pdf", pdf().read())
    assert made.documents.get().key == "nib"


def test_organiser_prepares_an_edition_and_publishes_it(visit, language, world):
    year = 2030 + next(_numbers)
    organiser = visit(language)
    sign_in(organiser, world.officer(Role.PROGRAMME_OFFICER)[1])
    organiser.open("/awards/")
    organiser.look("calls")
    organiser.follow("Prepare an edition")
    organiser.page.locator("#content [name=begin]").select_option("ovop")
    organiser.enter("year", str(year))
    organiser.enter("title", f"OVOP {year}")
    now = timezone.localtime()
    organiser.enter("opens_at", f"{now:%Y-%m-%dT%H:%M}")
    organiser.enter("closes_at", f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}")
    organiser.look("edition-new")
    organiser.press("Begin the edition")
    organiser.look("edition")
    edition_path = organiser.page.url.removeprefix(organiser.site.address)
    for part in ("basics", "conditions", "documents", "questions", "categories", "stages", "star_schemes"):
        organiser.open(f"{edition_path}rules/{part}/")
        organiser.look(f"rules-{part}")
    organiser.open(f"{edition_path}stage/selection/")
    for fold in organiser.page.locator("#content details.fold summary").all()[:1]:
        fold.click()
    organiser.look("stage")
    organiser.enter("threshold", "65")
    organiser.enter("note", "Ambang 65")
    organiser.press("Save as the next version")
    organiser.open(f"{edition_path}versions/2/")
    expect(organiser.page.locator("#content")).to_contain_text("stages[selection].gate.threshold")
    organiser.look("version")
    organiser.open(edition_path)
    organiser.follow("Publish")
    organiser.press("Publish")
    organiser.sees("Published. From now on the rules stand still.")
    organiser.look("edition-published")
    organiser.follow("Page of the call")
    organiser.look("call-of-a-programme")
