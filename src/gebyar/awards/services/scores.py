"""Marks: drafts until they are sent, with their history; nothing is taken after the stage closes.

Every write holds the stage's row first. Closing the stage changes that row, so that either the mark is there when the
stage closes, or the judge is told that it came too late. The database refuses late marks by a trigger of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.awards.errors_judging import (
    Barred,
    JudgingClosed,
    JudgingNotOpen,
    MustBeScored,
    NotAccepted,
    NotSent,
    OutOfRange,
    ScoresIncomplete,
    SentAlready,
    UnknownCriterion,
)
from gebyar.awards.models import Assignment, Conflict, Score, ScoreChange, Stage
from gebyar.awards.queries.judging import judging_rules, marks_of, takes_scores
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.judges import LEAST_REASON, needed_reason
from gebyar.awards.services.turns_judging import held_assignment, held_stage, only_the_judge
from gebyar.awards.wording_judging import conflict_words
from gebyar.awards.wording_rules import in_language
from gebyar.records.services import record_audit
from gebyar.reference.awards.rules import Criterion, StageRules

NOT_APPLICABLE = "n/a"  # in the history, where a mark was declared not applicable
STEP_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Given:
    """What a judge says for one criterion; neither a value nor "not applicable" while they have not decided."""

    criterion: str
    value: float | None = None
    not_applicable: bool = False
    reason: str = ""

    @property
    def words(self) -> str:
        """The mark as the history keeps it; the same whatever the reader's language."""
        return NOT_APPLICABLE if self.not_applicable else "" if self.value is None else f"{self.value:g}"


@transaction.atomic
def save_score(
    *,
    actor: User | None,
    assignment: Assignment,
    criterion: str,
    value: float | None = None,
    not_applicable: bool = False,
    reason: str = "",
) -> Score | None:
    """Keep a mark for one criterion as a draft; see `save_scores`."""
    given = Given(criterion, value, not_applicable, reason)
    save_scores(actor=actor, assignment=assignment, given=[given])
    return assignment.scores.filter(criterion=criterion).first()


@transaction.atomic
def save_scores(*, actor: User | None, assignment: Assignment, given: Iterable[Given]) -> list[str]:
    """Keep marks as drafts, each with its history. Sent twice, such as by a device that was offline, it changes nothing.

    Returns
    -------
    list of str
        The criteria whose mark or reason changed.

    Raises
    ------
    JudgingNotOpen, JudgingClosed, NotAccepted, SentAlready, Barred
        When marks are not taken from this judge now.
    UnknownCriterion, OutOfRange, MustBeScored
        For a mark that the rules do not allow; nothing is kept then.
    """
    stage = held_stage(assignment.stage_id)
    found = held_assignment(assignment.pk)
    only_the_judge(actor, found.judge)
    _require_open(stage, found)
    rules = judging_rules(stage)
    marks = [_checked(rules, one) for one in given]
    before = {score.criterion: score for score in found.scores.all()}
    changed = [one.criterion for one in marks if _keep(actor, found, before.get(one.criterion), one)]
    if changed:
        record_audit(
            actor=actor,
            verb="awards.save_scores",
            target=found,
            after={"judge": found.judge.number, "entry": found.entry.code, "criteria": changed},
        )
    return changed


def _require_open(stage: Stage, assignment: Assignment) -> None:
    if stage.status == Stage.Status.WAITING:
        raise JudgingNotOpen
    if not takes_scores(stage):
        raise JudgingClosed
    _require_own(assignment)
    if assignment.sent_at is not None:
        raise SentAlready


def _require_own(assignment: Assignment) -> None:
    if assignment.status != Assignment.Status.ACCEPTED:
        raise NotAccepted
    tie = Conflict.objects.filter(judge=assignment.judge_id, entry=assignment.entry_id, lifted_at__isnull=True).first()
    if tie is not None:
        raise Barred(judge=assignment.judge.number, entry=assignment.entry.code, why=conflict_words(tie))


def _checked(rules: StageRules, given: Given) -> Given:
    criterion = next((one for one in rules.criteria if one.id == given.criterion), None)
    if criterion is None:
        raise UnknownCriterion(criterion=given.criterion)
    if given.not_applicable:
        if not criterion.optional:
            raise MustBeScored(criterion=name_of(criterion))
        return Given(given.criterion, None, not_applicable=True, reason=given.reason.strip())
    if given.value is not None and not _fits(criterion, given.value):
        scale = {"low": f"{criterion.low:g}", "high": f"{criterion.high:g}", "step": f"{criterion.step:g}"}
        raise OutOfRange(criterion=name_of(criterion), **scale)
    return Given(given.criterion, given.value, reason=given.reason.strip())


