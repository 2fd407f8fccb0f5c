"""Files as entrants upload them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter


def pdf(pages=1, password=None, name="surat.pdf"):
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    target = io.BytesIO()
    writer.write(target)
    return SimpleUploadedFile(name, target.getvalue())


def picture(size=(900, 700), kind="JPEG", name="foto.jpg", **how):
    target = io.BytesIO()
    Image.new("RGB", size, "indigo").save(target, kind, **how)
    return SimpleUploadedFile(name, target.getvalue())
