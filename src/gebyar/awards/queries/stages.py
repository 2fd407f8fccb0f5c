"""What organisers, officers and entrants see of the stages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.accounts.queries import region_filter
from gebyar.awards.models import (
    Assignment,
    Attendance,
    Category,
    Check,
    CoachingSession,
    Edition,
    Entry,
    Objection,
    Passage,
    Prize,
    Proposal,
    Prototype,
    Stage,
)
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.wording import passage_words
from gebyar.awards.wording_rules import in_language
from gebyar.reference.awards.rules import EditionRules, StageRules
from gebyar.registry.rules import open_firms

_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
RUNNING = (Stage.Status.ACTIVE, Stage.Status.CLOSED)


def moment_words(moment: datetime) -> str:
    """Return day and time in the reader's language and the programme's time zone: 12 Nov 2026, 10.20 WIB."""
    local = timezone.localtime(moment)
    clock = local.strftime("%H.%M" if get_language() == "id" else "%H:%M")
    zone = timezone.get_current_timezone_name()
    return f"{format_date(local.date(), 'd MMM y', locale=get_language() or 'id')}, {clock} {_ZONES.get(zone, zone)}"


# --- whose entry ------------------------------------------------------------------------------------------------


def is_entrant(user: User | AnonymousUser, entry: Entry) -> bool:
    """Say whether a person speaks for an entry: as a member of its firm, as whoever entered, or as who proposed it."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if entry.firm_id is not None and entry.firm_id in open_firms(user):
        return True
    return entry.entrant_id == user.pk and (entry.firm_id is None or _still_proposes(user, entry.kind))


def _still_proposes(user: User, kind: str) -> bool:
    return kind == Entry.Kind.REGENCY and user.has_perm("awards.desk")


def entries_of(user: User | AnonymousUser) -> QuerySet[Entry]:
    """Return the entries for which a person speaks."""
    if not isinstance(user, User) or not user.is_active:
        return Entry.objects.none()
    own = Q(firm__in=open_firms(user)) | Q(entrant=user, firm__isnull=True)
    if user.has_perm("awards.desk"):
        own |= Q(entrant=user, kind=Entry.Kind.REGENCY)
    return Entry.objects.filter(own)


# --- the organiser's board --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """Entries of a stage by outcome, and how far its work is."""

    entries: int = 0
    inside: int = 0
    passed: int = 0
    waiting: int = 0
    failed: int = 0
    withdrawn: int = 0
    done: int = 0  # checked to the end, chosen, or with all marks sent
    objections: int = 0


@dataclass(frozen=True)
class BoardRow:
    """A stage on the board: `action` names what can be pressed, `words` say what comes next."""

    stage: Stage
    rules: StageRules
    name: str
    counts: Counts
    action: str
    words: str
    is_late: bool = False


@dataclass(frozen=True)
class BoardCategory:
    category: Category
    name: str
    rows: list[BoardRow]

    @property
    def current(self) -> BoardRow | None:
        return next((row for row in self.rows if row.action), None)


def board_of(edition: Edition) -> list[BoardCategory]:
    """Return every category with its stages and what is to be done next; the number of queries does not grow."""
    rules = rules_of(edition)
    stages = list(Stage.objects.filter(category__edition=edition).select_related("category").order_by("position"))
    counts = _counts(stages, rules)
    entries = dict(
        Entry.objects.filter(edition=edition, status=Entry.Status.SUBMITTED)
        .values_list("category")
        .annotate(count=Count("pk"))
        .order_by()
    )
    board = []
    for category in sorted({stage.category for stage in stages}, key=lambda one: one.position):
        own = [stage for stage in stages if stage.category_id == category.pk]
        rows = _rows(edition, rules, own, counts, entries.get(category.pk, 0))
        board.append(BoardCategory(category, in_language(rules.category(category.key).names), rows))
    return board


