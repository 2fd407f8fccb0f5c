"""Documents: what is taken, what is refused and why, certificates of the register, who looks at them."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.awards.entering.files import pdf, picture
from tests.awards.making import category, edition, entry
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.awards import papers
from gebyar.awards.errors import AwardsError
from gebyar.awards.errors_entering import (
    BlurredPicture,
    CallClosed,
    ConsentNeeded,
    DamagedDocument,
    DocumentTooLarge,
    EmptyDocument,
    EmptyFile,
    EntryHandedIn,
    LockedDocument,
    NoSuchDocument,
    NoteNeeded,
    NotYourEntry,
    TooManyPages,
    UnfitCertificate,
    UnfitDocument,
)
from gebyar.awards.models import DeskNote, Entry
from gebyar.awards.papers import prepare
from gebyar.awards.queries.entries import missing, state_of
from gebyar.awards.services.documents import hand_in, look_at, take_out, use_certificate
from gebyar.awards.services.receipts import receipt_hash
from gebyar.records.canonical import sha256
from gebyar.reference.awards.rules import DocumentAsk
from gebyar.registry.models import Certificate
from gebyar.registry.services.certificates import remove_certificate

pytestmark = pytest.mark.django_db
ASK = DocumentAsk("paper", {}, {})
GPS, MAKER = 0x8825, 0x010F


def told_place():
    exif = Image.Exif()
    exif[MAKER] = "Telepon Rahasia"
    exif.get_ifd(GPS).update({1: "S", 2: (7.0, 3.0, 0.0), 3: "E", 4: (110.0, 26.0, 0.0)})
    return exif


def raw(content, name="a.pdf"):
    return SimpleUploadedFile(name, content)


# --- what is taken ----------------------------------------------------------------------------------------------


def test_pdf_is_kept_as_it_is_with_its_pages():
    file = pdf(pages=3)
    ready = prepare(file, ASK)

    file.seek(0)
    assert (ready.content, ready.media_type, ready.ending, ready.pages) == (file.read(), "application/pdf", "pdf", 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_written_anew_without_what_the_phone_says(kind):
    upload = picture(kind=kind, exif=told_place())
    assert b"Telepon Rahasia" in upload.read()

    ready = prepare(upload, ASK)

    with Image.open(io.BytesIO(ready.content)) as kept:
        assert (kept.format, dict(kept.getexif()), "exif" in kept.info) == ("JPEG", {}, False)
    assert b"Rahasia" not in ready.content


def test_large_picture_is_scaled_to_what_can_be_read():
    with Image.open(io.BytesIO(prepare(picture(size=(4000, 3000)), ASK).content)) as kept:
        assert kept.size == (2200, 1650)


PDF_ONLY, PICTURE_ONLY = (DocumentAsk("paper", {}, {}, accepts=(kind,)) for kind in ("pdf", "picture"))


@pytest.mark.parametrize(
    ("file", "ask", "error"),
    [
        (lambda: raw(b""), ASK, EmptyFile),
        (lambda: raw(b"%PDF-1.4\n" + b"0" * 1024 * 1024 * 6), ASK, DocumentTooLarge),
        (lambda: raw(b"<svg onload=alert(1)>"), ASK, UnfitDocument),
        (lambda: raw(b"MZ\x90\x00 programme"), ASK, UnfitDocument),
        (lambda: raw(b"PK\x03\x04 office"), ASK, UnfitDocument),
        (picture, PDF_ONLY, UnfitDocument),
        (pdf, PICTURE_ONLY, UnfitDocument),
        (lambda: raw(b"%PDF-1.4\nnothing of a PDF follows"), ASK, DamagedDocument),
        (lambda: raw(pdf().read()[:200]), ASK, DamagedDocument),
        (lambda: raw(picture().read()[:900]), ASK, DamagedDocument),
        (lambda: pdf(password="rahasia"), ASK, LockedDocument),
        (lambda: pdf(pages=0), ASK, EmptyDocument),
        (lambda: pdf(pages=201), ASK, TooManyPages),
        (lambda: picture(size=(320, 240)), ASK, BlurredPicture),
    ],
)  # fmt: skip
def test_what_nobody_could_look_at_is_refused(file, ask, error):
    with pytest.raises(error):
        prepare(file(), ask)


def test_picture_with_too_many_dots_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(papers, "MOST_MEGAPIXELS", 0.1)
    with pytest.raises(DamagedDocument):
        prepare(picture(), ASK)


# --- handed in --------------------------------------------------------------------------------------------------


@pytest.fixture
def made():
    return entry(category(), submitted=False)


def member_of(made):
    return made.firm.members.get().user


def test_document_takes_the_place_of_the_one_before_whose_file_goes_away(made, django_capture_on_commit_callbacks):
    old = made.documents.get(key="nib").file

    with django_capture_on_commit_callbacks(execute=True):
        paper = hand_in(actor=member_of(made), entry=made, key="nib", file=pdf())

    assert (made.documents.filter(key="nib").count(), old.storage.exists(old.name)) == (1, False)
    assert paper.sha256 == sha256(paper.file.read())
    assert "surat" not in paper.file.name


def test_document_that_is_not_asked_for_is_refused(made):
    with pytest.raises(NoSuchDocument):
        hand_in(actor=member_of(made), entry=made, key="other", file=pdf())


def test_others_hand_nothing_in(made):
    for other in (person(), make_member(make_firm()), person("judge"), person("local_officer", "35")):
        with pytest.raises(NotYourEntry):
            hand_in(actor=other, entry=made, key="plan", file=pdf(), consent="ya")
    assert not made.documents.filter(key="plan").exists()


def test_officer_of_the_region_hands_in_with_consent_noted(made):
    officer = person("local_officer", "33")
    with pytest.raises(ConsentNeeded):
        hand_in(actor=officer, entry=made, key="plan", file=pdf())

    paper = hand_in(actor=officer, entry=made, key="plan", file=pdf(), consent="Bu Siti, lewat telepon")

    assert (paper.handed_in_by, DeskNote.objects.get().text) == (officer, "Bu Siti, lewat telepon")


def test_taken_out_document_is_missing_again(made, django_capture_on_commit_callbacks):
    old = made.documents.get(key="photo").file

    with django_capture_on_commit_callbacks(execute=True):
        take_out(actor=member_of(made), entry=made, key="photo")

    assert ([one.key for one in missing(made)], old.storage.exists(old.name)) == (["photo"], False)


# --- certificates of the register -------------------------------------------------------------------------------


def test_certificate_of_the_register_answers_a_document(made):
    made.documents.filter(key="nib").delete()
    certificate = Certificate.objects.create(firm=made.firm, kind="nib", number="912")
    assert "sekali tekan" in missing(made)[0].remedy

    use_certificate(actor=member_of(made), entry=made, key="nib", certificate=certificate)

    assert missing(made) == []


def test_used_certificate_stays_told_when_the_register_forgets_it(made):
    certificate = Certificate.objects.create(firm=made.firm, kind="nib", number="912")
    use_certificate(actor=member_of(made), entry=made, key="nib", certificate=certificate)

    remove_certificate(actor=member_of(made), certificate=certificate)

    paper = made.documents.get(key="nib")
    assert (paper.certificate, "912" in paper.certificate_words, missing(made)) == (None, True, [])


@pytest.mark.parametrize("facts", [{"kind": "halal"}, {"kind": "nib", "valid_until": "2020-01-01"}])
def test_certificate_of_another_kind_or_out_of_date_does_not_answer(made, facts):
    certificate = Certificate.objects.create(firm=made.firm, number="1", **facts)

    with pytest.raises(UnfitCertificate):
        use_certificate(actor=member_of(made), entry=made, key="nib", certificate=certificate)


def test_certificate_of_another_firm_does_not_answer(made):
    with pytest.raises(UnfitCertificate):
        use_certificate(
            actor=member_of(made), entry=made, key="nib",
            certificate=Certificate.objects.create(firm=make_firm(), kind="nib", number="1"),
        )  # fmt: skip


# --- looked at --------------------------------------------------------------------------------------------------


def test_returned_document_is_handed_in_again_and_the_receipt_follows():
    made = entry(category())
    officer = person("local_officer", "33.74")
    paper = made.documents.get(key="photo")
    with pytest.raises(EntryHandedIn):
        hand_in(actor=member_of(made), entry=made, key="photo", file=picture())

    look_at(actor=officer, document=paper, verdict="returned", note="Label tidak terbaca")
    assert [(one.key, one.remedy) for one in missing(made)] == [("photo", "Label tidak terbaca")]
    hand_in(actor=member_of(made), entry=made, key="photo", file=picture())

    stored = Entry.objects.get(pk=made.pk)
    assert (stored.status, stored.number, missing(stored)) == ("submitted", made.number, [])
    assert stored.receipt_hash == receipt_hash(stored) != made.receipt_hash


def test_sending_back_needs_words_and_an_open_call(made):
    officer = person("local_officer", "33")
    paper = made.documents.get(key="nib")
    with pytest.raises(NoteNeeded):
        look_at(actor=officer, document=paper, verdict="returned")
    with pytest.raises(NotYourEntry):
        look_at(actor=person("local_officer", "35"), document=paper, verdict="accepted")

    assert look_at(actor=officer, document=paper, verdict="accepted").verdict == "accepted"


def test_nothing_is_sent_back_after_the_call_has_closed():
    made = entry(category(edition(opens_in=timedelta(days=-9), closes_in=timedelta(days=-1))))

    with pytest.raises(CallClosed):
        look_at(
            actor=person("local_officer", "33"), document=made.documents.get(key="nib"), verdict="returned", note="lagi"
        )


def test_condition_on_a_certificate_is_met_by_the_document_handed_in():
    condition = {
        "id": "nib", "kind": "nib", "words": {"id": "Punya NIB", "en": "Has a NIB"}, "parameters": {}, "source": "x",
    }  # fmt: skip
    food = category(edition(conditions=[condition]))
    made = entry(food, firm=make_firm(nib=None), submitted=False)

    assert [one.state for one in state_of(made).standings] == ["met"]
    made.documents.filter(key="nib").delete()
    assert [one.state for one in state_of(made).standings] == ["unknown"]


# --- files made to break it ---------------------------------------------------------------------------------------

PDF_BYTES, PICTURE_BYTES = pdf(pages=2).read(), picture(size=(600, 600), kind="PNG").read()


@settings(max_examples=150, deadline=None)
@given(
    content=st.sampled_from([PDF_BYTES, PICTURE_BYTES]),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)), max_size=8),
    cut=st.floats(0.1, 1),
)
def test_file_with_any_bytes_changed_is_taken_or_refused_with_words(content, changes, cut):
    """Never another error: whoever uploads it is told what to do."""
    broken = bytearray(content[: int(len(content) * cut)])
    for place, put in changes:
        at = int(place * len(broken))
        broken[at : at + len(put)] = put

    try:
        ready = prepare(raw(bytes(broken)), ASK)
    except AwardsError as error:
        told = str(error)
    else:
        told = ready.media_type

    assert told
