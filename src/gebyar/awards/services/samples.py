"""A made-up edition from the call to the prizes, for demonstrations and tests: every step by the services it shows.

Firms are made-up ones of the register; so are entrants, judges, marks and stories. Nothing here touches real firms.
"""

import io
import random
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone
from PIL import Image, ImageDraw

from gebyar.accounts.models import Role, User
from gebyar.accounts.services import grant_role
from gebyar.awards.errors_entering import EntryIncomplete
from gebyar.awards.models import Assignment, Category, Check, Edition, Entry, Judge, Passage, Prize, Stage
from gebyar.awards.queries.editions import rules_of
from gebyar.awards.queries.entries import documents_of, questions_of
from gebyar.awards.services import (
    checks,
    documents,
    editions,
    entries,
    judges,
    panels,
    rankings,
    scores,
    stages,
    stories,
)
from gebyar.awards.services.conflicts import detect_conflicts
from gebyar.reference.awards.programmes import template
from gebyar.reference.awards.rules import Question
from gebyar.registry.models import Firm, FirmMember

Progress = Callable[[int, int | None, str], None]
DOMAIN = "gebyar.example"
# The call stays open only while entries come in: it is made longer bit by bit, and then runs out.
SHORT, LEFT = timedelta(seconds=6), timedelta(seconds=3)
REFUSED_SHARE = 0.08
LEAST_PER_JUDGE = 8  # below it nothing can be said about a judge's strictness
SEVERITY, NOISE, QUALITY = 6.0, 5.0, 8.0  # standard deviations, in points of 100
WORKING_DAYS = timedelta(days=7)
FAMILY = ("Ayu", "Bambang", "Citra", "Dian", "Eko", "Fitri", "Gunawan", "Hesti", "Indra", "Joko", "Kartika", "Lestari")
GIVEN = ("Wibowo", "Saputra", "Pratiwi", "Hidayat", "Siregar", "Nasution", "Manuputty", "Lubis", "Tanaka", "Rahman")
REASONS = (
    (80, "Jelas lebih baik daripada yang ada di pasar; cara membuatnya dapat diulang."),
    (65, "Gagasannya baik, tetapi kemasan dan masa simpannya masih perlu dikerjakan."),
    (0, "Belum tampak bedanya dengan produk yang sudah ada; bahan lokalnya belum ajek."),
)


