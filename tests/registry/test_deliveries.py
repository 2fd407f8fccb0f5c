"""Lists of firms become firms, statements, contacts and certificates: once, dated, and with their history."""

from datetime import date

import pytest
from tests.registry.lists import content, counts, received, row

from gebyar.records.models import AuditEntry
from gebyar.records.sealing import keyed_hash, open_sealed
from gebyar.registry.imports import reading
from gebyar.registry.models import Certificate, Contact, Delivery, FactChange, Firm, Profile
from gebyar.registry.services.deliveries import HasErrors, check, take_in

pytestmark = pytest.mark.django_db

NIB, OTHER_NIB = "1234500000011", "1234500000028"
LATER, EARLIER = date(2025, 12, 31), date(2023, 12, 31)


def take(rows, **facts):
    return take_in(actor=None, delivery=received(rows, **facts))


@pytest.fixture
def small_chunks(monkeypatch):
    """Cut lists into chunks of two rows."""
    chunks = reading.TableReader.chunks
    monkeypatch.setattr(reading.TableReader, "chunks", lambda self, rows=2: chunks(self, min(rows, 2)))


def firms(*columns):
    return list(Firm.objects.order_by("id").values_list(*columns))


def profiles(*columns):
    return list(Profile.objects.order_by("firm_id", "year", "as_of").values_list(*columns))


def changes():
    return list(FactChange.objects.order_by("field", "id").values_list("field", "old_value", "new_value", "as_of"))


# --- one list ---------------------------------------------------------------------------------------------------


def test_list_becomes_firms_with_everything_it_says():
    delivery = take(
        [
            row("CV Batik Jaya", NIB=NIB, Alamat="Jl. Mawar 1", KBLI="13134", Jenis_Produk="batik tulis, batik cap",
                TK_L="4", TK_P="8", Nilai_Investasi="Rp 250.000.000,-", Nama_Pemilik="Siti Aminah", No_HP="081234567890",
                Tahun_Data="2024", No_Sertifikat_Halal="ID331100012345", NPWP="012345678901000")
        ]
    )  # fmt: skip

    assert firms("name", "legal_form", "nib", "region_code", "address", "kbli_code", "kbli_version", "products") == [
        ("CV Batik Jaya", "CV", NIB, "33.74", "Jl. Mawar 1", "13134", 2020, ["batik tulis", "batik cap"])
    ]
    assert profiles("year", "as_of", "row", "is_current", "workers", "workers_male", "investment", "delivery") == [
        (2024, date(2024, 12, 31), 2, True, 12, 4, 250_000_000, delivery.pk)
    ]
    assert list(Contact.objects.values_list("role", "name", "phone")) == [("owner", "Siti Aminah", "+6281234567890")]
    assert list(Certificate.objects.values_list("kind", "number")) == [("halal", "ID331100012345")]
    firm = Firm.objects.get()
    assert open_sealed(firm.npwp_sealed) == "0012345678901000"  # 16 digits since 2024
    assert bytes(firm.npwp_hash) == keyed_hash("0012345678901000")
    assert (delivery.status, delivery.rows_taken, delivery.rows_refused, delivery.rows_total) == ("done", 1, 0, 1)
    assert delivery.counts == {
        "firms_new": 1, "firms_changed": 0, "facts_changed": 0, "profiles": 1, "rows_joined": 0
    }  # fmt: skip


def test_personal_numbers_stand_nowhere_in_the_open():
    take([row("Batik", NIK_Pemilik="3374105203850001", NPWP="012345678901000", Nama_Pemilik="Siti")])

    everything = str(content())
    contact = Contact.objects.get()
    assert open_sealed(contact.nik_sealed) == "3374105203850001"
    assert bytes(contact.nik_hash) == keyed_hash("3374105203850001")
    assert "3374105203850001" not in everything
    assert "012345678901000" not in everything


def test_same_list_again_changes_nothing():
    rows = [row("Batik A", NIB=NIB, TK="5"), row("Batik B", Alamat="Jl. Melati 2", TK="7")]
    take(rows)
    before = content()

    again = take(rows)

    assert content() == before
    assert (Delivery.objects.count(), again.status) == (1, "done")


