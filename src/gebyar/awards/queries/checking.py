"""What officers have to check, and what they look at; nobody sees a colleague's verdict before giving their own."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gebyar.accounts.models import Role, User
from gebyar.accounts.queries import open_grants, within_any
from gebyar.awards.models import Check, Edition, Entry, EntryDocument, Passage, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.eligibility import MET, Standing, standings, subject_of
from gebyar.awards.queries.entries import documents_of
from gebyar.awards.queries.stages import DIFFER, with_checks
from gebyar.awards.wording_rules import in_language
from gebyar.reference import regions
from gebyar.reference.awards.rules import EditionRules, StageRules
from gebyar.registry.models import FirmMember

_NATIONAL = {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER}


def checking_stages() -> list[Stage]:
    """Return the stages in which entries are checked by officers now."""
    now = timezone.now()
    running = Stage.objects.filter(status=Stage.Status.ACTIVE, category__edition__status=Edition.Status.PUBLISHED)
    rows = running.exclude(closes_at__lte=now)
    rows = rows.select_related("category__edition__version").order_by("closes_at", "pk")
    rules: dict[int, EditionRules] = {}
    found = []
    for stage in rows:
        edition = stage.category.edition
        rules.setdefault(edition.pk, rules_of(edition))
        if rules[edition.pk].stage(stage.key).gate.method == "checked":
            found.append(stage)
    return found


def checks_to_do(user: User, *, done: bool = False) -> QuerySet[Passage]:
    """Return the entries that an officer has to check, or has checked; those with a tie to them are left out.

    A third look comes first, then second ones: what is nearly done is done soonest.
    """
    stages = checking_stages()
    rows = Passage.objects.filter(stage__in=stages, outcome=Passage.Outcome.IN, entry__status=Entry.Status.SUBMITTED)
    rows = without_ties(rows.filter(_within(user, stages)), user)
    own = Check.objects.filter(passage=OuterRef("pk"), officer=user)
    rows = with_checks(rows.select_related("entry__firm", "entry__category", "stage__category__edition"))
    rows = rows.filter(Exists(own)) if done else rows.filter(~Exists(own)).filter(Q(looks__lt=2) | DIFFER)
    return rows.order_by("-looks", "stage__closes_at", "entry__number", "pk")


def _tie(user: User) -> Exists | Q:
    acted = FirmMember.objects.filter(firm=OuterRef("entry__firm"), user=user)
    return Exists(acted) | Q(entry__entrant=user, entry__entrant__isnull=False)


def is_tied(actor: User, entry: Entry) -> bool:
    """Say whether an officer acts or acted for the firm, entered or proposed it: then others look at it."""
    if entry.entrant_id == actor.pk:
        return True
    return entry.firm_id is not None and FirmMember.objects.filter(firm=entry.firm_id, user=actor).exists()


def without_ties(rows: QuerySet[Passage], user: User) -> QuerySet[Passage]:
    """Leave out the entries to which an officer has a tie."""
    return rows.filter(~_tie(user))


def _within(user: User, stages: list[Stage]) -> Q:
    """Narrow to what an officer may check: everything, or entries of the own region where the rules let locals check."""
    grants = open_grants(user)
    if any(grant.role in _NATIONAL for grant in grants):
        return _not_kept(stages)
    codes = [grant.region_code for grant in grants if grant.role == Role.LOCAL_OFFICER]
    provinces = [code for code in codes if regions.level_of(code) == regions.PROVINCE]
    # Of a proposal the province sits in; the regency that proposed does not judge itself.
    proposals = Q(entry__kind=Entry.Kind.REGENCY)
    here = within_any(provinces, "entry__region_code") | (within_any(codes, "entry__region_code") & ~proposals)
    return here & Q(stage__in=[stage for stage in stages if _with_locals(stage)])


def _with_locals(stage: Stage) -> bool:
    rules = rules_of(stage.category.edition)
    return locals_check(rules, rules.stage(stage.key))


def locals_check(rules: EditionRules, stage: StageRules) -> bool:
    """Say whether local officers check: where regencies propose, and where the rules want the region to be there."""
    return "regency" in rules.entrants or "region" in stage.mixes


def _not_kept(stages: list[Stage]) -> Q:
    """Leave out proposals whose second look is kept for the province."""
    kept = [stage for stage in stages if "region" in rules_of(stage.category.edition).stage(stage.key).mixes]
    first = Check.objects.filter(passage=OuterRef("pk"), region_code="")
    second = Check.objects.filter(passage=OuterRef("pk"), place=2)
    return ~(Q(stage__in=kept, entry__kind=Entry.Kind.REGENCY) & Q(Exists(first)) & ~Q(Exists(second)))


# --- one entry --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckItem:
    """A document or condition as an officer looks at it; `state` is that of `queries.eligibility` for a condition."""

    key: str
    name: str
    help: str
    is_document: bool
    required: bool = True
    document: EntryDocument | None = None
    state: str = ""
    said: str = ""
    source: str = ""


def check_items(entry: Entry, rules: EditionRules) -> list[CheckItem]:
    """Return everything an officer looks at: the documents asked of this category, then the conditions."""
    subject = subject_of(entry, rules)
    given = {document.key: document for document in entry.documents.all()}
    items = [
        CheckItem(ask.id, in_language(ask.names), in_language(ask.help), True, ask.required, given.get(ask.id))
        for ask in documents_of(rules, entry.category.key)
    ]
    conditions = [
        CheckItem(
            one.condition.id, one.words, "", False, state=_state(one), said=_said(one), source=one.condition.source
        )
        for one in standings(subject)
    ]
    return items + conditions


def _state(standing: Standing) -> str:
    """Tell apart what the register says from what the entrant only declared."""
    if standing.condition.kind != "declared":
        return standing.state
    return "declared" if standing.state == MET else "undeclared"


def _said(standing: Standing) -> str:
    return "" if standing.condition.kind == "declared" else standing.said
