"""The register of made-up firms: once, wholly, with every constraint in place afterwards."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from tests.registry.firms import make_firm

from gebyar.methods.synthetic import synthesize
from gebyar.records.models import AuditEntry
from gebyar.registry.imports.identity import identity_key
from gebyar.registry.models import Certificate, Contact, Delivery, Firm, Profile, SearchDocument, Source
from gebyar.registry.services import synthesis
from gebyar.registry.services.synthesis import HoldsRealFirms, fill_with_synthetic_firms

pytestmark = pytest.mark.django_db
DAY = date(2024, 10, 31)


def fill(firms=300, seed=1, as_of=DAY, **more):
    return fill_with_synthetic_firms(actor=None, firms=firms, seed=seed, as_of=as_of, **more)


def constraints_and_indexes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY (%s::regclass[]) ORDER BY 1, 2",
            [list(synthesis.TABLES)],
        )
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = ANY (%s) ORDER BY 1", [list(synthesis.TABLES)]
        )
        return constraints, cursor.fetchall()


def test_fill_writes_the_firms_of_the_generator_with_source_and_date():
    filled = fill()
    chunk = next(synthesize(300, 1, first_id=filled.delivery.mapping["first_id"]))
    columns = ["id", "name", "legal_form", "region_code", "address", "kbli_code", "products"]
    assert list(Firm.objects.order_by("id").values_list(*columns)) == chunk.firms.select(columns).rows()
    facts = ["firm_id", "workers", "investment", "sales", "production_value", "exports"]
    assert list(Profile.objects.order_by("firm_id").values_list(*facts)) == chunk.profiles.select(facts).rows()
    assert Certificate.objects.count() == chunk.certificates.height
    assert Contact.objects.count() == 300
    assert set(Profile.objects.values_list("is_current", "as_of", "delivery")) == {(True, DAY, filled.delivery.pk)}
    assert set(Firm.objects.values_list("is_synthetic", "is_active", "delivery")) == {(True, True, filled.delivery.pk)}


def test_fill_gives_each_firm_its_identity_key():
    fill(20)
    for firm in Firm.objects.all():
        assert firm.identity_key == identity_key(firm.name, firm.region_code, firm.address)


def test_fill_is_one_delivery_of_one_synthetic_source_with_one_audit_entry():
    delivery = fill().delivery
    assert delivery.status == Delivery.Status.DONE
    assert (delivery.rows_total, delivery.rows_taken, delivery.cursor) == (300, 300, 300)
    assert Source.objects.get().kind == Source.Kind.SYNTHETIC
    entry = AuditEntry.objects.get(verb="registry.fill_with_synthetic_firms")
    assert entry.after == {"firms": 300, "seed": 1}


def test_fill_makes_the_firms_searchable():
    fill()
    assert SearchDocument.objects.count() == 300


def test_same_fill_again_adds_nothing_even_on_another_day():
    first = fill()
    again = fill(as_of=date(2025, 1, 1))
    assert (again.is_new, again.delivery) == (False, first.delivery)
    assert Firm.objects.count() == 300
    assert AuditEntry.objects.filter(verb="registry.fill_with_synthetic_firms").count() == 1


def test_fills_of_other_seeds_and_sizes_never_share_a_nib():
    for firms, seed in ((300, 1), (300, 2), (400, 1)):
        fill(firms, seed)
    numbers = list(Firm.objects.filter(nib__isnull=False).values_list("nib", flat=True))
    assert Firm.objects.count() == 1000
    assert len(set(numbers)) == len(numbers) > 500
    assert all(number.startswith("99") and len(number) == 13 for number in numbers)


def test_fill_leaves_room_for_the_next_firm():
    fill()
    last = Firm.objects.latest("id").pk
    assert make_firm(is_synthetic=True).pk == last + 1


def test_fill_beside_real_firms_is_refused():
    make_firm(name="Usaha nyata")
    with pytest.raises(HoldsRealFirms):
        fill()
    assert list(Firm.objects.values_list("name", flat=True)) == ["Usaha nyata"]
    assert not Delivery.objects.filter(source__kind=Source.Kind.SYNTHETIC).exists()


@pytest.mark.parametrize(("firms", "seed"), [(0, 1), (5, -1)])
def test_fill_of_an_impossible_size_is_refused(firms, seed):
    with pytest.raises(ValueError, match=r"must|needs"):
        fill(firms, seed)
    assert not Source.objects.exists()


class Killed(BaseException):
    pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("large", [False, True])
def test_fill_that_is_killed_among_the_rows_leaves_nothing_and_starts_clean(monkeypatch, large):
    monkeypatch.setattr(synthesis, "CHUNK", 100)
    monkeypatch.setattr(synthesis, "LARGE_FILL", 300 if large else 10**9)
    before = constraints_and_indexes()

    def kill(done, _total, _words):
        if done >= 100:
            raise Killed

    with pytest.raises(Killed):
        fill(progress=kill)
    assert (Firm.objects.count(), Profile.objects.count()) == (0, 0)
    assert constraints_and_indexes() == before
    assert fill().is_new
    assert Firm.objects.count() == 300


def test_fill_that_is_killed_before_the_search_goes_on_there(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(synthesis, "refresh_search", lambda **_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            fill()
    assert Delivery.objects.get().status == Delivery.Status.RUNNING
    assert fill().delivery.status == Delivery.Status.DONE
    assert (Firm.objects.count(), SearchDocument.objects.count()) == (300, 300)


@pytest.mark.django_db(transaction=True)
def test_large_fill_puts_every_constraint_and_index_back(monkeypatch):
    monkeypatch.setattr(synthesis, "LARGE_FILL", 100)
    before = constraints_and_indexes()
    fill()
    assert constraints_and_indexes() == before
    assert SearchDocument.objects.count() == 300
    with pytest.raises(IntegrityError), transaction.atomic():
        Firm.objects.create(name="Ganda", region_code="33.74", nib=Firm.objects.filter(nib__isnull=False).first().nib)
    assert not Profile.objects.values("firm").annotate(count=Count("pk")).filter(count__gt=1).exists()


def test_progress_counts_to_the_end():
    said = []
    fill(progress=lambda done, total, words: said.append((done, total, words)))
    assert (300, 300, "made-up firms") in said
