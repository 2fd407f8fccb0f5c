"""Who judges: asked, answered, tied to entrants by their own word, by the register, by the organiser."""

import pytest
from django.utils import timezone
from tests.awards import making
from tests.awards.making_judging import assign, judging, send
from tests.awards.making_judging import judge as make_judge
from tests.factories import person
from tests.registry.firms import make_firm, make_member

from gebyar.accounts.models import Invitation, Role, RoleGrant
from gebyar.accounts.services import people
from gebyar.awards.errors_judging import (
    AnsweredAlready,
    ConflictKnown,
    ConflictLifted,
    HasSent,
    HoldsNoJudgeRole,
    JudgesAlready,
    ReasonNeeded,
    WrongLoad,
)
from gebyar.awards.models import Assignment, Conflict, EntryMember, Judge
from gebyar.awards.services import conflicts, judges
from gebyar.partnership.models import Deal
from gebyar.records.errors import NotAllowed
from gebyar.records.models import AuditEntry

pytestmark = pytest.mark.django_db


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


# --- on the list ------------------------------------------------------------------------------------------------


def test_judge_is_asked_by_mail_and_gets_the_next_number(django_capture_on_commit_callbacks, mailoutbox):
    edition = making.edition()
    making.judge(edition)
    user = person(Role.JUDGE)

    with django_capture_on_commit_callbacks(execute=True):
        judge = judges.add_judge(
            actor=making.organiser(), edition=edition, user=user, expertise=["10"], categories=edition.categories.all()
        )

    assert (judge.number, judge.status, judge.expertise, judge.categories.count()) == (2, "invited", ["10"], 2)
    assert [mail.to for mail in mailoutbox] == [[user.email]]
    assert edition.title in mailoutbox[0].subject
    assert verbs()[-1] == "awards.add_judge"


def test_only_who_holds_the_role_is_added_and_only_once():
    edition = making.edition()
    ended = person(Role.JUDGE)
    RoleGrant.objects.filter(user=ended).update(ended_at=timezone.now())
    ended.__dict__.pop("open_grants", None)
    there = making.judge(edition).user

    for user, error in ((person(), HoldsNoJudgeRole), (ended, HoldsNoJudgeRole), (there, JudgesAlready)):
        with pytest.raises(error):
            judges.add_judge(actor=None, edition=edition, user=user)
    assert edition.judges.count() == 1


def test_nobody_but_organisers_adds_judges():
    edition = making.edition()

    for actor in (person(), person(Role.JUDGE), person(Role.LOCAL_OFFICER, "33")):
        with pytest.raises(NotAllowed):
            judges.add_judge(actor=actor, edition=edition, user=person(Role.JUDGE))
    assert edition.judges.count() == 0


def test_inviting_adds_who_holds_the_role_and_writes_to_who_does_not():
    edition = making.edition()
    administrator, known = person(Role.ADMINISTRATOR), person(Role.JUDGE)

    assert judges.invite_judge(actor=administrator, edition=edition, email=known.email.upper()).user == known
    assert judges.invite_judge(actor=administrator, edition=edition, email="baru@lain.example") is None
    assert list(Invitation.objects.values_list("email", "role")) == [("baru@lain.example", "judge")]
    with pytest.raises(NotAllowed):
        judges.invite_judge(actor=making.organiser(), edition=edition, email="lain@lain.example")


def test_gender_and_region_stay_out_of_the_trail():
    judge = making.judge(making.edition(), gender="", region_code="")

    judges.change_judge(actor=judge.user, judge=judge, gender="f", region_code="33.74", most=12)

    entry = AuditEntry.objects.get(verb="awards.change_judge")
    assert (entry.before, entry.after) == (
        {"most": 30},
        {"gender": "changed", "region_code": "changed", "most": 12},
    )


def test_least_above_most_changes_nothing():
    judge = making.judge(making.edition())

    with pytest.raises(WrongLoad):
        judges.change_judge(actor=None, judge=judge, least=9, most=8)
    judge.refresh_from_db()
    assert (judge.least, judge.most) == (0, 30)


