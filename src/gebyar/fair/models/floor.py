"""The day itself: who has come, how each meeting went, and what participants were told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models.people import Participant
from gebyar.fair.models.requests import MeetingRequest


class CheckIn(models.Model):
    """A participant came to the hall on a day (or was found missing)."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="check_ins")
    date = models.DateField()
    came_at = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    expected_at = models.DateTimeField(null=True, blank=True)  # when somebody missing is said to come
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "date"], name="one_check_in_per_day"),
            models.CheckConstraint(
                condition=Q(came_at__isnull=False) | Q(missing_since__isnull=False), name="check_in_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}, {self.date}"


class MeetingLog(models.Model):
    """How one meeting went; kept by the request, so that a new plan version does not lose it."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        LATE = "late", _("held, begun late")
        NO_SHOW = "no_show", _("somebody did not come")
        CANCELLED = "cancelled", _("called off")

    request = models.OneToOneField(MeetingRequest, on_delete=models.CASCADE, related_name="log")
    state = models.CharField(max_length=9, choices=State.choices)
    minutes_late = models.PositiveSmallIntegerField(null=True, blank=True)
    missing = models.ForeignKey(Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["held", "late", "no_show", "cancelled"]), name="log_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="no_show") | Q(missing__isnull=False), name="no_show_names_somebody"
            ),
            models.CheckConstraint(condition=~Q(state="late") | Q(minutes_late__gte=1), name="late_says_how_late"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"


class Notice(models.Model):
    """What changed for a participant; shown on the agenda and sent by mail."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.code}"
