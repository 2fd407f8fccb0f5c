"""Officers of the region look at an application on the spot and on paper; two who agree decide, else a third."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.facilities.errors import (
    AlreadyJudged,
    NotToJudge,
    NotYourRegion,
    OwnFirm,
    ReasonNeeded,
    UnfitVisit,
)
from gebyar.facilities.models import Application, Judgement, SiteVisit
from gebyar.facilities.queries.applications import conclusion
from gebyar.facilities.services.letters import write_judgement
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.registry.rules import open_firms

MOST_LETTERS = 4000


@transaction.atomic
def record_visit(
    *, actor: User, application: Application, visited_on: date, is_as_said: bool, findings: str
) -> SiteVisit:
    """Note what an officer found at the firm; said again before the decision, it replaces what was noted.

    Raises
    ------
    NotYourRegion, OwnFirm, NotToJudge, UnfitVisit
        Nothing is stored then.
    """
    locked = _to_judge(actor, application)
    if visited_on > timezone.localdate() or not findings.strip():
        raise UnfitVisit
    visit, _made = SiteVisit.objects.update_or_create(
        application=locked,
        defaults={
            "officer": actor, "visited_on": visited_on, "is_as_said": is_as_said,
            "findings": findings.strip()[:MOST_LETTERS], "at": timezone.now(),
        },
    )  # fmt: skip
    after = {"visited_on": visited_on.isoformat(), "is_as_said": is_as_said}
    record_audit(actor=actor, verb="facilities.record_visit", target=locked, after=after)
    return visit


@transaction.atomic
def judge_application(
    *, actor: User, application: Application, is_fit: bool, findings: dict[str, str] | None = None, note: str = ""
) -> Judgement:
    """Say whether an application is fit; the second one who says the same decides, or else the third.

    Parameters
    ----------
    findings
        What is found about single conditions, by their ids.

    Raises
    ------
    NotYourRegion, OwnFirm, NotToJudge, AlreadyJudged, ReasonNeeded
        Nothing is stored then.
    """
    locked = _to_judge(actor, application)
    judgements = list(locked.judgements.all())
    if any(one.officer_id == actor.pk for one in judgements):
        raise AlreadyJudged
    if not is_fit and not note.strip():
        raise ReasonNeeded
    made = _place(locked, actor, judgements, is_fit=is_fit, findings=findings or {}, note=note)
    # Not how: the next officer reads the audit trail, too.
    record_audit(actor=actor, verb="facilities.judge_application", target=locked, after={"place": made.place})
    _conclude(locked, [*judgements, made])
    return made


def _place(
    application: Application,
    actor: User,
    before: list[Judgement],
    *,
    is_fit: bool,
    findings: dict[str, str],
    note: str,
) -> Judgement:
    kept = {name: text.strip()[:500] for name, text in findings.items() if text.strip()}
    return Judgement.objects.create(
        application=application, officer=actor, place=len(before) + 1, is_fit=is_fit, findings=kept,
        note=note.strip()[:MOST_LETTERS],
    )  # fmt: skip


def _conclude(application: Application, judgements: list[Judgement]) -> None:
    is_fit = conclusion(judgements)
    if is_fit is None:
        return
    application.status = Application.Status.APPROVED if is_fit else Application.Status.REJECTED
    application.decided_at = timezone.now()
    application.save(update_fields=["status", "decided_at"])
    after = {"status": str(application.status), "judgements": len(judgements)}
    record_audit(actor=None, verb="facilities.conclude_judgement", target=application, after=after)
    transaction.on_commit(lambda: write_judgement(application), robust=True)


def _to_judge(actor: User, application: Application) -> Application:
    """Lock the application, so that officers come one after the other."""
    locked = lock(Application.objects.select_related("firm", "call").filter(pk=application.pk)).get()
    if not actor.has_perm("facilities.judge", locked.firm):
        raise NotYourRegion
    if locked.firm_id in open_firms(actor):
        raise OwnFirm
    if locked.status != Application.Status.SUBMITTED:
        raise NotToJudge
    return locked
