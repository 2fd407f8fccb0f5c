"""Decision records and the audit trail. Both only grow: a trigger of the database refuses everything else."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from gebyar.records.wording import title_words


class DecisionRecord(models.Model):
    """One decision as the exact text whose hash it carries."""

    sequence = models.PositiveBigIntegerField(unique=True)
    hash = models.CharField(max_length=64, unique=True)
    # Unique: two records after the same one would be two histories.
    previous = models.CharField(max_length=64, unique=True)
    method = models.CharField(max_length=80)
    method_version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    body = models.TextField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sequence"]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.title}"

    @property
    def shown_title(self) -> str:
        return title_words(self.title)

    @property
    def document(self) -> dict[str, Any]:
        """The record as plain data."""
        return dict(json.loads(self.body))


class AuditEntry(models.Model):
    """Who did what, when, with what before and after. The person's label is their role, never their address."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_label = models.CharField(max_length=120, blank=True)
    verb = models.CharField(max_length=80)
    # Entries of one request, task or command share it; those from before there was one have none.
    request_id = models.UUIDField(null=True)
    target_kind = models.CharField(max_length=80, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    target_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["target_kind", "target_id"], name="audit_target"),
            models.Index(fields=["request_id"], name="audit_request"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
