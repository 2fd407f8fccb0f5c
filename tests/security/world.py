"""One small programme with a person for every column of the permission matrix, and rows that could leak."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.awards.world_entering import SECRET_CALL, SECRET_STORY, entering_of
from tests.awards.world_judging import judging_of
from tests.awards.world_results import results_of
from tests.awards.world_stages import SECRET_NOTE, SECRET_OBJECTION, stages_of
from tests.factories import UserFactory, person, sign_in
from tests.registry.firms import make_firm, make_member, make_profile
from tests.registry.lists import received, row

from gebyar.accounts.models import Invitation, Role, User
from gebyar.accounts.queries import hash_of
from gebyar.facilities.models import Application, ApplicationDocument, Call, FacilityRules, FollowUp
from gebyar.facilities.services.rulebook import take_in_built_in
from gebyar.fair.models import (
    Fair,
    MeetingRequest,
    Outcome,
    Participant,
    Plan,
    PlannedMeeting,
    Round,
    Seat,
    Session,
    Slot,
    Table,
)
from gebyar.partnership.models import Deal, DealStatement, Listing, ListingPhoto
from gebyar.readiness.models import Assessment, Evidence, InstrumentVersion, PlanStep, Visit, Workshop
from gebyar.readiness.services.instruments import built_in_versions
from gebyar.records.services import append_decision
from gebyar.registry.models import Certificate, Contact, Correction, Delivery, Firm, FirmInvitation, FirmMember, Photo
from gebyar.registry.services.deliveries import check
from gebyar.statistics.models import Figure, Snapshot
from gebyar.statistics.services import snapshot_folder

TOKEN = "T" * 43

# The columns of the matrix, in its order.
COLUMNS = (
    "anonymous",
    "visitor",
    "firm_member",
    "other_member",
    "partner_member",
    "judge",
    "local_officer",
    "far_officer",
    "programme_officer",
    "administrator",
)


# What only the firm, its officers or an administrator may read; no answer to others may hold any of it.
SECRETS = (
    "Jalan Rahasia Uji 7",
    "0812-RAHASIA",
    "RAHASIA-HALAL",
    "Usulan Rahasia",
    "Dinas Rahasia Uji",
    "daftar-rahasia.csv",
    "Anyaman Rahasia Uji",
    "FAKTA-RAHASIA",
    "Langkah Rahasia Uji",
    "61.234.567",  # the price of a listing
    SECRET_OBJECTION,
    SECRET_NOTE,
    SECRET_STORY,
    SECRET_CALL,
    "KUNJUNGAN-RAHASIA",
)


@dataclass
class World:
    people: dict[str, User]
    firm: Firm
    things: dict[str, Any]

    def client(self, column: str) -> Client:
        """Return a browser of this column's person, signed in with their second step."""
        client = Client()
        if column != "anonymous":
            sign_in(client, self.people[column])
        return client


def build_world() -> World:
    firm = make_firm(name="Batik Uji Melati", region_code="33.74.10", address=SECRETS[0])
    other = make_firm(name="Tempe Uji Kenanga", region_code="35.78.10")
    partner = make_firm(name="Mitra Uji Sentosa", region_code="31.74.01", kind="partner")
    people = {
        "visitor": UserFactory(),
        "firm_member": make_member(firm),
        "other_member": make_member(other),
        "partner_member": make_member(partner),
        "judge": person(Role.JUDGE),
        "local_officer": person(Role.LOCAL_OFFICER, "33.74"),
        "far_officer": person(Role.LOCAL_OFFICER, "35.78"),
        "programme_officer": person(Role.PROGRAMME_OFFICER),
        "administrator": person(Role.ADMINISTRATOR),
    }
    things = {**_papers_of(firm), **_letters_to(people["visitor"], firm), **_fair_of(firm, other, partner)}
    things |= _day_of(firm, other)
    things |= _readiness_of(firm, people)
    things |= _partnership_of(firm, other, partner, people["firm_member"])
    things["judging"] = judging_of(firm, other, people["judge"])
    things["award_entering"] = entering_of(firm, other, people["firm_member"])
    things["award_results"] = results_of(firm, other, people["firm_member"])
    things["award_stages"] = stages_of(firm, other, people["firm_member"])
    things |= _facilities_of(firm)
    things["delivery"] = _list_of_an_office()
    things["snapshot"] = _snapshot()
    things["correction"] = Correction.objects.create(
        firm=firm, field="name", old_value=firm.name, new_value=SECRETS[3], proposed_by=people["firm_member"]
    )
    return World(people, firm, things)


def _papers_of(firm: Firm) -> dict[str, Any]:
    make_profile(firm)
    Contact.objects.create(firm=firm, name="Pemilik Uji", phone=SECRETS[1])
    certificate = Certificate.objects.create(firm=firm, kind="halal", number=SECRETS[2])
    certificate.file.save("halal.pdf", ContentFile(b"%PDF-1.4 uji"))
    photo = Photo.objects.create(
        firm=firm, file=tiny_photo(), thumbnail=tiny_photo(), width=1, height=1, alt="Kain batik"
    )
    second_member = FirmMember.objects.create(firm=firm, user=UserFactory())
    return {"certificate": certificate, "photo": photo, "second_member": second_member}


