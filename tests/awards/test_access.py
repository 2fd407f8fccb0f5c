"""Who reaches which entry, document and mark of a running judging stage: every role against everything, as one table.

The rows point at entry A, entered by a firm of Kota Semarang (33.74), in an anonymised stage. Outcomes: a status; `in` =
asked to sign in; `go` = done, and led on.
"""

import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.awards import making
from tests.awards.making_judging import assign, close, give, judging, send
from tests.factories import person, sign_in
from tests.registry.firms import make_firm
from tests.security.snapshot import stored

from gebyar.accounts.models import Role
from gebyar.awards.models import Assignment, Conflict
from gebyar.awards.services import rankings

pytestmark = pytest.mark.django_db

ROLES = (
    "anonymous", "visitor", "entrant", "other_entrant", "assigned", "not_assigned", "tied", "gave_back", "local_officer",
    "far_officer", "organiser", "administrator",
)  # fmt: skip
TABLE = """
# thing                       anon visi entr othe assi not_ tied gave loca far_ orga admi
# --- entry ---
entry                         in   404  200  404  404  404  404  404  200  404  200  200
entry_at_desk                 in   404  404  404  404  404  404  404  200  404  200  200
entry_of_panel                in   404  404  404  404  404  404  404  404  404  200  200
entry_to_judge                in   404  404  404  200  404  404  404  404  404  404  404
entry_to_judge_api            404  404  404  404  200  404  404  404  404  404  404  404
entry_of_tied_judge           in   404  404  404  404  404  404  404  404  404  404  404
# --- documents ---
photo                         in   404  200  404  404  404  404  404  200  404  200  200
photo_at_desk                 in   404  404  404  404  404  404  404  200  404  200  200
photo_for_judge               in   404  404  404  200  404  404  404  404  404  404  404
nib                           in   404  200  404  404  404  404  404  200  404  200  200
nib_at_desk                   in   404  404  404  404  404  404  404  200  404  200  200
nib_for_judge                 in   404  404  404  404  404  404  404  404  404  404  404
# --- marks ---
give_marks                    in   404  404  404  go   404  404  404  404  404  404  404
give_marks_api                404  404  404  404  200  404  404  404  404  404  404  404
give_marks_as_tied            in   404  404  404  404  404  404  404  404  404  404  404
accept_as_who_gave_back       in   404  404  404  404  404  404  404  404  404  404  404
open_again                    in   404  404  404  404  404  404  404  404  404  go   go
board                         in   404  404  404  404  404  404  404  404  404  200  200
ranking                       in   404  404  404  404  404  404  404  404  404  200  200
ranking_api                   404  404  404  404  404  404  404  404  404  404  200  200
"""
SECRETS = ("Keripik Rahasia Uji", "PT Pesaing Tersembunyi", "Alasan rahasia juri")
# Who may read which secrets: everything of A for its firm and its officers, marks for nobody but who gave them.
MAY_READ = {
    "entrant": {"Keripik Rahasia Uji"},
    "local_officer": {"Keripik Rahasia Uji"},
    "organiser": set(SECRETS),
    "administrator": set(SECRETS),
    "assigned": {"Alasan rahasia juri"},
}
REFUSED = {"in", "404", "405", "403"}


@dataclass
class World:
    people: dict
    addresses: dict

    def client(self, role):
        client = Client()
        if role != "anonymous":
            sign_in(client, self.people[role])
        return client


@pytest.fixture
def world():
    firms = [make_firm(name=SECRETS[0], region_code="33.74.10"), make_firm(name=SECRETS[1], region_code="35.78.10")]
    stage, (mine, other), (first, second, tied, back) = judging(2, 4, firms=firms)
    row = assign(stage, mine, first)
    give(row, 63, 27, reason=SECRETS[2])
    assign(stage, other, second)
    tied_row, back_row = assign(stage, mine, tied), assign(stage, mine, back)
    Assignment.objects.filter(pk=back_row.pk).update(status="declined", decline_reason="Terlalu sibuk")
    Conflict.objects.create(judge=tied, entry=mine, kind="family", source="declared")
    sent = send(assign(stage, mine, second), 63, 27, reason=SECRETS[2])
    Conflict.objects.create(
        judge=second, entry=mine, kind="other", source="organiser"
    )  # so second is not assigned to A
    people = {
        "visitor": person(),
        "entrant": mine.entrant,
        "other_entrant": other.entrant,
        "assigned": first.user,
        "not_assigned": second.user,
        "tied": tied.user,
        "gave_back": back.user,
        "local_officer": person(Role.LOCAL_OFFICER, "33.74"),
        "far_officer": person(Role.LOCAL_OFFICER, "35.78"),
        "organiser": person(Role.PROGRAMME_OFFICER),
        "administrator": person(Role.ADMINISTRATOR),
    }
    return World(people, addresses(stage, mine, row, tied_row, back_row, sent))


