"""Errors that a person can act upon. Views show their words; the command line prints them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """What happened, that nothing was half done, and what to do now.

    A subclass states its `words` once; an instance may say them more exactly.
    """

    words: str | Promise = _("That is not possible now. Nothing was changed.")

    def __init__(self, words: str | Promise | None = None) -> None:
        super().__init__()
        if words is not None:
            self.words = words

    def __str__(self) -> str:
        return str(self.words)


class NotAllowed(DomainError):
    words = _("You may not do this. Nothing was changed.")
