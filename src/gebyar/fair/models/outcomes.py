"""What each side says right after a meeting. What follows in the months after is a deal of `gebyar.partnership`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models.people import Participant
from gebyar.fair.models.requests import MeetingRequest
from gebyar.partnership.models import Deal


class Outcome(models.Model):
    class Interest(models.TextChoices):
        NONE = "none", _("no match")
        MAYBE = "maybe", _("perhaps later")
        YES = "yes", _("we go on")

    request = models.ForeignKey(MeetingRequest, on_delete=models.CASCADE, related_name="outcomes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="outcomes")
    interest = models.CharField(max_length=5, choices=Interest.choices)
    next_step = models.CharField(max_length=300, blank=True)
    potential = models.BigIntegerField(null=True, blank=True)  # rupiah a year, as this side guesses; never a result
    deal = models.ForeignKey(Deal, null=True, blank=True, on_delete=models.SET_NULL, related_name="outcomes")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "participant"], name="one_outcome_per_side"),
            models.CheckConstraint(condition=Q(interest__in=["none", "maybe", "yes"]), name="outcome_known_interest"),
            models.CheckConstraint(
                condition=Q(potential__isnull=True) | Q(potential__gte=0), name="potential_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}, {self.participant_id}: {self.interest}"
