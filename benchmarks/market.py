"""Listings and deals at scale: `python benchmarks/market.py [LISTINGS [DEALS]]`.

Fills an empty register with synthetic firms, gives them listings (`gebyar.methods.synthetic.partners`) and deals with
six statements each, then asks what the pages ask: the list by words and filters, suggestions, sums of deals, the export.
Without arguments 100,000 of each. Bar: every page of the list < 100 ms.
"""

import os
import platform
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")

SEED = 2024
QUESTIONS = 40
OPENED = date(2024, 1, 15)


def main() -> None:
    listings = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    deals = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with ExitStack() as stack:
        start(stack)
        fill(listings, deals)
        report()


def start(stack: ExitStack) -> None:
    import django

    from gebyar.web import database
    from gebyar.web.home import home

    if database.is_embedded():
        stack.enter_context(database.running(home()))
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


# --- filling ----------------------------------------------------------------------------------------------------


def fill(listings: int, deals: int) -> None:
    from django.db import connection

    from gebyar.partnership.models import Deal, Listing
    from gebyar.registry.models import Firm
    from gebyar.registry.services.synthesis import fill_with_synthetic_firms

    if not Firm.objects.exists():
        fill_with_synthetic_firms(actor=None, firms=listings, seed=SEED, as_of=date(2024, 12, 31))
    if not Listing.objects.exists():
        write_listings(listings)
    if not Deal.objects.exists():
        write_deals(deals)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write_listings(count: int) -> None:
    from django.utils import timezone

    from gebyar.methods.synthetic.partners import make_entries
    from gebyar.partnership.models import Listing
    from gebyar.registry.models import Firm

    firms = list(Firm.objects.order_by("pk").values_list("pk", flat=True))
    draw, now = random.Random(SEED), timezone.now()
    decided = [now - timedelta(minutes=minutes) for minutes in range(count)]
    Listing.objects.bulk_create(
        (listing_of(entry, draw.choice(firms), moment) for entry, moment in zip(make_entries(count, seed=1), decided, strict=True)),
        batch_size=2_000,
    )  # fmt: skip


def listing_of(entry, firm, moment):
    from gebyar.partnership.models import Listing

    return Listing(
        firm_id=firm, direction=entry.direction, role=entry.role, title=entry.text[:120], description=entry.text,
        kbli_codes=list(entry.kbli), certificates=list(entry.certificates), regions=list(entry.regions),
        routes=list(entry.routes), quantity=entry.quantity_per_year, unit=entry.unit[:30], period="year",
        lead_time_days=entry.lead_time_days, has_cold_chain=entry.has_cold_chain, status="approved",
        decided_at=moment, created_at=moment, changed_at=moment, is_synthetic=True,
    )  # fmt: skip


