"""Calls as everybody reads them: what is open, who may enter, what is needed, how it is decided."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gebyar.awards.models import Edition, Entry
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.eligibility import Standing, standings, subject_of
from gebyar.awards.wording_rankings import rule_words
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import CategoryRules, DocumentAsk, EditionRules, StageRules
from gebyar.registry.models import Firm
from gebyar.registry.rules import open_firms

MOST_FIRMS = 3  # of one person, of which the call's page says at once how they stand


def shown_editions(user: Any) -> QuerySet[Edition]:
    """Return published editions, and drafts for those who organise; the newest first."""
    found = Edition.objects.select_related("version").defer("version__document").order_by("-closes_at", "pk")
    return found if user.has_perm("awards.organise") else found.exclude(status=Edition.Status.DRAFT)


@dataclass(frozen=True)
class Call:
    """An edition as its public page shows it."""

    edition: Edition
    rules: EditionRules

    @property
    def name(self) -> str:
        return in_language(self.rules.names)

    @property
    def summary(self) -> str:
        return in_language(self.rules.summary)

    @property
    def state(self) -> str:
        return call_state(self.edition)

    @property
    def entrants(self) -> list[str]:
        return [entrant_words(kind, self.rules.most_members) for kind in self.rules.entrants]

    @property
    def conditions(self) -> list[dict[str, Any]]:
        return [
            {"words": in_language(one.words), "source": one.source, "certain": one.certain}
            for one in self.rules.conditions
        ]

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [self._document(one) for one in self.rules.documents]

    def _document(self, ask: DocumentAsk) -> dict[str, Any]:
        return {
            "name": in_language(ask.names), "help": in_language(ask.help), "required": ask.required,
            "from_register": bool(ask.certificate), "only_for": self._names(ask.categories),
        }  # fmt: skip

    @property
    def questions(self) -> list[dict[str, Any]]:
        return [
            {"name": in_language(one.names), "required": one.required, "from_register": bool(one.register),
             "only_for": self._names(one.categories)}
            for one in self.rules.questions
        ]  # fmt: skip

    def _names(self, categories: tuple[str, ...]) -> str:
        return ", ".join(in_language(one.names) for one in self.rules.categories if one.id in categories)

    @property
    def categories(self) -> list[dict[str, Any]]:
        return [_category(one) for one in self.rules.categories]

    @property
    def stages(self) -> list[dict[str, Any]]:
        return [self._stage(one) for one in self.rules.stages]

    def _stage(self, stage: StageRules) -> dict[str, Any]:
        total = sum(criterion.weight for criterion in stage.criteria)
        names = {criterion.id: in_language(criterion.names) for criterion in stage.criteria}
        return {
            "name": in_language(stage.names), "gate": gate_words(stage, self.rules), "source": stage.source,
            "certain": stage.certain, "anonymised": stage.anonymised, "judges": stage.judges_per_entry,
            "objection_days": stage.objection_days,
            "ties": [rule_words(tie, names) for tie in stage.ties] if stage.criteria else [],
            "criteria": [
                {"name": in_language(one.names), "help": in_language(one.help), "share": one.weight / total,
                 "certain": one.certain, "source": one.source}
                for one in stage.criteria
            ],
        }  # fmt: skip

    @property
    def uncertain(self) -> bool:
        """Whether something in these rules could not be confirmed by a public source."""
        rules = self.rules
        criteria = [criterion for stage in rules.stages for criterion in stage.criteria]
        return any(not one.certain for one in (*rules.conditions, *rules.stages, *criteria))


def _category(category: CategoryRules) -> dict[str, Any]:
    return {
        "key": category.id, "name": in_language(category.names), "help": in_language(category.help),
        "prizes": [in_language(prize) for prize in category.prizes],
    }  # fmt: skip


def call_of(edition: Edition) -> Call:
    return Call(edition, rules_of(edition))


def call_state(edition: Edition) -> str:
    """Return draft, coming, open, closed or ended."""
    if edition.status != Edition.Status.PUBLISHED:
        return str(edition.status)
    if edition.takes_entries:
        return "open"
    return "coming" if edition.opens_at > timezone.now() else "closed"


def entrant_words(kind: str, most_members: int) -> str:
    if kind == "group":
        return _("Groups of up to %(most)d people") % {"most": most_members}
    return {
        "firm": _("Firms of the register"),
        "person": _("Persons"),
        "regency": _("Firms that a regency or city proposes"),
    }[kind]


def gate_words(stage: StageRules, rules: EditionRules) -> str:
    """Say how a stage ends."""
    gate = stage.gate
    places = {category.id: gate.places_of(category.id) for category in rules.categories}
    if gate.method == "checked":
        return _("Everybody passes who is found in order.")
    if gate.method == "by_hand":
        return _("The organiser decides, each time with a reason on record.")
    if gate.method == "threshold":
        words = _("Everybody passes with at least %(points)s points of 100.") % {"points": f"{gate.threshold or 0:g}"}
        return words if gate.places is None else f"{words} " + _("At most %(places)d.") % {"places": gate.places}
    if len(set(places.values())) == 1:
        return _("The first %(places)d of each category pass.") % {"places": next(iter(places.values())) or 0}
    named = "; ".join(f"{in_language(rules.category(key).names)}: {count}" for key, count in places.items())
    return _("The first of each category pass: %(places)s.") % {"places": named}


@dataclass(frozen=True)
class FirmStanding:
    """How a firm stands to the conditions of a call, before anything is begun."""

    firm: Firm
    standings: list[Standing]


def standings_of_firms(user: Any, edition: Edition) -> list[FirmStanding]:
    """Hold the firms a person acts for against the conditions; what is declared later is left out."""
    rules = rules_of(edition)
    if "firm" not in rules.entrants:
        return []
    firms = Firm.objects.filter(pk__in=open_firms(user)).order_by("name", "pk")[:MOST_FIRMS]
    return [FirmStanding(firm, _known(edition, firm, rules)) for firm in firms]


def _known(edition: Edition, firm: Firm, rules: EditionRules) -> list[Standing]:
    unsaved = Entry(edition=edition, firm=firm, region_code=firm.region_code)
    found = standings(subject_of(unsaved, rules))
    return [one for one in found if one.condition.kind not in {"declared", "officer"}]
