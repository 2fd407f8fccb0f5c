"""Prizes and stars: given with the decision of the last stage, taken back with a reason, followed up afterwards."""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants
from gebyar.awards.errors_stages import NotYourFollowUp, PrizeLost, ReasonNeeded
from gebyar.awards.gates import Outcome, Standing, deciding_scheme, ranking_for, rows_of, stars_of
from gebyar.awards.models import FollowUp, Prize, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.services.editions import may_organise
from gebyar.awards.services.stage_turns import held
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.reference import regions
from gebyar.reference.awards.rules import StarScheme, Text

CODE_BYTES = 18  # an address that nobody guesses
STAR = "★"
_NATIONAL = {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER}


def give_prizes(*, actor: User | None, outcome: Outcome) -> list[Prize]:
    """Give the category's prizes by rank, or stars by points, to those who passed the last stage.

    Call it within the transaction that decides the stage, while it is held. Other stages give none.
    """
    stage = outcome.before.stage
    if not is_last(stage):
        return []
    passed = [
        standing for standing in outcome.before.standings if outcome.verdicts[standing.code].outcome == "admitted"
    ]
    passed.sort(key=lambda standing: outcome.verdicts[standing.code].rank)
    scheme = deciding_scheme(stage)
    prizes = list(_with_stars(stage, scheme, passed) if scheme else _by_rank(stage, passed))
    Prize.objects.bulk_create(prizes)
    if prizes:
        record_audit(
            actor=actor,
            verb="awards.give_prizes",
            target=stage,
            after={"prizes": len(prizes), "scheme": scheme.id if scheme else None},
        )
    return prizes


def is_last(stage: Stage) -> bool:
    return not Stage.objects.filter(category=stage.category_id, position__gt=stage.position).exists()


def _by_rank(stage: Stage, passed: list[Standing]) -> Iterable[Prize]:
    names = rules_of(stage.category.edition).category(stage.category.key).prizes
    for position, (name, standing) in enumerate(zip(names, passed, strict=False), start=1):
        yield _prize(stage, standing, position, name)


def _with_stars(stage: Stage, scheme: StarScheme, passed: list[Standing]) -> Iterable[Prize]:
    points = points_for(stage)
    position = 0
    for standing in passed:
        stars = stars_of(scheme, points.get(standing.code, 0.0))
        if stars:
            position += 1
            yield _prize(stage, standing, position, star_names(stars), stars=stars)


def points_for(stage: Stage) -> dict[str, float]:
    """Return the points, 0–100, of the ranking that the stage goes by, by the entry's code."""
    ranking = ranking_for(stage)
    return {code: points for code, (points, _rank) in rows_of(ranking).items()} if ranking else {}


def star_names(stars: int) -> Text:
    return {
        "id": f"Bintang {stars} {STAR * stars}",
        "en": f"{stars} stars {STAR * stars}" if stars > 1 else f"1 star {STAR}",
    }


def _prize(stage: Stage, standing: Standing, position: int, name: Text, stars: int | None = None) -> Prize:
    words = name.get("id") or next(iter(name.values()))
    return Prize(
        stage=stage, entry=standing.passage.entry, position=position, stars=stars, name_id=words[:120],
        name_en=(name.get("en") or words)[:120], code=secrets.token_urlsafe(CODE_BYTES),
    )  # fmt: skip


@transaction.atomic
def give_late_star(*, actor: User | None, stage: Stage, code: str) -> Prize | None:
    """Give an entry its star after an objection was upheld, by the same points and scheme; None where it reaches none.

    Prizes by rank are not shared out anew: they were given, and the number of them stands in the rules.
    """
    scheme = deciding_scheme(stage)
    passage = stage.passages.select_related("entry").get(entry__code=code)
    stars = stars_of(scheme, points_for(stage).get(code, 0.0)) if scheme else 0
    if not is_last(stage) or not stars:
        return None
    position = stage.prizes.count() + 1
    prize = _prize(stage, Standing(passage, None), position, star_names(stars), stars=stars)
    prize.save()
    record_audit(actor=actor, verb="awards.give_prizes", target=stage, after={"prizes": 1, "entry": code})
    return prize


# --- lost -------------------------------------------------------------------------------------------------------


@transaction.atomic
def revoke_prize(*, actor: User | None, prize: Prize, reason: str) -> Prize:
    """Take a prize back, such as a star whose holder lost its licence; its certificate says so from now on.

    Raises
    ------
    gebyar.records.errors.NotAllowed, ReasonNeeded, PrizeLost
        Nothing is changed then.
    """
    may_organise(actor)
    if not reason.strip():
        raise ReasonNeeded
    held(prize.stage_id)
    found = lock(Prize.objects.filter(pk=prize.pk)).select_related("stage", "entry").get()
    if found.revoked_at is not None:
        raise PrizeLost
    found.revoked_at, found.revoked_reason = timezone.now(), reason.strip()
    found.save(update_fields=["revoked_at", "revoked_reason"])
    record_audit(actor=actor, verb="awards.revoke_prize", target=found, after={"reason": found.revoked_reason})
    return found


# --- followed up ------------------------------------------------------------------------------------------------


@transaction.atomic
def follow_up(*, actor: User, prize: Prize, text: str) -> FollowUp:
    """Note what the centre, the province or the regency did for a winner; the level is that of the officer.

    Raises
    ------
    NotYourFollowUp, ReasonNeeded
        Nothing is stored then.
    """
    level = level_of(actor, prize)
    if level is None:
        raise NotYourFollowUp
    if not text.strip():
        raise ReasonNeeded
    note = FollowUp.objects.create(prize=prize, level=level, text=text.strip(), by=actor)
    record_audit(actor=actor, verb="awards.follow_up", target=prize, after={"level": str(level)})
    return note


def level_of(actor: User, prize: Prize) -> FollowUp.Level | None:
    """Return for which level an officer follows up a winner: the nearest one; None for everybody else."""
    levels = {_level(grant.role, grant.region_code, prize.entry.region_code) for grant in open_grants(actor)}
    order = (FollowUp.Level.REGENCY, FollowUp.Level.PROVINCE, FollowUp.Level.CENTRE)
    return next((level for level in order if level in levels), None)


def _level(role: str, region_code: str, where: str) -> FollowUp.Level | None:
    if role in _NATIONAL:
        return FollowUp.Level.CENTRE
    if role != Role.LOCAL_OFFICER or not regions.contains(region_code, where):
        return None
    return FollowUp.Level.PROVINCE if regions.level_of(region_code) == regions.PROVINCE else FollowUp.Level.REGENCY


def fosters_of(prize: Prize) -> FollowUp.Level | None:
    """Return the level that follows up by the scheme's rules; None where the rules name none."""
    scheme = deciding_scheme(prize.stage)
    named = scheme.fosters.get(prize.stars) if scheme and prize.stars else None
    return FollowUp.Level(named) if named else None
