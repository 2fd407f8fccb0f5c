"""Write to entrants how a stage ended for them, once for each outcome, in the programme's language."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gebyar.awards.models import Entry, Objection, Passage, Proposal
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.wording import passage_words
from gebyar.awards.wording_rules import in_language
from gebyar.records.locking import lock
from gebyar.reference.awards.rules import EditionRules
from gebyar.registry.models import FirmMember

LEFT_BEHIND = (Passage.Outcome.FAILED, Passage.Outcome.WAITING)


def mail_waiting_outcomes(*, stage_id: int) -> int:
    """Write to everybody in a stage who was not told the outcome yet; run again it writes to nobody twice.

    Returns
    -------
    int
        How many entries were written about.
    """
    waiting = Passage.objects.filter(stage=stage_id, decided_at__isnull=False, told_at__isnull=True)
    return sum(_tell(key) for key in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(passage_id: int) -> bool:
    """Mark and write in one transaction: a mail that cannot be sent is tried again by the next run."""
    rows = lock(Passage.objects.filter(pk=passage_id, told_at__isnull=True))
    passage = rows.select_related("stage__category__edition__version", "entry__firm", "entry__entrant").first()
    if passage is None:
        return False
    Passage.objects.filter(pk=passage_id).update(told_at=timezone.now())
    with translation.override(settings.LANGUAGE_CODE):
        _write(passage, rules_of(passage.stage.category.edition))
    return True


def _write(passage: Passage, rules: EditionRules) -> None:
    stage, entry = passage.stage, passage.entry
    answered = passage.objections.filter(status__in=[Objection.Status.UPHELD, Objection.Status.REJECTED]).last()
    until = stage.objections_until
    words = {
        "passage": passage,
        "stage": in_language(rules.stage(stage.key).names),
        "award": stage.category.edition.title,
        "reason": passage_words(passage, rules),
        "answer": answered.answer if answered else "",
        "until": until
        if passage.outcome in LEFT_BEHIND and not answered and until and until > timezone.now()
        else None,
        "link": _absolute("awards:progress", entry.pk),
    }
    subject = _("Gebyar: %(award)s, %(entry)s") % {"award": words["award"], "entry": entry.title or entry.code}
    send(subject, "outcome", words, addresses_of(entry))


def write_proposal(*, proposal_id: int) -> None:
    """Tell the members of a firm that their regency proposes it."""
    proposal = Proposal.objects.select_related("entry__edition", "entry__firm").get(pk=proposal_id)
    entry = proposal.entry
    with translation.override(settings.LANGUAGE_CODE):
        words = {"proposal": proposal, "award": entry.edition.title, "firm": entry.firm,
                 "link": _absolute("awards:proposal", proposal.pk)}  # fmt: skip
        subject = _("Gebyar: your regency proposes you for %(award)s") % {"award": entry.edition.title}
        send(subject, "proposal", words, members_of(entry))


def addresses_of(entry: Entry) -> list[str]:
    """Return whom to write to: those who act for the firm, and who entered."""
    found = members_of(entry)
    if entry.entrant is not None and entry.entrant.is_active:
        found.append(entry.entrant.email)
    return list(dict.fromkeys(found))


def members_of(entry: Entry) -> list[str]:
    members = FirmMember.objects.filter(firm=entry.firm_id, ended_at__isnull=True, user__is_active=True)
    return list(members.order_by("pk").values_list("user__email", flat=True)) if entry.firm_id else []


def send(subject: str, template: str, words: dict[str, Any], addresses: list[str]) -> None:
    text = render_to_string(f"awards/email/{template}.txt", {**words, "site_url": settings.SITE_URL})
    for address in addresses:
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])


def _absolute(route: str, *parts: Any) -> str:
    return str(settings.SITE_URL) + reverse(route, args=parts)
