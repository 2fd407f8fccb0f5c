"""The fair: days of business meetings, who takes part, which meetings were asked for, and the plans made of them."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.records.models import DecisionRecord
from gebyar.registry.models import Firm


def new_token() -> str:
    """Return an address part that cannot be guessed: calendar programmes cannot sign in."""
    return secrets.token_urlsafe(24)


class Fair(models.Model):
    name = models.CharField(max_length=120)
    venue = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_zone = models.CharField(max_length=40, default="Asia/Jakarta")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="fair_ends_after_it_begins"),
            models.UniqueConstraint(fields=["name", "starts_on"], name="one_fair_per_name_and_day"),
        ]

    def __str__(self) -> str:
        return self.name


class MeetingDay(models.Model):
    """One day of one-to-one meetings at a fixed number of tables."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="days")
    date = models.DateField()
    tables = models.PositiveSmallIntegerField()
    fairness = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fair", "date"], name="one_meeting_day_per_date"),
            models.CheckConstraint(condition=Q(tables__gte=1), name="meeting_day_has_tables"),
        ]

    def __str__(self) -> str:
        return f"{self.fair}, {self.date:%Y-%m-%d}"


class Slot(models.Model):
    day = models.ForeignKey(MeetingDay, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_morning = models.BooleanField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="one_slot_per_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Participant(models.Model):
    day = models.ForeignKey(MeetingDay, on_delete=models.CASCADE, related_name="participants")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    absent_slots = models.JSONField(default=list, blank=True)
    agenda_token = models.CharField(max_length=40, unique=True, default=new_token)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["day", "firm"], name="a_firm_takes_part_once"),
            models.UniqueConstraint(fields=["day", "number"], name="one_participant_per_number"),
        ]

    def __str__(self) -> str:
        return str(self.firm)


class MeetingRequest(models.Model):
    class Session(models.IntegerChoices):
        MORNING = 1, _("morning only")
        AFTERNOON = 2, _("afternoon only")
        ANY = 3, _("any time")

    day = models.ForeignKey(MeetingDay, on_delete=models.CASCADE, related_name="requests")
    number = models.PositiveIntegerField()
    host = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    guest = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    session = models.PositiveSmallIntegerField(choices=Session.choices, default=Session.ANY)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="one_request_per_number"),
            models.UniqueConstraint(fields=["host", "guest"], name="a_pair_asks_once"),
            models.CheckConstraint(condition=~Q(host=F("guest")), name="nobody_meets_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.host_id} – {self.guest_id}"


class Plan(models.Model):
    """One proposal for a day. Publishing it shows it to the participants; at most one per day is published."""

    class Status(models.TextChoices):
        RUNNING = "running", _("being made")
        OPTIMAL = "optimal", _("best possible, proven")
        FEASIBLE = "feasible", _("good, not proven best")
        INFEASIBLE = "infeasible", _("no plan exists")
        UNKNOWN = "unknown", _("no plan found in the time given")

    day = models.ForeignKey(MeetingDay, on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    seed = models.BigIntegerField(default=0)
    idle = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    progress = models.CharField(max_length=200, blank=True)
    heard_at = models.DateTimeField(default=timezone.now)
    record = models.OneToOneField(DecisionRecord, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["day", "version"], name="one_plan_per_version"),
            models.UniqueConstraint(
                fields=["day"], condition=Q(published_at__isnull=False), name="one_published_plan_per_day"
            ),
            models.UniqueConstraint(fields=["day"], condition=Q(status="running"), name="one_running_plan_per_day"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status__in=["optimal", "feasible"]),
                name="only_a_plan_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}, version {self.version}"

    @property
    def meeting_count(self) -> int:
        return self.meetings.count()


class PlannedMeeting(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="meetings")
    request = models.ForeignKey(MeetingRequest, on_delete=models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    table = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "request"], name="a_request_is_planned_once"),
            models.UniqueConstraint(fields=["plan", "slot", "table"], name="one_meeting_per_table"),
            models.CheckConstraint(condition=Q(table__gte=1), name="tables_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} at {self.slot_id}, table {self.table}"


class Seat(models.Model):
    """A participant in a meeting: the row that keeps everybody from being in two places at once."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="seats")
    meeting = models.ForeignKey(PlannedMeeting, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "slot", "participant"], name="nobody_in_two_places"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} at {self.slot_id}"
