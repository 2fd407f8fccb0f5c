"""Whose turn it is in judging: stage before judges before assignments, rows of one kind in the order of their keys."""

from collections.abc import Iterable

from gebyar.accounts.models import User
from gebyar.awards.models import Assignment, Edition, Judge, Stage
from gebyar.records.errors import NotAllowed
from gebyar.records.locking import lock


def only_the_judge(actor: User | None, judge: Judge) -> None:
    """Let a judge act for themselves, and the machine (None): nobody else gives marks.

    Raises
    ------
    NotAllowed
    """
    if actor is not None and actor.pk != judge.user_id:
        raise NotAllowed


def judge_or_organiser(actor: User | None, judge: Judge) -> None:
    """Let the judge and organisers act.

    Raises
    ------
    NotAllowed
    """
    if actor is not None and actor.pk != judge.user_id and not actor.has_perm("awards.organise"):
        raise NotAllowed


def held_stage(stage_id: int) -> Stage:
    """Return the stage as it is now, held until the transaction ends: closing it waits for a mark, and a mark for it."""
    return lock(Stage.objects.select_related("category__edition__version").filter(pk=stage_id)).get()


def held_edition(edition_id: int) -> Edition:
    return lock(Edition.objects.filter(pk=edition_id)).get()


def held_judge(judge_id: int) -> Judge:
    return lock(Judge.objects.select_related("edition", "user").filter(pk=judge_id)).get()


def held_judges(judges: Iterable[int]) -> dict[int, Judge]:
    found = lock(Judge.objects.select_related("user").filter(pk__in=list(judges)).order_by("pk"))
    return {judge.pk: judge for judge in found}


def held_assignment(assignment_id: int) -> Assignment:
    """Return an assignment, held; call it while its stage is held."""
    rows = Assignment.objects.select_related("entry", "judge__user", "stage").filter(pk=assignment_id)
    return lock(rows).get()
