"""What can go wrong around results, in words for the person who sees it."""

from django.utils.translation import gettext_lazy as _

from gebyar.awards.errors import AwardsError


class StoryTooLong(AwardsError):
    words = _("The story has %(count)s characters; at most %(most)s fit. Nothing was saved.")


class NothingDecided(AwardsError):
    words = _("Nothing is decided in this edition yet, so there is nothing to hand out.")


class FolderInUse(AwardsError):
    words = _("The folder %(folder)s exists already and is not empty. Nothing was written.")
