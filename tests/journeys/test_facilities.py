"""A firm applies on a phone, two officers judge apart, a national officer allots, and the record proves it."""

import itertools
import json

from playwright.sync_api import expect
from tests.facilities.making import PDF, closed, open_call
from tests.journeys.deeds import choose_language, sign_in
from tests.journeys.reader import PHONE

from gebyar.accounts.models import Role
from gebyar.facilities.models import Application
from gebyar.records.verify import Outcome, verify_record

_numbers = itertools.count(1)


def test_firm_applies_officers_judge_and_the_record_proves_the_allotment(visit, language, world, tmp_path):
    call = open_call(name=f"Restrukturisasi mesin {next(_numbers)}")
    firm = world.firm()
    member, first, second, national = (visit(language) for _one in range(4))

    sign_in(member, world.member(firm)[1])
    member.page.set_viewport_size(PHONE)
    _see_what_there_is(member, firm)
    _apply(member, call, tmp_path)
    application = Application.objects.get(call=call)
    for officer, region in ((first, "33.74"), (second, "33")):
        sign_in(officer, world.officer(Role.LOCAL_OFFICER, region)[1])
        _judge(officer, application, firm)
    closed(call)
    sign_in(national, world.officer(Role.PROGRAMME_OFFICER)[1])
    _allot(national, call, firm)
    member.open(f"/facilities/applications/{application.pk}/")
    member.sees("granted")
    member.look("application-granted")
    call.refresh_from_db()
    assert verify_record(json.loads(call.record.body)).outcome is Outcome.SAME


def _see_what_there_is(member, firm):
    member.open("/facilities/mine/")
    member.look("no-applications-yet")
    member.follow("What can %(firm)s get?", firm=firm.name)
    member.sees_title("What can I get?")
    member.look("what-can-i-get")


def _apply(member, call, folder):
    member.follow("Apply: %(call)s", call=call.name)
    member.look("apply")
    member.press("Begin")
    member.sees_title("Your answers")
    member.press("Save and continue")
    member.sees("Still missing")
    member.look("application-incomplete")
    member.follow("Answer and add papers")
    member.page.locator("#content [name=said_mesin_baru][value=yes]").check()
    member.page.locator("#content [name=choice]").select_option("domestic")
    member.enter("price", "100.000.000")
    paper = folder / "faktur.pdf"
    paper.write_bytes(PDF)
    for name in ("file_faktur", "file_foto_mesin"):
        member.page.locator(f"#content [name={name}]").set_input_files(paper)
    member.look("answers")
    member.press("Save and continue")
    member.sees("Complete")
    expect(member.page.locator("#content")).to_contain_text("30.000.000" if member.language == "id" else "30,000,000")
    member.look("application-complete")
    member.press("Hand in")
    member.sees("handed in")
    member.look("application-handed-in")


def _judge(officer, application, firm):
    officer.open("/facilities/desk/")
    officer.look("applications-to-judge")
    officer.link(firm.name).click()
    officer.sees("What other officers said is shown once you have judged.")
    officer.look("application-to-judge")
    officer.follow("Judge the application")
    officer.look("judge")
    officer.page.locator("#content [name=is_fit][value=yes]").check()
    officer.press("Judge so")
    officer.sees("Your judgement is noted.")
    officer.is_at(f"/facilities/applications/{application.pk}/")


def _allot(national, call, firm):
    national.open("/facilities/calls/")
    national.look("calls")
    national.link(call.name).click()
    national.follow("Preview of the allotment")
    expect(national.page.locator("#content")).to_contain_text(firm.name)
    national.look("preview")
    national.press("Allot and publish")
    national.sees("Allotted. The record stands, and every applicant gets a mail with the reason.")
    national.look("call-allotted")


def test_anybody_reads_facilities_and_a_national_officer_keeps_their_rules(visit, language, world):
    reader, national = visit(language), visit(language)
    choose_language(reader)
    reader.open("/facilities/")
    reader.sees_title("Facilities")
    reader.look("facilities")
    reader.open("/facilities/about/machine_restructuring/")
    reader.look("facility")
    sign_in(national, world.officer(Role.PROGRAMME_OFFICER)[1])
    for path, name in (
        ("rules/", "rules"), ("rules/halal/", "rules-of-one"), ("rules/halal/change/", "rules-change"),
        ("calls/new/halal/", "call-new"), ("unused/", "who-could-use-it"),
    ):  # fmt: skip
        national.open(f"/facilities/{path}")
        national.look(name)
