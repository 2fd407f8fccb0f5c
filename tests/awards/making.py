"""A small award for tests: an edition that takes entries, entries with and without a firm, judges."""

import itertools
from copy import deepcopy
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from tests.factories import person
from tests.registry.firms import make_firm, make_member, make_profile

from gebyar.accounts.models import Role
from gebyar.awards.models import Edition, Entry, EntryDocument, EntryMember, Judge
from gebyar.awards.services import editions
from gebyar.records.canonical import canonical_bytes, sha256
from gebyar.records.sealing import seal

_numbers = itertools.count(1)


def words(text):
    return {"id": f"{text} (id)", "en": text}


DOCUMENT = {
    "award": "uji",
    "names": words("Award for tests"),
    "summary": words("A small award."),
    "entrants": ["firm", "person", "group"],
    "most_members": 5,
    "conditions": [
        {
            "id": "size", "kind": "size", "words": words("Small or medium industry"),
            "parameters": {"rule": "permenperin_64_2016", "classes": ["small", "medium"]},
            "source": "Permenperin 64/2016",
        },
        {"id": "active", "kind": "active", "words": words("Working"), "parameters": {}, "source": "Announcement"},
        {
            "id": "age", "kind": "age", "words": words("At most 40"), "parameters": {"most": 40},
            "source": "Announcement", "certain": False,
        },
        {"id": "original", "kind": "declared", "words": words("Own work"), "parameters": {}, "source": "Announcement"},
    ],
    "documents": [
        {"id": "nib", "names": words("NIB"), "help": words("From OSS"), "certificate": "nib"},
        {"id": "photo", "names": words("Photo"), "help": words("Of the product"), "accepts": ["picture"]},
        {"id": "plan", "names": words("Plan"), "help": words("If there is one"), "required": False, "accepts": ["pdf"]},
    ],
    "questions": [
        {
            "id": "product", "names": words("Product"), "help": words("Its name"), "kind": "text", "most": 120,
            "identifies": True,
        },
        {"id": "story", "names": words("Story"), "help": words("What is new?"), "kind": "long", "most": 2000},
        {
            "id": "material", "names": words("Material"), "help": words("Where it comes from"), "kind": "choice", "required": False,
            "options": [["local", words("Local")], ["imported", words("Imported")]],
        },
    ],
    "categories": [
        {
            "id": "food", "names": words("Food"), "help": words("Food and drink"),
            "prizes": [words("First"), words("Second"), words("Third")],
        },
        {"id": "craft", "names": words("Craft"), "help": words("Made by hand"), "prizes": [words("First")]},
    ],
    "stages": [
        {
            "id": "papers", "kind": "administrative", "names": words("Papers"), "gate": {"method": "checked"},
            "objection_days": 3,
        },
        {
            "id": "judging", "kind": "judging", "names": words("Judging"), "gate": {"method": "ranked", "places": 3},
            "criteria": [
                {"id": "idea", "names": words("Idea"), "help": words("How new"), "weight": 60},
                {"id": "market", "names": words("Market"), "help": words("Who buys"), "weight": 40, "optional": True},
            ],
            "judges_per_entry": 2, "anonymised": True, "objection_days": 3,
        },
        {"id": "prizes", "kind": "decision", "names": words("Decision"), "gate": {"method": "ranked", "places": 3}},
    ],
    "sources": ["Announcement of the test"],
}  # fmt: skip


def document(**changes):
    """Return the small rules with other values for some names."""
    return {**deepcopy(DOCUMENT), **changes}


def draft(title="Anugerah Uji", opens_in=timedelta(days=-1), closes_in=timedelta(days=30), award=None, **changes):
    """Return an edition that is still being prepared."""
    now = timezone.now()
    return editions.create_edition(
        actor=None, award=award or f"uji{next(_numbers)}", year=now.year, title=title, opens_at=now + opens_in,
        closes_at=now + closes_in, document=document(**changes), is_synthetic=True,
    )  # fmt: skip


def edition(**how):
    """Return a published edition that takes entries now."""
    return editions.publish_edition(actor=None, edition=draft(**how))


def category(of=None, key="food", **how):
    """Return a category of an edition, made for it where none is given."""
    return (of or edition(**how)).categories.get(key=key)


def fit_firm(**facts):
    """Return a firm that meets every condition of the small rules."""
    firm = make_firm(**facts)
    make_profile(firm)
    return firm


def entry(category, firm=None, submitted=True, kind=None, entrant=None, **facts):
    """Return an entry of a firm (made where none is given), with answers and documents, handed in or a draft.

    For a person or a group give `kind`; their `entrant` is made where none is given.
    """
    kind = kind or Entry.Kind.FIRM
    if kind in {Entry.Kind.FIRM, Entry.Kind.REGENCY} and firm is None:
        firm = fit_firm()
    if entrant is None:
        entrant = make_member(firm) if firm else person()
    usual = {
        "title": f"Karya {next(_numbers)}", "answers": {"product": "Keripik Uji", "story": "Renyah dan baru."},
        "declared": {"original": True}, "region_code": firm.region_code if firm else "33.74.10",
    }  # fmt: skip
    made = Entry.objects.create(
        edition=category.edition, category=category, kind=kind, firm=firm, entrant=entrant, **usual | facts
    )
    if kind in {Entry.Kind.PERSON, Entry.Kind.GROUP}:
        people = 1 if kind == Entry.Kind.PERSON else 2
        for number in range(1, people + 1):
            member = {"name": f"Anggota {number}", "birth_sealed": seal("1999-05-17")}
            EntryMember.objects.create(entry=made, position=number, **member)
    for key, kind_of_file in (("nib", "application/pdf"), ("photo", "image/jpeg")):
        _paper(made, key, kind_of_file)
    return hand_in(made) if submitted else made


def _paper(made, key, media_type):
    content = b"%PDF-1.4 uji" if media_type == "application/pdf" else b"\xff\xd8\xff uji"
    paper = EntryDocument(
        entry=made, key=key, media_type=media_type, sha256=sha256(content), size=len(content), pages=1
    )
    paper.file.save(f"{key}.{'pdf' if media_type == 'application/pdf' else 'jpg'}", ContentFile(content), save=False)
    paper.save()


def hand_in(made, facts=None):
    """Hand an entry in without looking at it, with the number that follows; the facts of the register as they are."""
    last = Entry.objects.filter(edition=made.edition).exclude(number=None).count()
    made.status, made.number, made.submitted_at = Entry.Status.SUBMITTED, last + 1, timezone.now()
    made.receipt_hash = sha256(canonical_bytes({"entry": made.pk, "answers": made.answers}))
    made.facts = facts or {"groups": [f"province:{made.region_code[:2]}"]}
    made.save()
    return made


def judge(edition, user=None, **facts):
    """Return a person who has agreed to judge in an edition."""
    usual = {"number": edition.judges.count() + 1, "status": Judge.Status.ACCEPTED, "gender": "f", "region_code": "31"}
    return Judge.objects.create(edition=edition, user=user or person(Role.JUDGE), **usual | facts)


def organiser():
    return person(Role.PROGRAMME_OFFICER)


__all__ = [
    "Edition", "category", "document", "draft", "edition", "entry", "fit_firm", "hand_in", "judge", "organiser",
]  # fmt: skip
