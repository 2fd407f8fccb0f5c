"""What a firm says after its meetings, on a phone, in three taps."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gebyar.fair.forms_floor import OutcomeForm
from gebyar.fair.models import Outcome
from gebyar.fair.queries.outcomes import MeetingSide, meeting_side, own_side_lines
from gebyar.fair.queries.words import LONGEST_NUMBER
from gebyar.fair.services.outcomes import record_outcome
from gebyar.fair.views.access import PER_PAGE
from gebyar.records.errors import DomainError
from gebyar.registry.views.access import signed_in


@require_safe
def my_outcomes(request: HttpRequest) -> HttpResponse:
    """List the meetings of this person's firms, those first about which nothing was said yet."""
    page = Paginator(own_side_lines(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "fair/outcome_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, request_id: int) -> HttpResponse:
    side = _own_side(request, request_id)
    form = OutcomeForm(request.POST or None, initial=_said_before(side))
    if request.method == "POST" and form.is_valid():
        return _record(request, side, form)
    return render(request, "fair/outcome.html", {"side": side, "form": form})


def _own_side(request: HttpRequest, request_id: int) -> MeetingSide:
    chosen = request.GET.get("as", "")
    number = int(chosen) if chosen.isdecimal() and len(chosen) <= LONGEST_NUMBER else None
    side = meeting_side(signed_in(request), request_id, number=number)
    if side is None:
        raise Http404
    return side


def _said_before(side: MeetingSide) -> dict[str, object]:
    said = side.said
    return {"interest": said.interest, "next_step": said.next_step, "potential": said.potential} if said else {}


def _record(request: HttpRequest, side: MeetingSide, form: OutcomeForm) -> HttpResponse:
    wish = {**form.cleaned_data, "interest": Outcome.Interest(form.cleaned_data["interest"])}
    try:
        said = record_outcome(actor=signed_in(request), request=side.request, participant=side.participant, **wish)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _words_after(said))
    return redirect("fair:my_outcomes")


def _words_after(said: Outcome) -> str:
    if said.deal_id:
        return _(
            "Thank you. Both of you want to go on: what follows is kept as a deal, and both are asked how it goes."
        )
    return _("Thank you, that is recorded.")
