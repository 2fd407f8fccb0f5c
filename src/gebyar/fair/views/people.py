"""Participants of a round, for its organisers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from gebyar.fair import services
from gebyar.fair.forms import FirmSearchForm, NibsForm, ParticipantForm, PeopleFilter
from gebyar.fair.models import Participant, Round
from gebyar.fair.queries.people import addable_firms, participants_of
from gebyar.fair.views.access import crumbs, listed, round_of
from gebyar.records.errors import DomainError
from gebyar.registry.queries.search import Filters, search
from gebyar.registry.views.access import signed_in

MOST_FOUND = 50


@require_safe
def participants(request: HttpRequest, pk: int) -> HttpResponse:
    return listed(request, round_of(pk), "participants", PeopleFilter(request.GET), participants_of)


@require_http_methods(["GET", "HEAD", "POST"])
def participants_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Search the register and tick who takes part."""
    found = round_of(pk)
    form = FirmSearchForm(request.GET or None)
    firms = []
    if request.GET.get("q") and form.is_valid():
        firms = addable_firms(found, search(form.cleaned_data["q"], Filters(active=True)).ids[:MOST_FOUND])
    if request.method == "POST" and _added(request, found):
        return redirect("fair:participants", pk=pk)
    context = {"round": found, "form": form, "firms": firms, "crumbs": crumbs(found, _("Add participants"))}
    return render(request, "fair/participants_add.html", context)


def _added(request: HttpRequest, found: Round) -> bool:
    keys = [int(key) for key in request.POST.getlist("firm")[:MOST_FOUND] if key.isascii() and key.isdecimal()]
    firms = addable_firms(found, [key for key in keys if key < 2**63])
    if not firms:
        messages.error(request, _("Tick at least one firm that does not take part yet."))
        return False
    invited = request.POST.get("invited") == "on"
    status = Participant.Status.INVITED if invited else Participant.Status.CONFIRMED
    try:
        services.add_participants(actor=signed_in(request), round_=found, firms=firms, status=status)
    except DomainError as error:
        messages.error(request, str(error))
        return False
    words = ngettext("%(count)d participant was added.", "%(count)d participants were added.", len(firms))
    messages.success(request, words % {"count": len(firms)})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def participants_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the firms of a list of business numbers; what was not found is said line by line."""
    found = round_of(pk)
    form = NibsForm(request.POST or None, request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        status = Participant.Status.INVITED if form.cleaned_data["invited"] else Participant.Status.CONFIRMED
        try:
            outcome = services.invite_by_nibs(actor=signed_in(request), round_=found, lines=form.lines, status=status)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"round": found, "form": form, "outcome": outcome, "crumbs": crumbs(found, _("Invite by NIB"))}
    return render(request, "fair/participants_upload.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def participant(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Participant.objects.select_related("firm", "round__fair"), pk=pk)
    form = ParticipantForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_participant(actor=signed_in(request), participant=person, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The participant was changed."))
            return redirect("fair:participants", pk=person.round_id)
    context = {"round": person.round, "person": person, "form": form, "crumbs": crumbs(person.round, person.firm.name)}
    return render(request, "fair/participant.html", context)
