"""A firm writes a listing in small steps; each step is kept as soon as it is done."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gebyar.partnership.errors import UnfitListing
from gebyar.partnership.facts import ListingFacts, facts_of
from gebyar.partnership.forms import AmountStep, FitStep, ListingPhotoForm, WhatStep, fit_initial
from gebyar.partnership.models import Listing, ListingPhoto
from gebyar.partnership.queries.listings import card
from gebyar.partnership.services.listings import change_listing, send_listing, write_listing
from gebyar.partnership.services.photos import MOST_PHOTOS, add_listing_photo, remove_listing_photo
from gebyar.partnership.views.access import own_listing, trail
from gebyar.records.errors import DomainError
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in

LAST = 4


@require_http_methods(["GET", "HEAD", "POST"])
def listing_new(request: HttpRequest) -> HttpResponse:
    """Ask the first step; with several firms, for which one."""
    firms = list(Firm.objects.filter(pk__in=open_firms(request.user)).order_by("name", "pk"))
    if not firms:
        return render(request, "partnership/no_firm.html")
    firm = _chosen_firm(request, firms)
    form = WhatStep(request.POST or None, initial={"direction": request.GET.get("direction", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = write_listing(actor=signed_in(request), firm=firm, facts=ListingFacts(**form.cleaned_data))
        except DomainError as error:
            _tell(form, error)
        else:
            messages.success(request, _("Kept as a draft. Only your firm sees it until you send it."))
            return redirect("partnership:listing_step", pk=made.pk, number=2)
    context = {
        "form": form, "number": 1, "last": LAST, "steps": _steps(None, 1), "firm": firm, "firms": firms,
        "crumbs": trail(_("New listing")), "draft": f"listing-new-{firm.pk}",
    }  # fmt: skip
    return render(request, "partnership/listing_step.html", context)


def _chosen_firm(request: HttpRequest, firms: list[Firm]) -> Firm:
    asked = request.POST.get("firm") or request.GET.get("firm")
    if not asked:
        return firms[0]
    chosen = next((firm for firm in firms if str(firm.pk) == asked), None)
    if chosen is None:
        raise Http404
    return chosen


@require_http_methods(["GET", "HEAD", "POST"])
def listing_step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = own_listing(request, pk)
    if not 1 <= number < LAST:
        raise Http404
    form = _form(request, found, number)
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        if "stop" in request.POST:
            return redirect("partnership:listing", pk=pk)
        return (
            redirect("partnership:listing_finish", pk=pk)
            if number + 1 == LAST
            else redirect("partnership:listing_step", pk=pk, number=number + 1)
        )
    context = {
        "form": form, "number": number, "last": LAST, "steps": _steps(found, number), "listing": found, "firm": found.firm,
        "crumbs": trail(_("Change"), listing=found), "draft": f"listing-{pk}-{number}",
    }  # fmt: skip
    return render(request, "partnership/listing_step.html", context)


def _form(request: HttpRequest, found: Listing, number: int) -> Any:
    said, typed = facts_of(found), request.POST if request.method == "POST" else None
    if number == 3:
        return FitStep(typed, listing=found, initial=fit_initial(said))
    return (WhatStep if number == 1 else AmountStep)(typed, initial=asdict(said))


def _kept(request: HttpRequest, found: Listing, form: Any) -> bool:
    try:
        changed = change_listing(actor=signed_in(request), listing=found, **form.cleaned_data)
    except DomainError as error:
        _tell(form, error)
        return False
    if found.status == Listing.Status.APPROVED and changed.status == Listing.Status.WAITING:
        messages.success(request, _("Kept. The listing is shown again once an officer has approved the change."))
    else:
        messages.success(request, _("Kept."))
    return True


def _tell(form: Any, error: DomainError) -> None:
    """Put what is wrong at the field that it is about."""
    if isinstance(error, UnfitListing) and error.facts["field"] in form.fields:
        form.add_error(error.facts["field"], str(error.facts["problem"]))
    else:
        form.add_error(None, str(error))


def _steps(found: Listing | None, number: int) -> list[dict[str, str]]:
    labels = (_("What"), _("How much"), _("Who fits"), _("Photos and sending"))
    return [
        {
            "label": label,
            "state": "current" if position == number else "done" if found and position < number else "todo",
            "url": _address(found.pk, position) if found and position != number else "",
        }
        for position, label in enumerate(labels, 1)
    ]


def _address(pk: int, number: int) -> str:
    if number == LAST:
        return reverse("partnership:listing_finish", args=[pk])
    return reverse("partnership:listing_step", args=[pk, number])


@require_http_methods(["GET", "HEAD", "POST"])
def listing_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Photos, a last look, and sending."""
    found = own_listing(request, pk)
    form = ListingPhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _photo_added(request, found, form):
        return redirect("partnership:listing_finish", pk=pk)
    context = {
        "form": form, "steps": _steps(found, LAST), "listing": found, "card": card(found), "photos": list(found.photos.all()),
        "most_photos": MOST_PHOTOS, "crumbs": trail(_("Photos and sending"), listing=found),
        "may_send": found.status in {Listing.Status.DRAFT, Listing.Status.REJECTED},
    }  # fmt: skip
    return render(request, "partnership/listing_finish.html", context)


def _photo_added(request: HttpRequest, found: Listing, form: ListingPhotoForm) -> bool:
    said = form.cleaned_data
    try:
        add_listing_photo(actor=signed_in(request), listing=found, file=said["file"], alternative=said["alternative"])
    except DomainError as error:
        form.add_error("file", str(error))
        return False
    messages.success(request, _("The photo was added."))
    return True


@require_POST
def photo_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = own_listing(request, pk)
    photo: ListingPhoto = get_object_or_404(found.photos.select_related("listing__firm"), pk=number)
    try:
        remove_listing_photo(actor=signed_in(request), photo=photo)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The photo was taken out."))
    return redirect("partnership:listing_finish", pk=pk)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_listing(request, pk)
    try:
        send_listing(actor=signed_in(request), listing=found)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("partnership:listing_finish", pk=pk)
    messages.success(request, _("Sent. An officer of your region looks at it; you will get a mail."))
    return redirect("partnership:listing", pk=pk)
