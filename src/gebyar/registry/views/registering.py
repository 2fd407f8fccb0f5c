"""A new firm, registered by its owner in three short steps; or a request to act for one that is known."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gebyar.records.errors import DomainError
from gebyar.registry.errors import NibTaken
from gebyar.registry.forms import AskForm, NameStep, PlaceStep, WorkStep
from gebyar.registry.models import Firm
from gebyar.registry.queries.firms import visible_firms
from gebyar.registry.services.firms import register_firm
from gebyar.registry.services.members import ask_membership
from gebyar.registry.views.access import signed_in

STEPS = (NameStep, PlaceStep, WorkStep)
_KEPT = "registry_new_firm"
_KNOWN = "registry_firm_of_nib"


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for one group of facts per step; the steps done are kept in the session."""
    number = _step_number(request)
    kept = request.session.get(_KEPT, {})
    form = _step_form(request, number, kept)
    known: Firm | None = None
    if request.method == "POST" and form.is_bound and form.is_valid():
        known = _known_firm(form.cleaned_data.get("nib"))
        request.session[_KNOWN] = known.pk if known else None
        if known is None:
            kept[str(number)] = _plain(form)
            request.session[_KEPT] = kept
        if known is None and number < len(STEPS):
            return redirect(f"{request.path}?step={number + 1}")
        if known is None and (done := _finish(request, kept, form)):
            return done
    context = {
        "form": form, "number": number, "steps": _steps(request.path, number, kept), "is_region": number == 2,
        "known": known, "known_is_seen": known is not None and visible_firms(request.user).filter(pk=known.pk).exists(),
    }  # fmt: skip
    return render(request, "registry/register.html", context)


def _step_number(request: HttpRequest) -> int:
    """Return the step asked for, but none before those ahead of it are done."""
    kept = request.session.get(_KEPT, {})
    asked = request.GET.get("step", "1")
    first_open = next((number for number in range(1, len(STEPS) + 1) if str(number) not in kept), len(STEPS))
    return max(1, min(int(asked) if asked.isdigit() else 1, first_open))


def _step_form(request: HttpRequest, number: int, kept: dict[str, Any]) -> Any:
    make = STEPS[number - 1]
    if request.method != "POST":
        return make(initial=kept.get(str(number)))
    if "more" in request.POST:  # only the next select box was asked for
        return make(initial={name: request.POST.get(name, "") for name in make.base_fields})
    return make(request.POST)


def _plain(form: Any) -> dict[str, Any]:
    """Return the answers as they were typed, for going back to the step."""
    return {name: form.data.get(name, "") for name in form.fields}


def _known_firm(nib: str | None) -> Firm | None:
    return Firm.objects.filter(nib=nib).first() if nib else None


def _finish(request: HttpRequest, kept: dict[str, Any], last: Any) -> HttpResponse | None:
    """Register the firm from all steps; None when something in them does not hold any more."""
    name, place = NameStep(kept["1"]), PlaceStep(kept["2"])
    if not (name.is_valid() and place.is_valid()):
        return redirect(f"{request.path}?step={1 if name.errors else 2}")
    facts = {key: place.cleaned_data[key] for key in ("address", "postal_code")}
    try:
        firm = register_firm(
            actor=signed_in(request),
            region_code=place.region_code(),
            **name.cleaned_data,
            **facts,
            **last.cleaned_data,
        )
    except NibTaken as error:
        last.add_error(None, str(error))
        return None
    del request.session[_KEPT]
    messages.success(request, _("Thank you. An officer of your region looks at it and then shows it in the register."))
    return redirect("registry:firm", pk=firm.pk)


def _steps(path: str, number: int, kept: dict[str, Any]) -> list[dict[str, Any]]:
    labels = (_("Name and NIB"), _("Place"), _("Work"))
    return [
        {
            "label": label,
            "state": "current" if position == number else "done" if str(position) in kept else "todo",
            "url": f"{path}?step={position}" if str(position) in kept and position != number else "",
        }
        for position, label in enumerate(labels, 1)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to act for a firm that everybody sees, or whose NIB the person has just shown to know."""
    seen = visible_firms(request.user)
    is_seen = seen.filter(pk=pk).exists()
    firm = get_object_or_404(Firm.objects.all() if request.session.get(_KNOWN) == pk else seen, pk=pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request_made = ask_membership(actor=signed_in(request), firm=firm, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Sent. An officer of the region decides; you will get a mail."))
            return redirect("registry:correction", pk=request_made.pk)
    return render(request, "registry/ask.html", {"form": form, "firm": firm, "is_seen": is_seen})
