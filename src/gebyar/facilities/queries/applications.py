"""Applications as those who may see them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.accounts.queries import region_filter
from gebyar.facilities.facts import Known, known_facts
from gebyar.facilities.models import Application, Call, Judgement
from gebyar.facilities.queries.offers import Line, line_of
from gebyar.facilities.queries.rulebook import facility_of, version_of
from gebyar.facilities.wording import TONES, choice_words, reason_words, said
from gebyar.facilities.working_days import working_days_after
from gebyar.methods.eligibility import Answer, explain
from gebyar.reference.facilities import Version
from gebyar.registry.rules import open_firms

Status = Application.Status


def visible_applications(user: Any) -> QuerySet[Application]:
    """Return those of one's own firms, and what was handed in within an officer's region."""
    seen = Q(firm__in=open_firms(user)) | (~Q(status=Status.DRAFT) & region_filter(user, "firm__region_code"))
    # What was withdrawn before it was handed in is the firm's own affair.
    never = Q(status=Status.WITHDRAWN, number__isnull=True) & ~Q(firm__in=open_firms(user))
    return Application.objects.filter(seen).exclude(never).select_related("firm__delivery__source", "call__rules")


def own_applications(user: Any) -> QuerySet[Application]:
    found = Application.objects.filter(firm__in=open_firms(user)).select_related("firm", "call__rules")
    return found.order_by("-made_at", "-pk")


def to_judge(user: User, *, state: str = "") -> QuerySet[Application]:
    """Return the work list of an officer: the oldest first, those of own firms left out."""
    found = Application.objects.filter(region_filter(user, "firm__region_code"), number__isnull=False)
    found = found.exclude(firm__in=open_firms(user)).select_related("firm", "call__rules", "visit")
    if state:
        return found.filter(status=state).order_by("submitted_at", "pk").annotate(said_by=Count("judgements"))
    waiting = found.filter(status=Status.SUBMITTED).exclude(judgements__officer=user)
    return waiting.annotate(said_by=Count("judgements")).order_by("submitted_at", "pk")


def missing_in(application: Application) -> list[str]:
    """Name what keeps a draft from being handed in."""
    version = version_of(application.call)
    handed = set(application.documents.values_list("key", flat=True))
    unsaid = [
        said(condition.words)
        for condition in version.conditions
        if condition.kind == "asked" and not application.said.get(condition.id)
    ]
    papers = [said(ask.names) for ask in version.documents if ask.id not in handed]
    price = version.benefit.shares and not application.amount
    return [*unsaid, *([_("price and choice that give an amount")] if price else []), *papers]


@dataclass(frozen=True)
class Page:
    """One application with everything its page shows."""

    application: Application
    version: Version
    facility: str
    lines: list[Line]
    facts: list[Known]
    documents: list[tuple[str, str, Any]]  # key, name, what was handed in
    judgements: list[Judgement]
    missing: list[str]
    paid: int

    @property
    def tone(self) -> str:
        return TONES[self.application.status]

    @property
    def reason(self) -> str:
        return reason_words(self.application.code, self.application.parameters)

    @property
    def choice(self) -> str:
        return choice_words(self.application.choice) if self.application.choice else ""

    @property
    def deadline(self) -> date | None:
        return deadline_of(self.application, self.version)

    @property
    def left(self) -> int:
        return (self.application.granted or 0) - self.paid


def deadline_of(application: Application, version: Version | None = None) -> date | None:
    """Return the day by which the rules want a decision."""
    days = (version or version_of(application.call)).decision_days
    if not days or application.submitted_at is None:
        return None
    return working_days_after(timezone.localdate(application.submitted_at), days)


def page_of(user: Any, application: Application) -> Page:
    """Return one application for its page; a draft shows what the register knows now, another what it knew then."""
    version = version_of(application.call)
    handed = {document.key: document for document in application.documents.all()}
    is_draft = not application.facts
    facts = known_facts(application.firm) if is_draft else {}
    lines = (
        [_draft_line(application, answer) for answer in explain(version, _values(facts))]
        if is_draft
        else kept_lines(application, version)
    )
    shown = [fact for fact in facts.values() if _is_used(version, fact.name)] if is_draft else kept_facts(application)
    return Page(
        application=application,
        version=version,
        facility=said(facility_of(application.call.rules).names),
        lines=lines,
        facts=shown,
        documents=[(ask.id, said(ask.names), handed.get(ask.id)) for ask in version.documents],
        judgements=seen_judgements(user, application),
        missing=missing_in(application) if application.status == Status.DRAFT else [],
        paid=paid_of(application),
    )


def _values(facts: dict[str, Known]) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts.items()}


def _draft_line(application: Application, answer: Answer) -> Line:
    if answer.verdict == "asked":
        return _said_line(application, answer.condition)
    return line_of(application.firm, answer)


def _said_line(application: Application, condition: Any) -> Line:
    answered = application.said.get(condition.id)
    return Line(condition, "asked" if answered is None else "met" if answered else "not_met")


def kept_lines(application: Application, version: Version) -> list[Line]:
    """Return the conditions as they were answered when the application was handed in."""
    verdicts = application.facts.get("verdicts", {})
    return [
        _said_line(application, condition)
        if condition.kind == "asked"
        else Line(condition, verdicts.get(condition.id, "unknown"))
        for condition in version.conditions
    ]


def kept_facts(application: Application) -> list[Known]:
    version = version_of(application.call)
    sources = application.facts.get("sources", {})
    return [
        Known(name, value, sources.get(name, ["", ""])[0], parse_date(sources.get(name, ["", ""])[1] or ""))
        for name, value in application.facts.get("values", {}).items()
        if _is_used(version, name)
    ]


def _is_used(version: Version, name: str) -> bool:
    """Say whether a condition rests on a fact."""
    from gebyar.reference.size_rules import size_rule  # noqa: PLC0415

    for condition in version.conditions:
        by_kind = {
            "size": size_rule(condition.rule).facts if condition.kind == "size" else (),
            "sector": ("kbli_code",),
            "holds": ("certificates",),
            "lacks": ("certificates",),
        }
        if name == condition.fact or name in by_kind.get(condition.kind, ()):
            return True
    return False


def seen_judgements(user: Any, application: Application) -> list[Judgement]:
    """Return the judgements this reader may see: an officer those of others only after the own one or the decision.

    The firm sees them once they decide.
    """
    if application.number is None:
        return []
    found = list(application.judgements.select_related("officer").order_by("place"))
    if application.status != Status.SUBMITTED or any(one.officer_id == user.pk for one in found):
        return found if application.status != Status.SUBMITTED or _is_officer(user, application) else []
    return []


def _is_officer(user: Any, application: Application) -> bool:
    return bool(user.has_perm("facilities.judge", application.firm)) and application.firm_id not in open_firms(user)


def conclusion(judgements: Sequence[Judgement]) -> bool | None:
    """Return what two officers agree on, or the third one's word where they do not; None until then."""
    verdicts = [one.is_fit for one in sorted(judgements, key=lambda one: one.place)]
    if len(verdicts) >= 2 and verdicts[0] == verdicts[1]:
        return verdicts[0]
    return verdicts[2] if len(verdicts) > 2 else None


def paid_of(application: Application) -> int:
    return application.disbursements.aggregate(sum=Sum("amount"))["sum"] or 0


def calls_of_officers() -> QuerySet[Call]:
    """Return every call with how many applied, the newest first."""
    handed = Count("applications", filter=Q(applications__number__isnull=False))
    undecided = Count("applications", filter=Q(applications__status=Status.SUBMITTED))
    return (
        Call.objects.select_related("rules")
        .annotate(handed_in=handed, undecided=undecided)
        .order_by("-opens_at", "-pk")
    )
