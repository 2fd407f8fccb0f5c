"""Made-up rows for tests; every factory saves unless it is told otherwise."""

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client
from factory.django import DjangoModelFactory

from gebyar.accounts.models import Role, RoleGrant, User
from gebyar.accounts.second_factor import SESSION_KEY

PASSWORD = "Rahasia-untuk-uji-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(DjangoModelFactory):
    """A person with a confirmed address, a password, and, when asked, a second factor and roles."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"orang{number}@uji.example")
    name = factory.Sequence(lambda number: f"Orang Uji {number}")

    @factory.post_generation
    def password(self, create, value, **_):
        self.set_password(value or PASSWORD)
        if create:
            self.save(update_fields=["password"])

    @factory.post_generation
    def address(self, create, value, **_):
        if create and value is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)

    @factory.post_generation
    def second_factor(self, create, value, **_):
        if create and value:
            data = {"secret": get_adapter().encrypt(TOTP_SECRET)}
            Authenticator.objects.create(user=self, type=Authenticator.Type.TOTP, data=data)


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory, second_factor=True)
    role = Role.PROGRAMME_OFFICER
    region_code = ""


def person(role: str | None = None, region_code: str = "", **facts) -> User:
    """Return a person with one open role (none: a visitor), with the second factor such a role needs."""
    user = UserFactory(**{"second_factor": role is not None, **facts})
    if role:
        RoleGrantFactory(user=user, role=role, region_code=region_code)
    return user


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> None:
    """Open a session for a person as if they had signed in, with or without their second step."""
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if second_factor:
        session = client.session
        session[SESSION_KEY] = str(user.pk)
        session.save()
