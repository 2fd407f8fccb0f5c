"""Search in the whole register: `python benchmarks/search.py [FIRMS]`.

Fills an empty register with synthetic firms, builds the search tables, then asks 400 questions of six kinds and, in
the same run, some of them the two obvious ways: `ILIKE '%…%'` on names and products, and trigram similarity of names
with its index. Bar: p95 < 100 ms at 4.5 million firms.
"""

import os
import platform
import random
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")

SEED = 2024
QUESTIONS = 400
PEER_QUESTIONS = 24
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    with ExitStack() as stack:
        start(stack)
        firms = fill(int(sys.argv[1]) if len(sys.argv) > 1 else 4_500_000)
        questions = make_questions()
        print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print(f"Load when asked: {os.getloadavg()[0]:.1f}")
        print(f"Command: python {' '.join(sys.argv)}\n\n{firms:,} firms\n")
        report(questions)
        compare(questions)


def start(stack: ExitStack) -> None:
    import django

    from gebyar.web import database
    from gebyar.web.home import home

    if database.is_embedded():
        stack.enter_context(database.running(home()))
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(wanted: int) -> int:
    from gebyar.registry.models import Firm, SearchDocument
    from gebyar.registry.services.search import refresh_search
    from gebyar.registry.services.synthesis import fill_with_synthetic_firms

    if not Firm.objects.exists():
        filled = fill_with_synthetic_firms(actor=None, firms=wanted, seed=SEED, as_of=date(2024, 12, 31))
        searchable = filled.seconds - filled.copy_seconds
        print(
            f"fill the register: {filled.copy_seconds:.1f} s, build the search tables: {searchable:.1f} s", flush=True
        )
    elif SearchDocument.objects.count() != Firm.objects.count():
        timed("build the search tables", refresh_search)
    refresh = list(Firm.objects.values_list("pk", flat=True)[:1])
    refresh_search(firm_ids=refresh)
    timed("refresh one firm", lambda: refresh_search(firm_ids=refresh))
    return Firm.objects.count()


def timed(words, act) -> None:
    before = time.perf_counter()
    act()
    print(f"{words}: {time.perf_counter() - before:.3f} s", flush=True)


# --- questions --------------------------------------------------------------------------------------------------


def make_questions():
    """Return (kind, words, filters) as people would ask them, drawn from the register itself."""
    from gebyar.registry.queries.search import tokens

    draw = random.Random(SEED)
    questions = []
    for number, firm in enumerate(sample(draw, QUESTIONS)):
        named = [word for word in tokens(firm.name) if len(word) > 2] or ["usaha"]
        made = tokens(" ".join(firm.products)) or named
        kind, words, filters = [
            ("words of a name", " ".join(named[:2]), {}),
            ("product", " ".join(made[:2]), {}),
            ("misspelt", misspelt(draw.choice(named + made), draw), {}),
            ("word and region", draw.choice(named + made), {"region": firm.region_code[: draw.choice([2, 5])]}),
            ("filters only", "", some_filters(firm, draw)),
            ("product, region, size", draw.choice(made), {"region": firm.region_code[:2], "size": "small"}),
        ][number % 6]
        questions.append((kind, words, filters))
    return questions


def sample(draw, count):
    from django.db.models import Max

    from gebyar.registry.models import Firm

    highest = Firm.objects.aggregate(highest=Max("pk"))["highest"]
    drawn = [draw.randint(1, highest) for _ in range(2 * count)]
    return list(Firm.objects.filter(pk__in=drawn).order_by("pk"))[:count]


def misspelt(word, draw):
    """Return the word with one letter lost, doubled, exchanged or swapped."""
    at = draw.randrange(1, max(2, len(word) - 1))
    return draw.choice(
        [word[:at] + word[at + 1 :], word[:at] + word[at - 1 :], word[:at] + draw.choice(LETTERS) + word[at + 1 :],
         word[: at - 1] + word[at - 1 : at + 1][::-1] + word[at + 1 :]]
    )  # fmt: skip


