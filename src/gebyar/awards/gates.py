"""A stage's gate as a call of `gebyar.methods.places`: who stands before it with how many points, and who gets through.

Nothing is written here: a preview and the decision itself ask the same functions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gebyar.awards.models import Check, Entry, Passage, RankingVersion, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.methods.places.allotment import Allotment, Verdict
from gebyar.methods.places.call import Applicant, Call, Deviation, Kind, Reserve
from gebyar.reference.awards.rules import Gate, StageRules, StarScheme

PASS = "pass"  # noqa: S105  the kind of place that a gate gives
YES, NO = 1.0, 0.0
LAST = 10**9  # in line, for whoever has no rank


@dataclass(frozen=True)
class Standing:
    """An entry before a gate. ``points`` is None where nobody has said yet how it stands."""

    passage: Passage
    points: float | None
    rank: int | None = None

    @property
    def code(self) -> str:
        return self.passage.entry.code


@dataclass(frozen=True)
class Before:
    """All that stands before a gate: its rules, the entries, and what still hinders a decision, in words."""

    stage: Stage
    rules: StageRules
    standings: tuple[Standing, ...]
    obstacles: tuple[str, ...]

    @property
    def gate(self) -> Gate:
        return self.rules.gate

    @property
    def places(self) -> int:
        """How many may pass; all of them where the rules set no number."""
        named = self.gate.places_of(self.stage.category.key)
        return len(self.standings) if named is None else named

    @cached_property
    def by_code(self) -> dict[str, Standing]:
        return {standing.code: standing for standing in self.standings}


@dataclass(frozen=True)
class Outcome:
    """A gate as it falls: the call, who applied, and the allotment, all of which go on record."""

    before: Before
    call: Call
    applicants: tuple[Applicant, ...]
    allotment: Allotment
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)


def stage_rules(stage: Stage) -> StageRules:
    return rules_of(stage.category.edition).stage(stage.key)


# --- who stands there -------------------------------------------------------------------------------------------


def before_gate(stage: Stage) -> Before:
    """Return who stands before the gate of a stage; withdrawn entries do not."""
    rules = stage_rules(stage)
    rows = stage.passages.filter(outcome=Passage.Outcome.IN).exclude(entry__status=Entry.Status.WITHDRAWN)
    passages = list(rows.select_related("entry__firm").prefetch_related("checks").order_by("entry__number", "pk"))
    if rules.gate.method == "checked":
        standings = [Standing(passage, _checked(passage.checks.all())) for passage in passages]
    elif rules.gate.method == "by_hand":
        order = {one.code: one.rank for one in _ranked(stage, passages)}
        standings = [Standing(passage, _chosen(passage), order[passage.entry.code]) for passage in passages]
    else:
        standings = _ranked(stage, passages)
    return Before(stage, rules, tuple(standings), tuple(_obstacles(stage, rules, standings)))


def conclusion(checks: Sequence[Check]) -> str | None:
    """Return the verdict on which two officers agree, or the third one's where they do not; None until then."""
    verdicts = [check.verdict for check in sorted(checks, key=lambda check: check.place)]
    if len(verdicts) >= 2 and verdicts[0] == verdicts[1]:
        return verdicts[0]
    return verdicts[2] if len(verdicts) > 2 else None


def _checked(checks: Any) -> float | None:
    verdict = conclusion(list(checks))
    return None if verdict is None else YES if verdict == Check.Verdict.IN_ORDER else NO


def _chosen(passage: Passage) -> float | None:
    return None if passage.chosen is None else YES if passage.chosen else NO


def _ranked(stage: Stage, passages: list[Passage]) -> list[Standing]:
    ranking = ranking_for(stage)
    rows = rows_of(ranking) if ranking else {}
    return [Standing(passage, *rows.get(passage.entry.code, (None, None))) for passage in passages]


def scored_stage(stage: Stage) -> Stage:
    """Return the stage whose ranking a gate goes by: its own, or the nearest one before it in which marks are given."""
    rules = rules_of(stage.category.edition)
    if rules.stage(stage.key).criteria:
        return stage
    earlier = Stage.objects.filter(category=stage.category_id, position__lt=stage.position).order_by("-position")
    return next((one for one in earlier if rules.stage(one.key).criteria), stage)


def ranking_for(stage: Stage) -> RankingVersion | None:
    """Return the final ranking that the gate of a stage goes by."""
    return RankingVersion.objects.filter(stage=scored_stage(stage), is_final=True).first()


def rows_of(ranking: RankingVersion) -> dict[str, tuple[float, int]]:
    """Return points and rank by the entry's code."""
    return {row["entry"]: (float(row["adjusted"]), int(row["rank"])) for row in ranking.result["rows"]}


