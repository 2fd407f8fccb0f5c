"""Results as files and for other programs: every record that is handed out can be checked by itself."""

import json

import polars as pl
import pytest
from tests.awards import making
from tests.awards.making_results import prizes, scored
from tests.awards.making_stages import begun, close, decide

from gebyar.awards.errors_results import FolderInUse, NothingDecided
from gebyar.awards.services.handing_out import records_of, write_results
from gebyar.awards.services.prizes import revoke_prize
from gebyar.records.verify import Outcome, verify_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    made = scored()
    close(begun(made, "prizes"))
    decide(made.categories.get(key="food").stages.get(key="prizes"))
    return made


def test_every_record_in_the_folder_verifies(edition, tmp_path):
    written = write_results(edition, tmp_path / "out")

    records = sorted((tmp_path / "out" / "records").iterdir())
    methods = [json.loads(path.read_text())["method"]["name"] for path in records]
    assert sorted(methods) == ["judging.rank", "places.allot", "places.allot"]
    assert [verify_file(path).outcome for path in records] == [Outcome.SAME] * 3
    assert {path.name for path in written} >= {"winners.csv", "winners.xlsx", "decisions.csv", "rules.json"}
    assert len(list((tmp_path / "out" / "minutes").glob("*.pdf"))) == 2


def test_one_changed_byte_fails(edition, tmp_path):
    write_results(edition, tmp_path / "out", minutes=False)

    for path in (tmp_path / "out" / "records").iterdir():
        text = path.read_text()
        place = text.index('"applicants"') + 20 if '"applicants"' in text else text.index('"adjusted":') + 12
        path.write_text(text[:place] + ("8" if text[place] != "8" else "9") + text[place + 1 :])
        assert verify_file(path).outcome != Outcome.SAME


def test_decisions_as_a_table_are_those_of_the_records(edition, tmp_path):
    write_results(edition, tmp_path / "out", minutes=False)

    rows = pl.read_csv(tmp_path / "out" / "decisions.csv")

    passed = rows.filter((pl.col("stage") == "judging") & (pl.col("outcome") == "passed"))
    record = next(one for one in records_of(edition) if one.pk == edition.categories.first().stages.first().record_id)
    admitted = [row["applicant"] for row in record.document["result"]["rows"] if row["outcome"] == "admitted"]
    assert passed["code"].to_list() == admitted
    assert len(rows) == 10 + 4


def test_nothing_is_written_before_a_decision_or_over_other_files(edition, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(FolderInUse):
        write_results(edition, tmp_path)
    with pytest.raises(NothingDecided):
        write_results(making.edition(), tmp_path / "new")

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


# --- the API ----------------------------------------------------------------------------------------------------


def test_other_programs_read_decisions_winners_and_figures(client, edition):
    def get(path):
        answer = client.get(f"/api/awards/{path}", HTTP_ACCEPT_LANGUAGE="en")
        assert answer.status_code == 200, answer.content
        return answer.json()

    (shown,) = get("editions")
    decisions = get(f"editions/{edition.slug}/decisions")
    rows = get(f"decisions/{decisions[0]['stage_id']}")
    winners = get(f"editions/{edition.slug}/winners")
    figures = get(f"editions/{edition.slug}/figures")

    assert (shown["slug"], shown["rules_sha256"]) == (edition.slug, edition.version.sha256)
    assert [one["stage"] for one in decisions] == ["judging", "prizes"]
    assert [row["rank"] for row in rows] == list(range(1, 11))
    assert [one["winner"] for one in winners] == [prize.entry.firm.name for prize in prizes(edition)]
    assert figures["funnel"][0]["count"] == 10


def test_a_program_asks_whether_a_certificate_is_valid(client, edition):
    prize = prizes(edition)[0]
    before = client.get(f"/api/awards/certificates/{prize.code}").json()
    revoke_prize(actor=None, prize=prize, reason="Izin habis.")
    after = client.get(f"/api/awards/certificates/{prize.code}").json()

    assert (before["valid"], after["valid"], after["lost_reason"]) == (True, False, "Izin habis.")
    assert client.get("/api/awards/certificates/none").status_code == 404
    assert client.get(f"/api/awards/editions/{making.draft().slug}/winners").status_code == 404
