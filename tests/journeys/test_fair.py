"""The organiser plans a day of meetings; participants read their agendas; anybody recomputes the plan."""

import subprocess
import sys
from io import BytesIO

import pypdf
from icalendar import Calendar
from playwright.sync_api import expect
from tests.journeys.deeds import choose_language, sign_in
from tests.web.servers import environment

from gebyar.accounts.models import Role


def test_organiser_plans_a_day_and_everybody_can_check_it(visit, language, world, tmp_path):
    organiser, participant, checker = visit(language), visit(language), visit(language)
    sign_in(organiser, world.officer(Role.PROGRAMME_OFFICER)[1])
    version = _make_plan(organiser, world.day)
    _publish(organiser, version)
    agenda = organiser.page.locator("#content a[href*='/fair/agendas/']").first.get_attribute("href")
    _read_agenda(participant, agenda)
    _check_plan(checker, tmp_path)


def _make_plan(organiser, day):
    """Work behind the page: the page shows it, and the finished plan without being loaded by hand."""
    organiser.open("/fair/")
    organiser.look("days")
    organiser.page.locator(f"#content a[href='/fair/days/{day.pk}/']").click()
    organiser.look("day")
    rows = organiser.page.locator("#content table").first.locator("tbody tr")
    version = day.plans.count() + 1
    organiser.page.locator("#content summary", has_text=organiser.say("Make another plan")).click()
    organiser.enter("seed", "2024")
    organiser.enter("seconds", "10")
    organiser.press("Make a plan")
    organiser.sees("The plan is being made. You can leave this page and come back.")
    organiser.await_by_reloading(rows.first.get_by_text(organiser.say("best possible, proven")))
    expect(rows.first.locator("th")).to_have_text(str(version))
    organiser.look("day-planned")
    return version


def _publish(organiser, version):
    organiser.press("Publish version %(version)s", version=version)
    organiser.sees("Version %(version)d is published.", version=version)
    organiser.look("day-published")


def _read_agenda(participant, agenda):
    """The address alone opens the agenda, its sheet and its calendar; all three hold the same two meetings."""
    choose_language(participant)
    participant.open(agenda)
    expect(participant.page.locator(".agenda li")).to_have_count(2)
    participant.look("agenda")
    sheet = participant.page.request.get(participant.link("Print the sheet (PDF)").evaluate("link => link.href"))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(sheet.body())).pages)
    calendar = participant.page.request.get(participant.link("Put it into your calendar").evaluate("link => link.href"))
    meetings = Calendar.from_ical(calendar.body()).walk("VEVENT")
    assert len(meetings) == 2
    for name in participant.page.locator(".agenda li a").all_inner_texts():
        assert name in " ".join(text.split())
        assert any(name in str(meeting["SUMMARY"]) for meeting in meetings)


def _check_plan(checker, folder):
    choose_language(checker)
    checker.open("/records/")
    checker.look("records")
    checker.page.locator("#content tbody a").first.click()
    checker.sees("Hash matches")
    checker.look("record")
    record = folder / "record.json"
    record.write_bytes(checker.download(checker.link("Download the record (JSON)")).read_bytes())
    if checker.language != "id":  # the file is the same in every language, and computing it again takes its time
        return
    assert _verify(record, folder) == 0
    record.write_bytes(record.read_bytes().replace(b'"table":1', b'"table":2', 1))
    assert _verify(record, folder) == 1


def _verify(record, folder):
    """Anybody's machine: no database, no data folder of the site."""
    command = [sys.executable, "-m", "gebyar", "verify", str(record)]
    return subprocess.run(command, env=environment(folder / "elsewhere"), check=False, capture_output=True).returncode
