"""What a firm does in a round: see the others, ask, answer, say when it cannot."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.fair import services
from gebyar.fair.forms import AnswerForm, AskForm, AvailabilityForm, OthersFilter
from gebyar.fair.models import MeetingRequest, Participant, Round
from gebyar.fair.queries.people import availability, others_in_round, others_with_requests, suggested_others
from gebyar.fair.queries.plans import own_refusals, shown_meetings
from gebyar.fair.queries.requests import own_requests
from gebyar.fair.views.access import PER_PAGE, own_crumbs, own_participation
from gebyar.records.errors import DomainError
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in, tried

FORM = ["GET", "HEAD", "POST"]


@require_safe
def participation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a firm its requests, those of others to it, and once there is a plan what came of them."""
    person = own_participation(request, pk)
    with timezone.override(person.round.zone):
        context = {
            "person": person,
            "round": person.round,
            "own": own_requests(person),
            "meetings": shown_meetings(person),
            "refusals": own_refusals(person),
            "away": person.absent_slots.count(),
            "answer_form": AnswerForm(),
            "crumbs": [*own_crumbs(person)[:-1], {"label": person.firm.name, "url": ""}],
        }
        return render(request, "fair/participation.html", context)


@require_POST
def take_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the firm comes."""
    person = own_participation(request, pk)
    if request.POST.get("comes") == "yes":
        act, words = services.join_round, _("Thank you: your firm takes part.")
    else:
        act, words = services.leave_round, _("Noted: your firm does not come.")
    tried(request, lambda: act(actor=signed_in(request), participant=person), words)
    return redirect("fair:participation", pk=pk)


@require_safe
def others(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom the firm could meet, suggestions first as long as nothing is searched for."""
    person = own_participation(request, pk)
    form = OthersFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    searched = bool(said.get("q") or said.get("role"))
    people = others_in_round(person, words=said.get("q", ""), role=said.get("role", ""))
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": person,
        "round": person.round,
        "form": form,
        "page": page,
        "lines": others_with_requests(person, page.object_list),
        "suggested": [] if searched or page.number > 1 else suggested_others(person),
        "own": own_requests(person),
        "crumbs": own_crumbs(person, _("Whom you can meet")),
    }
    return render(request, "fair/others.html", context)


@require_http_methods(FORM)
def ask(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask one participant, or change what was asked."""
    person = own_participation(request, pk)
    people = Participant.objects.filter(round=person.round_id).exclude(pk=person.pk).select_related("firm")
    other = get_object_or_404(people, number=number)
    (line,) = others_with_requests(person, [other])
    form = AskForm(request.POST or None, initial=_asked_before(line.made))
    if request.method == "POST" and form.is_valid() and _asked(request, person, other, line.made, form):
        return redirect("fair:participation", pk=pk)
    context = {
        "person": person,
        "round": person.round,
        "line": line,
        "form": form,
        "own": own_requests(person),
        "crumbs": own_crumbs(person, other.firm.name),
    }
    with timezone.override(person.round.zone):
        return render(request, "fair/ask.html", context)


def _asked_before(made: MeetingRequest | None) -> dict[str, Any]:
    names = ("wish", "rank", "time", "message")
    return {name: getattr(made, name) for name in names} if made else {}


def _asked(
    request: HttpRequest, person: Participant, other: Participant, made: MeetingRequest | None, form: AskForm
) -> bool:
    actor, said = signed_in(request), form.cleaned_data
    try:
        if made:
            services.change_request(actor=actor, request=made, **said)
            messages.success(request, _("Your request was changed."))
            return True
        asked = services.ask(actor=actor, asker=person, asked=other, **said)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    if asked.asker_id == person.pk:
        messages.success(request, _("Your request was sent to %(firm)s.") % {"firm": other.firm.name})
    else:
        messages.success(request, _("%(firm)s asked you too, so you both want to meet.") % {"firm": other.firm.name})
    return True


def _own_request(request: HttpRequest, pk: int, end: str) -> MeetingRequest:
    """Return an open request at one of whose ends this reader's firm is."""
    rows = MeetingRequest.objects.filter(withdrawn_at__isnull=True).select_related(
        "round__fair", "asker__firm", "asked__firm"
    )
    return get_object_or_404(rows, pk=pk, **{f"{end}__firm__in": open_firms(signed_in(request))})


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own_request(request, pk, "asked")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Your answer was not sent: say yes or no, in at most 500 letters."))
        return redirect("fair:participation", pk=row.asked_id)
    said = form.cleaned_data
    accept = said["answer"] == "accept"
    act = lambda: services.answer_request(  # noqa: E731
        actor=signed_in(request), request=row, accept=accept, wish=said["wish"], message=said["message"], by=row.asked
    )
    words = _("You accepted the request of %(firm)s.") if accept else _("You declined the request of %(firm)s.")
    tried(request, act, words % {"firm": row.asker.firm.name})
    return redirect("fair:participation", pk=row.asked_id)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own_request(request, pk, "asker")
    act = lambda: services.withdraw_request(actor=signed_in(request), request=row)  # noqa: E731
    tried(request, act, _("Your request was taken back."))
    return redirect("fair:participation", pk=row.asker_id)


def _words_after(person: Participant) -> str:
    if person.round.status == Round.Status.PUBLISHED:
        return _("Saved. Meetings that stand in the published plan stay; tell the organiser's desk if you miss one.")
    return _("Saved. Your meetings are planned around it.")


@require_http_methods(FORM)
def when(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in which slots the firm cannot meet."""
    person = own_participation(request, pk)
    form = AvailabilityForm(request.POST if request.method == "POST" else None, round_=person.round)
    if request.method == "POST" and form.is_valid():
        act = lambda: services.set_availability(  # noqa: E731
            actor=signed_in(request), participant=person, absent=form.cleaned_data["absent"]
        )
        if tried(request, act, _words_after(person)):
            return redirect("fair:participation", pk=pk)
    context = {
        "person": person,
        "round": person.round,
        "form": form,
        "days": availability(person),
        "crumbs": own_crumbs(person, _("When you cannot")),
    }
    with timezone.override(person.round.zone):
        return render(request, "fair/when.html", context)
