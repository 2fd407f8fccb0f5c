"""Gaps of a firm as steps that it could take, and the plan it made of them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from gebyar.methods.readiness import Gap, gaps
from gebyar.readiness.models import Assessment, PlanStep
from gebyar.readiness.queries.instruments import instrument_of
from gebyar.readiness.wording import said
from gebyar.registry.models import Firm

MOST_GAPS = 8
OPEN = (PlanStep.Status.PLANNED, PlanStep.Status.UNDER_WAY)


@dataclass(frozen=True)
class GapLine:
    gap: Gap
    text: str
    field: str
    targets: list[tuple[str, str]]


@dataclass(frozen=True)
class StepLine:
    """A step with its words; `reached` says that a later assessment has the answer that was aimed at, or a higher one."""

    step: PlanStep
    text: str
    target: str
    reached: bool


def last_finished(firm: Firm) -> Assessment | None:
    found = Assessment.objects.filter(firm=firm, status=Assessment.Status.FINISHED)
    return found.select_related("instrument", "firm").order_by("-finished_at", "-pk").first()


def gap_lines(assessment: Assessment, *, most: int = MOST_GAPS) -> list[GapLine]:
    """Return the steps that lift the index most for the least effort, without those that stand in the plan already."""
    instrument = instrument_of(assessment.instrument)
    planned = set(PlanStep.objects.filter(firm=assessment.firm_id, status__in=OPEN).values_list("question", flat=True))
    names = {one.id: said(one.names) for one in instrument.fields}
    lines = []
    for gap in gaps(instrument, assessment.answers):
        if gap.question in planned:
            continue
        question = instrument.question(gap.question)
        targets = [(name, said(question.option(name).text)) for name in gap.options]
        lines.append(GapLine(gap, said(question.text), names[gap.field], targets))
    return lines[:most]


def steps_of(firm: Firm) -> QuerySet[PlanStep]:
    return PlanStep.objects.filter(firm=firm).select_related("assessment__instrument", "firm")


def step_lines(firm: Firm, latest: Assessment | None) -> list[StepLine]:
    """Return the firm's plan; one query."""
    lines = []
    for step in steps_of(firm).order_by("status", "due_on", "-lift", "pk"):
        instrument = instrument_of(step.assessment.instrument)
        question = next(one for one in instrument.all_questions if one.id == step.question)
        reached = latest is not None and latest.pk != step.assessment_id and _reached(step, latest)
        lines.append(StepLine(step, said(question.text), said(question.option(step.target).text), reached))
    return lines


def _reached(step: PlanStep, latest: Assessment) -> bool:
    instrument = instrument_of(latest.instrument)
    question = next((one for one in instrument.all_questions if one.id == step.question), None)
    chosen = latest.answers.get(step.question, "").split(";")
    if question is None or not any(option.id == step.target for option in question.options):
        return False
    if question.kind == "count":
        return step.target in chosen
    known = {option.id: option.value for option in question.options}
    return chosen[0] in known and known[chosen[0]] >= known[step.target]
