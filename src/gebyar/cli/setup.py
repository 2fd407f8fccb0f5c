"""Start what a command needs: Django, and the embedded database when no server is named."""

import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

LANGUAGES = ("en", "id")
P = ParamSpec("P")
R = TypeVar("R")


def with_database(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command with the database up to date, and say its errors in plain words."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from gebyar.web import database
        from gebyar.web.home import SetupError, home

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")
        try:
            with database.running(home()):
                _migrated()
                return speaking(command, *args, **kwargs)
        except SetupError as error:
            raise click.ClickException(str(error)) from error

    return run


def _migrated() -> None:
    import django

    django.setup()
    from gebyar.web.serving import migrate

    migrate()


def speaking(command: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run it as one request, in the language of the command line, and say in it what the programme refuses.

    The help is English, so everything else is, too, unless ``GEBYAR_LANGUAGE`` says otherwise.
    """
    from django.utils import translation

    from gebyar.records.errors import DomainError
    from gebyar.records.requests import one_request

    asked = os.environ.get("GEBYAR_LANGUAGE", "")
    with one_request(), translation.override(asked if asked in LANGUAGES else LANGUAGES[0]):
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
