"""Made-up firms for tests, with their sources, figures and people."""

import itertools
from datetime import date

from tests.factories import person

from gebyar.registry.models import Delivery, Firm, FirmMember, Profile, Source

_numbers = itertools.count(1)


def make_delivery(source="Dinas Perindustrian Kota Semarang", kind=Source.Kind.OFFICE, year=2023, **facts):
    origin, _ = Source.objects.get_or_create(name=source, defaults={"kind": kind})
    return Delivery.objects.create(
        **{"source": origin, "as_of": date(year, 12, 31), "data_year": year, "status": Delivery.Status.DONE} | facts
    )


def make_firm(**facts):
    """Return an active firm in Tembalang, Kota Semarang, that makes batik."""
    number = next(_numbers)
    usual = {
        "name": f"Batik Uji {number}",
        "nib": f"{9120000000000 + number}",
        "region_code": "33.74.10",
        "kbli_code": "13134",
        "kbli_version": 2020,
        "products": ["kain batik tulis"],
        "address": f"Jalan Rahasia {number}",
    }
    if "delivery" not in facts:
        facts["delivery"] = make_delivery()
    return Firm.objects.create(**usual | facts)


def make_profile(firm, year=2023, **facts):
    usual = {
        "year": year,
        "as_of": date(year, 12, 31),
        "is_current": True,
        "workers_male": 4,
        "workers_female": 8,
        "workers": 12,
        "investment": 250_000_000,
        "sales": 1_200_000_000,
    }
    if "delivery" not in facts:
        facts["delivery"] = make_delivery(year=year)
    return Profile.objects.create(firm=firm, **usual | facts)


def make_member(firm, **facts):
    user = person(**facts)
    FirmMember.objects.create(firm=firm, user=user)
    return user
