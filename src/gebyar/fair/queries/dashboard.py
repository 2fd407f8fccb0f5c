"""A round in figures: asked, granted, held, and what came of it. Promises and results stand apart and are never added."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants, region_filter
from gebyar.fair.models import MeetingLog, MeetingRequest, Outcome, Participant, PlannedMeeting, Round
from gebyar.fair.queries.money import Money, money_of
from gebyar.methods.size import FACTS, classify
from gebyar.reference import regions
from gebyar.reference.size_rules import class_labels, size_rules
from gebyar.registry.models import Firm, Profile

HELD = {MeetingLog.State.HELD, MeetingLog.State.LATE}
# BPS tells Java from the rest of the country; the provinces of Java begin with 3.
_JAVA = "3"
LEAST_SERVED = 10


@dataclass(frozen=True)
class Person:
    """A participant as the figures see them."""

    pk: int
    number: int
    firm_id: int
    firm: str
    kind: str
    region_code: str
    size: str

    @property
    def is_small(self) -> bool:
        return self.size in {"micro", "small"}

    @property
    def is_outside_java(self) -> bool:
        return not self.region_code.startswith(_JAVA)


@dataclass(frozen=True)
class Said:
    participant: int
    interest: str
    potential: int | None
    deal: int | None


@dataclass(frozen=True)
class Ask:
    """A request and how far it came."""

    pk: int
    asker: int
    asked: int
    is_accepted: bool
    is_granted: bool
    state: str
    said: tuple[Said, ...] = ()

    @property
    def is_held(self) -> bool:
        return self.state in HELD

    @property
    def guesses(self) -> list[int]:
        return [one.potential for one in self.said if one.potential is not None]

    @property
    def goes_on(self) -> bool:
        interests = [one.interest for one in self.said]
        both = len(interests) == 2
        return both and "yes" in interests and "none" not in interests


@dataclass(frozen=True)
class Figures:
    """How far some requests came. Each meeting counts once, whichever sides of it are looked at.

    ``potential_low`` and ``potential_high`` are the lower and the higher guess of the two sides, summed over meetings;
    they are rupiah a year that somebody hopes for.
    """

    asked: int
    accepted: int
    granted: int
    held: int
    no_shows: int
    said: int
    goes_on: int
    potential_low: int
    potential_high: int
    money: Money


@dataclass(frozen=True)
class Group:
    label: str
    participants: int
    figures: Figures


@dataclass(frozen=True)
class Equity:
    """How evenly the meetings of the plan are spread."""

    distribution: list[tuple[int, int]]  # meetings, participants who have so many
    least: list[tuple[Person, int]]
    gini: float | None
    small: tuple[float, float] | None  # share of participants, share of the seats in meetings
    outside_java: tuple[float, float] | None


@dataclass(frozen=True)
class Dashboard:
    round: Round
    people: dict[int, Person]
    asks: list[Ask]
    money: dict[int, Money] = field(default_factory=dict)

    @cached_property
    def figures(self) -> Figures:
        return self._figures(self.asks)

    def _figures(self, asks: Iterable[Ask]) -> Figures:
        asks = list(asks)
        granted = [ask for ask in asks if ask.is_granted]
        deals = {said.deal for ask in asks for said in ask.said if said.deal}
        return Figures(
            asked=len(asks),
            accepted=sum(ask.is_accepted for ask in asks),
            granted=len(granted),
            held=sum(ask.is_held for ask in asks),
            no_shows=sum(ask.state == MeetingLog.State.NO_SHOW for ask in asks),
            said=sum(bool(ask.said) for ask in asks),
            goes_on=sum(ask.goes_on for ask in asks),
            potential_low=sum(min(ask.guesses, default=0) for ask in asks),
            potential_high=sum(max(ask.guesses, default=0) for ask in asks),
            money=sum((self.money[deal] for deal in sorted(deals) if deal in self.money), Money()),
        )

    def figures_of_each(self) -> dict[int, Figures]:
        """Return the figures of each participant."""
        asks = self._asks_of(dict(zip(self.people, self.people, strict=True)))
        return {pk: self._figures(asks[pk]) for pk in self.people}

    def _asks_of(self, group_of: Mapping[int, Hashable]) -> dict[Any, list[Ask]]:
        """Deal the requests to the groups of their sides, each once; one walk, however many groups there are."""
        dealt: dict[Any, list[Ask]] = defaultdict(list)
        for ask in self.asks:
            for group in {group_of[side] for side in (ask.asker, ask.asked) if side in group_of}:
                dealt[group].append(ask)
        return dealt

    def by(self, label_of: Callable[[Person], str | None]) -> list[Group]:
        """Group the participants; a meeting between two groups counts in both, so groups do not add up to the whole."""
        labels = {pk: label for pk, person in self.people.items() if (label := label_of(person)) is not None}
        asks = self._asks_of(labels)
        made = [Group(label, count, self._figures(asks[label])) for label, count in Counter(labels.values()).items()]
        return sorted(made, key=lambda group: (-group.figures.granted, group.label))

    @cached_property
    def by_region(self) -> list[Group]:
        return self.by(lambda person: regions.province(person.region_code[:2]).name)

    @cached_property
    def by_size(self) -> list[Group]:
        return self.by(lambda person: size_words(person.size))

    @cached_property
    def by_partner(self) -> list[Group]:
        partners = Firm.Kind.PARTNER
        return self.by(lambda person: f"{person.number}. {person.firm}" if person.kind == partners else None)

    @cached_property
    def meetings_of(self) -> Counter[int]:
        """Planned meetings of each participant."""
        counts = Counter(dict.fromkeys(self.people, 0))
        for ask in self.asks:
            if ask.is_granted:
                counts.update(one for one in (ask.asker, ask.asked) if one in self.people)
        return counts

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """The rows of the chart from asking to wanting more."""
        now = self.figures
        return [
            {"label": _("Asked for"), "value": now.asked},
            {"label": _("In the plan"), "value": now.granted},
            {"label": _("Held"), "value": now.held},
            {"label": _("Both want to go on"), "value": now.goes_on, "accent": True},
        ]

    @property
    def steps_words(self) -> str:
        now = self.figures
        words = _(
            "Of %(asked)d meetings asked for, %(granted)d were planned, %(held)d held; after %(more)d both go on."
        )
        return words % {"asked": now.asked, "granted": now.granted, "held": now.held, "more": now.goes_on}

    @property
    def spread(self) -> list[dict[str, Any]]:
        """The rows of the chart of how many participants have how many meetings; those with none stand out."""
        return [
            {"label": str(meetings), "value": count, "accent": not meetings}
            for meetings, count in self.equity.distribution
        ] or [{"label": "0", "value": 0}]

    @property
    def spread_words(self) -> str:
        counts = self.meetings_of.values()
        words = _("Participants have from %(least)d to %(most)d meetings; %(none)d have none.")
        none = sum(not count for count in counts)
        return words % {"least": min(counts, default=0), "most": max(counts, default=0), "none": none}

    @cached_property
    def equity(self) -> Equity:
        counts = self.meetings_of
        order = sorted(self.people.values(), key=lambda person: (counts[person.pk], person.number))
        return Equity(
            distribution=sorted(Counter(counts.values()).items()),
            least=[(person, counts[person.pk]) for person in order[:LEAST_SERVED]],
            gini=gini(list(counts.values())),
            small=self._share(lambda person: person.is_small),
            outside_java=self._share(lambda person: person.is_outside_java),
        )

    def _share(self, belongs: Callable[[Person], bool]) -> tuple[float, float] | None:
        seats = sum(self.meetings_of.values())
        some = [person.pk for person in self.people.values() if belongs(person)]
        if not self.people or not seats:
            return None
        return len(some) / len(self.people), sum(self.meetings_of[pk] for pk in some) / seats


def gini(values: Sequence[int]) -> float | None:
    """Return how unevenly values are spread: 0 all alike, towards 1 one has all; None when there is nothing to spread.

    Source: C. Gini, Variabilità e mutabilità (1912), as the mean difference over twice the mean.
    """
    total, count = sum(values), len(values)
    if not total:
        return None
    weighted = sum(place * value for place, value in enumerate(sorted(values), start=1))
    return 2 * weighted / (count * total) - (count + 1) / count


def size_words(size: str) -> str:
    """Return the words of a size class by the ministry's own rule."""
    labels = class_labels().get(size)
    if labels is None:
        return _("not known")
    return labels.get(get_language() or "id", labels["en"])


