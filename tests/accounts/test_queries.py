import pytest
from django.contrib.auth.models import AnonymousUser
from tests.factories import UserFactory, person

from gebyar.accounts import queries
from gebyar.accounts.models import Invitation, Role, RoleGrant

pytestmark = pytest.mark.django_db

REGIONS = ["31", "33", "33.7", "33.74", "33.74.10", "33.74.10.1001", "33.75", "34", "3", ""]


@pytest.fixture
def rows():
    """Rows with a plain region column, long enough for a village's code."""
    for number, code in enumerate(REGIONS):
        Invitation.objects.create(
            email=f"{number}@uji.example",
            role=Role.JUDGE,
            token_hash=code,
            expires_at="2030-01-01T00:00Z",
        )


def seen_by(user):
    found = Invitation.objects.filter(queries.region_filter(user, "token_hash"))
    return [code for code in REGIONS if code in set(found.values_list("token_hash", flat=True))]


def test_region_filter_shows_a_province_officer_everything_within(rows):
    officer = person(Role.LOCAL_OFFICER, "33")
    assert seen_by(officer) == ["33", "33.7", "33.74", "33.74.10", "33.74.10.1001", "33.75"]


def test_region_filter_shows_a_regency_officer_that_regency(rows):
    assert seen_by(person(Role.LOCAL_OFFICER, "33.74")) == ["33.74", "33.74.10", "33.74.10.1001"]


def test_region_filter_shows_two_regions_to_who_holds_both(rows):
    officer = person(Role.LOCAL_OFFICER, "33.75")
    RoleGrant.objects.create(user=officer, role=Role.LOCAL_OFFICER, region_code="31")
    assert seen_by(officer) == ["31", "33.75"]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER])
def test_region_filter_shows_national_officers_everything(rows, role):
    assert seen_by(person(role)) == REGIONS


@pytest.mark.parametrize("role", [None, Role.JUDGE])
def test_region_filter_shows_others_nothing(rows, role):
    assert seen_by(person(role)) == []


def test_region_filter_shows_anonymous_visitors_nothing(rows):
    assert seen_by(AnonymousUser()) == []


def test_region_filter_shows_nothing_after_the_role_ended(rows):
    officer = person(Role.LOCAL_OFFICER, "33")
    officer.grants.update(ended_at="2024-01-01T00:00Z")
    assert seen_by(officer) == []


def test_region_filter_shows_a_closed_account_nothing(rows):
    assert seen_by(person(Role.PROGRAMME_OFFICER, is_active=False)) == []


def test_people_finds_by_words_and_role():
    ani = person(Role.JUDGE, name="Ani Lestari")
    budi = UserFactory(name="Budi Lestari")
    assert list(queries.people()) == [ani, budi]
    assert list(queries.people(words="lestari ANI")) == [ani]
    assert list(queries.people(words=budi.email.split("@")[0].upper() + "@")) == [budi]
    assert list(queries.people(role=Role.JUDGE)) == [ani]


@pytest.mark.parametrize("count", [1, 3])
def test_people_reads_roles_in_two_queries(count, django_assert_num_queries):
    for _ in range(count):
        person(Role.JUDGE)
    with django_assert_num_queries(2):
        rows = [([grant.role for grant in user.open_grants], user.has_second_factor) for user in queries.people()]
    assert rows == [(["judge"], True)] * count