def _facilities_of(firm: Firm) -> dict[str, Any]:
    """Calls with an application of the firm each: one that waits for judgement, a draft, and one that was granted."""
    take_in_built_in()
    rules = FacilityRules.objects.get(key="machine_restructuring")
    now = timezone.now()
    said = {"rules": rules, "version": "2018", "opens_at": now - timedelta(days=2), "budget": 100_000_000}
    calls = [
        Call.objects.create(name=f"Mesin {status}", status=status, closes_at=now + timedelta(days=9), **said)
        for status in ("open", "open", "open", "draft")
    ]
    asked = {"firm": firm, "choice": "domestic", "price": 61_234_567, "amount": 18_370_370}
    handed = {**asked, "number": 1, "submitted_at": now, "facts": {"verdicts": {}, "values": {}, "groups": []}}
    application = Application.objects.create(call=calls[0], status="submitted", **handed)
    paper = ApplicationDocument(application=application, key="faktur", sha256="0" * 64, media_type="application/pdf")
    paper.file.save("faktur.pdf", ContentFile(b"%PDF-1.4 uji"))
    draft = Application.objects.create(call=calls[1], **asked)
    granted = Application.objects.create(call=calls[2], status="admitted", granted=18_370_370, **handed)
    FollowUp.objects.create(application=granted, due_on=timezone.localdate())
    document = {**rules.document, "law": "Aturan Baru"}
    rules_draft = FacilityRules.objects.create(key=rules.key, number=2, document=document, sha256="1" * 64)
    return {
        "call": calls[0],
        "call_draft": calls[3],
        "application": application,
        "application_draft": draft,
        "granted": granted,
        "rules_draft": rules_draft,
    }


def _partnership_of(firm: Firm, other: Firm, partner: Firm, member: User) -> dict[str, Any]:
    """A listing that waits and one of another firm that is shown, and a deal of the firm with the partner."""
    said = {"direction": "offer", "role": "supplier", "price_low": 61_234_567, "price_high": 61_234_567}
    listing = Listing.objects.create(firm=firm, title="Kain batik menunggu", status="waiting", **said)
    shown = Listing.objects.create(
        firm=other,
        title="Tempe dicari",
        direction="need",
        role="supplier",
        status="approved",
        decided_at=timezone.now(),
    )
    photo = ListingPhoto.objects.create(
        listing=listing, file=tiny_photo(), thumbnail=tiny_photo(), width=1, height=1, alternative="Kain batik"
    )
    today = timezone.localdate()
    deal = Deal.objects.create(seller=firm, buyer=partner, title="Kain untuk mitra", origin_date=today)
    statement = DealStatement.objects.create(deal=deal, side="seller", stage="interest", on_date=today, said_by=member)
    statement.evidence.save("surat.pdf", ContentFile(b"%PDF-1.4 uji"))
    return {
        "listing": listing, "shown_listing": shown, "listing_photo": photo, "deal": deal, "statement": statement,
        "partner": partner,
    }  # fmt: skip


# readiness
def _readiness_of(firm: Firm, people: dict[str, User]) -> dict[str, Any]:
    """A finished assessment that is visited, a draft, a step of the plan, a workshop and a draft of an instrument."""
    version = built_in_versions()["indi40"]
    facts = {"firm": firm, "instrument": version, "index_low": 3.0, "index_high": 3.0}
    finished = Assessment.objects.create(
        **facts, answers={"keamanan": "a"}, index=3.0, level="matang", is_candidate=True, status="finished",
        finished_at=timezone.now(),
    )  # fmt: skip
    draft = Assessment.objects.create(**facts)
    visit = Visit.objects.create(assessment=finished, assessor=people["local_officer"])
    Visit.objects.create(
        assessment=finished, assessor=people["programme_officer"], index=3.0, status="finished", summary="KUNJUNGAN-RAHASIA",
        visited_on=timezone.localdate(), finished_at=timezone.now(),
    )  # fmt: skip
    evidence = Evidence.objects.create(
        visit=visit, question="keamanan", file=ContentFile(b"%PDF-1.4 uji", name="a.pdf")
    )
    step = PlanStep.objects.create(firm=firm, assessment=finished, question="digitalisasi", target="b", lift=0.1)
    workshop = Workshop.objects.create(
        name="Lokakarya Uji", instrument=version, region_code="33.74", starts_at=timezone.now()
    )
    document = InstrumentVersion.objects.create(key="uji", number=1, document=version.document, sha256=version.sha256)
    return {
        "finished": finished, "assessment": draft, "visit": visit, "visit_evidence": evidence, "step": step,
        "workshop": workshop, "instrument": document,
    }  # fmt: skip


def tiny_photo() -> ContentFile[bytes]:
    content = io.BytesIO()
    Image.new("RGB", (1, 1)).save(content, "JPEG")
    return ContentFile(content.getvalue(), name="kain.jpg")


