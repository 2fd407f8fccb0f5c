"""Whose turn it is: every write to the stages of a category holds its row, then the stage's, until the transaction ends."""

from gebyar.awards.errors_stages import EditionNotRunning
from gebyar.awards.models import Category, Edition, Passage, Stage
from gebyar.records.locking import lock


def held(stage_id: int) -> Stage:
    """Return the stage as it is now, held: whoever comes second waits and sees what the first one did."""
    category = Stage.objects.values_list("category_id", flat=True).get(pk=stage_id)
    lock(Category.objects.filter(pk=category)).get()
    return lock(Stage.objects.filter(pk=stage_id)).select_related("category__edition__version").get()


def held_running(stage_id: int) -> Stage:
    """Return the stage, held.

    Raises
    ------
    EditionNotRunning
        When its edition is over: nothing in it changes any more but prizes that are lost.
    """
    found = held(stage_id)
    if found.category.edition.status != Edition.Status.PUBLISHED:
        raise EditionNotRunning
    return found


def held_passage(passage_id: int) -> Passage:
    """Return the passage as it is now, its category and stage held, in an edition that runs."""
    held_running(Passage.objects.values_list("stage_id", flat=True).get(pk=passage_id))
    return Passage.objects.select_related("stage__category__edition__version", "entry__firm").get(pk=passage_id)
