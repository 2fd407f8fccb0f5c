"""Shared by all tests: one throw-away PostgreSQL for the whole run, and no state left from test to test."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.apps import apps

_open = ExitStack()


def pytest_configure(config):
    """Start the database in the controlling process; a `DATABASE_URL` of whoever runs the tests is used as it is."""
    folder = os.environ.get("GEBYAR_TEST_HOME")
    if not folder or os.environ.get("PYTEST_XDIST_WORKER") or config.option.collectonly:
        return
    from gebyar.web import database

    _open.callback(shutil.rmtree, folder, ignore_errors=True)
    if database.is_embedded():
        Path(folder).chmod(0o711)
        _open.enter_context(database.running(Path(folder), fast_unsafe=True))


def pytest_unconfigure(config):
    _open.close()


@pytest.fixture(autouse=True)
def _fresh_state():
    """Rate limits and used codes lie in the cache, the language in the thread; no test inherits another's."""
    if not apps.ready:
        yield
        return
    from django.core.cache import caches
    from django.utils import translation

    for name in caches.settings:
        caches[name].clear()
    yield
    translation.deactivate()


@pytest.fixture
def sign_in_as(client):
    """Return a function that signs the test client in as a person, second factor and all."""
    from tests.factories import sign_in

    def sign_in_client(user, **how):
        sign_in(client, user, **how)
        return client

    return sign_in_client