def test_list_that_says_nothing_of_the_year_makes_no_statement():
    take([row("Batik A", NIB=NIB, TK="5")])

    take([row("Batik A", NIB=NIB, Alamat="Jl. Melati 2")], as_of=LATER)

    assert profiles("year", "workers", "is_current") == [(2023, 5, True)]


def test_owner_and_contact_person_are_two_contacts():
    take([row("Batik", Nama_Pemilik="Siti", Contact_Person="Budi", No_HP="081234567890")])

    found = Contact.objects.order_by("role").values_list("role", "name", "phone")
    assert list(found) == [("contact", "Budi", "+6281234567890"), ("owner", "Siti", "")]


# --- joining ----------------------------------------------------------------------------------------------------


def test_same_nib_in_one_chunk_is_one_firm_with_the_gaps_filled():
    delivery = take([row("Batik A", NIB=NIB, TK="5"), row("Batik A", NIB=NIB, Nilai_Produksi="1000000")])

    assert firms("name", "nib") == [("Batik A", NIB)]
    assert profiles("workers", "production_value", "row") == [(5, 1_000_000, 2)]
    assert (delivery.rows_taken, delivery.rows_refused) == (2, 0)


def test_same_nib_in_two_chunks_is_one_firm_with_the_gaps_filled(small_chunks):
    rows = [row("Batik A", NIB=NIB, TK="5"), row("Lain", NIB=OTHER_NIB, TK="1"),
            row("Batik Anu", NIB=NIB, Nilai_Produksi="1000000", Alamat="Jl. Melati 2", TK="6")]  # fmt: skip

    take(rows)

    # The first row wins within a list, so no change was made and nothing belongs into the history.
    assert firms("name", "address") == [("Batik A", "Jl. Melati 2"), ("Lain", "")]
    assert profiles("workers", "production_value", "is_current") == [(5, 1_000_000, True), (1, None, True)]
    assert changes() == []


def test_end_is_the_same_however_the_list_is_cut(monkeypatch):
    rows = [
        row(f"Batik {n % 5}", NIB=NIB if n % 5 == 0 else "", Alamat=f"Jl. {n % 5}", TK=str(n), Tahun_Data=str(2020 + n % 3))
        for n in range(40)
    ]  # fmt: skip
    chunks = reading.TableReader.chunks
    found = []
    for size in (1, 3, 1000):
        monkeypatch.setattr(
            reading.TableReader, "chunks", lambda self, rows=size, size=size: chunks(self, min(rows, size))
        )
        take(rows)
        found.append({table: told for table, told in content().items() if table in {"firms", "profiles", "changes"}})
        Profile.objects.all().delete()
        Firm.objects.all().delete()
        Delivery.objects.all().delete()

    assert found[0] == found[1] == found[2]
    assert len(found[0]["firms"]) == 5
    assert len(found[0]["profiles"]) == 15


def test_rows_without_nib_join_by_name_and_place():
    take(
        [
            row("CV. Batik Jaya", Alamat="Jl. Mawar No. 1", TK="5"),
            row("Batik Jaya, CV", Alamat="Jalan Mawar 1", TK_L="3"),
        ]
    )

    assert firms("name") == [("CV. Batik Jaya",)]
    assert profiles("workers", "workers_male") == [(5, 3)]


def test_row_without_nib_joins_the_numbered_row_of_the_same_place():
    take([row("Batik", Alamat="Jl. Mawar 1", TK="5"), row("Batik", Alamat="Jl. Mawar 1", NIB=NIB, Nilai_Produksi="9")])

    assert firms("name", "nib") == [("Batik", NIB)]
    assert profiles("workers", "production_value") == [(5, 9)]


def test_two_nibs_of_one_name_and_place_stay_two_firms():
    take([row("Batik", Alamat="Jl. Mawar 1", TK="5")])

    take([row("Batik", Alamat="Jl. Mawar 1", NIB=NIB), row("Batik", Alamat="Jl. Mawar 1", NIB=OTHER_NIB)], as_of=LATER)

    assert firms("nib") == [(NIB,), (OTHER_NIB,)]