def write_deals(count: int) -> None:
    """Write deals between firms at random; two in three have statements of both sides."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            """
            INSERT INTO partnership_deal (seller_id, buyer_id, relation, title, origin, origin_date, opened_at, is_synthetic)
            SELECT seller, seller %% (SELECT max(id) FROM registry_firm) + 1, 'order', 'Keripik ' || number, 'Temu Bisnis', %s, now(), true
            FROM (SELECT (SELECT min(id) FROM registry_firm)
                         + floor(random() * (SELECT count(*) - 1 FROM registry_firm))::bigint AS seller, number
                  FROM generate_series(1, %s) number) drawn
            """,
            [OPENED, count],
        )
        cursor.execute(
            """
            INSERT INTO partnership_dealstatement (deal_id, side, stage, amount, on_date, note, said_at)
            SELECT d.id, s.side, t.stage, CASE WHEN t.place > 2 THEN 1000000 * (d.id %% 50 + 1) END, %s + t.place * 20, '', now()
            FROM partnership_deal d,
                 (VALUES ('seller', 0), ('buyer', 1)) s (side, other),
                 (VALUES ('interest', 1), ('quotation', 2), ('order', 3), ('realised', 4)) t (stage, place)
            WHERE t.place <= d.id %% 4 + 1 + d.id %% 2 AND (s.other = 0 OR d.id %% 3 > 0)
            """,
            [OPENED],
        )


# --- asking -----------------------------------------------------------------------------------------------------


def report() -> None:
    from django.db import connection

    from gebyar.partnership.models import Deal, DealStatement, Listing
    from gebyar.registry.models import Firm

    counts = [model.objects.count() for model in (Firm, Listing, Deal, DealStatement)]
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Load when asked: {os.getloadavg()[0]:.1f}")
    print(f"Command: python {' '.join(sys.argv)}\n")
    print("{:,} firms, {:,} listings, {:,} deals, {:,} statements\n".format(*counts))
    print("| question | asked | median ms | p95 ms | max ms |\n|---|---:|---:|---:|---:|")
    for name, asked in [*pages_of_the_list(), *suggestions(), *sums()]:
        seconds = []
        for ask in asked:
            connection.close()
            connection.ensure_connection()
            before = time.perf_counter()
            ask()
            seconds.append(time.perf_counter() - before)
        tell(name, [1000 * second for second in seconds])


def tell(name: str, found: list[float]) -> None:
    high = sorted(found)[max(0, round(0.95 * len(found)) - 1)]
    print(f"| {name} | {len(found)} | {statistics.median(found):.1f} | {high:.1f} | {max(found):.1f} |", flush=True)


def pages_of_the_list():
    """Yield what the public list is asked for: a page with its cards and its count, by words drawn from listings."""
    from gebyar.partnership.models import Listing
    from gebyar.registry.models import Firm

    draw = random.Random(SEED)
    texts = draw.sample(list(Listing.objects.order_by("pk").values_list("title", flat=True)), QUESTIONS)
    names = [firm.name for firm in Firm.objects.filter(listings__isnull=False).order_by("pk")[:QUESTIONS]]
    words = [[word for word in text.split() if len(word) > 3] or ["usaha"] for text in texts]
    provinces = [code[:2] for code in Firm.objects.order_by("?").values_list("region_code", flat=True)[:QUESTIONS]]
    yield "the whole list, first page", [page() for _ in range(QUESTIONS)]
    yield "the whole list, pages 2 to 50", [page(number=draw.randint(2, 50)) for _ in range(QUESTIONS)]
    yield "one word", [page(words=draw.choice(some)) for some in words]
    yield "two words", [page(words=" ".join(some[:2])) for some in words]
    yield "a word of a firm's name", [page(words=max(name.split(), key=len)) for name in names]
    yield "a word that stands nowhere", [page(words=f"tidakada{number}") for number in range(QUESTIONS)]
    yield (
        "a word and a province",
        [page(words=draw.choice(some), region=code) for some, code in zip(words, provinces, strict=True)],
    )
    yield "a province", [page(region=code) for code in provinces]
    yield "an industry", [page(kbli=str(draw.randint(10, 33))) for _ in range(QUESTIONS)]
    yield (
        "a certificate and a role",
        [page(certificate=draw.choice(["halal", "sni"]), role="distributor") for _ in range(QUESTIONS)],
    )


def page(number: int = 1, **filters):
    from gebyar.partnership.queries.listings import ListingFilters, cards, find_listings, listings_of

    return lambda: cards(listings_of(find_listings(ListingFilters(**filters)).page(number)))


def suggestions():
    from gebyar.partnership.models import Listing
    from gebyar.partnership.queries.suggestions import share_report, suggestions_for

    some = list(Listing.objects.select_related("firm").order_by("?")[:QUESTIONS])
    yield "suggestions, the first of a process (builds the index)", [lambda: suggestions_for(some[0])]
    yield "suggestions", [lambda one=one: suggestions_for(one) for one in some]
    yield "suggestions after a listing has changed", [lambda one=one: changed(one) for one in some[:10]]
    yield "report of who is suggested", [share_report]


def changed(listing) -> None:
    from django.utils import timezone

    from gebyar.partnership.models import Listing
    from gebyar.partnership.queries.suggestions import suggestions_for

    Listing.objects.filter(pk=listing.pk).update(changed_at=timezone.now())
    suggestions_for(listing)


def sums():
    from gebyar.partnership.models import Deal
    from gebyar.partnership.queries.dashboard import dashboard, public_figures

    national = Deal.objects.all()
    province = Deal.objects.filter(seller__region_code__gte="51.", seller__region_code__lt="51/")
    yield "deals of the nation in sums", [lambda: dashboard(national) for _ in range(3)]
    yield "deals of a province in sums", [lambda: dashboard(province) for _ in range(3)]
    yield "public figures of deals", [public_figures for _ in range(3)]
    yield "export of all deals (CSV)", [export]


def export() -> None:
    from tests.factories import person

    from gebyar.accounts.models import Role
    from gebyar.partnership.services.exports import export_deals

    with tempfile.TemporaryDirectory() as folder:
        export_deals(actor=person(Role.PROGRAMME_OFFICER), path=Path(folder) / "deals.csv", format="csv")


if __name__ == "__main__":
    main()
