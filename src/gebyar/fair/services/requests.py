"""Who asks whom: what participants ask, answer and withdraw, and what organisers add and fix.

All of it happens while the round is held, so that nobody gets past their cap, and two who ask each other at the same
moment have asked both ways: the second request is the acceptance of the first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.fair.errors import (
    AlreadyAsked,
    AnswersClosed,
    AsksThemselves,
    ElsewhereRound,
    NotTakingPart,
    NotYours,
    RankTaken,
    RequestGone,
    RequestsClosed,
    TooLarge,
    TooManyRequests,
)
from gebyar.fair.models import MeetingRequest, Participant, Round, Slot, Table
from gebyar.fair.services.turns import held, held_open, next_number
from gebyar.partnership.models import Listing
from gebyar.records.services import record_audit

MOST_IN_A_ROUND = 200_000  # as the method takes them

Wish, Answer, Time = MeetingRequest.Wish, MeetingRequest.Answer, MeetingRequest.Time


@transaction.atomic
def ask(
    *,
    actor: User | None,
    asker: Participant,
    asked: Participant,
    wish: int = Wish.WOULD,
    rank: int | None = None,
    message: str = "",
    time: int = Time.ANY,
    listing: Listing | None = None,
) -> MeetingRequest:
    """Ask another participant for a meeting, or accept when they have asked already.

    Returns
    -------
    MeetingRequest
        The new request, or the other side's, accepted.

    Raises
    ------
    RequestsClosed
        Before the round opens and after its deadline.
    TooManyRequests
        When the cap of the asker is reached; withdrawn requests do not count.
    AlreadyAsked, AsksThemselves, NotTakingPart, RankTaken, ElsewhereRound
    """
    found = held(asker.round_id)
    asker, asked = _both(found, asker, asked)
    if not found.takes_requests:
        raise RequestsClosed
    between = _between(found, asker, asked)
    if between is not None:
        return _asked_both_ways(actor, between, asker, wish, message)
    _refuse_beyond_cap(found, asker)
    _refuse_taken_rank(asker, rank, None)
    request = MeetingRequest.objects.create(
        round=found, number=next_number(found.requests), asker=asker, asked=asked, wish=wish, rank=rank,
        message=message, time=time, listing=listing, made_by=actor,
    )  # fmt: skip
    after = {"asker": asker.number, "asked": asked.number, "wish": int(wish), "rank": rank}
    record_audit(actor=actor, verb="fair.ask", target=request, after=after)
    return request


def _both(found: Round, asker: Participant, asked: Participant) -> tuple[Participant, Participant]:
    """Return both ends as they are now."""
    people = {
        person.pk: person for person in Participant.objects.select_related("firm").filter(pk__in=[asker.pk, asked.pk])
    }
    if asker.pk == asked.pk:
        raise AsksThemselves
    for person in people.values():
        if person.round_id != found.pk:
            raise ElsewhereRound(what=str(person))
        if person.status == Participant.Status.WITHDRAWN:
            raise NotTakingPart(firm=person.firm.name)
    return people[asker.pk], people[asked.pk]


def _between(found: Round, one: Participant, other: Participant) -> MeetingRequest | None:
    return found.requests.filter(
        withdrawn_at__isnull=True, asker__in=[one.pk, other.pk], asked__in=[one.pk, other.pk]
    ).first()


def _asked_both_ways(
    actor: User | None, between: MeetingRequest, asker: Participant, wish: int, message: str
) -> MeetingRequest:
    if between.asker_id == asker.pk or between.answer == Answer.ACCEPTED:
        raise AlreadyAsked
    return _answer(actor, between, Answer.ACCEPTED, wish, message)


def _refuse_beyond_cap(found: Round, asker: Participant) -> None:
    most = found.most_requests if asker.most_requests is None else asker.most_requests
    if asker.requests_made.filter(withdrawn_at__isnull=True, by_organiser=False).count() >= most:
        raise TooManyRequests(most=most)


def _refuse_taken_rank(asker: Participant, rank: int | None, request: MeetingRequest | None) -> None:
    others = asker.requests_made.filter(withdrawn_at__isnull=True, rank=rank)
    if rank is not None and others.exclude(pk=request.pk if request else None).exists():
        raise RankTaken(rank=rank)


@transaction.atomic
def change_request(
    *, actor: User | None, request: MeetingRequest, wish: int, rank: int | None, message: str, time: int
) -> MeetingRequest:
    """Change how much the asker wants a meeting, before the deadline.

    Raises
    ------
    RequestsClosed, RequestGone, RankTaken
    """
    found = held(request.round_id)
    if not found.takes_requests:
        raise RequestsClosed
    request = _open_request(request)
    _refuse_taken_rank(request.asker, rank, request)
    before = {"wish": request.wish, "rank": request.rank, "time": request.time}
    request.wish, request.rank, request.message, request.time = wish, rank, message, time
    request.save(update_fields=["wish", "rank", "message", "time"])
    after = {"wish": int(wish), "rank": rank, "time": int(time)}
    record_audit(actor=actor, verb="fair.change_request", target=request, before=before, after=after)
    return request


@transaction.atomic
def answer_request(
    *,
    actor: User | None,
    request: MeetingRequest,
    accept: bool,
    wish: int | None = None,
    message: str = "",
    by: Participant | None = None,
) -> MeetingRequest:
    """Accept or decline; another answer may follow until the deadline.

    Parameters
    ----------
    by
        Who answers, when that has not been looked at before: only the one who was asked may.

    Raises
    ------
    AnswersClosed, RequestGone, NotYours
    """
    found = held(request.round_id)
    if not found.takes_answers:
        raise AnswersClosed
    request = _open_request(request)
    if by is not None and request.asked_id != by.pk:
        raise NotYours
    return _answer(actor, request, Answer.ACCEPTED if accept else Answer.DECLINED, wish if accept else None, message)


def _answer(actor: User | None, request: MeetingRequest, answer: str, wish: int | None, message: str) -> MeetingRequest:
    before = {"answer": request.answer, "wish": request.answer_wish}
    request.answer, request.answer_wish = answer, wish
    request.answer_message, request.answered_at = message, timezone.now()
    request.save(update_fields=["answer", "answer_wish", "answer_message", "answered_at"])
    after = {"answer": str(answer), "wish": None if wish is None else int(wish)}
    record_audit(actor=actor, verb="fair.answer_request", target=request, before=before, after=after)
    return request


@transaction.atomic
def withdraw_request(*, actor: User | None, request: MeetingRequest) -> MeetingRequest:
    """Take a request back, before the deadline; it frees a place under the cap."""
    found = held(request.round_id)
    if not found.takes_requests:
        raise RequestsClosed
    return _withdraw(actor, request, verb="fair.withdraw_request")


@transaction.atomic
def remove_request(*, actor: User | None, request: MeetingRequest) -> MeetingRequest:
    """Take a request out of the round as its organiser, at any time."""
    held_open(request.round_id)
    return _withdraw(actor, request, verb="fair.remove_request")


def _withdraw(actor: User | None, request: MeetingRequest, *, verb: str) -> MeetingRequest:
    request = _open_request(request)
    request.withdrawn_at = timezone.now()
    request.save(update_fields=["withdrawn_at"])
    record_audit(actor=actor, verb=verb, target=request, before={"number": request.number})
    return request


def _open_request(request: MeetingRequest) -> MeetingRequest:
    """Return the request as it is now, which whoever holds the round may rely on."""
    found = MeetingRequest.objects.select_related("asker", "asked").get(pk=request.pk)
    if found.withdrawn_at is not None:
        raise RequestGone
    return found


# --- what the organiser sets ------------------------------------------------------------------------------------


@transaction.atomic
def add_request(
    *,
    actor: User | None,
    asker: Participant,
    asked: Participant,
    slot: Slot | None = None,
    table: Table | None = None,
    time: int = Time.ANY,
    message: str = "",
) -> MeetingRequest:
    """Add a meeting by hand, which is always granted; where the two have a request already, that one is.

    Raises
    ------
    ElsewhereRound, AsksThemselves, NotTakingPart, RoundEnded
    """
    found = held_open(asker.round_id)
    asker, asked = _both(found, asker, asked)
    _refuse_foreign(found, slot, table)
    request = _between(found, asker, asked) or MeetingRequest(
        round=found, number=next_number(found.requests), asker=asker, asked=asked, message=message, made_by=actor
    )
    request.by_organiser, request.time, request.fixed_slot, request.fixed_table = True, time, slot, table
    request.save()
    after = {"asker": asker.number, "asked": asked.number, **_where(slot, table)}
    record_audit(actor=actor, verb="fair.add_request", target=request, after=after)
    return request


@transaction.atomic
def fix_request(
    *, actor: User | None, request: MeetingRequest, slot: Slot | None, table: Table | None
) -> MeetingRequest:
    """Say in which slot and at which table a meeting must be in every later plan; None sets it free.

    Raises
    ------
    RequestGone, ElsewhereRound, RoundEnded
    """
    found = held_open(request.round_id)
    request = _open_request(request)
    _refuse_foreign(found, slot, table)
    before = _where(request.fixed_slot, request.fixed_table)
    request.fixed_slot, request.fixed_table = slot, table
    request.save(update_fields=["fixed_slot", "fixed_table"])
    record_audit(actor=actor, verb="fair.fix_request", target=request, before=before, after=_where(slot, table))
    return request


def _refuse_foreign(found: Round, slot: Slot | None, table: Table | None) -> None:
    for place in (slot, table):
        if place is not None and place.round_id != found.pk:
            raise ElsewhereRound(what=str(place))


def _where(slot: Slot | None, table: Table | None) -> dict[str, int | None]:
    return {"slot": slot.number if slot else None, "table": table.number if table else None}


@dataclass(frozen=True)
class NewRequest:
    """One row of many requests that are added at once."""

    asker: Participant
    asked: Participant
    wish: int = Wish.WOULD
    rank: int | None = None
    message: str = ""
    time: int = Time.ANY
    answer: str = Answer.OPEN
    answer_wish: int | None = None
    by_organiser: bool = False
    fixed_slot: Slot | None = None
    fixed_table: Table | None = None


@transaction.atomic
def add_requests(
    *, actor: User | None, round_: Round, requests: Iterable[NewRequest] | Sequence[tuple[Participant, Participant]]
) -> list[MeetingRequest]:
    """Add many requests at once, or none of them when one does not fit; caps are not asked, the organiser knows.

    Parameters
    ----------
    requests
        `NewRequest`, or pairs of asker and asked.

    Raises
    ------
    AlreadyAsked
        When a pair is named twice, or has an open request.
    TooLarge, AsksThemselves, RankTaken, ElsewhereRound, RoundEnded
    """
    found = held_open(round_.pk)
    rows = [row if isinstance(row, NewRequest) else NewRequest(*row) for row in requests]
    present = found.requests.filter(withdrawn_at__isnull=True)
    if present.count() + len(rows) > MOST_IN_A_ROUND:
        raise TooLarge(most=MOST_IN_A_ROUND, what=_("requests"), count=present.count() + len(rows))
    _refuse_unfit(found, rows)
    first, now = next_number(found.requests), timezone.now()
    added = MeetingRequest.objects.bulk_create(
        (_row(found, number, row, actor, now) for number, row in enumerate(rows, start=first)), batch_size=5000
    )
    record_audit(actor=actor, verb="fair.add_requests", target=found, after={"added": len(added)})
    return added


def _row(found: Round, number: int, row: NewRequest, actor: User | None, now: Any) -> MeetingRequest:
    facts = {name: getattr(row, name) for name in NewRequest.__dataclass_fields__}
    answered_at = None if row.answer == Answer.OPEN else now
    return MeetingRequest(round=found, number=number, made_by=actor, answered_at=answered_at, **facts)


def _refuse_unfit(found: Round, rows: list[NewRequest]) -> None:
    open_requests = found.requests.filter(withdrawn_at__isnull=True)
    pairs = {frozenset(pair) for pair in open_requests.values_list("asker", "asked")}
    ranks = set(open_requests.filter(rank__isnull=False).values_list("asker", "rank"))
    for row in rows:
        pair = frozenset((row.asker.pk, row.asked.pk))
        if {row.asker.round_id, row.asked.round_id} != {found.pk}:
            raise ElsewhereRound(what=str(row.asker if row.asker.round_id != found.pk else row.asked))
        if len(pair) == 1:
            raise AsksThemselves
        if pair in pairs:
            raise AlreadyAsked
        if row.rank is not None and (row.asker.pk, row.rank) in ranks:
            raise RankTaken(rank=row.rank)
        pairs.add(pair)
        ranks.add((row.asker.pk, row.rank))
