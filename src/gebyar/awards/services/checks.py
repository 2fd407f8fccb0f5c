"""The check of an entry by two persons, a third one where they do not agree, and a curator's choice by hand."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants
from gebyar.awards.errors_stages import (
    CheckConcluded,
    CheckedAlready,
    CheckKeptForProvince,
    ChoiceNeedsReason,
    FindingNeedsWords,
    FindingUnknown,
    NotChosenByHand,
    NotYourCheck,
    StageNotActive,
    TiedToEntry,
)
from gebyar.awards.gates import conclusion
from gebyar.awards.models import Check, Entry, Passage, Stage
from gebyar.awards.queries.checking import is_tied, locals_check
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.stage_turns import held_passage
from gebyar.records.services import record_audit
from gebyar.reference import regions
from gebyar.reference.awards.rules import EditionRules, StageRules

_NATIONAL = {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER}
CENTRE = ""
LONGEST_NOTE = 1000


@transaction.atomic
def check_entry(
    *,
    actor: User,
    passage: Passage,
    verdict: str,
    findings: Mapping[str, str] | None = None,
    note: str = "",
) -> Check:
    """Say whether an entry is in order, without knowing what the officer before said.

    Parameters
    ----------
    verdict
        One of `Check.Verdict`.
    findings
        By document or condition of the rules, what is not in order about it.

    Raises
    ------
    StageNotActive, NotYourCheck, TiedToEntry, CheckedAlready, CheckConcluded, CheckKeptForProvince,
    FindingNeedsWords, FindingUnknown
        Nothing is stored then.
    """
    found = held_passage(passage.pk)
    rules = rules_of(found.stage.category.edition)
    _refuse_outside_of_work(found, rules.stage(found.stage.key), method="checked")
    region = refuse_officer(actor, found, rules)
    told = _told(findings or {}, rules)
    if verdict == Check.Verdict.NOT_IN_ORDER and not told and not note.strip():
        raise FindingNeedsWords
    place = _place_of(actor, found, rules.stage(found.stage.key), region)
    made = Check.objects.create(
        passage=found, place=place, officer=actor, region_code=region, verdict=Check.Verdict(verdict), note=note.strip(),
        findings=told if verdict == Check.Verdict.NOT_IN_ORDER else {},
    )  # fmt: skip
    record_audit(
        actor=actor, verb="awards.check_entry", target=found, after={"place": place, "verdict": str(made.verdict)}
    )
    return made


def _refuse_outside_of_work(passage: Passage, rules: StageRules, *, method: str) -> None:
    stage, now = passage.stage, timezone.now()
    open_now = stage.status == Stage.Status.ACTIVE and (stage.closes_at is None or now < stage.closes_at)
    there = passage.outcome == Passage.Outcome.IN and passage.entry.status == Entry.Status.SUBMITTED
    if not open_now or not there or rules.gate.method != method:
        raise StageNotActive


def refuse_officer(actor: User, passage: Passage, rules: EditionRules) -> str:
    """Return the region for which an officer checks an entry ("" for the centre), or say why they cannot.

    Raises
    ------
    NotYourCheck, TiedToEntry
    """
    region = checks_for(actor, passage.entry, rules, rules.stage(passage.stage.key))
    if region is None:
        raise NotYourCheck
    if is_tied(actor, passage.entry):
        raise TiedToEntry
    return region


def checks_for(actor: User, entry: Entry, rules: EditionRules, stage: StageRules) -> str | None:
    """Return the region for which an officer may check an entry, "" for the centre, None where they may not."""
    grants = open_grants(actor)
    if any(grant.role in _NATIONAL for grant in grants):
        return CENTRE
    if not locals_check(rules, stage):
        return None
    own = (grant.region_code for grant in grants if grant.role == Role.LOCAL_OFFICER)
    return next((code for code in own if regions.contains(code, entry.region_code) and _may_sit(code, entry)), None)


def _may_sit(region_code: str, entry: Entry) -> bool:
    """Of a proposal the province sits in; the regency that proposed does not judge itself."""
    return entry.kind != Entry.Kind.REGENCY or regions.level_of(region_code) == regions.PROVINCE


def _told(findings: Mapping[str, str], rules: EditionRules) -> dict[str, str]:
    told = {key: note.strip()[:LONGEST_NOTE] for key, note in findings.items() if note.strip()}
    known = {ask.id for ask in rules.documents} | {condition.id for condition in rules.conditions}
    for key in told:
        if key not in known:
            raise FindingUnknown(what=key)
    return told


def _place_of(actor: User, passage: Passage, rules: StageRules, region: str) -> int:
    """Return which look this is: the first, the second, or the third where two did not agree."""
    checks = list(passage.checks.all())
    if any(check.officer_id == actor.pk for check in checks):
        raise CheckedAlready
    if conclusion(checks) is not None:
        raise CheckConcluded
    if region == CENTRE and kept_for_province(checks, passage.entry, rules):
        raise CheckKeptForProvince
    return len(checks) + 1


def kept_for_province(checks: list[Check], entry: Entry, rules: StageRules) -> bool:
    """Say whether the second look is the province's: at a proposal, where the rules want the region to be there."""
    if entry.kind != Entry.Kind.REGENCY or "region" not in rules.mixes or len(checks) != 1:
        return False
    return not any(check.region_code for check in checks)


# --- by hand ----------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_entry(*, actor: User | None, passage: Passage, passes: bool, reason: str) -> Passage:
    """Put an entry on the curators' short list, or leave it out; what was said before is replaced until the decision.

    Raises
    ------
    gebyar.records.errors.NotAllowed, StageNotActive, NotChosenByHand, TiedToEntry, ChoiceNeedsReason
        Nothing is stored then.
    """
    may_organise(actor)
    found = held_passage(passage.pk)
    if rules_of(found.stage.category.edition).stage(found.stage.key).gate.method != "by_hand":
        raise NotChosenByHand
    in_work = found.stage.status in {Stage.Status.ACTIVE, Stage.Status.CLOSED}
    if not in_work or found.outcome != Passage.Outcome.IN or found.entry.status != Entry.Status.SUBMITTED:
        raise StageNotActive
    if actor is not None and is_tied(actor, found.entry):
        raise TiedToEntry
    if not reason.strip():
        raise ChoiceNeedsReason
    before = found.chosen
    found.chosen, found.reason, found.chosen_by = passes, reason.strip()[:LONGEST_NOTE], actor
    found.save(update_fields=["chosen", "reason", "chosen_by"])
    record_audit(
        actor=actor, verb="awards.choose_entry", target=found, before={"chosen": before}, after={"chosen": passes}
    )
    return found
