import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import RoleGrantFactory, UserFactory, person

from gebyar.accounts import services
from gebyar.accounts.errors import (
    AccountClosed,
    AlreadyHolds,
    GrantEnded,
    LastAdministrator,
    RegionNeeded,
)
from gebyar.accounts.models import Role, RoleGrant
from gebyar.records.errors import NotAllowed

pytestmark = pytest.mark.django_db


def grants():
    return list(RoleGrant.objects.order_by("pk").values_list("user", "role", "region_code", "granted_by"))


def test_grant_role_gives_the_role_at_once():
    administrator, user = person(Role.ADMINISTRATOR), UserFactory()
    assert not user.has_perm("accounts.work_as_officer")

    services.grant_role(actor=administrator, user=user, role=Role.LOCAL_OFFICER, region_code="33.74")

    assert user.has_perm("accounts.work_as_officer")
    assert grants()[1:] == [(user.pk, "local_officer", "33.74", administrator.pk)]


@pytest.mark.parametrize("role", [None, Role.PROGRAMME_OFFICER, Role.LOCAL_OFFICER, Role.JUDGE])
def test_grant_role_by_somebody_else_changes_nothing(role):
    actor, user = person(role, "33" if role == Role.LOCAL_OFFICER else ""), UserFactory()
    before = grants()
    with pytest.raises(NotAllowed):
        services.grant_role(actor=actor, user=user, role=Role.ADMINISTRATOR)
    assert grants() == before


@pytest.mark.parametrize(
    ("role", "region_code"),
    [
        (Role.LOCAL_OFFICER, ""),
        (Role.LOCAL_OFFICER, "99"),
        (Role.LOCAL_OFFICER, "33.74.10"),
        (Role.LOCAL_OFFICER, "Jawa Tengah"),
        (Role.JUDGE, "33"),
        (Role.ADMINISTRATOR, "33.74"),
    ],
)
def test_grant_role_with_a_region_that_does_not_fit_changes_nothing(role, region_code):
    user = UserFactory()
    with pytest.raises(RegionNeeded):
        services.grant_role(actor=None, user=user, role=role, region_code=region_code)
    assert grants() == []


def test_grant_role_held_already_is_refused():
    user = person(Role.JUDGE)
    before = grants()
    with pytest.raises(AlreadyHolds):
        services.grant_role(actor=None, user=user, role=Role.JUDGE)
    assert grants() == before


def test_grant_role_to_a_closed_account_is_refused():
    user = UserFactory(is_active=False)
    with pytest.raises(AccountClosed):
        services.grant_role(actor=None, user=user, role=Role.JUDGE)
    assert grants() == []


def test_end_grant_takes_the_role_at_once_and_keeps_the_past():
    administrator, grant = person(Role.ADMINISTRATOR), RoleGrantFactory(role=Role.JUDGE)
    ended = services.end_grant(actor=administrator, grant=grant)
    assert ended.ended_at <= timezone.now()
    assert not ended.user.open_grants
    assert grants()[1:] == [(grant.user_id, "judge", "", None)]


def test_end_grant_twice_is_refused():
    grant = RoleGrantFactory(role=Role.JUDGE)
    services.end_grant(actor=None, grant=grant)
    with pytest.raises(GrantEnded):
        services.end_grant(actor=None, grant=grant)


def test_end_grant_by_somebody_else_changes_nothing():
    grant = RoleGrantFactory(role=Role.JUDGE)
    with pytest.raises(NotAllowed):
        services.end_grant(actor=grant.user, grant=grant)
    grant.refresh_from_db()
    assert grant.ended_at is None


def test_end_grant_of_the_last_administrator_is_refused():
    administrator = person(Role.ADMINISTRATOR)
    person(Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(LastAdministrator):
        services.end_grant(actor=administrator, grant=administrator.grants.get())
    assert administrator.grants.get().ended_at is None


def test_end_grant_of_one_of_two_administrators_works():
    one, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    services.end_grant(actor=one, grant=other.grants.get())
    assert other.grants.get().ended_at is not None


@pytest.mark.parametrize(
    ("role", "region_code"),
    [("local_officer", ""), ("local_officer", "3374"), ("judge", "33"), ("king", "")],
)
def test_role_grant_against_the_constraints_cannot_be_stored(role, region_code):
    user = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=role, region_code=region_code)


def test_role_ended_can_be_granted_again():
    grant = RoleGrantFactory(role=Role.JUDGE)
    services.end_grant(actor=None, grant=grant)
    again = services.grant_role(actor=None, user=grant.user, role=Role.JUDGE)
    assert [again] == list(RoleGrant.objects.filter(ended_at__isnull=True))
