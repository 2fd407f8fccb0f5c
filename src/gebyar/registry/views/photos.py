"""Photos of products: shown to whoever may open the firm's page, added and taken out by the firm or its officer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.records.errors import DomainError
from gebyar.registry.forms import PhotoForm
from gebyar.registry.models import Photo
from gebyar.registry.services.photos import add_photo, remove_photo
from gebyar.registry.views.access import own_firm, public_firm, signed_in, trail
from gebyar.registry.views.files import picture

MANAGE = "registry.manage_members"


@require_safe
def photo(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    return picture(_shown(request, pk, number).file)


@require_safe
def photo_small(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    return picture(_shown(request, pk, number).thumbnail)


def _shown(request: HttpRequest, pk: int, number: int) -> Photo:
    return get_object_or_404(public_firm(request, pk).photos, pk=number)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    firm = own_firm(request, pk, MANAGE)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_photo(actor=signed_in(request), firm=firm, **form.cleaned_data)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The photo stands on the firm's page."))
            return redirect("registry:firm", pk=firm.pk)
    context = {"firm": firm, "form": form, "crumbs": trail(firm, _("Add a photo"))}
    return render(request, "registry/photo_form.html", context)


@require_POST
def photo_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found: Photo = get_object_or_404(own_firm(request, pk, MANAGE).photos.select_related("firm"), pk=number)
    try:
        remove_photo(actor=signed_in(request), photo=found)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The photo was taken out."))
    return redirect("registry:firm", pk=pk)