def test_one_nib_at_two_known_places_is_given_to_one_firm_only():
    take([row("Batik", Alamat="Jl. Mawar 1"), row("Batik", Alamat="Jl. Melati 2")])

    take([row("Batik", Alamat="Jl. Mawar 1", NIB=NIB, Tahun_Data="2023"),
          row("Batik", Alamat="Jl. Melati 2", NIB=NIB, Tahun_Data="2024")], as_of=LATER)  # fmt: skip

    assert sorted(firms("nib"), key=str) == [(NIB,), (None,)]


def test_same_name_without_street_but_with_other_owners_stays_apart():
    rows = [row("Keripik Singkong", Nama_Pemilik="Siti", TK="2"), row("Keripik Singkong", Nama_Pemilik="Budi", TK="3")]
    take(rows)

    take([*rows, row("Keripik Singkong", Nama_Pemilik="Ani", TK="4")], as_of=LATER)

    assert firms("contacts__name") == [("Siti",), ("Budi",), ("Ani",)]


def test_men_and_women_of_joined_rows_add_up():
    take([row("Batik", NIB=NIB, TK="10"), row("Batik", NIB=NIB, TK_L="3", TK_P="4")])

    assert profiles("workers", "workers_male", "workers_female") == [(7, 3, 4)]


# --- several lists ----------------------------------------------------------------------------------------------


def test_later_list_adds_statements_and_no_firms():
    rows = [row("Batik A", NIB=NIB, TK="5"), row("Batik B", Alamat="Jl. Melati 2", TK="7")]
    take(rows)

    take(rows, as_of=LATER)

    assert firms("name") == [("Batik A",), ("Batik B",)]
    assert profiles("year", "workers", "is_current") == [
        (2023, 5, False), (2024, 5, True), (2023, 7, False), (2024, 7, True)
    ]  # fmt: skip
    assert changes() == []


def test_newer_list_replaces_facts_and_the_history_keeps_both():
    take(
        [
            row(
                "Batik A",
                NIB=NIB,
                Alamat="Jl. Mawar 1",
                KBLI="13134",
                Jenis_Produk="batik, kain",
                NPWP="012345678901000",
            )
        ]
    )

    later = take(
        [
            row(
                "Batik Baru",
                NIB=NIB,
                Alamat="Jl. Melati 2",
                KBLI="14111",
                Jenis_Produk="daster",
                NPWP="012345678901999",
            )
        ],
        as_of=LATER,
    )

    assert firms("name", "address", "kbli_code", "products") == [("Batik Baru", "Jl. Melati 2", "14111", ["daster"])]
    assert changes() == [
        ("address", "Jl. Mawar 1", "Jl. Melati 2", LATER),
        ("kbli_code", "13134/2020", "14111/2020", LATER),
        ("name", "Batik A", "Batik Baru", LATER),
        ("npwp", "••••••••••••1000", "••••••••••••1999", LATER),
        ("products", "batik\nkain", "daster", LATER),
    ]
    assert (later.counts["facts_changed"], later.counts["firms_changed"]) == (5, 1)
    take([row("Batik Baru", Alamat="Jl. Melati No 2", TK="9")], as_of=date(2026, 6, 30))
    assert Firm.objects.count() == 1  # the key for rows without NIB followed


def test_older_list_fills_gaps_only():
    take([row("Batik A", NIB=NIB, Alamat="Jl. Mawar 1", TK="5")])

    take([row("Batik Lama", NIB=NIB, Alamat="Jl. Lama 9", Kode_Pos="50123", TK="3")], as_of=EARLIER)

    assert firms("name", "address", "postal_code") == [("Batik A", "Jl. Mawar 1", "50123")]
    assert changes() == [("postal_code", None, "50123", EARLIER)]
    assert profiles("year", "workers", "is_current") == [(2022, 3, False), (2023, 5, True)]


def test_list_between_two_others_replaces_only_what_is_older_than_it():
    take([row("Batik A", NIB=NIB, Alamat="Jl. Satu 1", Kode_Pos="50001")], as_of=EARLIER)
    take([row("Batik A", NIB=NIB, Alamat="Jl. Tiga 3")], as_of=LATER)

    take([row("Batik A", NIB=NIB, Alamat="Jl. Dua 2", Kode_Pos="50002")])

    assert firms("address", "postal_code") == [("Jl. Tiga 3", "50002")]


