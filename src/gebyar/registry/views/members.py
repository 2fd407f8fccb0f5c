"""Who acts for a firm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gebyar.accounts.queries import hash_of
from gebyar.records.errors import DomainError
from gebyar.registry.forms import InviteForm
from gebyar.registry.models import FirmInvitation
from gebyar.registry.services.members import accept_invitation, end_membership, invite_member
from gebyar.registry.views.access import own_firm, signed_in, trail

MANAGE = "registry.manage_members"


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """The people who act for the firm, and the form that invites another."""
    firm = own_firm(request, pk, MANAGE)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_member(actor=signed_in(request), firm=firm, email=form.cleaned_data["email"])
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The invitation was sent. It is valid for 14 days."))
            return redirect("registry:members", pk=firm.pk)
    context = {
        "firm": firm,
        "form": form,
        "members": firm.members.filter(ended_at__isnull=True).select_related("user").order_by("since", "pk"),
        "invitations": firm.invitations.filter(accepted_at__isnull=True, expires_at__gt=timezone.now()),
        "crumbs": trail(firm, _("People who act for the firm")),
    }
    return render(request, "registry/members.html", context)


@require_POST
def end(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    firm = own_firm(request, pk, MANAGE)
    member = get_object_or_404(firm.members, pk=number)
    try:
        end_membership(actor=signed_in(request), member=member)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("registry:members", pk=pk)
    messages.success(request, _("This person does not act for the firm any more."))
    left_oneself = member.user_id == request.user.pk
    return redirect("registry:my_firms") if left_oneself else redirect("registry:members", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose invitation this is; only the button takes it up, since opening a link must change nothing."""
    invitation = get_object_or_404(FirmInvitation.objects.select_related("firm"), token_hash=hash_of(token))
    if request.method == "POST":
        try:
            accept_invitation(actor=signed_in(request), token=token)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("You act for %(firm)s now.") % {"firm": invitation.firm.name})
            return redirect("registry:firm", pk=invitation.firm_id)
    return render(request, "registry/accept.html", {"invitation": invitation})
