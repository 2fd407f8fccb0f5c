"""Firms as a request may reach them; whatever it may not is 404, so that nothing leaks."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.records.errors import DomainError
from gebyar.registry.models import Firm
from gebyar.registry.queries.firms import visible_firms


def signed_in(request: HttpRequest) -> User:
    """Return the person behind a request; the table of routes lets only those who signed in come here."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def tried(request: HttpRequest, act: Callable[[], object], words: str = "") -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
        return False
    if words:
        messages.success(request, words)
    return True


def public_firm(request: HttpRequest, pk: int) -> Firm:
    """Return a firm whose page this reader may open."""
    return get_object_or_404(visible_firms(request.user).select_related("delivery__source"), pk=pk)


def own_firm(request: HttpRequest, pk: int, permission: str = "registry.see_firm_fully") -> Firm:
    """Return a firm for which this reader holds the permission."""
    firm = public_firm(request, pk)
    if not request.user.has_perm(permission, firm):
        raise Http404
    return firm


def trail(firm: Firm, *labels: str) -> list[dict[str, str]]:
    """Return the breadcrumbs from the list over the firm to this page."""
    crumbs = [
        {"label": _("Firms"), "url": reverse("registry:firm_list")},
        {"label": firm.name, "url": reverse("registry:firm", args=[firm.pk])},
    ]
    return [*crumbs, *({"label": label, "url": ""} for label in labels)]
