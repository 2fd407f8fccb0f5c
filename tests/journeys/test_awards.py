"""A whole edition with 300 entries and 30 judges: begun, judged, decided and announced in the browser, then checked.

What hundreds of people do is done by the same services; an organiser, a judge on a phone, an entrant and a passer-by
do their parts by hand. In the end every record is verified from its file alone, and one changed byte is found.
"""

import random
from contextlib import suppress
from datetime import timedelta

from click.testing import CliRunner
from django.utils import timezone
from playwright.sync_api import expect
from tests.journeys.deeds import choose_language, sign_in
from tests.journeys.reader import PHONE

from gebyar.accounts.models import Role
from gebyar.awards.models import Assignment, Prize
from gebyar.awards.services import samples
from gebyar.awards.services.handing_out import write_results
from gebyar.cli import main
from gebyar.registry.models import FirmMember

ENTRIES, JUDGES, BY_HAND = 300, 30, 2
WHY = "Rasanya khas dan bahannya dari desa sendiri."


def test_edition_runs_from_the_call_to_records_that_verify(visit, world, tmp_path):
    draw = random.Random(11)
    (actor, keys), (second, _keys) = world.officer(Role.PROGRAMME_OFFICER), world.officer(Role.PROGRAMME_OFFICER)
    judge, judge_keys = world.officer(Role.JUDGE)
    edition = samples.add_synthetic_edition(
        actor=actor, second=second, entries=ENTRIES, judges=JUDGES, seed=11, year=2025, judge_users=[judge],
        until="entered",
    )  # fmt: skip
    (category,) = edition.categories.all()
    assert edition.entries.filter(number__isnull=False).count() == ENTRIES
    organiser = visit("id")
    sign_in(organiser, keys)
    _run_papers(organiser, category, draw, actor, second)
    _make_panels(organiser, category)
    _judge_on_a_phone(visit("id"), judge, judge_keys)
    _rank_and_decide(organiser, category, draw)
    samples.run_plain(actor, samples.stage_of(category, "plenary"))
    _decide_on_the_winners(organiser, category)
    _see_the_winners(visit("id"), edition)
    _read_feedback(visit("id"), world, edition)
    _check_the_records(edition, tmp_path / "handed-out")


def _press_action(organiser, stage, action):
    organiser.open(f"/awards/stages/{stage.pk}/")
    organiser.page.locator(f"#content .actions [action$='/{action}/'] button, .actions a[href$='/{action}/']").click()


def _begin(organiser, stage):
    _press_action(organiser, stage, "begin")
    until = timezone.localtime() + timedelta(days=7)
    organiser.enter("closes_at", f"{until:%Y-%m-%dT%H:%M}")
    organiser.press("Begin the stage")


def _close_and_decide(organiser, stage, name=""):
    _press_action(organiser, stage, "close")
    organiser.open(f"/awards/stages/{stage.pk}/decide/")
    if name:
        organiser.look(name)
    organiser.press("Decide now")
    stage.refresh_from_db()
    assert stage.status == "decided"


def _run_papers(organiser, category, draw, actor, second):
    stage = samples.stage_of(category, "administrative")
    _begin(organiser, stage)
    assert stage.passages.count() == ENTRIES
    samples.check_all(actor, second, stage, draw, lambda *_told: None)
    _close_and_decide(organiser, stage)


def _make_panels(organiser, category):
    stage = samples.stage_of(category, "final")
    _begin(organiser, stage)
    organiser.open(f"/awards/stages/{stage.pk}/panels/")
    organiser.press("Make a proposal")
    record = organiser.page.locator("#content a[href^='/records/']").first
    for _patience in range(4):  # nearly 300 panels take longer to prove than a reader usually waits
        with suppress(AssertionError):
            organiser.await_by_reloading(record)
            break
    expect(record).to_be_visible()
    organiser.press("Put in force and ask the judges")
    expect(organiser.page.locator("#content")).to_contain_text(organiser.say("in force"))
    assert stage.assignments.count() == 3 * stage.passages.count()