def _list_of_an_office() -> Delivery:
    """A checked list of the firm's region: one good row, and one whose problem quotes it."""
    rows = [row(SECRETS[6], Tenaga_Kerja="4"), row(SECRETS[6], Tenaga_Kerja="banyak")]
    delivery = received(rows, region_code="33.74", source_name=SECRETS[4], file_name=SECRETS[5])
    check(delivery=delivery)
    return delivery


def _snapshot() -> Snapshot:
    """A snapshot whose file holds facts of single firms; its figures are the nation's only.

    The file lies beside the folder of snapshots, which other tests count.
    """
    file = "../facts-of-the-matrix.parquet"
    (snapshot_folder() / file).write_text(SECRETS[7])
    snapshot = Snapshot.objects.create(file=file, sha256="0" * 64, firms=9, rules_version="1", seconds=1)
    Figure.objects.create(snapshot=snapshot, rule="permenperin_64_2016", units=9, workers=90, output=900)
    return snapshot


def _letters_to(user: User, firm: Firm) -> dict[str, Any]:
    expires = timezone.now() + timedelta(days=1)
    sent = {"token_hash": hash_of(TOKEN), "expires_at": expires}
    FirmInvitation.objects.create(firm=firm, email=user.email, **sent)
    return {"invitation": Invitation.objects.create(email="undangan@uji.example", role=Role.JUDGE, **sent)}


def _fair_of(*firms: Firm) -> dict[str, Any]:
    """A round that takes requests: the second firm asked the first, the first asked the third; one plan places the first."""
    today = timezone.localdate()
    fair = Fair.objects.create(name="Gebyar Uji", venue="Semarang", starts_on=today, ends_on=today)
    round_ = Round.objects.create(fair=fair, name="Temu Bisnis Uji", status=Round.Status.ASKING)
    starts = timezone.now() + timedelta(days=1)
    slots = [
        Slot.objects.create(
            round=round_, number=number, starts_at=(begins := starts + timedelta(minutes=25 * number)),
            ends_at=begins + timedelta(minutes=20), is_morning=True,
        )
        for number in (1, 2)
    ]  # fmt: skip
    table = Table.objects.create(round=round_, number=1)
    host, guest, third = (
        Participant.objects.create(round=round_, firm=firm, number=number, agenda_token=f"{TOKEN[:39]}{number}")
        for number, firm in enumerate(firms, 1)
    )
    received = MeetingRequest.objects.create(round=round_, number=1, asker=guest, asked=host)
    made = MeetingRequest.objects.create(round=round_, number=2, asker=host, asked=third)
    plan = Plan.objects.create(round=round_, version=1, status=Plan.Status.OPTIMAL, idle=0, bound=0, priority=0)
    meeting = PlannedMeeting.objects.create(plan=plan, request=received, slot=slots[0], table=1)
    for person_there in (host, guest):
        Seat.objects.create(plan=plan, slot=slots[0], participant=person_there, meeting=meeting)
    decision = append_decision(
        actor=None, method="uji", version="1", title="Uji", inputs={}, seed=1, result={"meetings": [{"slot": 1}]}
    )
    session = Session.objects.create(
        round=round_, name="Lokakarya", starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    return {
        "fair": fair, "round": round_, "slots": slots, "table": table, "participant": host, "second": guest,
        "received": received, "made": made, "plan": plan, "meeting": meeting, "decision": decision, "session": session,
        "newcomer": make_firm(),
    }  # fmt: skip


# the day
def _day_of(*firms: Firm) -> dict[str, Any]:
    """A round whose meetings have begun: the first firm met the second, and said what came of it."""
    now = timezone.now()
    fair = Fair.objects.create(name="Gebyar Hari Ini", venue="Semarang", starts_on=now.date(), ends_on=now.date())
    round_ = Round.objects.create(fair=fair, name="Temu Bisnis Hari Ini", status=Round.Status.PUBLISHED)
    slots = [
        Slot.objects.create(
            round=round_, number=number, starts_at=now - timedelta(minutes=30 * (3 - number)),
            ends_at=now - timedelta(minutes=30 * (3 - number) - 20), is_morning=True,
        )
        for number in (1, 2)
    ]  # fmt: skip
    Table.objects.create(round=round_, number=1)
    host, guest = (
        Participant.objects.create(round=round_, firm=firm, number=number, agenda_token=f"{TOKEN[:38]}D{number}")
        for number, firm in enumerate(firms, 1)
    )
    request = MeetingRequest.objects.create(round=round_, number=1, asker=host, asked=guest)
    plan = Plan.objects.create(round=round_, version=1, status=Plan.Status.FEASIBLE, published_at=now)
    meeting = PlannedMeeting.objects.create(plan=plan, request=request, slot=slots[0], table=1)
    for one in (host, guest):
        Seat.objects.create(plan=plan, slot=slots[0], participant=one, meeting=meeting)
    Outcome.objects.create(request=request, participant=host, interest="maybe", next_step=SECRETS[8])
    return {"day": round_, "day_slot": slots[1], "day_guest": guest, "day_request": request}