def test_declining_needs_a_reason_and_gives_unsent_entries_back():
    stage, (one, two, _), (judge, *_others) = judging()
    kept = assign(stage, one, judge, sent_at=timezone.now())
    given = assign(stage, two, judge)

    with pytest.raises(ReasonNeeded):
        judges.answer_judgeship(actor=judge.user, judge=judge, accept=False, reason=" sibuk ")
    judges.answer_judgeship(actor=judge.user, judge=judge, accept=False, reason="Bertugas di luar negeri")
    with pytest.raises(AnsweredAlready):
        judges.answer_judgeship(actor=judge.user, judge=judge, accept=False, reason="Bertugas di luar negeri")

    kept.refresh_from_db(), given.refresh_from_db()
    assert (kept.status, given.status, given.decline_reason) == ("accepted", "declined", "Bertugas di luar negeri")


def test_nobody_answers_for_a_judge_but_the_organiser():
    judge = making.judge(making.edition(), status="invited")

    with pytest.raises(NotAllowed):
        judges.answer_judgeship(actor=person(Role.JUDGE), judge=judge, accept=True)
    assert judges.answer_judgeship(actor=judge.user, judge=judge, accept=True).status == "accepted"
    with pytest.raises(NotAllowed):
        judges.declare_done(actor=person(Role.JUDGE), judge=judge)
    assert judges.declare_done(actor=judge.user, judge=judge).declared_at is not None


# --- their own data ---------------------------------------------------------------------------------------------


def test_closed_account_leaves_sent_marks_under_a_number_and_nothing_of_the_person():
    stage, entries, (judge, *_others) = judging(3, 2)
    Judge.objects.filter(pk=judge.pk).update(employer="Rahasia", expertise=["10"], gender="f", region_code="33")
    sent = send(assign(stage, entries[0], judge))
    waiting = assign(stage, entries[1], judge)
    conflicts.declare_conflict(actor=judge.user, judge=judge, entry=entries[2], kind="family", note="ipar saya")

    mine = people.export_my_data(actor=judge.user)["judging"][0]
    people.erase_me(actor=judge.user)

    assert (mine["employer"], mine["ties"][0]["note"], len(mine["entries"][0]["marks"])) == ("Rahasia", "ipar saya", 2)
    judge.refresh_from_db(), waiting.refresh_from_db(), sent.refresh_from_db()
    assert (judge.employer, judge.expertise, judge.gender, judge.region_code, judge.most) == ("", [], "", "", 0)
    assert (judge.status, judge.conflicts.get().note) == ("accepted", "")
    assert (waiting.status, sent.status, sent.scores.count()) == ("declined", "accepted", 2)


# --- ties -------------------------------------------------------------------------------------------------------


def test_declared_tie_gives_the_entry_back_and_names_its_source():
    stage, (entry, other, _), (judge, *_others) = judging()
    mine, rest = assign(stage, entry, judge), assign(stage, other, judge)

    tie = conflicts.declare_conflict(actor=judge.user, judge=judge, entry=entry, kind="family", note="ipar")
    by_organiser = conflicts.declare_conflict(actor=making.organiser(), judge=judge, entry=other, kind="other")

    mine.refresh_from_db(), rest.refresh_from_db()
    assert (tie.source, tie.firm, tie.note, by_organiser.source) == ("declared", entry.firm, "ipar", "organiser")
    assert (mine.status, mine.decline_reason, rest.status) == ("declined", "conflict", "declined")


def test_the_same_tie_stands_once_until_it_is_lifted():
    _stage, (entry, *_), (judge, *_others) = judging()
    tie = conflicts.declare_conflict(actor=None, judge=judge, entry=entry, kind="family")

    with pytest.raises(ConflictKnown):
        conflicts.declare_conflict(actor=None, judge=judge, entry=entry, kind="family")
    with pytest.raises(ReasonNeeded):
        conflicts.lift_conflict(actor=None, conflict=tie, reason="")
    conflicts.lift_conflict(actor=None, conflict=tie, reason="Nama sama, orang lain")
    with pytest.raises(ConflictLifted):
        conflicts.lift_conflict(actor=None, conflict=tie, reason="Nama sama, orang lain")
    assert conflicts.declare_conflict(actor=None, judge=judge, entry=entry, kind="family").lifted_at is None


