"""Following the link of an invitation, with or without an account."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gebyar.accounts import services
from gebyar.accounts.errors import InvitationExpired, InvitationUnknown, InvitationUsed
from gebyar.accounts.forms import JoinForm
from gebyar.accounts.models import Invitation, User
from gebyar.accounts.queries import invitation_of
from gebyar.records.errors import DomainError


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation = invitation_of(token)
    except InvitationUnknown:
        raise Http404 from None
    except (InvitationUsed, InvitationExpired) as error:
        return _page(request, error=error, status=410)
    if isinstance(request.user, User):
        return _as_signed_in(request, request.user, invitation, token)
    if User.objects.filter(email=invitation.email).exists():
        return _page(request, invitation=invitation, must_sign_in=True)
    return _as_newcomer(request, invitation, token)


def _as_signed_in(request: HttpRequest, user: User, invitation: Invitation, token: str) -> HttpResponse:
    if request.method == "GET":
        return _page(request, invitation=invitation, is_other_account=user.email != invitation.email)
    try:
        services.accept_invitation(actor=user, token=token)
    except DomainError as error:
        return _page(request, invitation=invitation, error=error, status=422)
    messages.success(request, _("Welcome. You now are %s.") % str(invitation.get_role_display()).lower())
    return redirect("accounts:me")


def _as_newcomer(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    form = JoinForm(request.POST or None, email=invitation.email)
    if not form.is_valid():
        return _page(request, invitation=invitation, form=form, status=422 if form.is_bound else 200)
    try:
        user = services.join_by_invitation(token=token, **form.cleaned_data)
    except DomainError as error:
        return _page(request, invitation=invitation, error=error, status=422)
    # Whoever chose the password a moment ago need not show it again to set up the second factor.
    record_authentication(request, user, method="password", reauthenticated=True)
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("accounts:me"))
    return response


def _page(request: HttpRequest, *, status: int = 200, **page: object) -> HttpResponse:
    return render(request, "accounts/accept_invitation.html", page, status=status)
