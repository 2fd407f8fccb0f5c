"""What people may agree to, in which wording. A changed wording gets a new version and is asked again."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Purpose:
    """One thing a person may agree to; the programme works without it."""

    key: str
    version: str
    label: str | Promise
    explanation: str | Promise


PURPOSES = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            "programme_news",
            "2026-1",
            _("Mail me about fairs, workshops and awards"),
            _("At most one mail a week. Mails about your own applications come in any case."),
        ),
        Purpose(
            "shared_contact",
            "2026-1",
            _("Show my name to firms I meet"),
            _("Your name stands on the agenda of the firms you have a business meeting with."),
        ),
    )
}