def test_judge_cannot_lift_a_tie_nor_declare_one_after_sending():
    stage, (entry, *_), (judge, *_others) = judging()
    tie = conflicts.declare_conflict(actor=judge.user, judge=judge, entry=entry, kind="family")
    assign(stage, entry, judge, sent_at=timezone.now())

    with pytest.raises(NotAllowed):
        conflicts.lift_conflict(actor=judge.user, conflict=tie, reason="Bukan keluarga saya")
    with pytest.raises(HasSent):
        conflicts.declare_conflict(actor=judge.user, judge=judge, entry=entry, kind="other")
    assert conflicts.declare_conflict(actor=None, judge=judge, entry=entry, kind="other").source == "organiser"


def ties():
    rows = Conflict.objects.order_by("judge__number", "entry__number", "kind")
    return [(row.judge.number, row.entry.number, row.kind, row.note) for row in rows.select_related("judge", "entry")]


def test_register_tells_of_every_kind_of_tie():
    buyer = make_firm(name="PT Pembeli Uji", kind="partner")
    firms = [make_firm(name=name, region_code=code) for name, code in (
        ("CV. Keripik Balado", "33.74.10"), ("Sambal Bu Ani", "35.78.10"), ("Teh Dewata", "51.71.01"),
    )]  # fmt: skip
    stage, entries, _ = judging(3, 0, firms=firms)
    edition = stage.category.edition
    make_judge(edition, user=member_judge(firms[0]))  # 1: acts for the firm, so takes part
    make_judge(edition, employer="Keripik Balado, CV")  # 2
    Deal.objects.create(seller=firms[1], buyer=buyer, title="Sambal", origin_date=timezone.localdate())
    make_judge(edition, user=member_judge(buyer))  # 3: trades with the second
    officer = make_judge(edition)  # 4: an officer of the third one's regency
    RoleGrant.objects.create(user=officer.user, role=Role.LOCAL_OFFICER, region_code="51.71")
    make_judge(edition, user=person(Role.JUDGE, email="a@sambal-ani.example"))  # 5
    make_member(firms[1], email="b@sambal-ani.example")
    make_judge(edition, user=person(Role.JUDGE, name="Budi Tamu", email="budi@tamu.example"))  # 6
    EntryMember.objects.create(entry=entries[2], position=1, name="budi tamu")

    assert conflicts.detect_conflicts(actor=making.organiser(), edition=edition) == 9
    assert ties() == [
        (1, 1, "entrant", "takes_part"), (1, 1, "same_firm", "member"), (1, 2, "entrant", "takes_part"),
        (1, 3, "entrant", "takes_part"), (2, 1, "employer", "employer"), (3, 2, "supply", "deal"),
        (4, 3, "regency", "officer"), (5, 2, "other", "domain"), (6, 3, "entrant", "group_name"),
    ]  # fmt: skip


def member_judge(firm):
    """Return a person who acts for a firm and judges."""
    user = make_member(firm, email=f"anggota@firma{firm.pk}.example")
    RoleGrant.objects.create(user=user, role=Role.JUDGE)
    return user


def test_finding_ties_again_adds_nothing_and_leaves_lifted_ones_lifted():
    stage, (entry, *_), (judge, *_others) = judging(1, 1)
    Judge.objects.filter(pk=judge.pk).update(employer=entry.firm.name)
    given = assign(stage, entry, judge)

    assert conflicts.detect_conflicts(actor=None, edition=stage.category.edition) == 1
    assert Assignment.objects.get(pk=given.pk).status == "declined"
    conflicts.lift_conflict(actor=None, conflict=Conflict.objects.get(), reason="Perusahaan lain bernama sama")
    assert conflicts.detect_conflicts(actor=None, edition=stage.category.edition) == 0
    assert Conflict.objects.filter(lifted_at__isnull=True).count() == 0


def test_an_address_of_a_common_provider_ties_nobody():
    firm = make_firm()
    make_member(firm, email="pemilik@gmail.com")
    stage, _, _ = judging(1, 0, firms=[firm])
    making.judge(stage.category.edition, user=person(Role.JUDGE, email="juri@gmail.com"))
    making.judge(stage.category.edition, user=person(Role.JUDGE, email="juri@lain.example"))

    assert conflicts.detect_conflicts(actor=None, edition=stage.category.edition) == 0
