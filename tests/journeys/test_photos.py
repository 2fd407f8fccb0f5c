"""A firm shows a product in a photo; a reader sees it."""

import io

from PIL import Image
from playwright.sync_api import expect
from tests.journeys.deeds import choose_language, sign_in


def test_firm_shows_a_product_and_takes_it_out(visit, language, world):
    firm = world.firm()
    member, reader = visit(language), visit(language)
    sign_in(member, world.member(firm)[1])
    member.open(f"/firms/{firm.pk}/")
    member.follow("Add a photo")
    member.look("photo-new")
    for shown in ("Kain batik terlipat", "Canting di atas kompor"):
        member.open(f"/firms/{firm.pk}/photos/new/")
        member.page.locator("#content [name=file]").set_input_files(
            {"name": "IMG_7.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
        )
        member.enter("alt", shown)
        member.press("Add the photo")
        member.sees("The photo stands on the firm's page.")
    member.look("firm-with-photos")

    choose_language(reader)
    reader.open(f"/firms/{firm.pk}/")
    photos = reader.page.locator("#content figure img")
    expect(photos).to_have_count(2)
    reader.page.get_by_role("img", name="Kain batik terlipat").scroll_into_view_if_needed()
    expect(photos.first).to_have_js_property("naturalWidth", 320)
    reader.look("public-firm-with-photos")

    member.press("Take out %(photo)s", photo="Kain batik terlipat")
    member.sees("The photo was taken out.")
    reader.page.reload()
    expect(photos).to_have_count(1)


def photograph() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (2000, 1500), "saddlebrown").save(content, "JPEG")
    return content.getvalue()
