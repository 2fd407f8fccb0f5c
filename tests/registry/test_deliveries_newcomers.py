"""Firms that nobody knows are written in bulk; what stands in the register then is what merging would have written."""

import threading

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from tests.registry.lists import content, received, row

from gebyar.registry.models import Certificate, Contact, Delivery, FactChange, Firm, Profile
from gebyar.registry.services.deliveries import matching, take_in

pytestmark = pytest.mark.django_db

NIB = "1234500000011"
ROWS = [
    row("CV Batik Jaya", NIB=NIB, Tanggal_NIB="3 Maret 2021", Alamat="Jl. Mawar 1", KBLI="13134", NPWP="012345678901000",
        Jenis_Produk='batik "tulis", batik cap', TK_L="4", TK_P="8", TK="12", Nilai_Investasi="250000000", Status="aktif",
        Nama_Pemilik="Siti Aminah", No_HP="081234567890", Tahun_Data="2023", No_Sertifikat_Halal="ID331100012345",
        NIK_Pemilik="3374105203850001", Latitude="-7.01", Longitude="110.42", Kapasitas_Produksi="1,5"),
    row("Tahu Sari", Alamat="Jl. Melati 2", Nama_Kontak="Budi", Email="budi@example.org", No_HP="081234567891", SNI="ada"),
    row("Mebel Jati", Alamat="Jl. Kenanga 3", Status="tutup", Satuan="buah", TK_L="3", Hibah="mesin"),
    row("Keripik Tempe", Alamat="Jl. Flamboyan 4"),
]  # fmt: skip


def forgotten():
    """Empty the register of what `ROWS` brought."""
    for model in (Certificate, Contact, FactChange, Profile, Firm, Delivery):
        model.objects.all().delete()


@pytest.fixture
def nobody_is_new(monkeypatch):
    """Have every row matched and merged, newcomers too."""

    def switch():
        monkeypatch.setattr(matching, "_related", lambda _cursor, rows: pl.repeat(True, rows.height, eager=True))

    return switch


def test_newcomers_are_written_as_merging_writes_them(nobody_is_new):
    take_in(actor=None, delivery=received(ROWS))
    told = ("firms", "profiles", "contacts", "certificates", "changes", "problems")
    quickly = {table: content()[table] for table in told}
    forgotten()
    nobody_is_new()

    take_in(actor=None, delivery=received(ROWS))

    assert quickly == {table: content()[table] for table in told}
    assert [len(quickly[table]) for table in told[:4]] == [4, 2, 2, 3]


def test_chunk_of_newcomers_and_others_brings_both():
    take_in(actor=None, delivery=received(ROWS[:1]))

    again = take_in(actor=None, delivery=received([*ROWS, row("Mebel Jati", Alamat="Jl. Kenanga 3", TK_P="2")]))

    assert (again.counts["firms_new"], again.counts["profiles"], again.counts["rows_joined"]) == (3, 2, 1)
    assert sorted(Firm.objects.values_list("name", flat=True)) == sorted(each["Nama Perusahaan"] for each in ROWS)
    assert list(Profile.objects.filter(firm__name="Mebel Jati").values_list("workers_male", "workers")) == [(3, 5)]


# --- the delivery that every fact names ---


def written(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO registry_firm (name, region_code, delivery_id) SELECT name, '33.74', %s FROM registry_firm",
        "INSERT INTO registry_contact (firm_id, role, delivery_id) SELECT id, 'contact', %s FROM registry_firm",
        "INSERT INTO registry_certificate (firm_id, kind, delivery_id) SELECT id, 'tkdn', %s FROM registry_firm",
        "INSERT INTO registry_factchange (firm_id, field, as_of, delivery_id) SELECT id, 'name', now(), %s FROM registry_firm",
        "INSERT INTO registry_profile (firm_id, year, as_of, delivery_id) SELECT id, 1999, now(), %s FROM registry_firm",
        "UPDATE registry_firm SET delivery_id = %s",
        "UPDATE registry_contact SET delivery_id = %s",
        "UPDATE registry_certificate SET delivery_id = %s",
        "UPDATE registry_profile SET delivery_id = %s",
    ],
)
def test_fact_of_a_delivery_that_is_not_there_is_refused(sql):
    delivery = take_in(actor=None, delivery=received(ROWS[:1]))

    with pytest.raises(IntegrityError, match=f"delivery {delivery.pk + 1} is not there"):
        written(sql, delivery.pk + 1)


@pytest.mark.parametrize("model", [Firm, Profile, Contact, Certificate, FactChange])
def test_delivery_that_a_fact_names_cannot_be_deleted(model):
    delivery = take_in(actor=None, delivery=received(ROWS[:1]))
    other = received(ROWS)
    firm = Firm.objects.get()
    FactChange.objects.create(firm=firm, field="name", as_of=delivery.as_of, delivery=delivery)
    Delivery.objects.filter(pk=other.pk).update(status="done")
    for each in {Firm, Profile, Contact, Certificate, FactChange} - {model}:
        each.objects.update(delivery=other)
    with pytest.raises(IntegrityError, match=f"delivery {delivery.pk} has facts"):
        written("DELETE FROM registry_delivery WHERE id = %s", delivery.pk)

    model.objects.update(delivery=other)
    delivery.problems.all().delete()
    written("DELETE FROM registry_delivery WHERE id = %s", delivery.pk)

    assert list(Delivery.objects.values_list("pk", flat=True)) == [other.pk]


@pytest.mark.django_db(transaction=True)
def test_delivery_that_is_deleted_while_a_fact_names_it_stays():
    delivery, raised = received(ROWS), []

    def delete():
        try:
            written("DELETE FROM registry_delivery WHERE id = %s", delivery.pk)
        except IntegrityError as error:
            raised.append(str(error))
        finally:
            connection.close()

    rival = threading.Thread(target=delete)
    with transaction.atomic():
        Firm.objects.create(name="Batik", region_code="33.74", delivery=delivery)
        rival.start()
        rival.join(0.5)
        waited = rival.is_alive()
    rival.join()

    assert (waited, Delivery.objects.count()) == (True, 1)
    assert [words.splitlines()[0] for words in raised] == [f"delivery {delivery.pk} has facts"]