def addresses(stage, mine, row, tied_row, back_row, sent):
    """Return by thing: method, address and form."""
    marks = {"value_idea": "70", "reason_idea": "", "value_market": "", "reason_market": ""}
    at = lambda route, *args: reverse(f"awards:{route}", args=args)  # noqa: E731
    get = {
        "entry": at("entry", mine.pk),
        "entry_at_desk": at("desk_entry", mine.pk),
        "entry_of_panel": at("panel_entry", stage.pk, mine.pk),
        "entry_to_judge": at("score", row.pk),
        "entry_to_judge_api": reverse("api:get_assignment", args=[row.pk]),
        "entry_of_tied_judge": at("score", tied_row.pk),
        "board": at("judging_board", stage.pk),
        "ranking": at("ranking", ranking_of(other_stage()).pk),
        "ranking_api": reverse("api:get_ranking", args=[ranking_of(other_stage()).pk]),
    }
    for key in ("photo", "nib"):
        get[key] = at("document_file", mine.pk, key)
        get[f"{key}_at_desk"] = at("desk_document", mine.pk, key)
        get[f"{key}_for_judge"] = at("judge_document", row.pk, key)
    post = {
        "give_marks": (at("score", row.pk), marks),
        "give_marks_api": (reverse("api:give_marks", args=[row.pk]), {"marks": [{"criterion": "idea", "value": 70}]}),
        "give_marks_as_tied": (at("score", tied_row.pk), marks),
        "accept_as_who_gave_back": (at("assignment_answer", back_row.pk), {"answer": "accept"}),
        "open_again": (at("assignment_reopen", sent.pk), {"reason": "Juri salah membaca skala"}),
    }
    return {**{name: ("GET", url, {}) for name, url in get.items()}, **{n: ("POST", *one) for n, one in post.items()}}


def other_stage():
    stage, entries, people = judging(1, 1)
    send(assign(stage, entries[0], people[0]), 63, 27, reason=SECRETS[2])
    close(stage)
    return stage


def ranking_of(stage):
    return rankings.make_ranking(actor=None, stage=stage)


def rows_of(table):
    lines = [line.split() for line in table.splitlines() if line.strip() and not line.startswith("#")]
    return {name: outcomes for name, *outcomes in lines}


def test_every_role_against_every_entry_document_and_mark(world):
    expected = rows_of(TABLE)
    assert set(expected) == set(world.addresses)

    actual = {name: [outcome(world, role, *world.addresses[name]) for role in ROLES] for name in expected}

    assert actual == expected


def outcome(world, role, method, address, form):
    with transaction.atomic():
        client = world.client(role)
        before = stored() if method == "POST" else None
        response = call(client, method, address, form)
        word = word_for(response)
        if before is not None and word in REFUSED:
            assert stored() == before, f"{role} was refused and yet something changed"
        assert_no_secret(response, role)
        transaction.set_rollback(True)
    return word


def call(client, method, address, form):
    if method == "GET":
        return client.get(address)
    if address.startswith("/api/"):
        return client.post(address, form, content_type="application/json")
    return client.post(address, form)


def word_for(response):
    if response.status_code != 302:
        return str(response.status_code)
    return "in" if response["Location"].startswith(f"{reverse('account_login')}?next=") else "go"


def assert_no_secret(response, role):
    body = (b"".join(response) if response.streaming else response.content).decode(errors="replace")
    told = {secret for secret in SECRETS if secret in body}
    assert told <= MAY_READ.get(role, set()), f"{role} read {told} at {response.request['PATH_INFO']}"


def test_refused_things_do_hold_secrets_for_those_who_may_read_them(world):
    """Else a refusal that shows none of them would show nothing."""
    pages = [world.client("organiser").get(world.addresses[name][1]) for name in ("entry", "entry_of_panel")]
    pages.append(world.client("assigned").get(world.addresses["entry_to_judge"][1]))
    shown = "".join(page.content.decode() for page in pages)
    assert SECRETS[0] in shown
    assert SECRETS[2] in shown


def test_code_and_certificate_of_an_anonymised_entry_say_nothing_of_its_firm(world):
    page = world.client("assigned").get(world.addresses["entry_to_judge"][1]).content.decode()
    photo = world.client("assigned").get(world.addresses["photo_for_judge"][1])

    assert re.search(r"<h1>[A-Z0-9]{6}</h1>", page)
    assert SECRETS[0] not in page
    assert making.words("NIB")["id"] not in page
    assert re.fullmatch(r'attachment; filename="[A-Z0-9]{6}-photo\.jpg"', photo["Content-Disposition"])