def _counts(stages: Iterable[Stage], rules: EditionRules) -> dict[int, Counts]:
    by_stage = {stage.pk: stage for stage in stages}
    rows = Passage.objects.filter(stage__in=by_stage).values("stage").order_by()
    outcome = Passage.Outcome
    counted = rows.annotate(
        entries=Count("pk"),
        inside=Count("pk", filter=Q(outcome=outcome.IN)),
        passed=Count("pk", filter=Q(outcome=outcome.PASSED)),
        waiting=Count("pk", filter=Q(outcome=outcome.WAITING)),
        failed=Count("pk", filter=Q(outcome=outcome.FAILED)),
        withdrawn=Count("pk", filter=Q(outcome=outcome.WITHDRAWN)),
        chosen=Count("pk", filter=Q(chosen__isnull=False)),
    )
    enough = concluded(with_checks(Passage.objects.filter(stage__in=by_stage, outcome=outcome.IN)))
    checked = dict(
        Passage.objects.filter(pk__in=enough.values("pk")).values_list("stage").annotate(count=Count("pk")).order_by()
    )
    marked = _marked(by_stage)
    contested = dict(
        Objection.objects.filter(passage__stage__in=by_stage, status=Objection.Status.OPEN)
        .values_list("passage__stage")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found = {}
    for row in counted:
        key, chosen = row.pop("stage"), row.pop("chosen")
        method = rules.stage(by_stage[key].key).gate.method
        done = {"checked": checked.get(key, 0), "by_hand": chosen}.get(method, marked.get(key, 0))
        found[key] = Counts(**row, done=done, objections=contested.get(key, 0))
    return found


def _marked(stages: Iterable[int]) -> dict[int, int]:
    """Return by stage how many entries have all marks of their judges."""
    rows = Assignment.objects.filter(stage__in=stages).exclude(status=Assignment.Status.DECLINED)
    open_ones = rows.filter(sent_at__isnull=True, entry=OuterRef("entry"), stage=OuterRef("stage"))
    done = rows.filter(~Exists(open_ones)).values_list("stage")
    return dict(done.annotate(count=Count("entry", distinct=True)).order_by())


def _rows(
    edition: Edition, rules: EditionRules, stages: list[Stage], counts: dict[int, Counts], entries: int
) -> list[BoardRow]:
    rows, earlier = [], None
    running = next((stage for stage in stages if stage.status in RUNNING), None)
    for stage in stages:
        stage_rules, own = rules.stage(stage.key), counts.get(stage.pk, Counts())
        before = counts.get(earlier.pk, Counts()) if earlier else Counts(passed=entries)
        action, words = _next(edition, stage, own, earlier, before, running, stage_rules)
        late = stage.status == Stage.Status.ACTIVE and stage.closes_at is not None and stage.closes_at <= timezone.now()
        rows.append(BoardRow(stage, stage_rules, in_language(stage_rules.names), own, action, words, is_late=late))
        earlier = stage
    return rows


def _next(  # noqa: PLR0917  one row of the board and its surroundings
    edition: Edition,
    stage: Stage,
    own: Counts,
    earlier: Stage | None,
    before: Counts,
    running: Stage | None,
    rules: StageRules,
) -> tuple[str, str]:
    """Return what can be pressed ("" for nothing) and what comes next, in words."""
    if stage.status == Stage.Status.DECIDED:
        return "", _decided_words(stage, own)
    if stage.status == Stage.Status.ACTIVE:
        return "close", _active_words(stage, own, rules)
    if stage.status == Stage.Status.CLOSED:
        return "decide", _("Look at the preview, then decide.")
    if edition.status != Edition.Status.PUBLISHED or running is not None:
        return "", ""
    return _waiting_words(edition, earlier, before)


def _waiting_words(edition: Edition, earlier: Stage | None, before: Counts) -> tuple[str, str]:
    now = timezone.now()
    if earlier is None and edition.closes_at > now:
        return "", _("Begins after entries close on %(moment)s.") % {"moment": moment_words(edition.closes_at)}
    if earlier is not None and earlier.status != Stage.Status.DECIDED:
        return "", ""
    if before.objections:
        return "", _("Answer the open objections to the stage before first.")
    if earlier is not None and earlier.objections_until is not None and earlier.objections_until > now:
        until = moment_words(earlier.objections_until)
        return "", _("Entrants may object to the stage before until %(moment)s. Begin it after that.") % {
            "moment": until
        }
    if not before.passed:
        return "", _("No entry has come this far.")
    words = ngettext("Begin it: %(count)d entry comes in.", "Begin it: %(count)d entries come in.", before.passed)
    return "begin", words % {"count": before.passed}


def _active_words(stage: Stage, own: Counts, rules: StageRules) -> str:
    facts = {"done": own.done, "count": own.inside}
    if rules.gate.method == "checked":
        words = _("%(done)d of %(count)d entries are checked to the end.") % facts
    elif rules.gate.method == "by_hand":
        words = _("%(done)d of %(count)d entries have your choice.") % facts
    elif rules.criteria:
        words = _("%(done)d of %(count)d entries have all their marks.") % facts
    else:
        words = _("%(count)d entries stand here. The ranking comes from the stage with marks.") % facts
    if stage.closes_at is not None and stage.closes_at <= timezone.now():
        return f"{words} {_('Its deadline has passed: close it, or give it another one.')}"
    return words


def _decided_words(stage: Stage, own: Counts) -> str:
    if own.objections:
        words = ngettext(
            "%(count)d objection waits for an answer.", "%(count)d objections wait for an answer.", own.objections
        )
        return words % {"count": own.objections}
    if stage.objections_until is not None and stage.objections_until > timezone.now():
        return _("Entrants may object until %(moment)s.") % {"moment": moment_words(stage.objections_until)}
    return ""


# --- one stage --------------------------------------------------------------------------------------------------


def passages_of(stage: Stage, *, outcome: str = "", words: str = "") -> QuerySet[Passage]:
    """Return the entries of a stage, the ranked ones in order, then by number."""
    rows = with_checks(stage.passages.select_related("entry__firm", "stage"))
    if outcome:
        rows = rows.filter(outcome=outcome)
    if words:
        rows = rows.filter(
            Q(entry__title__icontains=words) | Q(entry__code__iexact=words) | Q(entry__firm__name__icontains=words)
        )
    return rows.order_by(F("rank").asc(nulls_last=True), "entry__number", "pk")


def with_checks(rows: QuerySet[Passage]) -> QuerySet[Passage]:
    """Count the looks at each entry and their verdicts."""
    verdict = Check.Verdict
    return rows.annotate(
        looks=Count("checks", distinct=True),
        in_order=Count("checks", filter=Q(checks__verdict=verdict.IN_ORDER), distinct=True),
        not_in_order=Count("checks", filter=Q(checks__verdict=verdict.NOT_IN_ORDER), distinct=True),
    )


DIFFER = Q(looks=2, in_order=1, not_in_order=1)


def concluded(rows: QuerySet[Passage]) -> QuerySet[Passage]:
    """Keep those on which enough officers have looked; `rows` comes from `with_checks`."""
    return rows.filter(Q(looks=3) | (Q(looks=2) & ~DIFFER))


# --- coaching ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoachingLine:
    """An entry in a coaching stage: how often it was there, what mentors said, what it made."""

    passage: Passage
    attended: int
    notes: list[Attendance]
    prototypes: list[Prototype]


def coaching_lines(stage: Stage, passages: Iterable[Passage]) -> list[CoachingLine]:
    """Return one line for each of these passages, in two queries."""
    shown = list(passages)
    keys = [passage.entry_id for passage in shown]
    there: dict[int, list[Attendance]] = {}
    rows = Attendance.objects.filter(session__stage=stage, entry__in=keys).select_related("session")
    for row in rows.order_by("session__starts_at"):
        there.setdefault(row.entry_id, []).append(row)
    made: dict[int, list[Prototype]] = {}
    for prototype in Prototype.objects.filter(stage=stage, entry__in=keys):
        made.setdefault(prototype.entry_id, []).append(prototype)
    return [
        CoachingLine(
            passage,
            sum(row.was_there for row in there.get(passage.entry_id, [])),
            [row for row in there.get(passage.entry_id, []) if row.note],
            made.get(passage.entry_id, []),
        )
        for passage in shown
    ]


@dataclass(frozen=True)
class SessionLine:
    """A session as an entrant sees it, with the own attendance and nobody else's."""

    session: CoachingSession
    attendance: Attendance | None


# --- the entrant's own page -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A stage as an entrant sees it: their own outcome and reason, nobody else's."""

    stage: Stage
    rules: StageRules
    name: str
    passage: Passage | None
    words: str
    state: str
    objections: list[Objection] = field(default_factory=list)
    sessions: list[SessionLine] = field(default_factory=list)
    prototypes: list[Prototype] = field(default_factory=list)
    may_object: bool = False
    shows_prototypes: bool = False


def steps_of(entry: Entry) -> list[Step]:
    """Return the way of an entry through the stages of its category, in constant queries."""
    rules = rules_of(entry.edition)
    stages = list(Stage.objects.filter(category=entry.category_id).order_by("position"))
    passages = {passage.stage_id: passage for passage in entry.passages.prefetch_related("objections")}
    attended = {row.session_id: row for row in entry.attendances.all()}
    sessions = [
        SessionLine(session, attended.get(session.pk))
        for session in CoachingSession.objects.filter(stage__category=entry.category_id)
    ]
    prototypes = list(entry.prototypes.all())
    return [_step(stage, rules, passages.get(stage.pk), sessions, prototypes) for stage in stages]


def _step(
    stage: Stage,
    rules: EditionRules,
    passage: Passage | None,
    sessions: list[SessionLine],
    prototypes: list[Prototype],
) -> Step:
    own = rules.stage(stage.key)
    objections = list(passage.objections.all()) if passage else []
    decided = stage.status == Stage.Status.DECIDED
    inside = passage is not None and passage.outcome == Passage.Outcome.IN
    return Step(
        stage=stage,
        rules=own,
        name=in_language(own.names),
        passage=passage,
        words=passage_words(passage, rules) if passage and decided else "",
        state="done" if passage and decided else "current" if inside else "todo",
        objections=objections,
        sessions=[line for line in sessions if line.session.stage_id == stage.pk] if passage else [],
        prototypes=[prototype for prototype in prototypes if prototype.stage_id == stage.pk],
        may_object=_may_object(stage, passage, objections),
        shows_prototypes=own.kind == "coaching" and inside and stage.status == Stage.Status.ACTIVE,
    )


def _may_object(stage: Stage, passage: Passage | None, objections: list[Objection]) -> bool:
    if passage is None or stage.status != Stage.Status.DECIDED or stage.objections_until is None:
        return False
    left = passage.outcome in {Passage.Outcome.FAILED, Passage.Outcome.WAITING}
    asked = any(objection.status != Objection.Status.WITHDRAWN for objection in objections)
    return left and not asked and timezone.now() < stage.objections_until


# --- objections, proposals, prizes ------------------------------------------------------------------------------


def objections_for_officers() -> QuerySet[Objection]:
    """Return all objections, the open ones first, by the time that is left."""
    rows = Objection.objects.select_related("passage__entry__firm", "passage__stage__category__edition")
    return rows.annotate(is_open=Q(status=Objection.Status.OPEN)).order_by("-is_open", "filed_at", "pk")


def proposals_of(user: User) -> QuerySet[Proposal]:
    """Return the proposals that a person may see: of firms they act for, and as an officer those of the own region."""
    rows = Proposal.objects.select_related("entry__firm", "entry__edition", "entry__category", "proposed_by")
    region = region_filter(user, "entry__region_code")
    return rows.filter(region | Q(entry__firm__in=open_firms(user))) if region else rows


def prizes_of(user: User) -> QuerySet[Prize]:
    """Return the prizes that an officer follows up: of the own region, or all."""
    rows = Prize.objects.select_related("entry__firm", "stage__category__edition__version")
    return rows.filter(region_filter(user, "entry__region_code"))


def proposing_editions() -> list[tuple[Edition, EditionRules]]:
    """Return the editions in which regencies may propose now."""
    now = timezone.now()
    rows = Edition.objects.filter(status=Edition.Status.PUBLISHED, opens_at__lte=now, closes_at__gt=now)
    found: list[tuple[Edition, Any]] = [(edition, rules_of(edition)) for edition in rows.order_by("-year", "title")]
    return [(edition, rules) for edition, rules in found if "regency" in rules.entrants]