def some_filters(firm, draw):
    usual = [
        {"region": firm.region_code[:2]},
        {"kbli": (firm.kbli_code or "10")[:2]},
        {
            "region": firm.region_code[:2],
            "kbli": (firm.kbli_code or "10")[:2],
            "size": draw.choice(["small", "medium"]),
        },
        {"region": firm.region_code[:5], "exports": draw.choice([True, False])},
        {"size": draw.choice(["small", "medium", "large"])},
    ]
    return draw.choice(usual)


# --- measuring --------------------------------------------------------------------------------------------------


def ask(question):
    """Do what the page does: find, and read the cards of the first page. Return (milliseconds, hits)."""
    from gebyar.registry.queries.firms import cards
    from gebyar.registry.queries.search import Filters, search

    _kind, words, filters = question
    before = time.perf_counter()
    found = search(words, Filters(**filters, active=True))
    cards(found.page(1))
    return (time.perf_counter() - before) * 1000, len(found.ids)


def report(questions) -> None:
    for question in questions[:50]:  # the caches of a server that has run for a while
        ask(question)
    measured = [(question, *ask(question)) for question in questions]
    print("| question | asked | with hits | p50 ms | p95 ms | max ms |\n|---|---:|---:|---:|---:|---:|")
    for kind in [*dict.fromkeys(kind for kind, *_ in questions), ""]:
        some = [(ms, hits) for (k, *_), ms, hits in measured if kind in ("", k)]
        times = [ms for ms, _ in some]
        with_hits = sum(hits > 0 for _, hits in some)
        print(f"| {kind or '**all**'} | {len(some)} | {with_hits} | {spread(times)} |")
    slow = sorted(measured, key=lambda row: -row[1])[:5]
    print("\nSlowest: " + "; ".join(f"{q[1]!r} {q[2]} {ms:.0f} ms" for q, ms, _ in slow) + "\n")


def spread(times) -> str:
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"{statistics.median(times):.1f} | {p95:.1f} | {max(times):.1f}"


def compare(questions) -> None:
    """Ask the questions that have words the two obvious ways, and ours again beside them."""
    from django.db import connection

    worded = [question for question in questions if question[1]][:PEER_QUESTIONS]
    with connection.cursor() as cursor:
        timed(
            "index for the trigram peer",
            lambda: cursor.execute("CREATE INDEX peer ON registry_firm USING gin (name gin_trgm_ops)"),
        )
        ours = [ask(question)[0] for question in worded]
        naive = [peer(cursor, ILIKE, {"all": f"%{words}%"}, filters) for _, words, filters in worded]
        trigram = [peer(cursor, TRIGRAM, {"all": words}, filters) for _, words, filters in worded]
        cursor.execute("DROP INDEX peer")
    print(f"\nThe same {len(worded)} questions with words:\n")
    print("| way | p50 ms | p95 ms | max ms |\n|---|---:|---:|---:|")
    print(f"| this search | {spread(ours)} |\n| ILIKE on names and products | {spread(naive)} |")
    print(f"| trigram similarity of names, indexed | {spread(trigram)} |")


ILIKE = (
    "SELECT f.id FROM registry_firm f WHERE (f.name ILIKE %(all)s OR array_to_string(f.products, ' ') ILIKE %(all)s)"
    " AND f.region_code LIKE %(region)s ORDER BY f.id LIMIT 20"
)
TRIGRAM = (
    "SELECT f.id FROM registry_firm f WHERE f.name %% %(all)s AND f.region_code LIKE %(region)s"
    " ORDER BY similarity(f.name, %(all)s) DESC, f.id LIMIT 20"
)


def peer(cursor, sql, values, filters) -> float:
    before = time.perf_counter()
    cursor.execute(sql, {**values, "region": f"{filters.get('region', '')}%"})
    cursor.fetchall()
    return (time.perf_counter() - before) * 1000


if __name__ == "__main__":
    main()
