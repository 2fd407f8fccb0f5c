"""Firms ask and answer; the organiser plans and publishes; participants read their agendas; anybody recomputes."""

import subprocess
import sys
from io import BytesIO

import pypdf
from icalendar import Calendar
from playwright.sync_api import expect
from tests.journeys.deeds import choose_language, sign_in
from tests.web.servers import environment

from gebyar.accounts.models import Role
from gebyar.fair.models import Round


def test_firms_ask_and_answer_and_the_organiser_plans_for_everybody(visit, language, world, tmp_path):
    """Organiser, small firm, buyer and a stranger: from the invitation to a plan that anybody can check."""
    organiser, firm, buyer, checker = (visit(language) for _ in range(4))
    sign_in(organiser, world.officer(Role.PROGRAMME_OFFICER)[1])
    one, other = world.firm(), world.firm()
    round_ = _prepare_round(organiser, world.round.fair, language, one, other)
    _ask(firm, world.member(one)[1], round_, one, other)
    _answer(buyer, world.member(other)[1], round_, one, other)
    plan = _make_plan(organiser, round_)
    agenda = _publish(organiser, plan)
    _read_agenda(firm, agenda)
    _check_plan(checker, tmp_path)


def _prepare_round(organiser, fair, language, *firms):
    """A round of its own for each language: times, tables, participants, and the button that opens it."""
    organiser.open("/fair/")
    organiser.look("fairs")
    organiser.open(f"/fair/{fair.pk}/rounds/new/")
    for name, text in {"slot": "20", "buffer": "5", "tables": "Pangan: 2", "name": f"Temu {language}"}.items():
        organiser.enter(name, text)
    organiser.press("Show the slots")
    organiser.sees("This comes of it")
    organiser.look("round-times")
    organiser.press("Save the round")
    organiser.sees("The round is created. Now add its participants.")
    round_ = Round.objects.get(name=f"Temu {language}")
    organiser.open(f"/fair/rounds/{round_.pk}/participants/upload/")
    organiser.enter("numbers", "\n".join(firm.nib for firm in firms))
    organiser.page.locator("#content input[name=invited]").uncheck()
    organiser.press("Invite them")
    organiser.look("participants-invited")
    organiser.open(f"/fair/rounds/{round_.pk}/participants/")
    organiser.look("participants")
    organiser.open(f"/fair/rounds/{round_.pk}/")
    organiser.press("Open for requests")
    organiser.sees("The round is open for requests.")
    organiser.look("round")
    return round_


def _own_page(reader, keys, round_, firm):
    sign_in(reader, keys)
    person = round_.participants.get(firm=firm)
    reader.open(f"/fair/mine/{person.pk}/")
    return person


def _ask(reader, keys, round_, one, other):
    person = _own_page(reader, keys, round_, one)
    reader.look("participation")
    reader.open(f"/fair/mine/{person.pk}/others/")
    reader.look("others")
    asked = round_.participants.get(firm=other)
    reader.open(f"/fair/mine/{person.pk}/ask/{asked.number}/")
    reader.enter("message", "Kain batik untuk seragam")
    reader.look("ask")
    reader.press("Send the request")
    reader.sees("Your request was sent to %(firm)s.", firm=other.name)
    reader.open(f"/fair/mine/{person.pk}/when/")
    reader.page.locator("#content input[name=absent]").first.check()
    reader.look("when")
    reader.press("Save")
    reader.sees("Saved. Your meetings are planned around it.")


def _answer(reader, keys, round_, one, other):
    _own_page(reader, keys, round_, other)
    reader.look("asked")
    reader.page.locator("#content button[name=answer][value=accept]").click()
    reader.sees("You accepted the request of %(firm)s.", firm=one.name)


def _make_plan(organiser, round_):
    """Work behind the page: the page shows it, and the finished plan without being loaded by hand."""
    organiser.press("Close requests")
    organiser.open(f"/fair/rounds/{round_.pk}/plans/")
    organiser.enter("seed", "2024")
    organiser.enter("seconds", "10")
    organiser.look("plans")
    organiser.press("Make a plan")
    organiser.sees("The plan is being made. You can leave this page and come back.")
    organiser.await_by_reloading(organiser.page.get_by_text(organiser.say("best possible, proven")).first)
    organiser.look("plan")
    return round_.plans.get()


def _publish(organiser, plan):
    organiser.press("Publish version %(version)s", version=plan.version)
    organiser.sees("Version %(version)d is published.", version=plan.version)
    organiser.look("plan-published")
    request = plan.meetings.select_related("request__asker").get().request
    return f"/fair/agendas/{request.asker.agenda_token}/"


def _read_agenda(participant, agenda):
    """The address alone opens the agenda, its sheet and its calendar; all three hold the same meeting."""
    participant.open(agenda)
    expect(participant.page.locator(".agenda li")).to_have_count(1)
    participant.look("agenda")
    sheet = participant.page.request.get(participant.link("Print the sheet (PDF)").evaluate("link => link.href"))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(sheet.body())).pages)
    calendar = participant.page.request.get(participant.link("Calendar file").evaluate("link => link.href"))
    meetings = Calendar.from_ical(calendar.body()).walk("VEVENT")
    assert len(meetings) == 1
    for line in participant.page.locator(".agenda li a").all_inner_texts():
        name = line.partition(". ")[2]  # after the other's number
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
