"""What anybody may read about facilities and calls, and what one firm can get."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gebyar.facilities.allotment import code_of
from gebyar.facilities.forms import ExtendForm
from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.offers import Offer, offers_for, open_calls, public_lines, shares_of
from gebyar.facilities.queries.rulebook import facility_in_force, facility_of, rulebook, version_of
from gebyar.facilities.views.access import seen_call, trail
from gebyar.facilities.wording import points_words, reason_words, reserve_group, said
from gebyar.reference.facilities import Facility
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms
from gebyar.registry.views.access import own_firm


@require_safe
def facility_list(request: HttpRequest) -> HttpResponse:
    calls = open_calls()
    today = timezone.localdate()
    offers = [
        Offer(one, one.on(today), calls=[call for call in calls if call.rules.key == one.id])
        for one in rulebook().values()
    ]
    firms = Firm.objects.filter(pk__in=open_firms(request.user)).order_by("name", "pk")
    context = {"offers": offers, "calls": calls, "firms": firms, "crumbs": trail()}
    return render(request, "facilities/facility_list.html", context)


@require_safe
def facility(request: HttpRequest, key: str) -> HttpResponse:
    """Show one facility with every version: conditions, law, what it gives, from when to when, by which source."""
    found = facility_in_force(key)
    context = {
        "facility": found, "name": said(found.names), "summary": said(found.summary), "versions": _versions(found),
        "calls": [call for call in open_calls() if call.rules.key == key],
        "firms": Firm.objects.filter(pk__in=open_firms(request.user)).order_by("name", "pk"),
        "crumbs": trail(said(found.names)),
    }  # fmt: skip
    return render(request, "facilities/facility.html", context)


def _versions(found: Facility) -> list[dict[str, Any]]:
    """Return the versions as a page shows them, the newest first."""
    now = found.on(timezone.localdate())
    return [
        {
            "version": version, "is_now": version is now, "lines": public_lines(version),
            "benefit": said(version.benefit.words), "shares": shares_of(version),
            "documents": [said(ask.names) for ask in version.documents],
        }
        for version in reversed(found.versions)
    ]  # fmt: skip


@require_safe
def offers(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer "What can I get?" for one firm, for those who act for it and their officers."""
    firm = own_firm(request, pk, "facilities.see")
    found, facts = offers_for(firm)
    context = {
        "firm": firm, "offers": found, "facts": facts, "may_apply": pk in open_firms(request.user),
        "counts": {status: sum(one.status == status for one in found) for status in ("could", "unknown", "not")},
        "crumbs": trail(_("What can I get?")),
    }  # fmt: skip
    return render(request, "facilities/offers.html", context)


@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a call: what it gives, by which method, and, once it is allotted, who got it by number and why."""
    found = seen_call(request, pk)
    version = version_of(found)
    context = {
        "call": found, "facility": facility_of(found.rules), "facility_name": said(facility_of(found.rules).names),
        "version": version, "lines": public_lines(version), "benefit": said(version.benefit.words),
        "shares": shares_of(version), "documents": [said(ask.names) for ask in version.documents],
        "points": points_words(found),
        "reserves": [{**one, "words": reserve_group(one["group"])} for one in found.reserves],
        "results": _results(found), "is_member": bool(open_firms(request.user)),
        "extend_form": ExtendForm() if _may_extend(request, found) else None, "crumbs": trail(found.name),
    }  # fmt: skip
    return render(request, "facilities/call.html", context)


def _may_extend(request: HttpRequest, found: Call) -> bool:
    return found.status == Call.Status.OPEN and request.user.has_perm("facilities.allot")


def _results(found: Call) -> list[dict[str, Any]]:
    """Return the outcome by numbers alone: which firm it is stays with the firm and its officers."""
    if found.status not in {Call.Status.ALLOTTED, Call.Status.ENDED}:
        return []
    rows = found.applications.filter(rank__isnull=False).order_by("rank", "number")
    return [{"code": code_of(one), "application": one, "reason": _reason(one)} for one in rows]


def _reason(application: Application) -> str:
    if application.status == Application.Status.WITHDRAWN:
        return str(_("Withdrawn by the firm."))
    return reason_words(application.code, application.parameters)