def test_newer_list_that_names_only_the_regency_keeps_the_village():
    take([row("Batik A", NIB=NIB, Kecamatan="Tembalang", Desa="Meteseh")])
    known = firms("region_code")

    take([row("Batik A", NIB=NIB)], as_of=LATER)

    assert firms("region_code") == known
    assert len(known[0][0]) == 13


def test_newer_list_with_a_nib_numbers_the_firm_known_by_place():
    take([row("Batik A", Alamat="Jl. Mawar 1")])

    take([row("Batik A", Alamat="Jl. Mawar 1", NIB=NIB)], as_of=LATER)

    assert firms("nib") == [(NIB,)]
    assert changes() == [("nib", None, NIB, LATER)]


def test_statement_of_a_later_year_is_current_in_whichever_order_they_come(small_chunks):
    rows = [row("A", NIB=NIB, TK="1", Tahun_Data="2023"), row("B", NIB=OTHER_NIB, TK="1"),
            row("A", NIB=NIB, TK="2", Tahun_Data="2024"), row("A", NIB=NIB, TK="3", Tahun_Data="2022")]  # fmt: skip
    take(rows)

    take([row("A", NIB=NIB, TK="9", Tahun_Data="2023")], as_of=LATER)

    found = Profile.objects.filter(firm__nib=NIB).order_by("year", "as_of").values_list("year", "workers", "is_current")
    assert list(found) == [(2022, 3, False), (2023, 1, False), (2023, 9, False), (2024, 2, True)]


def test_newer_list_renews_contacts_and_older_one_fills_gaps():
    take([row("A", NIB=NIB, Nama_Pemilik="Siti", No_HP="081234567890")])
    take([row("A", NIB=NIB, Nama_Pemilik="Budi")], as_of=LATER)

    take([row("A", NIB=NIB, Nama_Pemilik="Ani", Email="ani@contoh.id")], as_of=EARLIER)

    assert list(Contact.objects.values_list("name", "phone", "email")) == [("Budi", "+6281234567890", "ani@contoh.id")]


def test_contact_that_the_firm_gave_itself_is_not_overwritten():
    take([row("A", NIB=NIB)])
    Contact.objects.create(firm=Firm.objects.get(), name="Siti", delivery=None)

    take([row("A", NIB=NIB, Nama_Pemilik="Budi", No_HP="081234567890")], as_of=LATER)

    assert list(Contact.objects.values_list("name", "phone")) == [("Siti", "+6281234567890")]


def test_certificate_without_number_gives_way_to_the_one_with_it():
    take([row("A", NIB=NIB, No_Sertifikat_Halal="ada")])
    assert list(Certificate.objects.values_list("kind", "number")) == [("halal", "")]

    take([row("A", NIB=NIB, No_Sertifikat_Halal="ID331100012345")], as_of=LATER)
    take([row("A", NIB=NIB, No_Sertifikat_Halal="ada")], as_of=date(2026, 6, 30))

    assert list(Certificate.objects.values_list("kind", "number")) == [("halal", "ID331100012345")]


# --- rows with errors -------------------------------------------------------------------------------------------

_MIXED = [row("A", NIB=NIB, TK="5"), row("", TK="4"), row("C", TK="dua puluh lima lebih"), {"Nama Perusahaan": "D"}]


def test_good_rows_are_taken_and_bad_ones_listed():
    delivery = take(_MIXED)

    assert firms("name") == [("A",), ("C",)]
    assert (delivery.rows_taken, delivery.rows_refused) == (2, 2)
    assert list(delivery.problems.order_by("row").values_list("row", "field", "reason", "is_error")) == [
        (3, "name", "name_missing", True), (4, "workers", "not_a_number", False), (5, "regency", "region_missing", True)
    ]  # fmt: skip


