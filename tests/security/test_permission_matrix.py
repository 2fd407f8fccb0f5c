"""Every route, every kind of person: the exact outcome, and no trace of what was refused."""

import copy
import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from tests.security.html import inline_parts
from tests.security.matrix import TABLE
from tests.security.samples import FORMS, PARAMETERS
from tests.security.snapshot import stored
from tests.security.world import COLUMNS, SECRETS, build_world

from gebyar.web.permissions import ROUTES

# The firm itself, and the officers in whose region it lies.
ENTITLED = {"firm_member", "local_officer", "programme_officer", "administrator"}
REFUSED = {"in", "404", "405", "403"}


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    outcomes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.route:<36} {self.method:<6}  " + " ".join(f"{word:<4}" for word in self.outcomes).rstrip()


def rows_of(table: str) -> list[Row]:
    lines = [line.split() for line in table.splitlines() if line.strip() and not line.startswith("#")]
    return [Row(route, method, tuple(outcomes)) for route, method, *outcomes in lines]


ROWS = rows_of(TABLE)


def route_names(resolver=None, namespaces=()):
    """Yield the full names of all routes, however deep; a route without a name has an empty one."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from route_names(pattern, inner)
        else:
            yield ":".join([*namespaces, pattern.name or ""])


def test_every_route_stands_in_the_table_of_permissions():
    assert sorted(set(route_names()) - set(ROUTES)) == []


def test_every_permission_belongs_to_a_route():
    assert sorted(set(ROUTES) - set(route_names())) == []


def test_every_route_stands_in_the_matrix():
    assert sorted(set(route_names()) - {row.route for row in ROWS}) == []


def test_routes_at_one_address_ask_for_the_same_permission():
    """Django names the first route that fits the address, so a stricter one behind it would never be asked."""
    by_address = {}
    for name, address in addresses():
        by_address.setdefault(re.sub(r"<[^>]*>", "<>", address), set()).add(ROUTES.get(name))
    assert {address: asked for address, asked in by_address.items() if len(asked) > 1} == {}


def addresses(resolver=None, namespaces=(), prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from addresses(pattern, inner, address)
        else:
            yield ":".join([*namespaces, pattern.name or ""]), address


def test_every_row_of_the_matrix_has_a_route_and_all_columns():
    assert sorted({row.route for row in ROWS} - set(route_names())) == []
    assert [row for row in ROWS if len(row.outcomes) != len(COLUMNS)] == []


@pytest.fixture(scope="module")
def shared_world(django_db_setup, django_db_blocker):
    """Built once, since nearly every test here looks at it; taken back with the transaction around them all."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world, db):
    """A copy, so that nothing that a test reads stays with its people and firms."""
    return copy.deepcopy(shared_world)


# Two groups: two workers share them, and each builds the world once.
GROUPED = [pytest.param(row, marks=pytest.mark.xdist_group(f"matrix {n % 2}")) for n, row in enumerate(ROWS)]


@pytest.mark.parametrize("row", GROUPED, ids=lambda row: f"{row.method}-{row.route}")
def test_route_answers_each_person_as_the_matrix_says(row, world):
    address = reverse(row.route, kwargs=PARAMETERS.get(row.route, lambda _: {})(world))
    form = FORMS.get(row.route, lambda _: {})(world) if row.method != "GET" else {}
    outcomes = tuple(outcome_for(column, row.method, address, form, world) for column in COLUMNS)
    actual = Row(row.route, row.method, outcomes)
    assert actual == row, f"now it is\n{actual}"


def test_refused_pages_do_hold_secrets_for_those_who_may_read_them(world):
    """Else a refusal that shows none of them would show nothing."""
    pages = [
        reverse(f"registry:{name}", args=[world.things["delivery"].pk]) for name in ("delivery", "delivery_mapping")
    ]
    pages += [
        reverse("registry:firm", args=[world.firm.pk]),
        reverse("partnership:listing", args=[world.things["listing"].pk]),
        reverse("registry:correction", args=[world.things["correction"].pk]),
        reverse("awards:entry", args=[world.things["award_entering"]["begun"].pk]),
        reverse("awards:edition", args=[world.things["award_entering"]["draft"].pk]),
        reverse("statistics:snapshot_file", args=[world.things["snapshot"].pk]),
        reverse("awards:objection", args=[world.things["award_stages"]["objection"].pk]),
        reverse("awards:coaching", args=[world.things["award_stages"]["coached_stage"].pk]),
        reverse("readiness:report", args=[world.things["finished"].pk]),
    ]
    client = world.client("administrator")
    shown = "".join(body_of(client.get(page)) for page in pages)
    # What a firm says of a meeting is read by its own members only.
    said = reverse("fair:outcome", args=[world.things["day_request"].pk])
    shown += body_of(world.client("firm_member").get(said))
    assert [secret for secret in SECRETS if secret not in shown] == []


def body_of(response):
    return (b"".join(response) if response.streaming else response.content).decode(errors="replace")


def outcome_for(column, method, address, form, world):
    with transaction.atomic():
        client = world.client(column)
        before = stored() if method != "GET" else None
        response = client.get(address) if method == "GET" else send(client, address, form)
        outcome = word_for(response)
        if before is not None and outcome in REFUSED:
            assert stored() == before, f"{column} was refused and yet something changed"
        look_at(response, secrets=() if column in ENTITLED else SECRETS)
        transaction.set_rollback(True)
    return outcome


def send(client, address, form):
    if address.startswith("/api/"):
        return client.post(address, form, content_type="application/json")
    for value in form.values():
        if hasattr(value, "seek"):  # a file, read to its end for the person before
            value.seek(0)
    return client.post(address, form)


def word_for(response):
    if response.status_code != 302:
        return str(response.status_code)
    return "in" if response["Location"].startswith(f"{reverse('account_login')}?next=") else "go"


def look_at(response, secrets):
    """Every answer carries the policy, every page keeps it, and none tells what its reader may not know."""
    policy = response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy
    assert "unsafe-" not in policy
    body = body_of(response)
    assert [secret for secret in secrets if secret in body] == []
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert inline_parts(body) == []
