"""Calls: what is given, by which rules, until when and by which method, all of it said before anybody applies."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.facilities.errors import AlreadyAllotted, NoRulesThen, NotADraft, NotNational, UnfitCall
from gebyar.facilities.models import Call, FacilityRules
from gebyar.facilities.queries.rulebook import facility_of, version_of
from gebyar.facilities.services.rulebook import take_in_built_in
from gebyar.facilities.wording import POINTS
from gebyar.records.locking import lock
from gebyar.records.services import record_audit

MOST_RUPIAH = 10**14
MOST_WEIGHT = 1000
GROUPS = ("first_time", "remote", "small", "province")
_SEEDS = 2**31


@dataclass(frozen=True)
class CallFacts:
    """What is said of a call. ``points`` gives a weight to each of `wording.POINTS`; ``reserves`` hold group, least, most."""

    name: str
    opens_at: datetime
    closes_at: datetime
    budget: int | None = None
    places: int | None = None
    method: str = Call.Method.RANKED
    points: dict[str, float] = field(default_factory=dict)
    reserves: list[dict[str, Any]] = field(default_factory=list)
    seed: int | None = None


@transaction.atomic
def create_call(*, actor: User, key: str, facts: CallFacts, is_synthetic: bool = False) -> Call:
    """Prepare a call of a facility by the rules now in force.

    Raises
    ------
    NotNational, NoRulesThen, UnfitCall
        Nothing is stored then.
    """
    _require_national(actor)
    take_in_built_in()
    rules = FacilityRules.objects.filter(key=key, status=FacilityRules.Status.PUBLISHED).first()
    if rules is None:
        raise NoRulesThen
    call = Call(rules=rules, made_by=actor, is_synthetic=is_synthetic, seed=secrets.randbelow(_SEEDS))
    _write(call, facts)
    call.save()
    record_audit(actor=actor, verb="facilities.create_call", target=call, after=_public(call))
    return call


@transaction.atomic
def change_call(*, actor: User, call: Call, facts: CallFacts) -> Call:
    """Say a call anew while nobody has seen it.

    Raises
    ------
    NotNational, NotADraft, NoRulesThen, UnfitCall
        Nothing is changed then.
    """
    _require_national(actor)
    locked = held(call)
    if locked.status != Call.Status.DRAFT:
        raise NotADraft
    before = _public(locked)
    _write(locked, facts)
    locked.save()
    record_audit(actor=actor, verb="facilities.change_call", target=locked, before=before, after=_public(locked))
    return locked


@transaction.atomic
def publish_call(*, actor: User, call: Call) -> Call:
    """Show a call to everybody, its seed and method with it; from now on it goes by what it says.

    Raises
    ------
    NotNational, NotADraft, UnfitCall
        Nothing is changed then.
    """
    _require_national(actor)
    locked = held(call)
    if locked.status != Call.Status.DRAFT:
        raise NotADraft
    if locked.closes_at <= timezone.now():
        raise UnfitCall(field=_("Closes"), problem=_("This moment is over already."))
    if locked.budget is None and locked.places is None:
        raise UnfitCall(field=_("Budget"), problem=_("Say how much money or how many places there are."))
    locked.status = Call.Status.OPEN
    locked.save(update_fields=["status"])
    record_audit(actor=actor, verb="facilities.publish_call", target=locked, after=_public(locked))
    return locked


@transaction.atomic
def extend_call(*, actor: User, call: Call, closes_at: datetime) -> Call:
    """Let a published call close later.

    Raises
    ------
    NotNational, AlreadyAllotted, UnfitCall
        Nothing is changed then.
    """
    _require_national(actor)
    locked = held(call)
    if locked.status != Call.Status.OPEN:
        raise AlreadyAllotted
    if closes_at <= locked.closes_at:
        raise UnfitCall(field=_("Closes"), problem=_("A published call can only close later."))
    before = {"closes_at": locked.closes_at.isoformat()}
    locked.closes_at = closes_at
    locked.save(update_fields=["closes_at"])
    after = {"closes_at": closes_at.isoformat()}
    record_audit(actor=actor, verb="facilities.extend_call", target=locked, before=before, after=after)
    return locked


def held(call: Call) -> Call:
    """Lock a call, so that whatever is done to it and its numbers comes one after the other."""
    return lock(Call.objects.select_related("rules").filter(pk=call.pk)).get()


def _require_national(actor: User) -> None:
    if not actor.has_perm("facilities.allot"):
        raise NotNational


def _write(call: Call, facts: CallFacts) -> None:
    version = facility_of(call.rules).on(timezone.localdate(facts.opens_at))
    if version is None:
        raise NoRulesThen
    call.version = version.version
    call.name, call.opens_at, call.closes_at = facts.name.strip(), facts.opens_at, facts.closes_at
    call.budget, call.places, call.method = facts.budget, facts.places, facts.method
    call.points, call.reserves = facts.points, facts.reserves
    if facts.seed is not None:
        call.seed = facts.seed
    _check(call)


def _check(call: Call) -> None:
    gives_money = bool(version_of(call).benefit.shares)
    faults = (
        (not call.name, _("Name"), _("Give it a name.")),
        (call.closes_at <= call.opens_at, _("Closes"), _("It must close after it opens.")),
        (call.method not in Call.Method.values, _("Method"), _("There is no such method.")),
        (
            call.budget is not None and not gives_money,
            _("Budget"),
            _("This facility gives no share of a price; say the number of places instead."),
        ),
        (call.budget is not None and not 0 < call.budget <= MOST_RUPIAH, _("Budget"), _("A sum above nothing.")),
        (call.places is not None and call.places < 1, _("Places"), _("At least one.")),
        (not _fit_points(call.points), _("Points"), _("Weights from 0 to 1000 for what the register knows.")),
        (not all(map(_fit_reserve, call.reserves)), _("Reserves"), _("Whole numbers for groups the register knows.")),
    )
    for is_wrong, name, problem in faults:
        if is_wrong:
            raise UnfitCall(field=name, problem=problem)


def _fit_points(points: dict[str, float]) -> bool:
    return set(points) <= set(POINTS) and all(
        isinstance(weight, int | float) and 0 <= weight <= MOST_WEIGHT for weight in points.values()
    )


def _fit_reserve(reserve: dict[str, Any]) -> bool:
    numbers = [reserve.get("least"), reserve.get("most")]
    known = [number for number in numbers if number is not None]
    return reserve.get("group") in GROUPS and bool(known) and all(isinstance(n, int) and n >= 0 for n in known)


def _public(call: Call) -> dict[str, Any]:
    return {
        "version": call.version, "opens_at": call.opens_at.isoformat(), "closes_at": call.closes_at.isoformat(),
        "budget": call.budget, "places": call.places, "method": str(call.method), "points": call.points,
        "reserves": call.reserves, "seed": call.seed, "status": str(call.status),
    }  # fmt: skip
