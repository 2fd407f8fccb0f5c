"""Participants of a round: who is invited, what limits hold for them, when they cannot meet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.fair.errors import AlreadyTakesPart, ElsewhereRound, LimitsCrossed, TableKept, TooLarge
from gebyar.fair.models import Participant, Round, Slot
from gebyar.fair.services.turns import held_open, next_number
from gebyar.records.services import record_audit
from gebyar.registry.models import Firm

NIB_DIGITS = 13
MOST_IN_A_ROUND = 32_000  # their numbers are kept in two bytes

# What an organiser may set for one participant.
LIMITS = (
    "tier", "most_requests", "least_meetings", "most_meetings", "delegates", "zone", "table", "is_standby", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Invited:
    """What became of a list of business numbers (NIB).

    Attributes
    ----------
    added
        New participants.
    already
        Firms that took part before.
    unknown
        Line number and what stood there, for lines that name no firm of the register.
    """

    added: list[Participant] = field(default_factory=list)
    already: list[Firm] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def add_participants(
    *,
    actor: User | None,
    round_: Round,
    firms: Iterable[Firm],
    status: str = Participant.Status.CONFIRMED,
    **limits: Any,
) -> list[Participant]:
    """Give each firm the next free number of the round.

    Raises
    ------
    AlreadyTakesPart
        When one of them takes part already; then none is added.
    TooLarge, RoundEnded
    """
    found = held_open(round_.pk)
    chosen = list(firms)
    before = found.participants.select_related("firm").filter(firm__in=chosen).first()
    if before:
        raise AlreadyTakesPart(firm=before.firm.name)
    return _add(actor, found, chosen, status, limits)


def _add(actor: User | None, found: Round, firms: list[Firm], status: str, limits: dict[str, Any]) -> list[Participant]:
    first = next_number(found.participants)
    last = first + len(firms) - 1
    if last > MOST_IN_A_ROUND:
        raise TooLarge(most=MOST_IN_A_ROUND, what=_("participants"), count=last)
    added = Participant.objects.bulk_create(
        Participant(round=found, firm=firm, number=number, status=status, **limits)
        for number, firm in enumerate(firms, start=first)
    )
    record_audit(
        actor=actor, verb="fair.add_participants", target=found, after={"added": len(added), "status": str(status)}
    )
    return added


@transaction.atomic
def invite_by_nibs(
    *, actor: User | None, round_: Round, lines: Iterable[str], status: str = Participant.Status.INVITED
) -> Invited:
    """Invite the firms of a list of business numbers, one a line; what else stands in a line is left aside.

    A heading and empty lines are no faults. Firms that take part already stay as they are.
    """
    found = held_open(round_.pk)
    numbers, unknown = _numbers_in(lines)
    firms = {firm.nib: firm for firm in Firm.objects.filter(nib__in=numbers, is_active=True)}
    unknown += [(line, nib) for nib, line in numbers.items() if nib not in firms]
    taking_part = set(found.participants.filter(firm__in=firms.values()).values_list("firm_id", flat=True))
    chosen = [firms[nib] for nib in numbers if nib in firms]
    new = [firm for firm in chosen if firm.pk not in taking_part]
    added = _add(actor, found, new, status, {}) if new else []
    return Invited(added, [firm for firm in chosen if firm.pk in taking_part], sorted(unknown))


def _numbers_in(lines: Iterable[str]) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Return the numbers with their first line, and the lines that hold none."""
    numbers: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().strip("\"'") for cell in line.replace(";", ",").replace("\t", ",").split(",")]
        nib = next((cell for cell in cells if len(cell) == NIB_DIGITS and cell.isdecimal() and cell.isascii()), None)
        if nib:
            numbers.setdefault(nib, number)
        elif any(cells) and not (number == 1 and not any(char.isdecimal() for char in line)):
            unknown.append((number, line.strip()[:80]))
    return numbers, unknown


@transaction.atomic
def change_participant(*, actor: User | None, participant: Participant, **limits: Any) -> Participant:
    """Set limits, tier, delegates, zone, table, stand-by or status of one participant.

    Raises
    ------
    TableKept
        When another host stays at that table.
    LimitsCrossed, ElsewhereRound, RoundEnded
    """
    found = held_open(participant.round_id)
    person = Participant.objects.select_related("firm").get(pk=participant.pk)
    before = {name: _plain(getattr(person, name)) for name in limits}
    for name, value in limits.items():
        setattr(person, name, value)
    _refuse_impossible(found, person)
    person.save(update_fields=list(limits))
    after = {name: _plain(value) for name, value in limits.items()}
    if after != before:
        record_audit(actor=actor, verb="fair.change_participant", target=person, before=before, after=after)
    return person


def _refuse_impossible(found: Round, person: Participant) -> None:
    least = found.least_meetings if person.least_meetings is None else person.least_meetings
    most = found.most_meetings if person.most_meetings is None else person.most_meetings
    if most is not None and most < least:
        raise LimitsCrossed(most=most, least=least)
    for place in (person.zone, person.table):
        if place is not None and place.round_id != found.pk:
            raise ElsewhereRound(what=str(place))
    if person.table_id:
        other = found.participants.filter(table=person.table_id).exclude(pk=person.pk).select_related("firm").first()
        if other and person.table:
            raise TableKept(table=person.table.number, firm=other.firm.name)


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


# --- what a participant says ------------------------------------------------------------------------------------


@transaction.atomic
def join_round(*, actor: User | None, participant: Participant) -> Participant:
    """Say that the firm comes."""
    return _say(actor, participant, Participant.Status.CONFIRMED, verb="fair.join_round")


@transaction.atomic
def leave_round(*, actor: User | None, participant: Participant) -> Participant:
    """Say that the firm does not come; its requests stay and are refused with that reason."""
    return _say(actor, participant, Participant.Status.WITHDRAWN, verb="fair.leave_round")


def _say(actor: User | None, participant: Participant, status: str, *, verb: str) -> Participant:
    held_open(participant.round_id)
    person = Participant.objects.select_related("firm").get(pk=participant.pk)
    if person.status == status:
        return person
    before, person.status = person.status, status
    person.save(update_fields=["status"])
    record_audit(actor=actor, verb=verb, target=person, before={"status": before}, after={"status": str(status)})
    return person


@transaction.atomic
def set_availability(*, actor: User | None, participant: Participant, absent: Iterable[Slot]) -> Participant:
    """Say in which slots the participant cannot meet.

    Raises
    ------
    ElsewhereRound
        When a slot is none of the round's.
    """
    held_open(participant.round_id)
    slots = list(absent)
    for slot in slots:
        if slot.round_id != participant.round_id:
            raise ElsewhereRound(what=str(slot))
    before = sorted(participant.absent_slots.values_list("number", flat=True))
    after = sorted(slot.number for slot in slots)
    if before != after:
        participant.absent_slots.set(slots)
        record_audit(
            actor=actor, verb="fair.set_availability", target=participant,
            before={"absent": before}, after={"absent": after},
        )  # fmt: skip
    return participant
