"""What a firm can get, from what the register knows of it: every facility with its conditions, law and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from gebyar.facilities.facts import Known, correction_address, known_facts, label_of, values_of
from gebyar.facilities.models import Application, Call
from gebyar.facilities.queries.rulebook import rulebook
from gebyar.facilities.wording import STATUSES, VERDICTS, choice_words, said
from gebyar.methods.eligibility import Answer, explain
from gebyar.reference.facilities import Condition, Facility, Version
from gebyar.reference.size_rules import size_rule
from gebyar.registry.models import Firm

_BY_FACT = {"present", "flag", "range"}


@dataclass(frozen=True)
class Line:
    """One condition as a reader sees it: its law, and where it can be set right."""

    condition: Condition
    verdict: str
    remedies: tuple[tuple[str, str], ...] = ()  # label and address

    @property
    def words(self) -> str:
        return said(self.condition.words)

    @property
    def verdict_words(self) -> str:
        return str(VERDICTS[self.verdict][0])

    @property
    def tone(self) -> str:
        return VERDICTS[self.verdict][1]


@dataclass(frozen=True)
class Offer:
    """One facility for one firm. ``status`` is could, not or unknown; "" where no version holds today."""

    facility: Facility
    version: Version | None
    status: str = ""
    lines: tuple[Line, ...] = ()
    calls: list[Call] = field(default_factory=list)
    application: Application | None = None

    @property
    def name(self) -> str:
        return said(self.facility.names)

    @property
    def summary(self) -> str:
        return said(self.facility.summary)

    @property
    def status_words(self) -> str:
        return str(STATUSES[self.status][0]) if self.status else ""

    @property
    def tone(self) -> str:
        return STATUSES[self.status][1] if self.status else "neutral"

    @property
    def benefit(self) -> str:
        return said(self.version.benefit.words) if self.version else ""

    @property
    def shares(self) -> list[tuple[str, float]]:
        return shares_of(self.version) if self.version else []

    @property
    def asked(self) -> list[Line]:
        return [line for line in self.lines if line.verdict == "asked"]

    @property
    def checked(self) -> list[Line]:
        return [line for line in self.lines if line.verdict != "asked"]

    @property
    def documents(self) -> list[str]:
        return [said(ask.names) for ask in self.version.documents] if self.version else []

    @property
    def is_certain(self) -> bool:
        """Whether every part of the rule could be checked against its source."""
        version = self.version
        return self.facility.certain and (
            version is None or (version.benefit.certain and all(one.certain for one in version.conditions))
        )


def shares_of(version: Version) -> list[tuple[str, float]]:
    return [(choice_words(choice), share) for choice, share in version.benefit.shares.items()]


@dataclass(frozen=True)
class Standing:
    """The calls of today, and what the firm asked for already, by facility."""

    calls: Sequence[Call]
    applied: Mapping[str, Application]


def offers_for(firm: Firm, day: date | None = None) -> tuple[list[Offer], dict[str, Known]]:
    """Return every facility for a firm, those it could have first, and the facts the answers rest on.

    Six queries, however many facilities there are.
    """
    facts = known_facts(firm)
    on, values = day or timezone.localdate(), values_of(facts)
    applied = {one.call.rules.key: one for one in _open_applications(firm)}
    known = Standing(open_calls(), applied)
    found = [_offer(firm, one.on(on), one, values, known) for one in rulebook().values()]
    order = {"could": 0, "unknown": 1, "not": 2, "": 3}
    return sorted(found, key=lambda offer: order[offer.status]), facts


def _offer(
    firm: Firm, version: Version | None, facility: Facility, values: Mapping[str, Any], known: Standing
) -> Offer:
    if version is None:
        return Offer(facility, None)
    answers = explain(version, values)
    return Offer(
        facility,
        version,
        status_of(answers),
        tuple(line_of(firm, answer) for answer in answers),
        [call for call in known.calls if call.rules.key == facility.id],
        known.applied.get(facility.id),
    )


def status_of(answers: Sequence[Answer]) -> str:
    """Say could, not or unknown; one condition that is not met decides."""
    verdicts = {answer.verdict for answer in answers}
    return "not" if "not_met" in verdicts else "unknown" if "unknown" in verdicts else "could"


def line_of(firm: Firm, answer: Answer) -> Line:
    names = answer.missing if answer.verdict == "unknown" else _facts_behind(answer)
    remedies = ((label_of(name), correction_address(firm, name)) for name in names)
    return Line(answer.condition, answer.verdict, tuple(remedies))


def _facts_behind(answer: Answer) -> tuple[str, ...]:
    """Name what would have to be corrected for a condition that is not met."""
    condition = answer.condition
    if answer.verdict != "not_met":
        return ()
    if condition.kind == "size":
        return size_rule(condition.rule).facts
    if condition.kind in _BY_FACT:
        return (condition.fact,)
    return ("kbli_code",) if condition.kind == "sector" else ("certificates",)


def open_calls() -> list[Call]:
    """Return the calls that take applications now, and those announced, the first to close first."""
    now = timezone.now()
    found = Call.objects.filter(status=Call.Status.OPEN, closes_at__gt=now).select_related("rules")
    return list(found.order_by("closes_at", "pk"))


def _open_applications(firm: Firm) -> list[Application]:
    found = Application.objects.filter(firm=firm, call__status=Call.Status.OPEN).exclude(status="withdrawn")
    return list(found.select_related("call__rules").order_by("pk"))


def public_lines(version: Version) -> list[Line]:
    """Return the conditions of a version as anybody reads them."""
    return [Line(condition, "asked" if condition.kind == "asked" else "met") for condition in version.conditions]
