"""What can go wrong with listings and deals, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.records.errors import DomainError


class PartnershipError(DomainError):
    """An error of this part; `facts` fill its words when they are shown, in the reader's language."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


class NotYourFirm(PartnershipError):
    words = _("You do not act for this firm. Nothing was changed.")


class NotYourRegion(PartnershipError):
    words = _("This firm is not in your region. Nothing was changed.")


class ListingClosed(PartnershipError):
    words = _("This listing is closed and cannot be changed. Write a new one.")


class ListingNotReady(PartnershipError):
    words = _("Only a draft, or a listing that was sent back, can be sent.")


class NotWaiting(PartnershipError):
    words = _("This listing does not wait for a decision any more. Nothing was changed.")


class ChangedSince(PartnershipError):
    words = _("The firm changed the listing after you opened it. Read it again, then decide.")


class OwnListing(PartnershipError):
    words = _("You act for this firm yourself, so another officer has to decide.")


class NoteNeeded(PartnershipError):
    words = _("Say what should be changed, so that the firm knows what to do.")


class UnfitListing(PartnershipError):
    words = _("%(field)s: %(problem)s")


class TooManyListingPhotos(PartnershipError):
    words = _("A listing shows at most %(count)s photos. Take one out first.")


class SameFirm(PartnershipError):
    words = _("A deal needs two different firms.")


class AmountNeeded(PartnershipError):
    words = _("An order or a delivery needs its sum in rupiah.")


class UnfitAmount(PartnershipError):
    words = _("The sum is not a whole number of rupiah between 0 and 100 trillion.")


class DateAhead(PartnershipError):
    words = _("This date lies in the future. Say what has happened already.")


class UnfitEvidence(PartnershipError):
    words = _("This is no PDF, JPG or PNG file. Scan or photograph the paper and try again.")


class AlreadySaid(PartnershipError):
    words = _("You have said exactly this already. If it happened once more, say so in the note.")


class AlreadyWithdrawn(PartnershipError):
    words = _("This statement was withdrawn already. Nothing was changed.")
