"""Chromium and a served site, shared by all journeys of a run, which therefore stay in one process."""

import os
import shutil
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Error, expect, sync_playwright
from tests.journeys.reader import DESKTOP, PHONE, open_reader
from tests.journeys.site import served_site
from tests.journeys.world import build_world

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",  # containers have none to offer
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Two busy cores are slow; how fast pages are is measured by the benchmarks.
PATIENCE = 30_000


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="package")
def chromium():
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"No Chromium on this machine (looked for {', '.join(NAMES)}): apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def db(django_db_setup, django_db_blocker, chromium):
    """Commit all rows, in place of pytest-django's fixture: the served site must see them. Emptied after the last journey."""
    # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with django_db_blocker.unblock():
            yield
            call_command("flush", interactive=False, verbosity=0)
            connections.close_all()  # those of the loop; the thread has its own, which drops the database
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def world(db):
    return build_world()


@pytest.fixture(scope="package")
def site(world):
    with served_site() as served:
        yield served


@pytest.fixture(params=["id", "en"])
def language(request):
    return request.param


@pytest.fixture
def visit(request, chromium, site):
    """Return a function that opens a browser of its own for one more person; complaints fail the journey at its end."""
    readers = []

    def new_reader(language="id", *, size=DESKTOP, scripts=True):
        context = chromium.new_context(
            locale="id-ID", viewport=size, java_script_enabled=scripts, has_touch=size is PHONE, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        journey = request.node.name.split("[")[0].removeprefix("test_")
        reader = open_reader(context, site, language, journey, scripts=scripts)
        readers.append(reader)
        return reader

    yield new_reader
    for reader in readers:
        with suppress(Error):
            reader.page.context.close()
    complaints = list(dict.fromkeys(complaint for reader in readers for complaint in reader.complaints))
    assert not complaints, "\n".join(complaints)
