import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories import UserFactory, person
from tests.records.conftest import summed

from gebyar.accounts.models import Role
from gebyar.records.canonical import NotPlain
from gebyar.records.decision import GENESIS, canonical_text, record_hash
from gebyar.records.models import AuditEntry, DecisionRecord
from gebyar.records.queries import audit_of, audit_trail, broken_links, chain_lines, records
from gebyar.records.services import append_decision, record_audit
from gebyar.records.verify import Outcome, verify_file

pytestmark = pytest.mark.django_db


def decide(title="Jumlah", numbers=(1, 2), actor=None, **changes):
    facts = {
        "method": "test.sum",
        "version": "1",
        "title": title,
        "inputs": {"numbers": list(numbers)},
        "seed": None,
        "result": {"total": sum(numbers), "parts": [{"number": number} for number in numbers]},
        **changes,
    }
    return append_decision(actor=actor, **facts)


def test_append_decision_puts_each_behind_the_last():
    first, second, third = decide("Satu"), decide("Dua"), decide("Tiga")
    assert [record.sequence for record in (first, second, third)] == [1, 2, 3]
    assert [record.previous for record in (first, second, third)] == [GENESIS, first.hash, second.hash]
    assert broken_links() == []


def test_append_decision_keeps_the_canonical_text_whose_hash_it_carries():
    kept = DecisionRecord.objects.get(pk=decide().pk)
    document = json.loads(kept.body)
    assert canonical_text(document) == kept.body
    assert record_hash(document) == kept.hash == document["hash"]
    assert datetime.fromisoformat(document["decided_at"]) == kept.recorded_at.replace(microsecond=0)


def test_append_decision_names_the_role_and_not_the_person():
    officer = person(Role.LOCAL_OFFICER, "33.74", name="Sri Wahyuni")
    kept = decide(actor=officer)
    assert kept.document["decided_by"] == "local_officer 33.74"
    assert officer.name not in kept.body
    assert officer.email not in kept.body


def test_append_decision_of_something_that_is_not_plain_leaves_no_record():
    with pytest.raises(NotPlain):
        decide(inputs={"numbers": [float("nan")]})
    assert not DecisionRecord.objects.exists()


def test_append_decision_is_undone_with_the_act_it_tells_of():
    def act():
        with transaction.atomic():
            decide()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not DecisionRecord.objects.exists()
    assert decide().sequence == 1


def test_the_exported_chain_verifies_from_its_file(summing, tmp_path):
    for number in range(3):
        decide(numbers=(number,))
    path = tmp_path / "chain.jsonl"
    path.write_text("".join(chain_lines()))
    found = verify_file(path)
    assert found.outcome == Outcome.SAME
    assert len(found.words) == 4


def insert(record, **columns):
    facts = {
        "sequence": record["sequence"],
        "hash": record["hash"],
        "previous": record["previous"],
        "method": record["method"]["name"],
        "method_version": record["method"]["version"],
        "title": record["title"],
        "body": canonical_text(record),
    }
    return DecisionRecord.objects.create(**{**facts, **columns})


@pytest.mark.parametrize(
    "facts",
    [
        {"sequence": 2, "previous": GENESIS},
        {"sequence": 1, "previous": GENESIS},
        {"sequence": 3, "previous": "a" * 64},
        {"sequence": 4, "previous": "last"},
        {"sequence": 2, "previous": "first"},
        {"sequence": 3, "previous": "first"},
    ],
)
def test_a_record_that_forks_the_chain_or_follows_nothing_is_refused_by_the_database(facts):
    first, last = decide(), decide()
    previous = {"first": first.hash, "last": last.hash}.get(facts["previous"], facts["previous"])
    forged = summed(sequence=facts["sequence"], previous=previous)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(forged)
    assert DecisionRecord.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda: DecisionRecord.objects.update(title="Lain"),
        lambda: DecisionRecord.objects.all().delete(),
        lambda: AuditEntry.objects.update(verb="other"),
        lambda: AuditEntry.objects.update(after={"workers": 99}),
        lambda: AuditEntry.objects.update(actor=None, actor_label="machine"),
        lambda: AuditEntry.objects.all().delete(),
    ],
)
def test_what_was_written_cannot_be_changed_or_deleted(change):
    decide()
    record_audit(actor=UserFactory(), verb="test.act", before={"workers": 12}, after={"workers": 14})
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        change()
    assert DecisionRecord.objects.get().title == "Jumlah"
    assert AuditEntry.objects.get(verb="test.act").after == {"workers": 14}


def test_the_link_to_a_person_cannot_be_moved_to_another():
    entry = record_audit(actor=UserFactory(), verb="test.act")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(actor=UserFactory())


def test_an_erased_person_leaves_the_role_behind():
    officer = person(Role.PROGRAMME_OFFICER)
    entry = record_audit(actor=officer, verb="test.act")
    officer.grants.all().delete()
    officer.delete()
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_label) == (None, "programme_officer")


def test_record_audit_keeps_dates_and_decimals_as_text():
    entry = record_audit(
        actor=None,
        verb="test.act",
        target=decide(),
        before={"on": date(2024, 11, 12)},
        after={"at": datetime(2024, 11, 12, 3, tzinfo=UTC), "share": Decimal("20.97")},
    )
    entry.refresh_from_db()
    assert (entry.actor_label, entry.target_kind) == ("machine", "records.decisionrecord")
    assert entry.before == {"on": "2024-11-12"}
    assert entry.after == {"at": "2024-11-12T03:00:00+00:00", "share": "20.97"}


def test_record_audit_of_a_person_keeps_no_name():
    target = UserFactory(name="Sri Wahyuni")
    entry = record_audit(actor=None, verb="test.act", target=target)
    assert (entry.target_id, entry.target_label) == (str(target.pk), "")


def test_audit_of_gives_only_what_was_done_to_that_object():
    one, other = decide("Satu"), decide("Dua")
    wanted = [record_audit(actor=None, verb=verb, target=one) for verb in ("test.first", "test.second")]
    record_audit(actor=None, verb="test.first", target=other)
    assert list(audit_of(one)) == wanted[::-1]
    assert audit_trail(verb="test.first").count() == 2
    assert list(audit_trail(verb="test.", kind="records.decisionrecord", target_id=str(one.pk))) == wanted[::-1]


def test_records_are_found_by_words_and_by_the_first_digits_of_their_hash():
    first, second = decide("Temu bisnis 12 November"), decide("Temu bisnis 13 November")
    assert list(records()) == [second, first]
    assert list(records("bisnis 13")) == [second]
    assert list(records(f"{first.hash[:8]} {first.hash[8:16].upper()}")) == [first]
    assert list(records("lokakarya")) == []


def test_broken_links_finds_what_was_done_behind_the_triggers():
    for number in range(4):
        decide(f"Keputusan {number}")
    assert broken_links() == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_decisionrecord DISABLE TRIGGER USER")  # as an owner who cheats could
        cursor.execute("UPDATE records_decisionrecord SET body = replace(body, 'Keputusan 1', 'Keputusan 9')")
        cursor.execute("UPDATE records_decisionrecord SET title = 'Lain' WHERE sequence = 1")
        cursor.execute("DELETE FROM records_decisionrecord WHERE sequence = 3")
    assert broken_links() == [
        "No. 1 says otherwise than its columns: title.",
        "No. 2 was changed: its hash does not fit.",
        "No. 4 does not follow no. 2.",
    ]