def _fits(criterion: Criterion, value: float) -> bool:
    if not criterion.low <= value <= criterion.high:  # also false for what is no number
        return False
    steps = (value - criterion.low) / criterion.step
    return abs(steps - round(steps)) < STEP_SLACK * max(1.0, abs(steps))


def name_of(criterion: Criterion) -> str:
    """Return the criterion's name in the reader's language."""
    return in_language(criterion.names)


def _keep(actor: User | None, assignment: Assignment, before: Score | None, given: Given) -> bool:
    old = Given(given.criterion) if before is None else _given(before)
    if old == given:
        return False
    facts: dict[str, Any] = {
        "value": given.value, "not_applicable": given.not_applicable, "reason": given.reason,
        "saved_at": timezone.now(),
    }  # fmt: skip
    Score.objects.update_or_create(assignment=assignment, criterion=given.criterion, defaults=facts)
    if old.words != given.words:
        ScoreChange.objects.create(
            assignment=assignment,
            criterion=given.criterion,
            old=old.words,
            new=given.words,
            after_sending=assignment.reopened_at is not None,
            by=actor,
        )
    return True


def _given(score: Score) -> Given:
    return Given(score.criterion, score.value, score.not_applicable, score.reason)


@transaction.atomic
def send_scores(*, actor: User | None, assignment: Assignment) -> Assignment:
    """Send a judge's marks for an entry: from now on they stand. Sending twice changes nothing.

    Raises
    ------
    ScoresIncomplete
        Naming each criterion without a mark, or without a reason of `LEAST_REASON` characters.
    JudgingNotOpen, JudgingClosed, NotAccepted, Barred
    """
    stage = held_stage(assignment.stage_id)
    found = held_assignment(assignment.pk)
    only_the_judge(actor, found.judge)
    if found.sent_at is not None:
        return found
    _require_open(stage, found)
    lacking = lacking_of(found, judging_rules(stage))
    if lacking:
        raise ScoresIncomplete(lacking="; ".join(lacking.values()))
    found.sent_at = timezone.now()
    found.save(update_fields=["sent_at"])
    record_audit(
        actor=actor,
        verb="awards.send_scores",
        target=found,
        after={"judge": found.judge.number, "entry": found.entry.code},
    )
    return found


def lacking_of(assignment: Assignment, rules: StageRules) -> dict[str, str]:
    """Return what is missing before marks can be sent, in words by criterion."""
    lacking = {}
    for mark in marks_of(assignment, rules):
        name = {"criterion": name_of(mark.criterion), "count": LEAST_REASON}
        if not mark.is_done:
            lacking[mark.criterion.id] = _("%(criterion)s has no mark") % name
        elif mark.score is None or len(mark.score.reason.strip()) < LEAST_REASON:
            lacking[mark.criterion.id] = _("%(criterion)s needs a reason of at least %(count)d characters") % name
    return lacking


def send_all(*, actor: User | None, assignments: Iterable[Assignment]) -> tuple[int, int]:
    """Send whatever is complete, each on its own.

    Returns
    -------
    tuple of int
        How many were sent, and how many are not complete yet.

    Raises
    ------
    JudgingClosed, JudgingNotOpen
    """
    sent = waiting = 0
    for assignment in assignments:
        try:
            send_scores(actor=actor, assignment=assignment)
        except (ScoresIncomplete, NotAccepted):
            waiting += 1
        else:
            sent += 1
    return sent, waiting


@transaction.atomic
def reopen_scores(*, actor: User | None, assignment: Assignment, reason: str) -> Assignment:
    """Let a judge change marks that were sent; the history then says that they had seen the others'.

    Raises
    ------
    ReasonNeeded, NotSent, JudgingClosed, JudgingNotOpen
    """
    may_organise(actor)
    words = needed_reason(reason)
    stage = held_stage(assignment.stage_id)
    found = held_assignment(assignment.pk)
    if found.sent_at is None:
        raise NotSent
    if not takes_scores(stage):
        raise JudgingClosed
    found.sent_at, found.reopened_at, found.reopened_reason = None, timezone.now(), words[:300]
    found.save(update_fields=["sent_at", "reopened_at", "reopened_reason"])
    record_audit(
        actor=actor,
        verb="awards.reopen_scores",
        target=found,
        after={"judge": found.judge.number, "entry": found.entry.code, "reason": words},
    )
    return found
