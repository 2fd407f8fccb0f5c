"""Which request, task or command an audit entry belongs to."""

from uuid import UUID

import pytest
from django.core.management import call_command
from tests.factories import UserFactory

from gebyar.accounts.services import export_my_data
from gebyar.records.models import AuditEntry
from gebyar.statistics.models import Snapshot
from gebyar.statistics.tasks import make_snapshot


def ids():
    return list(AuditEntry.objects.order_by("pk").values_list("request_id", flat=True))


@pytest.mark.django_db
def test_answer_names_the_request_whose_entries_carry_it(sign_in_as):
    client = sign_in_as(UserFactory())
    answers = [client.post("/people/me/", {"action": "name", "about-name": name}) for name in ("Ani", "Budi")]
    assert ids() == [UUID(answer["X-Request-ID"]) for answer in answers]
    assert len(set(ids())) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/people/"])
def test_every_answer_has_another_request_id(client, path):
    first, second = (UUID(client.get(path)["X-Request-ID"]) for _ in range(2))
    assert first != second


@pytest.mark.django_db
def test_request_id_of_the_browser_is_not_believed(client):
    claimed = "00000000-0000-4000-8000-000000000000"
    assert client.get("/", headers={"x-request-id": claimed})["X-Request-ID"] != claimed


@pytest.mark.django_db
def test_services_called_outside_of_any_request_have_ids():
    user = UserFactory()
    for _ in range(2):
        export_my_data(actor=user)
    assert None not in ids()
    assert len(set(ids())) == 2


@pytest.mark.xdist_group("snapshots")  # they share a folder
@pytest.mark.django_db(transaction=True)
def test_each_task_is_a_request_of_its_own():
    for _ in range(2):
        make_snapshot.enqueue(None)
    call_command("db_worker", batch=True, interval=0.1, reload=False, startup_delay=False, verbosity=0)
    assert Snapshot.objects.count() == 2
    assert None not in ids()
    assert len(set(ids())) == 2
