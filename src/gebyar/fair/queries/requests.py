"""Requests as participants and organisers see them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from gebyar.fair.models import MeetingRequest, Participant, Round
from gebyar.fair.queries.words import by_words

_ENDS = ("asker__firm", "asked__firm", "fixed_slot", "fixed_table", "listing")


def requests_of(found: Round, *, words: str = "", answer: str = "") -> QuerySet[MeetingRequest]:
    """Return the open requests of a round; `words` are of either firm's name, or a number of the round."""
    there = found.requests.filter(by_words(words, "asker", "asked"), withdrawn_at__isnull=True)
    requests = there.select_related(*_ENDS)
    if answer == "organiser":
        requests = requests.filter(by_organiser=True)
    elif answer:
        requests = requests.filter(answer=answer)
    return requests.order_by("number")


@dataclass(frozen=True)
class OwnRequests:
    """What one participant asked and was asked, and how many requests they have left."""

    made: list[MeetingRequest]
    received: list[MeetingRequest]
    most: int

    @property
    def left(self) -> int:
        return max(self.most - sum(not request.by_organiser for request in self.made), 0)

    @property
    def to_answer(self) -> int:
        return sum(request.answer == MeetingRequest.Answer.OPEN for request in self.received)


def own_requests(participant: Participant) -> OwnRequests:
    """Return both lists: wishes by rank and strength, requests to answer first."""
    there = MeetingRequest.objects.filter(withdrawn_at__isnull=True).select_related(*_ENDS)
    made = sorted(there.filter(asker=participant), key=lambda one: (one.rank or 1000, one.wish, one.number))
    received = sorted(there.filter(asked=participant), key=lambda one: (one.answer != "open", one.number))
    most = participant.round.most_requests if participant.most_requests is None else participant.most_requests
    return OwnRequests(made, received, most)
