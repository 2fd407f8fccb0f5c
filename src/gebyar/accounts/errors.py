"""What can go wrong with people and roles, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError


class LastAdministrator(DomainError):
    words = _("This is the last administrator. Give the role to somebody else first; nothing was changed.")


class AlreadyHolds(DomainError):
    words = _("This person holds this role already. Nothing was changed.")


class GrantEnded(DomainError):
    words = _("This role was ended already. Nothing was changed.")


class RegionNeeded(DomainError):
    words = _("A local officer needs a province or regency, and only a local officer has one.")


class AccountClosed(DomainError):
    words = _("This account is closed and can hold no role.")


class InvitationUnknown(DomainError):
    words = _("This invitation does not exist, or a newer one took its place. Ask for a new one.")


class InvitationUsed(DomainError):
    words = _("This invitation was used already. Sign in to continue.")


class InvitationExpired(DomainError):
    words = _("This invitation has expired. Ask the person who sent it for a new one.")


class InvitationForSomebodyElse(DomainError):
    words = _("This invitation was sent to another e-mail address than the one you signed in with.")


class AccountExists(DomainError):
    words = _("There is an account with this e-mail address already. Sign in to accept the invitation.")


class NoDemoAccount(DomainError):
    """Codes are printed for made-up people only; nobody's real second factor lies in a file."""

    words = _("This is no demo account of this data folder, so there is no code to print.")
