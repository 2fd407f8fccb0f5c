"""People: one account each, roles granted and ended on a date, invitations, consent."""

from typing import Any, ClassVar

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address; what they may do stands in their role grants.

    Django's groups, permissions, staff and superuser flags are left out on purpose: a second way to be
    allowed something would stand in no matrix and in no audit trail.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)
    erased_at = models.DateTimeField(_("erased on"), null=True, blank=True)

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False, name=""),
                name="erased_people_have_no_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def open_grants(self) -> "list[RoleGrant]":
        """The roles held now; read once per request, since every page asks several times."""
        return list(self.grants.filter(ended_at__isnull=True).order_by("pk"))

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Ask the predicates of the apps' rules; a deactivated account may nothing."""
        return self.is_active and bool(rules.has_perm(permission, self, obj))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and bool(rules.has_perm(app_label, self))


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    PROGRAMME_OFFICER = "programme_officer", _("Programme officer")
    LOCAL_OFFICER = "local_officer", _("Local officer")
    JUDGE = "judge", _("Judge")


def role_field() -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(_("role"), max_length=20, choices=Role.choices)


def region_field() -> models.CharField:  # type: ignore[type-arg]
    """Kemendagri code of a province ("33") or a regency ("33.74"); empty where a role has no region."""
    return models.CharField(_("region"), max_length=5, blank=True, default="")


def role_constraints(prefix: str) -> list[models.BaseConstraint]:
    """Local officers have a region, nobody else has: a half-set grant would show the whole country."""
    with_region = models.Q(role=Role.LOCAL_OFFICER, region_code__regex=r"^[0-9]{2}(\.[0-9]{2})?$")
    without = ~models.Q(role=Role.LOCAL_OFFICER) & models.Q(region_code="")
    return [
        models.CheckConstraint(condition=with_region | without, name=f"{prefix}_region_fits_role"),
        models.CheckConstraint(condition=models.Q(role__in=Role.values), name=f"{prefix}_known_role"),
    ]


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = role_field()
    region_code = region_field()
    granted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *role_constraints("grant"),
            models.UniqueConstraint(
                fields=["user", "role", "region_code"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_grant_per_role",
            ),
        ]

    def __str__(self) -> str:
        # The audit trail keeps these words for ever, so they name nobody; neither do those below.
        return f"{self.role} {self.region_code}".rstrip()


class Invitation(models.Model):
    """A letter to somebody who will hold a role. Only the hash of its token is kept."""

    email = models.EmailField(_("e-mail address"))
    role = role_field()
    region_code = region_field()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            *role_constraints("invitation"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"),
            models.UniqueConstraint(
                fields=["email", "role", "region_code"],
                condition=models.Q(accepted_at__isnull=True),
                name="one_open_invitation_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.region_code}".rstrip()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()


class Consent(models.Model):
    """What a person agreed to, in which wording, and when they withdrew it (UU 27/2022)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    wording_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_open_consent_per_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.wording_version})"
