"""Fairs: a name, a place, and the days on which it is held."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from gebyar.accounts.models import User
from gebyar.fair.errors import NameTaken, ZoneFixed
from gebyar.fair.models import Fair
from gebyar.records.locking import lock
from gebyar.records.services import record_audit


@transaction.atomic
def create_fair(
    *,
    actor: User | None,
    name: str,
    venue: str,
    starts_on: date,
    ends_on: date,
    time_zone: str = "Asia/Jakarta",
    is_synthetic: bool = False,
) -> Fair:
    """Create a fair.

    Raises
    ------
    NameTaken
        When a fair of this name begins on the same day.
    """
    facts = {"name": name, "venue": venue, "starts_on": starts_on, "ends_on": ends_on, "time_zone": time_zone}
    try:
        with transaction.atomic():
            fair = Fair.objects.create(**facts, is_synthetic=is_synthetic)
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    record_audit(actor=actor, verb="fair.create_fair", target=fair, after=_said(facts))
    return fair


@transaction.atomic
def change_fair(*, actor: User | None, fair: Fair, **facts: Any) -> Fair:
    """Change a fair's name, venue, days or time zone.

    Raises
    ------
    NameTaken
    ZoneFixed
        When a round has slots: they would be at another hour of the day.
    """
    found = lock(Fair.objects.filter(pk=fair.pk)).get()
    if facts.get("time_zone", found.time_zone) != found.time_zone and found.rounds.exists():
        raise ZoneFixed
    before = {name: getattr(found, name) for name in facts}
    for name, value in facts.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save(update_fields=list(facts))
    except IntegrityError as error:
        raise NameTaken(name=found.name) from error
    record_audit(actor=actor, verb="fair.change_fair", target=found, before=_said(before), after=_said(facts))
    return found


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