def sees_all(user: User) -> bool:
    return any(grant.role in {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER} for grant in open_grants(user))


def rounds_in_figures(user: User) -> QuerySet[Round]:
    """Return the rounds whose figures an officer may open; one that is only being prepared is its organisers' matter."""
    rounds = Round.objects.select_related("fair")
    return rounds if sees_all(user) else rounds.exclude(status=Round.Status.DRAFT)


def rounds_of_region(user: User) -> QuerySet[Round]:
    """Return the published and ended rounds in which firms of an officer's region take part, the latest first."""
    people = Participant.objects.filter(region_filter(user, "firm__region_code")).exclude(
        status=Participant.Status.WITHDRAWN
    )
    shown = rounds_in_figures(user).filter(status__in=[Round.Status.PUBLISHED, Round.Status.ENDED])
    return shown.filter(Exists(people.filter(round=OuterRef("pk")))).order_by("-fair__starts_on", "name")


def dashboard_of(round_: Round, user: User | None = None) -> Dashboard:
    """Return a round in figures, for the participants whose region this person works for; all without a person.

    Eight queries at most, however large the round.
    """
    people = _people(round_, user)
    requests = MeetingRequest.objects.filter(round=round_, withdrawn_at__isnull=True)
    if user is not None and not sees_all(user):
        requests = requests.filter(Q(asker__in=people) | Q(asked__in=people))
    asks = _asks(round_, requests.values_list("pk", "asker", "asked", "answer", "by_organiser"))
    deals = {said.deal for ask in asks for said in ask.said if said.deal}
    return Dashboard(round_, people, asks, money_of(deals))


