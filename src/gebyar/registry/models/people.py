"""Who speaks for a firm, and what they say should be corrected."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.registry.models.firms import Firm


class FirmMember(models.Model):
    """A person who acts for a firm; for a firm of kind "partner" this is a partner member."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "user"], condition=Q(ended_at__isnull=True), name="one_open_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.firm}"


class FirmInvitation(models.Model):
    """A letter that lets somebody act for a firm. Only the hash of its token is kept."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            # A second letter takes the place of the first: who was let go must not come back with an older link.
            models.UniqueConstraint(
                fields=["firm", "email"], condition=Q(accepted_at__isnull=True), name="one_open_letter_per_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} for {self.firm}"


class Correction(models.Model):
    """A firm says a fact about itself is wrong; an officer of its region decides."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for a decision")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("not approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    old_value = models.TextField(null=True, blank=True)
    new_value = models.TextField(null=True, blank=True)
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "proposed_at"], name="correction_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "field", "year"],
                condition=Q(status="pending"),
                nulls_distinct=False,
                name="one_open_correction_per_fact",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at__isnull=True)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="correction_decided_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id}.{self.field}: {self.status}"
