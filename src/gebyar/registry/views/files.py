"""Uploaded files as answers: pictures written anew, and papers as somebody uploaded them."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

# A picture never changes, but whether its firm or listing is shown may.
_KEPT = "private, max-age=3600"


def picture(stored: FieldFile) -> FileResponse:
    """Send a photo that `gebyar.registry.services.photos` has written."""
    response = FileResponse(stored.open("rb"), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = _KEPT
    return response


def paper(stored: FieldFile, name: str) -> FileResponse:
    """Send a paper as a download under this name: a browser must never run what somebody uploaded."""
    ending = (stored.name or "").rpartition(".")[2]
    response = FileResponse(stored.open("rb"), as_attachment=True, filename=f"{name}.{ending}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
