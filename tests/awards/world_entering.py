"""A call for the permission matrix: the first firm has a draft and an entry handed in, and one edition is a draft."""

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.awards.entering.files import pdf, picture
from tests.awards.making import document, draft, edition, entry

from gebyar.reference.awards.reading import write_yaml_rules
from gebyar.registry.models import Certificate

SECRET_STORY = "Cerita Rahasia Uji"
SECRET_CALL = "Edisi Rahasia Uji"
BASICS = {
    "names_id": "Uji", "names_en": "Test", "summary_id": "Uji", "summary_en": "Test", "most_members": 4,
    "entrants": ["firm", "person", "group"], "sources": "Pengumuman", "star_scheme": "",
}  # fmt: skip
STAGE = {
    "method": "checked", "judges_per_entry": 3, "ranking": "mixed", "ties": "adjusted, raw, lot", "objection_days": 9,
    "criteria-TOTAL_FORMS": 0, "criteria-INITIAL_FORMS": 0, "reserves-TOTAL_FORMS": 0, "reserves-INITIAL_FORMS": 0,
}  # fmt: skip
DATES = {"title": "Edisi Baru Uji", "opens_at": "2099-01-01T08:00", "closes_at": "2099-02-01T16:00"}


def entering_of(firm, other, member):
    """Return what the routes of entering point at."""
    call = edition(title="Anugerah Masuk Uji", award="masuk")
    food, craft = call.categories.get(key="food"), call.categories.get(key="craft")
    answers = {"product": "Keripik", "story": SECRET_STORY}
    begun = entry(food, firm=firm, entrant=member, submitted=False, answers=answers)
    handed_in = entry(craft, firm=firm, entrant=member, answers=answers)
    entry(food, firm=other)
    certificate = Certificate.objects.create(firm=firm, kind="nib", number="RAHASIA-HALAL 2")
    return {
        "call": call, "begun": begun, "handed_in": handed_in, "own_certificate": certificate,
        "draft": draft(title=SECRET_CALL, award="konsep"),
    }  # fmt: skip


def _rules():
    return SimpleUploadedFile("rules.yaml", write_yaml_rules(document(most_members=4)).encode())


def _of(name, parameter="pk", **others):
    return lambda world: {parameter: world.things["award_entering"][name].pk, **others}


_CALL = lambda world: {"slug": world.things["award_entering"]["call"].slug}  # noqa: E731
_CALL_IN = lambda world: {"call": world.things["award_entering"]["call"].slug}  # noqa: E731
_ENTRY_ID = _of("begun", "entry_id")

PARAMETERS = {
    "awards:call": _CALL,
    "awards:enter": _CALL,
    "awards:edition": _of("draft"),
    "awards:edition_dates": _of("draft"),
    "awards:edition_publish": _of("draft"),
    "awards:edition_end": _of("call"),
    "awards:edition_rules": _of("draft", part="basics"),
    "awards:edition_stage": _of("draft", stage="papers"),
    "awards:edition_version": _of("draft", number=1),
    "awards:edition_file": _of("draft", number=1),
    "awards:edition_upload": _of("draft"),
    "awards:edition_entries": _of("call"),
    "awards:edition_export": _of("call"),
    "awards:entry": _of("begun"),
    "awards:entry_part": _of("begun", part="answers"),
    "awards:entry_submit": _of("begun"),
    "awards:entry_withdraw": _of("begun"),
    "awards:entry_document": _of("begun", key="photo"),
    "awards:document_file": _of("begun", key="nib"),
    "awards:document_certificate": _of("begun", key="nib"),
    "awards:document_remove": _of("begun", key="nib"),
    "awards:receipt": _of("handed_in"),
    "awards:receipt_sheet": _of("handed_in"),
    "awards:receipt_text": _of("handed_in"),
    "awards:desk_entry": _of("begun"),
    "awards:desk_note": _of("begun"),
    "awards:desk_remind": _of("begun"),
    "awards:desk_document": _of("begun", key="plan"),
    "awards:desk_look": _of("begun", key="nib"),
    "api:get_call": _CALL,
    "api:get_my_entry": _ENTRY_ID,
    "api:save_my_entry": _ENTRY_ID,
    "api:submit_my_entry": _ENTRY_ID,
    "api:withdraw_my_entry": _ENTRY_ID,
    "api:hand_in_my_document": _of("begun", "entry_id", key="photo"),
    "api:take_out_my_document": _of("begun", "entry_id", key="photo"),
    "api:use_my_certificate": _of("begun", "entry_id", key="nib"),
}

FORMS = {
    "awards:enter": lambda _world: {"category": "food", "who": "person", "region": "33.74"},
    "awards:edition_new": lambda _world: {"begin": "ifi", "award": "", "year": 2099, **DATES},
    "awards:edition_dates": lambda _world: DATES,
    "awards:edition_rules": lambda _world: BASICS,
    "awards:edition_stage": lambda _world: STAGE,
    "awards:edition_upload": lambda _world: {"file": _rules(), "note": ""},
    "awards:edition_export": lambda _world: {"format": "csv"},
    "awards:entry_part": lambda _world: {"title": "Lain", "q-product": "Keripik", "q-story": "Baru"},
    "awards:entry_document": lambda _world: {"file": picture()},
    "awards:document_certificate": lambda world: {"certificate": world.things["award_entering"]["own_certificate"].pk},
    "awards:desk_note": lambda _world: {"channel": "call", "text": "Menelepon"},
    "awards:desk_document": lambda _world: {"file": pdf(), "consent": "Bu Siti"},
    "awards:desk_look": lambda _world: {"verdict": "accepted"},
    "api:begin_my_entry": lambda world: {
        **_CALL_IN(world),
        "category": "food",
        "kind": "person",
        "region_code": "33.74",
    },
    "api:use_my_certificate": lambda world: {"certificate_id": world.things["award_entering"]["own_certificate"].pk},
}
