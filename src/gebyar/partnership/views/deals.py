"""A deal as its two sides tell it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.partnership.errors import AmountNeeded, DateAhead, UnfitAmount, UnfitEvidence
from gebyar.partnership.forms import DealForm, StatementForm
from gebyar.partnership.models import Deal, DealStatement, Listing
from gebyar.partnership.queries.deals import my_deals, sides_of, standing
from gebyar.partnership.queries.listings import shown_listings
from gebyar.partnership.queries.sides import is_seller_of
from gebyar.partnership.services.deals import open_deal, state_deal, withdraw_statement
from gebyar.partnership.views.access import seen_deal, trail
from gebyar.records.errors import DomainError
from gebyar.registry.errors import FileTooLarge
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in
from gebyar.registry.views.files import paper

PER_PAGE = 20
FIELDS: dict[type[DomainError], tuple[str, ...]] = {
    AmountNeeded: ("amount",), UnfitAmount: ("amount",), DateAhead: ("on_date", "origin_date"),
    UnfitEvidence: ("evidence",), FileTooLarge: ("evidence",),
}  # fmt: skip


@require_safe
def deal_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(my_deals(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(deal, standing(deal)) for deal in page.object_list]
    return render(request, "partnership/deal_list.html", {"page": page, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def deal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to follow a deal about a listing that somebody else shows."""
    own = open_firms(request.user)
    listing = get_object_or_404(shown_listings().select_related("firm").exclude(firm__in=own), pk=pk)
    firms = list(Firm.objects.filter(pk__in=own).order_by("name", "pk"))
    if not firms:
        raise Http404
    initial = {"title": listing.title, "relation": listing.relation}
    form = DealForm(request.POST or None, firms=firms, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := _opened(request, listing, firms, form)):
        messages.success(request, _("The deal is followed now. Say how far it is whenever something happens."))
        return redirect("partnership:deal", pk=made.pk)
    context = {"form": form, "listing": listing, "crumbs": trail(_("Follow a deal"), listing=listing)}
    return render(request, "partnership/deal_new.html", context)


def _opened(request: HttpRequest, listing: Listing, firms: list[Firm], form: DealForm) -> Deal | None:
    said = form.cleaned_data
    mine = next(firm for firm in firms if firm.pk == said["firm"])
    seller, buyer = (listing.firm, mine) if is_seller_of(listing) else (mine, listing.firm)
    try:
        return open_deal(
            actor=signed_in(request), seller=seller, buyer=buyer, relation=said["relation"], title=said["title"],
            origin_date=said["origin_date"], listing=listing,
        )  # fmt: skip
    except DomainError as error:
        _tell(form, error)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show both sides' words beside each other, and take what one's own side says."""
    found = seen_deal(request, pk)
    sides = sides_of(request.user, found)
    if request.method == "POST" and not sides:
        raise Http404
    form = StatementForm(request.POST or None, request.FILES or None, sides=sides) if sides else None
    if request.method == "POST" and form is not None and form.is_valid() and _stated(request, found, sides, form):
        return redirect("partnership:deal", pk=pk)
    statements = list(found.statements.order_by("-on_date", "-pk"))
    context = {
        "deal": found, "standing": standing(found), "statements": statements, "form": form, "sides": sides,
        "own_sides": [side for side, _name in sides], "crumbs": [{"label": found.title, "url": ""}],
    }  # fmt: skip
    return render(request, "partnership/deal.html", context)


def _stated(request: HttpRequest, found: Deal, sides: list[tuple[str, str]], form: StatementForm) -> bool:
    said: dict[str, Any] = form.cleaned_data
    side = said.get("side") or sides[0][0]
    try:
        state_deal(
            actor=signed_in(request), deal=found, side=side, stage=said["stage"], amount=said["amount"],
            on_date=said["on_date"], note=said["note"], evidence=form.evidence_file(),
        )  # fmt: skip
    except DomainError as error:
        _tell(form, error)
        return False
    messages.success(request, _("Noted. The other side sees it too."))
    return True


def _tell(form: DealForm | StatementForm, error: DomainError) -> None:
    """Put what is wrong at the field that it is about."""
    field = next((name for name in FIELDS.get(type(error), ()) if name in form.fields), None)
    form.add_error(field, str(error))


@require_POST
def statement_withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    statement = _statement(request, pk, number)
    if statement.side not in dict(sides_of(request.user, statement.deal)):
        raise Http404
    try:
        withdraw_statement(actor=signed_in(request), statement=statement)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The statement is withdrawn and counts no more."))
    return redirect("partnership:deal", pk=pk)


def _statement(request: HttpRequest, pk: int, number: int) -> DealStatement:
    found = seen_deal(request, pk)
    return get_object_or_404(found.statements.select_related("deal__seller", "deal__buyer"), pk=number)


@require_safe
def evidence(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    statement = _statement(request, pk, number)
    if not statement.evidence:
        raise Http404
    return paper(statement.evidence, f"deal-{pk}-{number}")
