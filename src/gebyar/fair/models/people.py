"""Who takes part in a round, and the sessions that keep them from meeting."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models.fairs import Round, Slot, Table, Zone
from gebyar.registry.models import Firm


def new_token() -> str:
    """Return an address part that cannot be guessed: calendar programmes cannot sign in."""
    return secrets.token_urlsafe(24)


class Participant(models.Model):
    """A firm in a round, with the limits that hold for it; empty limits mean the round's."""

    class Status(models.TextChoices):
        INVITED = "invited", _("invited")
        CONFIRMED = "confirmed", _("takes part")
        WITHDRAWN = "withdrawn", _("does not come")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="participants")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.CONFIRMED)
    tier = models.PositiveSmallIntegerField(default=1)  # requests of a higher tier weigh more
    most_requests = models.PositiveSmallIntegerField(null=True, blank=True)
    least_meetings = models.PositiveSmallIntegerField(null=True, blank=True)
    most_meetings = models.PositiveSmallIntegerField(null=True, blank=True)
    delegates = models.PositiveSmallIntegerField(default=1)  # people of the firm who meet at the same time
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.SET_NULL, related_name="hosts")
    is_standby = models.BooleanField(default=False)  # would take the place of somebody who does not come
    agenda_token = models.CharField(max_length=40, unique=True, default=new_token)
    reminded_at = models.DateTimeField(null=True, blank=True)
    absent_slots = models.ManyToManyField(Slot, related_name="absentees", blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "firm"], name="a_firm_takes_part_once"),
            models.UniqueConstraint(fields=["round", "number"], name="one_participant_per_number"),
            models.CheckConstraint(condition=Q(delegates__gte=1, delegates__lte=9), name="participant_has_delegates"),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=5), name="participant_tier_from_one_to_five"),
            models.CheckConstraint(
                condition=Q(status__in=["invited", "confirmed", "withdrawn"]), name="participant_known_status"
            ),
            models.CheckConstraint(
                condition=Q(most_meetings__isnull=True)
                | Q(least_meetings__isnull=True)
                | Q(most_meetings__gte=F("least_meetings")),
                name="participant_most_is_not_below_least",
            ),
        ]

    def __str__(self) -> str:
        return str(self.firm)


class Session(models.Model):
    """A workshop, speech or tour at the same time as the meetings: whoever sits in it cannot meet."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sessions")
    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class SessionSeat(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="seats")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="session_seats")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "participant"], name="one_seat_per_session")]

    def __str__(self) -> str:
        return f"{self.participant_id} in {self.session_id}"