def _judge_on_a_phone(reader, judge, keys):
    sign_in(reader, keys)
    reader.page.set_viewport_size(PHONE)
    reader.open("/awards/judge/work/")
    reader.page.locator("form[action$='/accept/'] button").click()
    expect(reader.page.locator("form[action$='/accept/']")).to_have_count(0)
    rows = list(Assignment.objects.filter(judge__user=judge).order_by("entry__code")[:BY_HAND])
    for number, row in enumerate(rows):
        reader.open(f"/awards/judge/entries/{row.pk}/")
        for criterion in ("innovation", "material", "quality", "market"):
            reader.enter(f"value_{criterion}", str(70 + 5 * number))
            reader.enter(f"reason_{criterion}", WHY)
        reader.press("Send my marks")
        reader.sees("Your marks are sent.")
    assert Assignment.objects.filter(judge__user=judge, sent_at__isnull=False).count() == BY_HAND


def _rank_and_decide(organiser, category, draw):
    stage = samples.stage_of(category, "final")
    samples.score_all(stage, draw, lambda *_told: None)
    _press_action(organiser, stage, "close")
    organiser.open(f"/awards/stages/{stage.pk}/ranking/")
    organiser.press("Make the ranking")
    organiser.sees("The ranking is made.")
    organiser.press("Let this ranking decide the stage")
    organiser.sees("decides the stage")
    assert stage.rankings.get().method == "mixed"
    organiser.open(f"/awards/stages/{stage.pk}/decide/")
    organiser.look("gate")
    organiser.press("Decide now")
    assert samples.passed(stage) == 30


def _decide_on_the_winners(organiser, category):
    stage = samples.stage_of(category, "decision")
    _begin(organiser, stage)
    _close_and_decide(organiser, stage, "decide")
    prize = Prize.objects.filter(stage=stage).order_by("position").first()
    organiser.open(f"/awards/prizes/{prize.pk}/story/")
    organiser.look("story")
    organiser.enter("text_id", "Dibuat dari bahan setempat, dan tahan enam bulan.")
    organiser.press("Save the story")
    organiser.sees("The story stands on the winners' page.")


def _see_the_winners(reader, edition):
    """Nobody has to sign in for it."""
    prizes = list(
        Prize.objects.filter(stage__category__edition=edition).order_by("position").select_related("entry__firm")
    )
    choose_language(reader)
    reader.open(f"/awards/{edition.slug}/winners/")
    reader.look("winners")
    for prize in prizes:
        expect(reader.page.get_by_text(prize.entry.firm.name).first).to_be_visible()
    expect(reader.page.get_by_text("tahan enam bulan").first).to_be_visible()
    for name in ("results", "figures", "press"):
        reader.open(f"/awards/{edition.slug}/{name}/")
        reader.look(name)
    reader.open(f"/awards/stages/{prizes[0].stage_id}/decision/")
    reader.look("decision")
    reader.open(f"/awards/certificates/{prizes[0].code}/")
    reader.sees("This certificate is valid.")
    reader.look("certificate")
    reader.open("/awards/certificates/dibuat-sendiri/")
    reader.sees("No such certificate")
    reader.look("certificate-unknown")


def _read_feedback(reader, world, edition):
    entry = (
        edition.entries.filter(passages__stage__key="final", passages__outcome="waiting").select_related("firm").first()
    )
    user, keys = world.member(world.firm())
    FirmMember.objects.create(firm=entry.firm, user=user)
    sign_in(reader, keys)
    reader.open(f"/awards/entries/{entry.pk}/feedback/")
    reader.sees("Your marks")
    reader.look("feedback")


def _check_the_records(edition, folder):
    write_results(edition, folder)
    records = sorted((folder / "records").iterdir())
    assert len(records) == 6  # papers, panels, ranking, and three gates after it
    for path in records:
        told = CliRunner().invoke(main, ["verify", str(path)])
        assert told.exit_code == 0, told.output
    for path in records:
        content = bytearray(path.read_bytes())
        place = content.index(b'"inputs":') + len(content) // 3
        content[place] ^= 1
        path.write_bytes(bytes(content))
        assert CliRunner().invoke(main, ["verify", str(path)]).exit_code != 0
