"""Photos of products: what is kept of an upload, who sees it, and who may add and take out."""

import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Role
from gebyar.records.models import AuditEntry
from gebyar.registry.errors import FileTooLarge, NotYourFirm, TooManyPhotos, TooManyPixels, UnfitPhoto
from gebyar.registry.models import Firm, Photo
from gebyar.registry.services import photos
from gebyar.registry.services.photos import THUMBNAIL_BYTES, add_photo, prepare, remove_photo

pytestmark = pytest.mark.django_db

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


@pytest.fixture
def firm():
    return make_firm(name="Batik Sekar")


def page(route, *args):
    return reverse(f"registry:{route}", args=args)


def picture(size=(640, 480), kind="JPEG", mode="RGB", color="indigo", exif=None, **how):
    """Return an upload as a phone would send it."""
    target = io.BytesIO()
    told = {"exif": exif} if exif else {}
    Image.new(mode, size, color).save(target, kind, **told, **how)
    return SimpleUploadedFile("IMG_0001.exe", target.getvalue())


def told_place():
    """EXIF as a phone writes it: turned by a quarter, taken in Semarang, by which device."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Telepon Rahasia"
    exif.get_ifd(GPS).update({1: "S", 2: (7.0, 3.0, 0.0), 3: "E", 4: (110.0, 26.0, 0.0)})
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_is_written_anew_without_what_the_phone_says(kind):
    upload = picture(kind=kind, exif=told_place())
    assert b"Telepon Rahasia" in upload.read()
    upload.seek(0)

    ready = prepare(upload)

    for content in (ready.large, ready.small):
        with Image.open(io.BytesIO(content)) as kept:
            assert (kept.format, dict(kept.getexif()), kept.info.keys() & {"exif", "comment", "xmp", "icc_profile"}) == (
                "JPEG", {}, set(),
            )  # fmt: skip
        assert b"Rahasia" not in content


def test_comment_and_colour_profile_of_a_photo_are_not_kept():
    ready = prepare(picture(comment=b"Rumah Bu Siti", icc_profile=b"Rumah Bu Siti" * 20))

    assert (b"Siti" in ready.large, b"Siti" in ready.small) == (False, False)


def test_photo_stands_upright_and_is_scaled_down():
    ready = prepare(picture(size=(4000, 3000), exif=told_place()))

    with Image.open(io.BytesIO(ready.large)) as large, Image.open(io.BytesIO(ready.small)) as small:
        assert (large.size, small.size) == ((1200, 1600), (240, 320))
    assert (ready.width, ready.height) == (240, 320)


def test_small_photo_is_not_blown_up():
    assert (prepare(picture(size=(100, 50))).width, prepare(picture(size=(1, 1))).height) == (100, 1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_transparent_and_grey_pictures_are_taken(mode):
    with Image.open(io.BytesIO(prepare(picture(kind="PNG", mode=mode, color=0)).large)) as kept:
        assert kept.mode == "RGB"


def test_transparent_parts_become_white():
    with Image.open(io.BytesIO(prepare(picture(kind="PNG", mode="RGBA", color=(0, 0, 0, 0))).large)) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_thumbnail_of_the_busiest_picture_is_light():
    side = 1000
    target = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(target, "JPEG", quality=90)

    assert len(prepare(SimpleUploadedFile("a.jpg", target.getvalue())).small) <= THUMBNAIL_BYTES


def gif():
    return picture(kind="GIF", mode="P", color=1).read()


@pytest.mark.parametrize(
    "content",
    [b"<svg onload=alert(1)>", b"<html>", b"%PDF-1.4", b"\xff\xd8\xff\xe0" + b"x" * 100, b"\x89PNG\r\n\x1a\n", gif,
     lambda: picture(size=(900, 900)).read()[:1500], lambda: picture(kind="PNG").read()[:60]],
)  # fmt: skip
def test_what_is_no_photo_or_damaged_is_refused(content):
    with pytest.raises(UnfitPhoto):
        prepare(SimpleUploadedFile("foto.jpg", content() if callable(content) else content))


def test_photo_that_is_too_large_is_refused(monkeypatch):
    with pytest.raises(FileTooLarge):
        prepare(SimpleUploadedFile("foto.jpg", b"\xff" * (5 * 1024 * 1024 + 1)))

    monkeypatch.setattr(photos, "MOST_MEGAPIXELS", 0.25)
    with pytest.raises(TooManyPixels):
        prepare(picture())


def test_firm_shows_six_photos_and_no_more(firm):
    member = make_member(firm)
    for number in range(6):
        add_photo(actor=member, firm=firm, file=picture(), alt=f"Kain {number}")

    with pytest.raises(TooManyPhotos):
        add_photo(actor=member, firm=firm, file=picture(), alt="Kain")

    assert firm.photos.count() == 6


def test_photo_is_audited_and_taken_out_with_its_files(firm, django_capture_on_commit_callbacks):
    member = make_member(firm)
    made = add_photo(actor=member, firm=firm, file=picture(), alt="Kain batik")
    number, stored = made.pk, [made.file, made.thumbnail]
    assert all(file.storage.exists(file.name) and "IMG" not in file.name for file in stored)

    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(actor=member, photo=made)

    assert not any(file.storage.exists(file.name) for file in stored)
    entries = AuditEntry.objects.filter(verb__endswith="_photo").order_by("pk")
    assert [(entry.verb, entry.before, entry.after) for entry in entries] == [
        ("registry.add_photo", None, {"photo": number, "alt": "Kain batik"}),
        ("registry.remove_photo", {"photo": number, "alt": "Kain batik"}, None),
    ]


@pytest.mark.parametrize("who", ["visitor", "other member", "far", "judge"])
def test_others_neither_add_nor_take_out(sign_in_as, firm, who):
    made = add_photo(actor=make_member(firm), firm=firm, file=picture(), alt="Kain")
    people = {
        "visitor": person, "other member": lambda: make_member(make_firm()), "judge": lambda: person(Role.JUDGE),
        "far": lambda: person(Role.LOCAL_OFFICER, "35"),
    }  # fmt: skip
    user = people[who]()
    client = sign_in_as(user)

    answers = [
        client.get(page("photo_add", firm.pk)),
        client.post(page("photo_add", firm.pk), {"file": picture(), "alt": "Lain"}),
        client.post(page("photo_remove", firm.pk, made.pk)),
    ]

    assert ([answer.status_code for answer in answers], list(firm.photos.all())) == ([404] * 3, [made])
    for act in (
        lambda: add_photo(actor=user, firm=firm, file=picture(), alt="Lain"),
        lambda: remove_photo(actor=user, photo=made),
    ):
        with pytest.raises(NotYourFirm):
            act()


@pytest.mark.parametrize("who", ["member", "officer"])
def test_firm_and_officer_add_a_photo_that_anybody_sees(client, sign_in_as, firm, who):
    sign_in_as(make_member(firm) if who == "member" else person(Role.LOCAL_OFFICER, "33"))
    client.post(page("photo_add", firm.pk), {"file": picture(), "alt": "Kain <batik>"})
    made = Photo.objects.get()
    client.logout()

    text = client.get(page("firm", firm.pk)).content.decode()
    answers = [client.get(page(route, firm.pk, made.pk)) for route in ("photo", "photo_small")]

    assert f'src="{page("photo_small", firm.pk, made.pk)}" width="320" height="240" alt="Kain &lt;batik&gt;"' in text
    assert 'loading="lazy"' in text
    assert page("photo_remove", firm.pk, made.pk) not in text
    for answer in answers:
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).format == "JPEG"


def test_photo_of_a_firm_that_is_not_shown_is_not_shown(client, sign_in_as, firm):
    member = make_member(firm)
    made = add_photo(actor=member, firm=firm, file=picture(), alt="Kain")
    Firm.objects.filter(pk=firm.pk).update(is_active=False)

    assert [client.get(page(route, firm.pk, made.pk)).status_code for route in ("photo", "photo_small")] == [404, 404]
    assert sign_in_as(member).get(page("photo", firm.pk, made.pk)).status_code == 200


def test_photo_cannot_be_reached_through_another_firm(sign_in_as, firm):
    made = add_photo(actor=make_member(firm), firm=firm, file=picture(), alt="Kain")
    own = make_firm()
    client = sign_in_as(make_member(own))

    assert client.get(page("photo", own.pk, made.pk)).status_code == 404
    assert client.post(page("photo_remove", own.pk, made.pk)).status_code == 404
    assert list(firm.photos.all()) == [made]


@pytest.mark.parametrize("answer", [{"alt": "Kain"}, {"alt": " ", "file": picture}, {"alt": "Kain", "file": gif}])
def test_form_asks_for_a_photo_and_what_it_shows(sign_in_as, firm, answer):
    data = {key: value() if callable(value) else value for key, value in answer.items()}
    data |= {"file": SimpleUploadedFile("a.gif", data["file"])} if isinstance(data.get("file"), bytes) else {}

    response = sign_in_as(make_member(firm)).post(page("photo_add", firm.pk), data)

    assert (response.status_code, bool(response.context["form"].errors), firm.photos.count()) == (200, True, 0)


def test_member_takes_a_photo_out_on_the_page(sign_in_as, firm):
    member = make_member(firm)
    made = add_photo(actor=member, firm=firm, file=picture(), alt="Kain")
    client = sign_in_as(member)
    assert page("photo_remove", firm.pk, made.pk) in client.get(page("firm", firm.pk)).content.decode()

    client.post(page("photo_remove", firm.pk, made.pk))

    assert not firm.photos.exists()
