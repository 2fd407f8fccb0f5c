"""Plans of a round: versions, their meetings and seats, and a reason for every request that was not granted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models.fairs import Round, Slot
from gebyar.fair.models.people import Participant
from gebyar.fair.models.requests import MeetingRequest
from gebyar.records.models import DecisionRecord


class Plan(models.Model):
    """One proposal for a round. Publishing it shows it to the participants; at most one per round is published."""

    class Status(models.TextChoices):
        RUNNING = "running", _("being made")
        OPTIMAL = "optimal", _("best possible, proven")
        FEASIBLE = "feasible", _("good, not proven best")
        INFEASIBLE = "infeasible", _("no plan exists")
        UNKNOWN = "unknown", _("no plan found in the time given")

    class Kind(models.TextChoices):
        FULL = "full", _("made anew")
        REST = "rest", _("the unplaced only, the rest kept")
        REPAIR = "repair", _("changed on the day, as little as possible")
        HAND = "hand", _("changed by hand")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.FULL)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    seed = models.BigIntegerField(default=0)
    idle = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    priority = models.BigIntegerField(null=True)  # of the granted requests, by the method's weights
    priority_bound = models.BigIntegerField(null=True)
    seconds = models.FloatField(null=True)
    time_limit = models.PositiveSmallIntegerField(default=60)
    seconds_done = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True)
    progress = models.CharField(max_length=200, blank=True)
    heard_at = models.DateTimeField(default=timezone.now)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    record = models.OneToOneField(DecisionRecord, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    last_published_at = models.DateTimeField(null=True)  # stays when another is shown: undoing goes back to it

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="one_plan_per_version"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(published_at__isnull=False), name="one_published_plan_per_round"
            ),
            models.UniqueConstraint(fields=["round"], condition=Q(status="running"), name="one_running_plan_per_round"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status__in=["optimal", "feasible"]),
                name="only_a_plan_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}, {self.version}"

    @property
    def is_usable(self) -> bool:
        return self.status in {self.Status.OPTIMAL, self.Status.FEASIBLE}


class PlannedMeeting(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="meetings")
    request = models.ForeignKey(MeetingRequest, on_delete=models.CASCADE, related_name="planned")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    table = models.PositiveSmallIntegerField()
    is_locked = models.BooleanField(default=False)  # stays where it is in every later version

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "request"], name="a_request_is_planned_once"),
            models.UniqueConstraint(fields=["plan", "slot", "table"], name="one_meeting_per_table"),
            models.CheckConstraint(condition=Q(table__gte=1), name="meeting_at_a_table"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} at {self.slot_id}, table {self.table}"


class Seat(models.Model):
    """A participant's delegate in a meeting: the row that keeps everybody from being in two places at once."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")
    delegate = models.PositiveSmallIntegerField(default=1)
    meeting = models.ForeignKey(PlannedMeeting, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "slot", "participant", "delegate"], name="nobody_in_two_places"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} at {self.slot_id}"


class Refusal(models.Model):
    """Why a request is not in a plan: a code of `gebyar.methods.rounds.reasons` and what it names."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="refusals")
    request = models.ForeignKey(MeetingRequest, on_delete=models.CASCADE, related_name="refusals")
    code = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "request"], name="one_reason_per_request")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.code}"
