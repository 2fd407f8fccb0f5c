"""Rows of judging as a request may reach them, and what frames its pages."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from gebyar.awards.models import Assignment, Conflict, Edition, Judge, PanelPlan, RankingVersion, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.judging import assigned_to, judgeships_of
from gebyar.awards.wording_rules import in_language

PER_PAGE = 30
FORM = ["GET", "HEAD", "POST"]


# --- for organisers ---------------------------------------------------------------------------------------------


def edition_of(pk: int) -> Edition:
    """Return an edition whose rules stand, so that it can have judges."""
    found = Edition.objects.exclude(status=Edition.Status.DRAFT)
    return get_object_or_404(found.select_related("version"), pk=pk)


def stage_of(pk: int) -> Stage:
    """Return a stage in which marks are given."""
    stage = get_object_or_404(Stage.objects.select_related("category__edition__version"), pk=pk)
    if not rules_of(stage.category.edition).stage(stage.key).criteria:
        get_object_or_404(Stage.objects.none())
    return stage


def judge_of(pk: int) -> Judge:
    return get_object_or_404(Judge.objects.select_related("edition__version", "user"), pk=pk)


def conflict_of(pk: int) -> Conflict:
    return get_object_or_404(Conflict.objects.select_related("judge", "entry__firm"), pk=pk)


def plan_of(pk: int) -> PanelPlan:
    return get_object_or_404(PanelPlan.objects.select_related("stage__category__edition__version", "record"), pk=pk)


def assignment_of(pk: int) -> Assignment:
    rows = Assignment.objects.select_related("stage__category__edition__version", "entry__firm", "judge__user")
    return get_object_or_404(rows, pk=pk)


def ranking_of(pk: int) -> RankingVersion:
    rows = RankingVersion.objects.select_related("stage__category__edition__version", "record")
    return get_object_or_404(rows, pk=pk)


# --- for judges -------------------------------------------------------------------------------------------------


def own_judgeship(request: HttpRequest, pk: int) -> Judge:
    return get_object_or_404(judgeships_of(request.user), pk=pk)


def own_assignment(request: HttpRequest, pk: int) -> Assignment:
    """Return an assignment that this reader judges; every other one is 404, whoever asks."""
    return get_object_or_404(assigned_to(request.user), pk=pk)


# --- pages ------------------------------------------------------------------------------------------------------


def stage_names(stage: Stage) -> dict[str, str]:
    """Return what a stage and its category are called."""
    rules = rules_of(stage.category.edition)
    return {
        "edition": stage.category.edition.title,
        "category": in_language(rules.category(stage.category.key).names),
        "stage": in_language(rules.stage(stage.key).names),
    }


def frame(stage: Stage, current: str, *labels: str) -> dict[str, Any]:
    """Return what every organisers' page of a judging stage shows around its content."""
    names = stage_names(stage)
    here = [
        {"label": names["edition"], "url": reverse("awards:judges", args=[stage.category.edition_id])},
        {"label": f"{names['category']}: {names['stage']}", "url": reverse("awards:judging_board", args=[stage.pk])},
    ]
    places = (
        ("awards:judging_board", _("Progress")), ("awards:panels", _("Panels")), ("awards:rankings", _("Ranking")),
    )  # fmt: skip
    return {
        "stage": stage,
        "names": names,
        "crumbs": [*here, *({"label": label, "url": ""} for label in labels)],
        "tabs": [
            {"label": label, "url": reverse(route, args=[stage.pk]), "current": route == current}
            for route, label in places
        ],
    }


def judge_crumbs(*labels: str) -> list[dict[str, str]]:
    here = [{"label": _("My judging"), "url": reverse("awards:my_judging")}]
    return [*here, *({"label": label, "url": ""} for label in labels)]