def _obstacles(stage: Stage, rules: StageRules, standings: Sequence[Standing]) -> list[str]:
    open_ones = sum(standing.points is None for standing in standings)
    if not open_ones:
        return [*_too_many_chosen(stage, rules, standings), *_without_order(stage, rules, standings)]
    facts = {"count": open_ones}
    if rules.gate.method == "checked":
        words = ngettext(
            "%(count)d entry is not checked to the end.", "%(count)d entries are not checked to the end.", open_ones
        )
    elif rules.gate.method == "by_hand":
        words = ngettext("%(count)d entry waits for your choice.", "%(count)d entries wait for your choice.", open_ones)
    elif ranking_for(stage) is None:
        return [_("There is no final ranking yet.")]
    else:
        words = ngettext(
            "%(count)d entry does not stand in the final ranking.",
            "%(count)d entries do not stand in the final ranking.",
            open_ones,
        )
    return [words % facts]


def _too_many_chosen(stage: Stage, rules: StageRules, standings: Sequence[Standing]) -> list[str]:
    places = rules.gate.places_of(stage.category.key)
    chosen = sum(standing.points == YES for standing in standings)
    if rules.gate.method != "by_hand" or places is None or chosen <= places:
        return []
    return [_("%(count)d entries are chosen for %(places)d places.") % {"count": chosen, "places": places}]


def _without_order(stage: Stage, rules: StageRules, standings: Sequence[Standing]) -> list[str]:
    """Several prizes of different names go by rank, so those who are chosen for them need one."""
    if rules.kind != "decision" or rules.gate.method != "by_hand" or deciding_scheme(stage) is not None:
        return []
    prizes = rules_of(stage.category.edition).category(stage.category.key).prizes
    without = any(standing.points == YES and standing.rank is None for standing in standings)
    return [_("Several prizes need an order, and there is no final ranking.")] if len(prizes) > 1 and without else []


# --- who gets through -------------------------------------------------------------------------------------------


def fall(before: Before, deviations: Sequence[Deviation] = ()) -> Outcome:
    """Let the gate fall for all whose points are known.

    Raises
    ------
    gebyar.methods.places.PlacesError
        When rules or deviations do not fit.
    """
    from gebyar.methods.places import allot  # noqa: PLC0415  the solver takes its time to load

    call = call_of(before, deviations)
    applicants = tuple(applicant_of(standing) for standing in before.standings if standing.points is not None)
    allotment = allot(call, applicants, seed=before.stage.category.edition.seed)
    return Outcome(before, call, applicants, allotment, {row.applicant: row for row in allotment.rows})


def call_of(before: Before, deviations: Sequence[Deviation] = ()) -> Call:
    """Return what is allotted: as many passes as the rules say, the order being that of the ranking."""
    gate = before.gate
    return Call(
        kinds=(Kind(PASS, before.places),),
        reserves=tuple(Reserve(one.group, one.least, one.most) for one in gate.reserves),
        threshold=YES if gate.method in {"checked", "by_hand"} else gate.threshold,
        # The ranking has parted equals by its own published rules; `arrived` carries its order.
        ties=("arrived", "lot"),
        deviations=tuple(deviations),
    )


def applicant_of(standing: Standing) -> Applicant:
    return Applicant(
        id=standing.code,
        points=standing.points or NO,
        groups=groups_of(standing.passage.entry),
        arrived=standing.rank or LAST,
    )


def groups_of(entry: Entry) -> frozenset[str]:
    """Return what reserves go by, as the register had it when the entry was handed in."""
    stored = entry.facts.get("groups", [])
    return frozenset([*stored, f"province:{entry.region_code[:2]}"])


def reason_of(before: Before, standing: Standing, verdict: Verdict) -> tuple[str, dict[str, Any]]:
    """Return the code of `gebyar.awards.wording` for a verdict, with its parameters."""
    parameters = {**verdict.parameters, "places": before.places}
    yes = standing.points == 1
    if before.gate.method == "checked" and (verdict.outcome == "admitted" or not yes):
        return ("in_order", {}) if yes else ("not_in_order", {"findings": findings_of(standing.passage)})
    if before.gate.method == "by_hand":
        return ("chosen", {}) if yes else ("not_chosen", {})
    if before.gate.method == "threshold" and verdict.code == "admitted_rank":
        return "above_threshold", {"points": standing.points, "threshold": before.gate.threshold}
    return verdict.code, parameters


def findings_of(passage: Passage) -> dict[str, str]:
    """Join what the officers found, by document or condition; a note on the whole has the empty key."""
    found: dict[str, list[str]] = {}
    for check in passage.checks.all():
        if check.verdict == "not_in_order":
            for key, note in {**check.findings, **({"": check.note} if check.note else {})}.items():
                found.setdefault(key, []).append(note)
    return {key: "; ".join(dict.fromkeys(notes)) for key, notes in sorted(found.items())}


# --- stars ------------------------------------------------------------------------------------------------------


def stars_of(scheme: StarScheme, points: float) -> int:
    """Return the greatest number of stars whose threshold is reached; 0 below all of them."""
    return max((stars for stars, least in scheme.least_points if points >= least), default=0)


def deciding_scheme(stage: Stage) -> StarScheme | None:
    """Return the scheme by which an edition gives stars; None where it gives prizes."""
    rules = rules_of(stage.category.edition)
    return next((scheme for scheme in rules.star_schemes if scheme.id == rules.star_scheme), None)
