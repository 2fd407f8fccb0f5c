"""What can go wrong in the register, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError


class RegistryError(DomainError):
    """An error of the register; `facts` fill its words when they are shown, in the reader's language."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


class NotYourFirm(RegistryError):
    words = _("You do not act for this firm. Nothing was changed.")


class NotYourRegion(RegistryError):
    words = _("This firm is not in your region. Nothing was changed.")


class UnknownFact(RegistryError):
    words = _("There is no fact “%(field)s” that could be corrected.")


class NothingChanged(RegistryError):
    words = _("This is what the register says already, so there is nothing to correct.")


class AlreadyProposed(RegistryError):
    words = _("A correction of this fact is waiting for a decision. Withdraw it first if it is wrong.")


class AlreadyDecided(RegistryError):
    words = _("This correction was decided already. Nothing was changed.")


class OwnProposal(RegistryError):
    words = _("You proposed this correction yourself, so another officer has to decide it.")


class NoteNeeded(RegistryError):
    words = _("Say why it is not approved, so that the firm knows what to do.")


class NibTaken(RegistryError):
    words = _("Another firm has this NIB already. Nothing was changed.")


class SumDoesNotFit(RegistryError):
    words = _("Men and women do not add up to this number. Correct the number of men or women instead.")


class YearNeeded(RegistryError):
    words = _("Say which year this figure is about.")


class AlreadyMember(RegistryError):
    words = _("You act for this firm already.")


class LastMember(RegistryError):
    words = _("This is the last person who acts for the firm. Invite somebody else first; nothing was changed.")


class MembershipEnded(RegistryError):
    words = _("This person does not act for the firm any more. Nothing was changed.")


class InvitationUnknown(RegistryError):
    words = _("This invitation does not exist. Ask for a new one.")


class InvitationUsed(RegistryError):
    words = _("This invitation was used already. Ask for a new one.")


class InvitationExpired(RegistryError):
    words = _("This invitation has expired. Ask for a new one.")


class InvitationForSomebodyElse(RegistryError):
    words = _("This invitation was sent to another e-mail address than the one you signed in with.")


class CertificateKnown(RegistryError):
    words = _("This certificate with this number stands in the register already.")


class UnfitPhoto(RegistryError):
    words = _("This is no JPEG, PNG or WebP picture, or it is damaged. Choose another one.")


class TooManyPixels(RegistryError):
    words = _("The picture has more than %(megapixels)s megapixels. Take it with a lower resolution and try again.")


class TooManyPhotos(RegistryError):
    words = _("A firm shows at most %(count)s photos. Take one out first.")


class UnfitFile(RegistryError):
    words = _("This is no PDF, JPG or PNG file. Scan or photograph the certificate and try again.")


class FileTooLarge(RegistryError):
    words = _("The file is larger than %(megabytes)s MB. Scan it with a lower resolution and try again.")
