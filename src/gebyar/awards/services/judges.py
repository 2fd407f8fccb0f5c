"""Who judges in an edition: asked by the organiser, answered by themselves."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gebyar.accounts.models import Role, User
from gebyar.accounts.services.invitations import invite
from gebyar.awards.errors_judging import (
    AnsweredAlready,
    HoldsNoJudgeRole,
    JudgesAlready,
    ReasonNeeded,
    WrongLoad,
)
from gebyar.awards.models import Assignment, Category, Edition, Judge
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.letters_judging import write_to_judge
from gebyar.awards.services.turns_judging import held_edition, held_judge, judge_or_organiser
from gebyar.records.services import record_audit

FACTS = ("gender", "region_code", "employer", "expertise", "languages", "least", "most")
LEAST_REASON = 10  # characters of a reason; shorter ones say nothing


def needed_reason(reason: str) -> str:
    """Return a reason without outer blanks.

    Raises
    ------
    ReasonNeeded
        When it says next to nothing.
    """
    words = reason.replace("\x00", "").strip()  # PostgreSQL keeps no NUL
    if len(words) < LEAST_REASON:
        raise ReasonNeeded
    return words


@transaction.atomic
def add_judge(*, actor: User | None, edition: Edition, user: User, **facts: Any) -> Judge:
    """Ask somebody who holds the judges' role to judge in an edition, and write to them.

    Parameters
    ----------
    facts
        `FACTS`, and `categories`: those they judge in, all when left out.

    Raises
    ------
    HoldsNoJudgeRole, JudgesAlready, WrongLoad
    """
    may_organise(actor)
    held_edition(edition.pk)
    if not user.is_active or not user.grants.filter(role=Role.JUDGE, ended_at__isnull=True).exists():
        raise HoldsNoJudgeRole
    if edition.judges.filter(user=user).exists():
        raise JudgesAlready
    categories = facts.pop("categories", ())
    last = edition.judges.aggregate(last=Max("number"))["last"] or 0
    judge = Judge(edition=edition, user=user, number=last + 1, **facts)
    _check_load(judge)
    judge.save()
    judge.categories.set(categories)
    record_audit(actor=actor, verb="awards.add_judge", target=judge, after={"number": judge.number})
    transaction.on_commit(lambda: write_to_judge(judge, "asked"), robust=True)
    return judge


@transaction.atomic
def invite_judge(*, actor: User, edition: Edition, email: str) -> Judge | None:
    """Ask somebody by their address: who holds the role is added at once, anybody else is invited to it by mail.

    Returns
    -------
    Judge or None
        None when a letter was sent; the organiser adds the person once they have accepted.

    Raises
    ------
    JudgesAlready, gebyar.records.errors.NotAllowed
        Only administrators may invite people to a role.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is not None and user.grants.filter(role=Role.JUDGE, ended_at__isnull=True).exists():
        return add_judge(actor=actor, edition=edition, user=user)
    invite(actor=actor, email=email, role=Role.JUDGE)
    return None


@transaction.atomic
def change_judge(
    *, actor: User | None, judge: Judge, categories: Iterable[Category] | None = None, **facts: Any
) -> Judge:
    """Change what is known of a judge: `FACTS`, and the categories they judge in.

    Raises
    ------
    WrongLoad
    """
    found = held_judge(judge.pk)
    judge_or_organiser(actor, found)
    before = {name: getattr(found, name) for name in facts}
    for name in FACTS:
        if name in facts:
            setattr(found, name, facts[name])
    _check_load(found)
    found.save()
    if categories is not None:
        found.categories.set(categories)
    # Gender and region serve the mix of a panel and stay out of the trail, where they could not be erased.
    shown = ("expertise", "languages", "least", "most")
    changed = [name for name in facts if before[name] != getattr(found, name)]
    record_audit(
        actor=actor,
        verb="awards.change_judge",
        target=found,
        before={name: before[name] for name in changed if name in shown},
        after={name: getattr(found, name) if name in shown else "changed" for name in changed},
    )
    return found


def _check_load(judge: Judge) -> None:
    if judge.most < judge.least:
        raise WrongLoad(most=judge.most, least=judge.least)


@transaction.atomic
def answer_judgeship(*, actor: User | None, judge: Judge, accept: bool, reason: str = "") -> Judge:
    """Accept to judge in an edition, or decline with a reason; whoever declines gives all unsent entries back.

    Raises
    ------
    ReasonNeeded
        When declining.
    AnsweredAlready
        When nothing would change.
    """
    found = held_judge(judge.pk)
    judge_or_organiser(actor, found)
    wanted = Judge.Status.ACCEPTED if accept else Judge.Status.DECLINED
    if found.status == wanted:
        raise AnsweredAlready
    words = "" if accept else needed_reason(reason)
    before = found.status
    found.status, found.decline_reason = wanted, words
    found.save(update_fields=["status", "decline_reason"])
    if not accept:
        give_back(found.assignments.all(), words)
    record_audit(
        actor=actor,
        verb="awards.answer_judgeship",
        target=found,
        before={"status": before},
        after={"status": wanted, "reason": words},
    )
    return found


def give_back(assignments: Any, reason: str) -> int:
    """Decline assignments whose marks are not sent; call it while their judge is held."""
    waiting = assignments.filter(sent_at__isnull=True).exclude(status=Assignment.Status.DECLINED)
    return int(waiting.update(status=Assignment.Status.DECLINED, decline_reason=reason[:300]))


@transaction.atomic
def declare_done(*, actor: User | None, judge: Judge) -> Judge:
    """Note that a judge went through the list of entrants and declared every tie that they have."""
    found = held_judge(judge.pk)
    judge_or_organiser(actor, found)
    found.declared_at = timezone.now()
    found.save(update_fields=["declared_at"])
    declared = found.conflicts.filter(lifted_at__isnull=True, source="declared").count()
    record_audit(actor=actor, verb="awards.declare_done", target=found, after={"declared": declared})
    return found
