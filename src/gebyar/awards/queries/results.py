"""Results as everybody reads them: decisions of stages by code, winners, certificates."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from gebyar.awards.models import Category, Edition, Entry, Passage, Prize, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.wording import passage_words
from gebyar.awards.wording_rules import in_language
from gebyar.reference import regions
from gebyar.reference.awards.rules import EditionRules, StageRules
from gebyar.registry.models import Photo

# Reasons in somebody's own words about one entry.
_OWN = frozenset(["not_in_order", "chosen", "not_chosen", "objection_upheld"])


def in_reader_language(text_id: str, text_en: str) -> str:
    """Choose a stored text in the reader's language, the other one where it is missing."""
    first, second = (text_en, text_id) if get_language() == "en" else (text_id, text_en)
    return first or second


# --- decisions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """A decided stage of one category."""

    stage: Stage
    rules: EditionRules

    @property
    def own(self) -> StageRules:
        return self.rules.stage(self.stage.key)

    @property
    def name(self) -> str:
        return in_language(self.own.names)

    @property
    def category(self) -> str:
        return in_language(self.rules.category(self.stage.category.key).names)


@dataclass(frozen=True)
class DecisionRow:
    """An entry in a decision: by its code; who it is stands with winners only."""

    passage: Passage
    words: str

    @property
    def code(self) -> str:
        return self.passage.entry.code


def decided_stages(edition: Edition | None = None) -> QuerySet[Stage]:
    rows = Stage.objects.filter(status=Stage.Status.DECIDED).select_related("category__edition__version", "record")
    rows = rows if edition is None else rows.filter(category__edition=edition)
    return rows.order_by("category__position", "position")


def decisions_of(edition: Edition) -> list[Decision]:
    """Return what is decided in an edition, by category and stage."""
    rules = rules_of(edition)
    return [Decision(stage, rules) for stage in decided_stages(edition)]


def passages_of(stage: Stage) -> QuerySet[Passage]:
    """Return the entries of a stage in the order of its ranking, then by code, which tells nothing."""
    return stage.passages.select_related("entry").order_by("rank", "entry__code")


def decision_rows(stage: Stage, passages: Iterable[Passage]) -> list[DecisionRow]:
    rules = rules_of(stage.category.edition)
    return [DecisionRow(passage, public_words(passage, rules)) for passage in passages]


def public_words(passage: Passage, rules: EditionRules) -> str:
    """Say why an entry passed or not, for everybody: what officers and curators found is for its entrant alone."""
    return "" if passage.code in _OWN else passage_words(passage, rules)


def outcome_counts(stage: Stage) -> Counter[str]:
    return Counter(stage.passages.values_list("outcome", flat=True))


# --- winners ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Winner:
    """A prize as the public page shows it."""

    prize: Prize

    @property
    def entry(self) -> Entry:
        return self.prize.entry

    @property
    def name(self) -> str:
        return in_reader_language(self.prize.name_id, self.prize.name_en)

    @property
    def holder(self) -> str:
        """Who won: the firm; people only where they agree."""
        if self.entry.firm is not None:
            return self.entry.firm.name
        return holder_names(self.entry) if self.names_people else ""

    @property
    def names_people(self) -> bool:
        story = getattr(self.prize, "story", None)
        return story is not None and story.names_people

    @property
    def story(self) -> str:
        story = getattr(self.prize, "story", None)
        return "" if story is None else in_reader_language(story.text_id, story.text_en)

    @property
    def photo(self) -> Photo | None:
        """The newest photo of its products that the firm shows on its public page."""
        firm = self.entry.firm
        return None if firm is None or not firm.is_active else next(iter(firm.photos.all()), None)

    @property
    def place(self) -> str:
        return region_words(self.entry.region_code)


def region_words(code: str) -> str:
    """Return regency and province of a region."""
    parts = code.split(".")
    codes = [".".join(parts[:depth]) for depth in (2, 1) if len(parts) >= depth]
    return ", ".join(regions.name(code) for code in codes if regions.is_valid(code))


def holder_names(entry: Entry) -> str:
    """Return the name that stands on a certificate: the firm, or the people of the entry."""
    if entry.firm is not None:
        return str(entry.firm.name)
    return ", ".join(member.name for member in entry.members.all())


@dataclass(frozen=True)
class WinnersOf:
    """The winners of a category, once its last stage is decided."""

    category: Category
    name: str
    stage: Stage
    winners: list[Winner]


def prizes_with_all(prizes: QuerySet[Prize]) -> QuerySet[Prize]:
    """Read along what a winner's card shows, in a fixed number of queries."""
    photos = Prefetch("entry__firm__photos", queryset=Photo.objects.order_by("-pk"))
    found = prizes.select_related("entry__firm", "story", "stage__category__edition__version", "stage__record")
    return found.prefetch_related(photos, "entry__members")


def winners_of(edition: Edition, category: str | None = None) -> list[WinnersOf]:
    """Return the winners of an edition by category; categories without a decision are left out."""
    rules = rules_of(edition)
    stages = Stage.objects.filter(category__edition=edition, status=Stage.Status.DECIDED).select_related("category")
    if category is not None:
        stages = stages.filter(category__key=category)
    last = {stage.key for stage in stages if stage.key == rules.stages[-1].id}
    deciding = [stage for stage in stages.order_by("category__position") if stage.key in last]
    prizes = list(prizes_with_all(Prize.objects.filter(stage__in=deciding)).order_by("stage", "position"))
    return [
        WinnersOf(
            stage.category,
            in_language(rules.category(stage.category.key).names),
            stage,
            [Winner(prize) for prize in prizes if prize.stage_id == stage.pk],
        )
        for stage in deciding
    ]


def has_winners(edition: Edition) -> bool:
    return Prize.objects.filter(stage__category__edition=edition).exists()


def certificate_of(code: str) -> Prize | None:
    """Return the prize that a certificate's code belongs to."""
    return prizes_with_all(Prize.objects.filter(code=code)).first()


# --- the press table --------------------------------------------------------------------------------------------


def press_columns() -> list[str]:
    return ["category", "position", "prize", "stars", "winner", "title", "regency", "province", "given_on", "lost_on"]


def press_rows(edition: Edition) -> list[dict[str, Any]]:
    """Return one row for each winner, in words and figures as newspapers use them."""
    return [_press_row(of.name, winner) for of in winners_of(edition) for winner in of.winners]


def _press_row(category: str, winner: Winner) -> dict[str, Any]:
    prize, parts = winner.prize, winner.entry.region_code.split(".")
    return {
        "category": category,
        "position": prize.position,
        "prize": winner.name,
        "stars": prize.stars,
        "winner": winner.holder,
        "title": winner.entry.title,
        "regency": regions.name(".".join(parts[:2])) if len(parts) > 1 else "",
        "province": regions.name(parts[0]),
        "given_on": prize.given_at.date().isoformat(),
        "lost_on": prize.revoked_at.date().isoformat() if prize.revoked_at else None,
    }
