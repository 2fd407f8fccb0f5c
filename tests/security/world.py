"""One small programme with a person for every column of the permission matrix, and rows that could leak."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.factories import UserFactory, person, sign_in
from tests.registry.firms import make_firm, make_member, make_profile
from tests.registry.lists import received, row

from gebyar.accounts.models import Invitation, Role, User
from gebyar.accounts.queries import hash_of
from gebyar.fair.models import Fair, MeetingDay, MeetingRequest, Participant, Plan, Slot
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
    things = {**_papers_of(firm), **_letters_to(people["visitor"], firm), **_fair_of(firm, other)}
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
    today = timezone.localdate()
    fair = Fair.objects.create(name="Gebyar Uji", venue="Semarang", starts_on=today, ends_on=today)
    day = MeetingDay.objects.create(fair=fair, date=today, tables=1)
    starts = timezone.now()
    Slot.objects.create(day=day, number=1, starts_at=starts, ends_at=starts + timedelta(minutes=20), is_morning=True)
    host, guest = (
        Participant.objects.create(day=day, firm=firm, number=number, agenda_token=f"{TOKEN[:39]}{number}")
        for number, firm in enumerate(firms, 1)
    )
    MeetingRequest.objects.create(day=day, number=1, host=host, guest=guest)
    plan = Plan.objects.create(day=day, version=1, status=Plan.Status.OPTIMAL)
    decision = append_decision(
        actor=None, method="uji", version="1", title="Uji", inputs={}, seed=1, result={"meetings": [{"slot": 1}]}
    )
    return {"day": day, "participant": host, "plan": plan, "decision": decision}