def test_all_or_nothing_with_an_error_leaves_nothing_but_the_problems():
    empty = counts()

    delivery = received(_MIXED, mode=Delivery.Mode.ALL_OR_NOTHING)
    with pytest.raises(HasErrors, match="2"):
        take_in(actor=None, delivery=delivery)

    left = counts()
    assert {table: left[table] for table in left if table not in {"deliveries", "problems", "audit"}} == {
        table: 0 for table in empty if table not in {"deliveries", "problems", "audit"}
    }
    delivery.refresh_from_db()
    assert (delivery.status, delivery.cursor, delivery.rows_refused, left["problems"]) == ("checked", 0, 2, 3)


def test_all_or_nothing_without_errors_takes_all(small_chunks):
    rows = [row(f"Batik {n}", Alamat=f"Jl. {n}", TK=str(n)) for n in range(5)]

    delivery = take(rows, mode=Delivery.Mode.ALL_OR_NOTHING)

    assert (delivery.status, Firm.objects.count(), delivery.counts["firms_new"]) == ("done", 5, 5)


def test_all_or_nothing_that_breaks_in_the_middle_leaves_nothing(small_chunks, monkeypatch):
    from gebyar.registry.services.deliveries import taking_in

    apply = taking_in.apply_chunk

    def breaking(rows, delivery):
        if Firm.objects.exists():
            raise RuntimeError("the machine burns")
        return apply(rows, delivery)

    delivery = received([row(f"Batik {n}", TK=str(n)) for n in range(5)], mode=Delivery.Mode.ALL_OR_NOTHING)
    monkeypatch.setattr(taking_in, "apply_chunk", breaking)

    with pytest.raises(RuntimeError):
        take_in(actor=None, delivery=delivery)

    assert (Firm.objects.count(), Profile.objects.count(), delivery.cursor, delivery.rows_taken) == (0, 0, 0, 0)


def test_list_of_a_region_refuses_rows_outside_it():
    outside = {"Kabupaten/Kota": "Kabupaten Bantul", "Provinsi": "DI Yogyakarta"}

    delivery = take([row("A", TK="1"), row("B", TK="2") | outside], region_code="33.74")

    assert firms("name") == [("A",)]
    assert list(delivery.problems.values_list("row", "field", "value", "reason", "parameters", "is_error")) == [
        (3, "regency", "34.02", "outside_region", {"region": "33.74"}, True)
    ]
    assert (delivery.rows_taken, delivery.rows_refused) == (1, 1)


def test_year_that_no_statement_can_have_refuses_the_row():
    delivery = take([row("A", TK="1", Tahun_Data="1930"), row("B", TK="1", Tahun_Data="2024")])

    assert firms("name") == [("B",)]
    assert list(delivery.problems.values_list("row", "reason", "is_error")) == [(2, "not_a_year", True)]


def test_odd_characters_come_through_as_they_are():
    odd = 'Batik "Ratu", \\N {a,b} \\. é – ✓'

    take([row(odd, Alamat="Jl. \\", Jenis_Produk='kain "halus"; sutra \\ emas', TK="1")])

    assert firms("name", "address", "products") == [(odd, "Jl. \\", ['kain "halus"', "sutra \\ emas"])]


# --- checking ---------------------------------------------------------------------------------------------------


def test_checking_counts_and_notes_and_leaves_the_register_alone():
    delivery = received(_MIXED)

    checked = check(delivery=delivery)

    assert (checked.rows_good, checked.rows_refused, checked.warnings) == (2, 2, 1)
    assert checked.preview["name"].to_list() == ["A", "C"]
    assert Firm.objects.count() == 0
    assert (delivery.status, delivery.rows_total, delivery.problems.count()) == ("checked", 4, 3)


def test_checking_twice_and_taking_in_notes_each_problem_once():
    delivery = received(_MIXED)
    check(delivery=delivery)
    check(delivery=delivery)

    take_in(actor=None, delivery=delivery)

    assert delivery.problems.count() == 3


def test_taking_in_is_audited_once_with_its_counts():
    delivery = take(_MIXED)

    entry = AuditEntry.objects.get(verb="registry.take_in_delivery")
    assert entry.target_id == str(delivery.pk)
    assert entry.after == {"taken": 2, "refused": 2, **delivery.counts}
