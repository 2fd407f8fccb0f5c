import json
import stat

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.urls import reverse

from gebyar.accounts.demo import FILE_NAME, PERIOD, DemoPerson, create_demo_people, demo_code
from gebyar.accounts.errors import NoDemoAccount
from gebyar.accounts.models import User
from gebyar.cli.people import commands

# RFC 6238, appendix B, SHA-1: the secret is the text 12345678901234567890; the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


@pytest.mark.parametrize(("at", "expected"), RFC_CODES)
def test_code_is_that_of_the_standard(at, expected):
    assert DemoPerson("", "", "", RFC_SECRET).code(at) == expected


@pytest.mark.django_db
def test_create_demo_people_makes_one_account_per_role(tmp_path):
    people = create_demo_people(folder=tmp_path, regency="33.74")
    roles = {key: [(g.role, g.region_code) for g in user.grants.all()] for key, (_, user) in people.items()}
    assert roles == {
        "administrator": [("administrator", "")],
        "programme_officer": [("programme_officer", "")],
        "local_officer": [("local_officer", "33.74")],
        "judge": [("judge", "")],
        "firm_member": [],
        "partner_member": [],
        "visitor": [],
    }
    assert all(user.email.endswith("@gebyar.example") for _, user in people.values())
    assert len({person.password for person, _ in people.values()}) == 1
    secrets = [person.secret for person, _ in people.values() if person.secret]
    assert len(set(secrets)) == Authenticator.objects.count() == 4


@pytest.mark.django_db
def test_demo_accounts_lie_in_a_file_for_its_owner_alone(tmp_path):
    (tmp_path / FILE_NAME).write_text("[]")
    (tmp_path / FILE_NAME).chmod(0o644)
    create_demo_people(folder=tmp_path, regency="33.74")
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert len(json.loads((tmp_path / FILE_NAME).read_text())) == 7


@pytest.mark.django_db
def test_create_demo_people_again_changes_nothing(tmp_path):
    first = create_demo_people(folder=tmp_path, regency="33.74")
    second = create_demo_people(folder=tmp_path, regency="33.74")
    assert {key: person for key, (person, _) in first.items()} == {key: person for key, (person, _) in second.items()}
    assert User.objects.count() == 7


@pytest.mark.django_db
def test_demo_folders_have_passwords_of_their_own(tmp_path):
    one = create_demo_people(folder=tmp_path, regency="33.74")
    (tmp_path / FILE_NAME).unlink()
    other = create_demo_people(folder=tmp_path, regency="33.74")
    assert one["judge"][0].password != other["judge"][0].password
    assert other["judge"][1].check_password(other["judge"][0].password)


@pytest.mark.django_db
def test_demo_administrator_signs_in_with_password_and_code(client, tmp_path):
    person, _ = create_demo_people(folder=tmp_path, regency="33.74")["administrator"]
    client.post(reverse("account_login"), {"login": person.email, "password": person.password})
    client.post(reverse("mfa_authenticate"), {"code": demo_code(folder=tmp_path, email=person.email)})
    assert client.get(reverse("accounts:people")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["someone@uji.example", "pengunjung@gebyar.example", ""])
def test_demo_code_of_anybody_else_is_refused(tmp_path, email):
    create_demo_people(folder=tmp_path, regency="33.74")
    with pytest.raises(NoDemoAccount):
        demo_code(folder=tmp_path, email=email)


@pytest.mark.django_db
def test_command_code_prints_the_code(tmp_path, monkeypatch):
    person, _ = create_demo_people(folder=tmp_path, regency="33.74")["judge"]
    monkeypatch.setenv("GEBYAR_HOME", str(tmp_path))
    monkeypatch.setattr("time.time", lambda: 1234567890.0)
    result = CliRunner().invoke(commands["code"], [person.email])
    assert (result.exit_code, result.output.strip()) == (0, person.code(1234567890 // PERIOD * PERIOD))


def test_command_code_without_such_an_account_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GEBYAR_HOME", str(tmp_path))
    result = CliRunner().invoke(commands["code"], ["someone@uji.example"])
    assert result.exit_code == 1
    assert "Error: " in result.output
