"""The API against its own description, and against pages of other sites."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import response_schema_conformance
from tests.factories import person, sign_in

from gebyar.accounts.models import Role

EXAMPLES = 15
CHECKS = [schemathesis.checks.not_a_server_error, response_schema_conformance]


@pytest.fixture
def kept_connection(db):
    """Keep the test's connection, which a real server would close with each request; the test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connection")
def test_api_answers_a_stranger_as_it_is_described():
    """Well-formed requests of somebody who is not signed in get a described answer, never a server's error."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= len(WRITES)
    for operation in operations:
        _try_out(operation)


def _try_out(operation):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answers(case):
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    answers()


WRITES = [
    ("api:propose_correction", {"firm_id": 1}),
    ("api:decide_correction", {"correction_id": 1}),
    ("api:make_round_plan", {"round_id": 1}),
    ("api:publish_round_plan", {"plan_id": 1}),
    ("api:add_round_requests", {"round_id": 1}),
    ("api:ask_participant", {"participant_id": 1}),
    ("api:answer_meeting", {"request_id": 1}),
    ("api:make_panel_plan", {"stage_id": 1}),
    ("api:force_panel_plan", {"plan_id": 1}),
    ("api:make_stage_ranking", {"stage_id": 1}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "parameters"), WRITES, ids=[route for route, _ in WRITES])
def test_api_write_without_the_token_of_our_pages_is_refused(route, parameters):
    """A cookie alone is no proof that our own page sent the request."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client, person(Role.ADMINISTRATOR))
    response = client.post(reverse(route, kwargs=parameters), {}, content_type="application/json")
    assert response.status_code == 403
