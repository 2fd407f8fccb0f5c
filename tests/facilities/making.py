"""Made-up calls and applications for tests."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.facilities.models import Application
from gebyar.facilities.queries.rulebook import version_of
from gebyar.facilities.services.applications import (
    begin_application,
    hand_in_document,
    save_application,
    submit_application,
)
from gebyar.facilities.services.calls import CallFacts, create_call, publish_call
from gebyar.facilities.services.judging import judge_application

MACHINES = "machine_restructuring"
PDF = b"%PDF-1.4 uji"


def officer():
    return person(Role.PROGRAMME_OFFICER)


def call_facts(**facts):
    now = timezone.now()
    usual = {
        "name": "Restrukturisasi mesin uji", "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9),
        "budget": 100_000_000, "points": {"readiness": 50, "first_time": 30, "remote": 20}, "seed": 7,
    }  # fmt: skip
    return CallFacts(**usual | facts)


def open_call(key=MACHINES, actor=None, **facts):
    actor = actor or officer()
    return publish_call(actor=actor, call=create_call(actor=actor, key=key, facts=call_facts(**facts)))


def closed(call):
    """Let the days pass until applications are closed, which the call's trigger would not have otherwise."""
    past = timezone.now() - timedelta(minutes=1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE facilities_call DISABLE TRIGGER call_stands_still")
        cursor.execute("UPDATE facilities_call SET closes_at = %s WHERE id = %s", [past, call.pk])
        cursor.execute("ALTER TABLE facilities_call ENABLE TRIGGER call_stands_still")
    call.refresh_from_db()
    return call


def applicant(**facts):
    firm = make_firm(**facts)
    make_profile(firm)
    return firm


def draft(call=None, firm=None, **answers):
    """An application that lacks nothing."""
    call, firm = call or open_call(), firm or applicant()
    member = member_of(firm)
    made = begin_application(actor=member, call=call, firm=firm)
    version = version_of(call)
    asked = {one.id: True for one in version.conditions if one.kind == "asked"}
    usual = {"choice": "domestic", "price": 100_000_000} if version.benefit.shares else {}
    save_application(actor=member, application=made, **{"said": asked, **usual} | answers)
    for ask in version.documents:
        hand_in_document(actor=member, application=made, key=ask.id, file=ContentFile(PDF, name="surat.pdf"))
    made.refresh_from_db()
    return made


def member_of(firm):
    known = firm.members.filter(ended_at__isnull=True).select_related("user").first()
    return known.user if known else make_member(firm)


def submitted(call=None, firm=None, **answers):
    made = draft(call, firm, **answers)
    return submit_application(actor=member_of(made.firm), application=made)


def judges(region="33"):
    return person(Role.LOCAL_OFFICER, region), person(Role.LOCAL_OFFICER, region)


def approved(call=None, firm=None, *, by=None, **answers):
    made = submitted(call, firm, **answers)
    for one in by or (officer(), officer()):
        judge_application(actor=one, application=made, is_fit=True)
    made.refresh_from_db()
    return made


def again(application):
    return Application.objects.select_related("firm", "call__rules").get(pk=application.pk)