def sample_rules(year: int, *, places: int) -> dict[str, Any]:
    """Return rules after those of Indonesia Food Innovation, shortened: papers, one anonymous round, plenary, decision."""
    rules = template("ifi", year)
    names = {"id": "Pleno", "en": "Plenary"}
    final = next(stage for stage in rules["stages"] if stage["id"] == "final")
    judging = {
        **final, "gate": {
            "method": "ranked", "places": places,
            "reserves": [{"group": "women", "least": places // 4}, {"group": "province", "most": max(2, places // 4)}],
        },
        "anonymised": True, "judges_per_entry": 3, "mixes": [], "objection_days": 0,
    }  # fmt: skip
    plenary = {"id": "plenary", "kind": "plenary", "names": names, "gate": {"method": "ranked", "places": 6}}
    papers, decision = rules["stages"][0], rules["stages"][-1]
    rules["stages"] = [{**papers, "objection_days": 0}, judging, plenary, decision]
    rules["categories"] = rules["categories"][:1]
    return rules


def add_synthetic_edition(
    *,
    actor: User,
    second: User,
    entries: int = 300,
    judges: int = 30,
    seed: int = 2024,
    year: int | None = None,
    judge_users: Sequence[User] = (),
    members: Sequence[User] = (),
    until: str = "decided",
    progress: Progress | None = None,
) -> Edition:
    """Make an edition of made-up firms.

    Parameters
    ----------
    actor, second
        Two programme officers: each entry is looked at by both.
    entries, judges
        How many; fewer entries come in where the register holds fewer made-up firms that fit.
    judge_users
        Who judges first; the others are made up.
    members
        Who also acts for the firm of one entry each, so that they find it among their own.
    until
        "open": the call is open and some have entered; "entered": the call is over; "decided": prizes are given.

    Returns
    -------
    Edition
        Marked as made up.
    """
    draw = random.Random(seed)  # noqa: S311  a seeded choice is wanted
    tell = progress or (lambda _done, _total, _words: None)
    edition = open_call(actor, year or timezone.localdate().year, entries, stays_open=until == "open")
    firms = firms_for(edition, draw, entries + entries // 2)
    enter_all(actor, edition, firms, entries, draw=draw, tell=tell, stays_open=until == "open")
    for member, entry in zip(members, edition.entries.filter(number__isnull=False).order_by("number"), strict=False):
        FirmMember.objects.get_or_create(firm=entry.firm, user=member, ended_at=None)
    if until == "open":
        return edition
    wait_until_closed(edition, tell)
    seat_judges(actor, edition, judges, draw, judge_users)
    if until == "entered":
        return edition
    (category,) = edition.categories.all()
    run_papers(actor, second, stage_of(category, "administrative"), draw, tell)
    run_judging(actor, stage_of(category, "final"), draw, tell)
    run_plain(actor, stage_of(category, "plenary"))
    run_plain(actor, stage_of(category, "decision"))
    write_stories(actor, edition)
    return edition


def stage_of(category: Category, key: str) -> Stage:
    return category.stages.select_related("category__edition__version").get(key=key)


# --- the call and its entries -----------------------------------------------------------------------------------


def open_call(actor: User, year: int, count: int, *, stays_open: bool) -> Edition:
    """Publish a call: one with the programme's own rules that stays open, or one that runs out at once."""
    now = timezone.now()
    made = editions.create_edition(
        actor=actor,
        award="ifi",
        year=year,
        title=f"Indonesia Food Innovation {year} (data contoh)",
        opens_at=now - timedelta(days=30),
        closes_at=now + (timedelta(days=30) if stays_open else SHORT),
        document=None if stays_open else sample_rules(year, places=max(8, count // 10)),
        is_synthetic=True,
    )
    return editions.publish_edition(actor=actor, edition=made)


def firms_for(edition: Edition, draw: random.Random, count: int) -> list[Firm]:
    """Choose made-up small and medium firms of the food industry, all over the country."""
    taken = Entry.objects.filter(edition=edition, firm__isnull=False).values("firm")
    fits = Q(kbli_code__startswith="10") | Q(kbli_code__startswith="11")
    medium = Q(profiles__workers__lt=20) | Q(profiles__investment__lte=15_000_000_000)
    rows = Firm.objects.filter(
        fits, medium, is_synthetic=True, is_active=True, nib__isnull=False, profiles__is_current=True
    ).exclude(pk__in=taken)
    keys = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
    chosen = draw.sample(keys, min(len(keys), count))
    found = Firm.objects.in_bulk(chosen)
    return [found[key] for key in chosen]


def enter_all(
    actor: User,
    edition: Edition,
    firms: Sequence[Firm],
    wanted: int,
    *,
    draw: random.Random,
    tell: Progress,
    stays_open: bool = False,
) -> list[Entry]:
    """Enter for firm after firm until so many have handed in; some of an open call stay drafts."""
    entrant = made_up_user(f"peserta.{edition.slug}", "Peserta Contoh")
    # All at once: whom a person acts for is looked up once for a request.
    FirmMember.objects.bulk_create(FirmMember(firm=firm, user=entrant) for firm in firms)
    files = _files(draw)
    handed_in: list[Entry] = []
    for firm in firms:
        if len(handed_in) >= wanted:
            break
        if not stays_open:
            _keep_open(actor, edition)
        tell(len(handed_in), wanted, "Entries")
        leaves = stays_open and draw.random() < 0.4
        made = _enter(entrant, edition, firm, draw, files, hands_in=not leaves)
        handed_in += [made] if made and not leaves else []
    return handed_in


def _keep_open(actor: User, edition: Edition) -> None:
    now = timezone.now()
    if edition.closes_at - now < LEFT:
        longer = editions.change_edition(
            actor=actor, edition=edition, title=edition.title, opens_at=edition.opens_at, closes_at=now + SHORT
        )
        edition.closes_at = longer.closes_at


def _enter(
    entrant: User, edition: Edition, firm: Firm, draw: random.Random, files: dict[str, bytes], *, hands_in: bool
) -> Entry | None:
    """Enter for one firm; None where the firm does not fit the conditions."""
    category = draw.choice(list(edition.categories.select_related("edition__version")))
    made = entries.begin_entry(actor=entrant, category=category, kind=Entry.Kind.FIRM, firm=firm)
    product = (firm.products or [firm.name])[0].capitalize()
    rules = rules_of(edition)
    declared = {one.id: True for one in rules.conditions if one.kind == "declared"}
    answers = {one.id: _answer(one, product, draw) for one in questions_of(rules, category.key) if one.required}
    entries.save_entry(actor=entrant, entry=made, title=product[:160], answers=answers, declared=declared)
    for ask in documents_of(rules, category.key):
        if ask.required and (hands_in or draw.random() < 0.5):
            kind = "jpg" if "picture" in ask.accepts else "pdf"
            file = ContentFile(files[kind], name=f"{ask.id}.{kind}")
            documents.hand_in(actor=entrant, entry=made, key=ask.id, file=file)
    if not hands_in:
        return made
    try:
        return entries.submit_entry(actor=entrant, entry=made)
    except EntryIncomplete:
        entries.withdraw_entry(actor=entrant, entry=made)
        return None


def _answer(question: Question, product: str, draw: random.Random) -> Any:
    answers: dict[str, Any] = {
        "number": str(draw.randrange(40, 101)), "money": str(draw.randrange(20, 500) * 1_000_000),
        "date": "2019-06-01", "yes_no": True, "url": f"https://www.{DOMAIN}/",
        "choice": question.options[0][0] if question.options else "",
    }  # fmt: skip
    usual = f"{product}: dibuat dari bahan setempat dengan cara baru yang menjaga rasa dan masa simpan."
    return answers.get(question.kind, usual[: question.most] if question.most else usual)


def _files(draw: random.Random) -> dict[str, bytes]:
    """Draw a sharp picture, and the same as a sheet."""
    picture = Image.new("RGB", (900, 700), "#F6F0E6")
    pen = ImageDraw.Draw(picture)
    for number in range(160):
        x, y = draw.randrange(860), draw.randrange(660)
        pen.ellipse((x, y, x + 40, y + 40), outline="#8A4B1F" if number % 2 else "#1D3F72", width=3)
    written = {"jpg": io.BytesIO(), "pdf": io.BytesIO()}
    picture.save(written["jpg"], "JPEG", quality=85)
    picture.save(written["pdf"], "PDF")
    return {kind: target.getvalue() for kind, target in written.items()}


def wait_until_closed(edition: Edition, tell: Progress) -> None:
    """Wait the few seconds until the call has run out."""
    tell(0, None, "Waiting until the call closes")
    while (left := (edition.closes_at - timezone.now()).total_seconds()) > 0:
        time.sleep(min(left + 0.05, 1.0))


# --- people -----------------------------------------------------------------------------------------------------


def made_up_user(mailbox: str, name: str, role: str | None = None) -> User:
    """Return a made-up person who cannot sign in: nobody knows a password."""
    email = f"{mailbox}@{DOMAIN}"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    user.set_password(secrets.token_urlsafe(32))
    user.save(update_fields=["password"])
    if role and not user.grants.filter(role=role, ended_at__isnull=True).exists():
        grant_role(actor=None, user=user, role=role, region_code="")
    return user


def seat_judges(
    actor: User, edition: Edition, count: int, draw: random.Random, users: Sequence[User] = ()
) -> list[Judge]:
    """Add judges of both genders from all over the country who have accepted and looked through the entrants."""
    seated = []
    per_judge = 3 * edition.entries.filter(number__isnull=False).count() // max(1, count)
    least = LEAST_PER_JUDGE if per_judge >= LEAST_PER_JUDGE + 2 else 0
    for number in range(count):
        user = users[number] if number < len(users) else _made_up_judge(edition, number)
        judge = judges.add_judge(
            actor=actor, edition=edition, user=user, gender="f" if number % 2 else "m",
            region_code=draw.choice(("31", "32", "33", "34", "35", "51", "73", "12", "16")),
            employer=draw.choice(("Perguruan tinggi contoh", "Lembaga uji contoh", "Media contoh")),
            expertise=["10", "11", draw.choice(("101", "103", "107", "110"))], languages=["id"], least=least, most=per_judge + 4,
        )  # fmt: skip
        judges.answer_judgeship(actor=None, judge=judge, accept=True)
        judges.declare_done(actor=None, judge=judge)
        seated.append(judge)
    detect_conflicts(actor=actor, edition=edition)
    return seated


def _made_up_judge(edition: Edition, number: int) -> User:
    name = f"{FAMILY[number % len(FAMILY)]} {GIVEN[number % len(GIVEN)]}"
    return made_up_user(f"juri{number + 1}.{edition.slug}", name, Role.JUDGE)


# --- stages -----------------------------------------------------------------------------------------------------


def run_papers(actor: User, second: User, stage: Stage, draw: random.Random, tell: Progress) -> Stage:
    """Let two officers look at every entry, and decide."""
    begin(actor, stage)
    check_all(actor, second, stage, draw, tell)
    stages.close_stage(actor=actor, stage=stage)
    return stages.decide_stage(actor=actor, stage=stage)


def begin(actor: User, stage: Stage) -> Stage:
    return stages.activate_stage(actor=actor, stage=stage, closes_at=timezone.now() + WORKING_DAYS)


def check_all(actor: User, second: User, stage: Stage, draw: random.Random, tell: Progress) -> None:
    passages = list(stage.passages.select_related("entry"))
    asked = documents_of(rules_of(stage.category.edition), stage.category.key)
    for done, passage in enumerate(passages):
        tell(done, len(passages), "Checks")
        bad = draw.random() < REFUSED_SHARE
        findings = {asked[0].id: "Tidak terbaca; unggah yang lebih jelas."} if bad else {}
        verdict = Check.Verdict.NOT_IN_ORDER if bad else Check.Verdict.IN_ORDER
        for officer in (actor, second):
            checks.check_entry(actor=officer, passage=passage, verdict=verdict, findings=findings)


def run_judging(actor: User, stage: Stage, draw: random.Random, tell: Progress) -> Stage:
    """Make panels, let the judges give their marks, rank, and decide."""
    begin(actor, stage)
    plan = panels.open_panels(actor=actor, stage=stage, seed=stage.category.edition.seed)
    panels.put_in_force(actor=actor, plan=panels.run_panels(plan=plan, progress=tell))
    score_all(stage, draw, tell)
    stages.close_stage(actor=actor, stage=stage)
    rankings.mark_final(actor=actor, ranking=rankings.make_ranking(actor=actor, stage=stage))
    return stages.decide_stage(actor=actor, stage=stage)


def score_all(stage: Stage, draw: random.Random, tell: Progress, skip: Iterable[int] = ()) -> int:
    """Let every judge accept, mark and send what they were given; some judges are stricter than others.

    Parameters
    ----------
    skip
        Keys of assignments that somebody else will see to.

    Returns
    -------
    int
        How many were sent.
    """
    rules = rules_of(stage.category.edition).stage(stage.key)
    rows = stage.assignments.exclude(status=Assignment.Status.DECLINED).exclude(pk__in=list(skip))
    rows = rows.filter(sent_at__isnull=True).select_related("judge", "entry").order_by("entry__code", "judge__number")
    severity = {number: draw.gauss(0, SEVERITY) for number in sorted({row.judge.number for row in rows})}
    quality = {code: draw.gauss(68, QUALITY) for code in sorted({row.entry.code for row in rows})}
    for done, row in enumerate(rows):
        tell(done, len(rows), "Marks")
        if row.status == Assignment.Status.PROPOSED:
            panels.answer_assignment(actor=None, assignment=row, accept=True)
        points = quality[row.entry.code] - severity[row.judge.number]
        given = [_given(criterion, points + draw.gauss(0, NOISE)) for criterion in rules.criteria]
        scores.save_scores(actor=None, assignment=row, given=given)
        scores.send_scores(actor=None, assignment=row)
    return len(rows)


def _given(criterion: Any, points: float) -> scores.Given:
    value = float(min(100, max(1, round(points))))
    reason = next(words for least, words in REASONS if value >= least)
    span = criterion.high - criterion.low
    stepped = criterion.low + round(value / 100 * span / criterion.step) * criterion.step
    return scores.Given(criterion.id, min(criterion.high, stepped), reason=reason)


def run_plain(actor: User, stage: Stage) -> Stage:
    """Run a stage in which nothing is given: the ranking before it decides."""
    begin(actor, stage)
    stages.close_stage(actor=actor, stage=stage)
    return stages.decide_stage(actor=actor, stage=stage)


def write_stories(actor: User, edition: Edition) -> None:
    """Say a sentence of every winner."""
    for prize in _prizes(edition):
        product = prize.entry.title
        stories.write_story(
            actor=actor, prize=prize, text_id=f"{product} dibuat dari bahan setempat. Juri memuji rasa dan masa simpannya.",
            text_en=f"{product} is made from local material. The judges praised its taste and shelf life.",
        )  # fmt: skip


def _prizes(edition: Edition) -> Iterator[Prize]:
    return Prize.objects.filter(stage__category__edition=edition).select_related("entry").iterator()


def passed(stage: Stage) -> int:
    return stage.passages.filter(outcome=Passage.Outcome.PASSED).count()