def _people(round_: Round, user: User | None) -> dict[int, Person]:
    found = round_.participants.exclude(status=Participant.Status.WITHDRAWN)
    if user is not None:
        found = found.filter(region_filter(user, "firm__region_code"))
    rows = list(
        found.order_by("number").values_list("pk", "number", "firm_id", "firm__name", "firm__kind", "firm__region_code")
    )
    sizes = _sizes([row[2] for row in rows])
    return {row[0]: Person(*row, size=sizes.get(row[2], "")) for row in rows}


def _sizes(firms: list[int]) -> dict[int, str]:
    """Return the class of each firm by the ministry's own rule; "" where its facts do not decide it."""
    rows = list(Profile.objects.filter(firm__in=firms, is_current=True).values_list("firm_id", *FACTS))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("firm", *FACTS), pl.Int64), orient="row")
    if frame.is_empty():
        return {}
    classes = classify(frame.select(FACTS))[size_rules()[0].id].cast(pl.String)
    return {
        firm: "" if answer.startswith("unknown") else answer
        for firm, answer in zip(frame["firm"].to_list(), classes.to_list(), strict=True)
    }


def _asks(round_: Round, rows: Iterable[tuple[int, int, int, str, bool]]) -> list[Ask]:
    planned = PlannedMeeting.objects.filter(plan__round=round_, plan__published_at__isnull=False)
    granted = set(planned.values_list("request", flat=True))
    states = dict(MeetingLog.objects.filter(request__round=round_).values_list("request", "state"))
    said: dict[int, list[Said]] = defaultdict(list)
    outcomes = Outcome.objects.filter(request__round=round_).order_by("pk")
    for request, *facts in outcomes.values_list("request", "participant", "interest", "potential", "deal"):
        said[request].append(Said(*facts))
    accepted = MeetingRequest.Answer.ACCEPTED
    return [
        Ask(pk, asker, asked, answer == accepted or by_hand, pk in granted, states.get(pk, ""), tuple(said[pk]))
        for pk, asker, asked, answer, by_hand in rows
    ]
