"""A judge on a phone: asked, goes through the names, judges one entry with a line and one without; and the organiser."""

import re

from playwright.sync_api import expect
from tests.awards.making_judging import assign, close, full_round, judging
from tests.journeys.deeds import sign_in
from tests.journeys.reader import PHONE

from gebyar.accounts.models import Role
from gebyar.awards.models import Assignment, Judge, RankingVersion

WHY = "Alasan yang cukup panjang"


def test_judge_goes_on_without_a_line(visit, language, world):
    stage, entries, _people = judging(2, 0)
    user, keys = world.officer(Role.JUDGE)
    judge = Judge.objects.create(edition=stage.category.edition, user=user, number=1)
    rows = [assign(stage, entry, judge, status="proposed") for entry in entries]
    reader = visit(language)
    sign_in(reader, keys)
    reader.page.set_viewport_size(PHONE)
    _say_yes(reader, judge)
    _accept_all(reader)
    _judge_with_a_line(reader, rows[0])
    _judge_without_a_line(reader, rows[1])


def _say_yes(reader, judge):
    reader.open("/awards/judge/work/")
    reader.look("asked")
    reader.press("Yes, I judge")
    reader.look("profile")
    reader.enter("expertise", "10\nkeripik")
    reader.press("Keep")
    reader.sees("What you said is kept.")
    reader.follow("Ties to entrants")
    reader.look("names")
    reader.press("I went through all names")
    reader.sees("Thank you. It is noted that you went through the list.")


def _accept_all(reader):
    reader.look("list")
    reader.page.locator("form[action$='/accept/'] button").click()
    expect(reader.page.locator("form[action$='/accept/']")).to_have_count(0)


def _judge_with_a_line(reader, row):
    reader.open(f"/awards/judge/entries/{row.pk}/")
    reader.look("entry")
    reader.enter("value_idea", "80")
    reader.enter("reason_idea", WHY)
    reader.press("Keep and go on")
    reader.is_at(rf"/awards/judge/entries/{row.pk}/#criterion-market")
    reader.press("Send my marks")
    expect(reader.page.locator(".error-summary")).to_be_visible()
    reader.look("entry-lacking")
    reader.page.locator("#content [name=na_market]").check()
    reader.enter("reason_market", WHY)
    reader.press("Send my marks")
    reader.sees("Your marks are sent.")
    row.refresh_from_db()
    assert row.sent_at is not None


def _judge_without_a_line(reader, row):
    """Open the entry once from the list that was kept, fill it in, send it; it goes when the line is back."""
    page = reader.page
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    address = f"{reader.site.address}/awards/judge/entries/{row.pk}/"
    page.wait_for_function("(address) => caches.match(address).then(Boolean)", arg=address)
    page.context.set_offline(True)
    page.goto(address)
    reader.sees("You are offline")
    for name, text in (("idea", "64"), ("market", "51")):
        reader.enter(f"value_{name}", text)
        reader.enter(f"reason_{name}", WHY)
    reader.press("Send my marks")
    reader.sees("Kept on this device, waiting for the line:")
    reader.look("offline")
    assert Assignment.objects.get(pk=row.pk).sent_at is None
    page.context.set_offline(False)
    reader.sees("Sent from this device:")
    assert sorted(row.scores.values_list("value", flat=True)) == [51.0, 64.0]
    assert Assignment.objects.get(pk=row.pk).sent_at is not None
    page.reload()
    expect(page.locator("form[data-queued]")).to_have_count(0)
    # What the browser says about the missing network is what was asked for here.
    reader.complaints[:] = [one for one in reader.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_organiser_follows_the_judging_and_ranks(visit, language, world):
    stage, _entries, _people = full_round(10, 4, per_entry=4)
    organiser = visit(language)
    sign_in(organiser, world.officer(Role.PROGRAMME_OFFICER)[1])
    organiser.open(f"/awards/editions/{stage.category.edition_id}/judges/")
    organiser.look("judges")
    for view in ("judges", "entries"):
        organiser.open(f"/awards/stages/{stage.pk}/judging/?view={view}")
        organiser.look(f"board-{view}")
    organiser.open(f"/awards/stages/{stage.pk}/panels/")
    organiser.look("panels")
    organiser.press("Make a proposal")
    organiser.await_by_reloading(organiser.page.locator("#content a[href^='/records/']").first)
    organiser.look("proposal")
    organiser.page.locator("#content tbody th a").first.click()
    organiser.look("panel")
    close(stage)
    organiser.open(f"/awards/stages/{stage.pk}/ranking/")
    organiser.press("Make the ranking")
    organiser.sees("The ranking is made.")
    organiser.look("ranking")
    organiser.open(re.sub(r"^https?://[^/]+", "", organiser.page.url) + "?view=judges")
    organiser.look("audit")
    organiser.press("Let this ranking decide the stage")
    organiser.sees("decides the stage")
    assert RankingVersion.objects.get(stage=stage).is_final
