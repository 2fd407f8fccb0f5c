"""Commands speak the language of their help, whatever the pages speak."""

import pytest
from click.testing import CliRunner
from django.utils import translation
from tests.factories import UserFactory

from gebyar.accounts.models import Role
from gebyar.accounts.services import invite
from gebyar.cli import main


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [("", "A local officer needs"), ("id", "Petugas dinas perlu"), ("xx", "A local officer needs")],
)
def test_command_speaks_english_unless_told_otherwise(monkeypatch, language, words):
    monkeypatch.setenv("GEBYAR_LANGUAGE", language)
    said = CliRunner().invoke(main, ["invite", "sari@uji.example", "--role", "local_officer"])
    assert said.exit_code == 1
    assert words in said.output


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en"])
def test_invitation_is_in_the_language_of_the_programme_whoever_sends_it(
    language, mailoutbox, django_capture_on_commit_callbacks
):
    with translation.override(language), django_capture_on_commit_callbacks(execute=True):
        invite(actor=None, email=UserFactory().email, role=Role.JUDGE)
    assert "Gebyar: Anda diundang" in mailoutbox[0].subject
