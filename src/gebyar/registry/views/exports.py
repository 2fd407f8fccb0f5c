"""An officer takes the firms of their region along as a file."""

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gebyar.registry.forms import ExportForm
from gebyar.registry.queries.exports import columns
from gebyar.registry.services.exports import Format, export_firms
from gebyar.registry.views.access import signed_in

_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
}


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _file(request, Format(form.cleaned_data["format"]))
    return _page(request, form)


def _page(request: HttpRequest, form: ExportForm) -> HttpResponse:
    return render(request, "registry/export.html", {"form": form, "columns": columns()})


def _file(request: HttpRequest, chosen: Format) -> FileResponse:
    """Write the file where it takes no memory, and send it in pieces; it is gone once it is sent."""
    with tempfile.TemporaryDirectory(prefix="gebyar-export-") as folder:
        path = Path(folder) / f"export.{chosen}"
        export_firms(actor=signed_in(request), path=path, format=chosen)
        opened = path.open("rb")  # the open file outlives its name
    name = f"gebyar-{timezone.localdate():%Y-%m-%d}.{chosen}"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=_TYPES[chosen])
    response["Cache-Control"] = "private, no-store"
    return response
