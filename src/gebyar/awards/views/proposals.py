"""Proposals of regencies (OVOP), and the winners that officers follow up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.accounts.models import Role
from gebyar.accounts.queries import open_grants
from gebyar.awards.forms_stages import FirmSearchForm, FollowUpForm, ProposalAnswerForm, ProposalForm, RevokeForm
from gebyar.awards.models import Edition, Prize, Proposal
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.stages import prizes_of, proposals_of, proposing_editions
from gebyar.awards.services import prizes as prize_services
from gebyar.awards.services import proposals as services
from gebyar.awards.views.access_stages import FORM, page_of
from gebyar.awards.wording_rules import in_language
from gebyar.records.errors import DomainError
from gebyar.reference import regions
from gebyar.registry.models import Firm
from gebyar.registry.queries.search import Filters, search
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import signed_in, tried

MOST_FOUND = 20


def _regencies(request: HttpRequest) -> list[str]:
    """Return the regencies for which this officer proposes."""
    own = (grant.region_code for grant in open_grants(signed_in(request)) if grant.role == Role.LOCAL_OFFICER)
    return [code for code in own if regions.level_of(code) == regions.REGENCY]


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """List proposals: an officer's region, or one's own firms; and where to propose now."""
    page = page_of(request, proposals_of(signed_in(request)))
    editions = [edition for edition, _rules in proposing_editions()] if _regencies(request) else []
    return render(request, "awards/stages/proposals.html", {"page": page, "editions": editions})


@require_http_methods(FORM)
def proposal_new(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Choose a firm of the own regency, then say in which group and why."""
    edition = get_object_or_404(
        Edition.objects.select_related("version"), pk=edition_id, status=Edition.Status.PUBLISHED
    )
    rules = rules_of(edition)
    regencies = _regencies(request)
    if "regency" not in rules.entrants or not regencies:
        raise Http404
    firm = _firm(request, regencies)
    form = ProposalForm(request.POST or None, categories=edition.categories.all(), rules=rules)
    if (
        request.method == "POST"
        and firm is not None
        and form.is_valid()
        and (made := _proposed(request, edition, firm, form))
    ):
        return redirect("awards:proposal", pk=made.pk)
    context = {
        "edition": edition, "form": form, "firm": firm, "search": FirmSearchForm(request.GET),
        "firms": [] if firm else _found(request.GET.get("q", ""), regencies),
        "region": ", ".join(regions.name(code) for code in regencies),
        "crumbs": [{"label": _("Proposals"), "url": reverse("awards:proposals")}, {"label": edition.title, "url": ""}],
    }  # fmt: skip
    return render(request, "awards/stages/proposal_new.html", context)


def _firm(request: HttpRequest, regencies: list[str]) -> Firm | None:
    key = request.GET.get("firm", "")
    if not key.isdecimal() or len(key) > 18:
        return None
    found = get_object_or_404(Firm, pk=int(key))
    if not any(regions.contains(code, found.region_code) for code in regencies):
        raise Http404
    return found


def _found(words: str, regencies: list[str]) -> list[Firm]:
    if not words.strip():
        return []
    ids = [key for code in regencies for key in search(words, Filters(region=code)).ids[:MOST_FOUND]]
    return list(Firm.objects.filter(pk__in=ids, is_active=True).order_by("name", "pk")[:MOST_FOUND])


def _proposed(request: HttpRequest, edition: Edition, firm: Firm, form: ProposalForm) -> Proposal | None:
    category = get_object_or_404(edition.categories.select_related("edition"), pk=int(form.cleaned_data["category"]))
    try:
        made = services.propose(
            actor=signed_in(request), category=category, firm=firm, reason=form.cleaned_data["reason"]
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("The firm is proposed and asked by mail whether it takes part."))
    return made


@require_http_methods(FORM)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposal; its firm says whether it takes part."""
    user = signed_in(request)
    found = get_object_or_404(proposals_of(user).select_related("entry__edition__version"), pk=pk)
    is_own = found.entry.firm_id in open_firms(user)
    asked = is_own and found.status == Proposal.Status.ASKED
    form = ProposalAnswerForm(request.POST or None) if asked else None
    if request.method == "POST" and (form is None or (form.is_valid() and _answer(request, found, form))):
        return redirect("awards:proposal", pk=pk)
    rules = rules_of(found.entry.edition)
    context = {
        "proposal": found, "entry": found.entry, "form": form, "is_own": is_own,
        "category_name": in_language(rules.category(found.entry.category.key).names),
        "regency": regions.name(found.entry.region_code),
        "crumbs": [
            {"label": _("Proposals"), "url": reverse("awards:proposals")},
            {"label": found.entry.title or found.entry.code, "url": ""},
        ],
    }  # fmt: skip
    return render(request, "awards/stages/proposal.html", context)


def _answer(request: HttpRequest, found: Proposal, form: ProposalAnswerForm) -> bool:
    agrees = form.cleaned_data["agrees"] == "yes"
    act = lambda: services.answer_proposal(  # noqa: E731
        actor=signed_in(request), proposal=found, agrees=agrees, reason=form.cleaned_data["reason"]
    )
    return tried(request, act, _("Thank you. Now complete documents and answers, then hand the entry in.")
                 if agrees else _("Thank you for your answer. The entry is withdrawn."))  # fmt: skip


# --- winners ----------------------------------------------------------------------------------------------------


@require_safe
def prize_list(request: HttpRequest) -> HttpResponse:
    """List the winners of an officer's region, to be followed up."""
    rows = prizes_of(signed_in(request)).order_by("-given_at", "position", "pk").prefetch_related("follow_ups")
    return render(request, "awards/stages/prizes.html", {"page": page_of(request, rows)})


@require_http_methods(FORM)
def prize(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a prize with who follows it up, and take notes of what was done."""
    found = get_object_or_404(prizes_of(signed_in(request)), pk=pk)
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = lambda: prize_services.follow_up(actor=signed_in(request), prize=found, text=form.cleaned_data["text"])  # noqa: E731
        if tried(request, act, _("Your note is saved.")):
            return redirect("awards:prize", pk=pk)
    return render(request, "awards/stages/prize.html", _prize_context(request, found, form, RevokeForm()))


def _prize_context(request: HttpRequest, found: Prize, form: FollowUpForm, revoke: RevokeForm) -> dict[str, Any]:
    fosters = prize_services.fosters_of(found)
    level = prize_services.level_of(signed_in(request), found)
    return {
        "prize": found,
        "entry": found.entry,
        "form": form,
        "revoke": revoke if request.user.has_perm("awards.organise") and found.revoked_at is None else None,
        "fosters": fosters.label if fosters else "",
        "level": level.label if level else "",
        "notes": found.follow_ups.select_related("by"),
        "crumbs": [
            {"label": _("Winners to follow up"), "url": reverse("awards:prizes")},
            {"label": found.entry.title or found.entry.code, "url": ""},
        ],
    }


@require_POST
def prize_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(prizes_of(signed_in(request)), pk=pk)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: it stands on the page that everybody can check. Nothing was changed."))
    else:
        act = lambda: prize_services.revoke_prize(  # noqa: E731
            actor=signed_in(request), prize=found, reason=form.cleaned_data["reason"]
        )
        tried(request, act, _("The prize is taken back. Its certificate says so from now on."))
    return redirect("awards:prize", pk=pk)
