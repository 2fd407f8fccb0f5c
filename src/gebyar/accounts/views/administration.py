"""People and roles, for administrators."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gebyar.accounts import queries, services
from gebyar.accounts.forms import InvitationForm, PeopleFilter, RoleForm
from gebyar.accounts.models import Invitation, RoleGrant, User
from gebyar.accounts.views.actor import actor_of
from gebyar.records.errors import DomainError

PAGE_LENGTH = 25


@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.people(words=wanted.get("q", ""), role=wanted.get("role", ""))
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"form": form, "page": page})


@never_cache
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person_page(request, _person(pk), RoleForm())


def _person(pk: int) -> User:
    return get_object_or_404(queries.people(), pk=pk)


def _person_page(request: HttpRequest, user: User, form: RoleForm, status: int = 200) -> HttpResponse:
    grants = user.grants.select_related("granted_by").order_by("-ended_at", "granted_at")
    page = {
        "person": user,
        "form": form,
        "open_grants": [grant for grant in grants if grant.ended_at is None],
        "ended_grants": [grant for grant in grants if grant.ended_at is not None],
    }
    return render(request, "accounts/person.html", page, status=status)


@never_cache
@require_POST
def grant_role(request: HttpRequest, pk: int) -> HttpResponse:
    user = _person(pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            grant = services.grant_role(actor=actor_of(request), user=user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(person)s now is %(role)s.") % _names(grant))
            return redirect("accounts:person", pk=pk)
    return _person_page(request, user, form, status=422)


@never_cache
@require_POST
def end_grant(request: HttpRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant.objects.select_related("user"), pk=pk)
    try:
        services.end_grant(actor=actor_of(request), grant=grant)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(person)s no longer is %(role)s.") % _names(grant))
    return redirect("accounts:person", pk=grant.user_id)


def _names(grant: RoleGrant) -> dict[str, str]:
    return {"person": str(grant.user), "role": str(grant.get_role_display()).lower()}


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody, or send an open invitation again: the same address and role get a new link."""
    form = InvitationForm(request.POST or None)
    letter = None
    if form.is_valid():
        letter = services.invite(actor=actor_of(request), **form.cleaned_data)
        if settings.EMAIL_HOST:
            messages.success(request, _("The invitation is on its way to %s.") % letter.invitation.email)
            return redirect("accounts:invite")
        form = InvitationForm()
    # Without a mail server the link is shown once, on this page, to be passed on by hand.
    page = {"form": form, "letter": letter, "invitations": queries.open_invitations()}
    return render(request, "accounts/invite.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        services.withdraw_invitation(actor=actor_of(request), invitation=invitation)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invitation of %s is withdrawn.") % invitation.email)
    return redirect("accounts:invite")
