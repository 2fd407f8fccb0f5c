"""What the public page says of winners."""

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.awards.errors_results import StoryTooLong
from gebyar.awards.models import Prize, WinnerStory
from gebyar.awards.services.editions import may_organise
from gebyar.records.services import record_audit

LONGEST_STORY = 2000


@transaction.atomic
def write_story(
    *, actor: User | None, prize: Prize, text_id: str, text_en: str = "", names_people: bool = False
) -> WinnerStory:
    """Write, or write anew, what the public page says of a winner.

    Parameters
    ----------
    names_people
        That the people who entered agree to be named there; firms are named always.

    Raises
    ------
    gebyar.records.errors.NotAllowed, StoryTooLong
        Nothing is stored then.
    """
    may_organise(actor)
    for text in (text_id, text_en):
        if len(text.strip()) > LONGEST_STORY:
            raise StoryTooLong(count=len(text.strip()), most=LONGEST_STORY)
    facts = {"text_id": text_id.strip(), "text_en": text_en.strip(), "names_people": names_people}
    story, _made = WinnerStory.objects.update_or_create(
        prize=prize, defaults={**facts, "written_by": actor, "written_at": timezone.now()}
    )
    record_audit(actor=actor, verb="awards.write_story", target=prize, after=facts)
    return story
