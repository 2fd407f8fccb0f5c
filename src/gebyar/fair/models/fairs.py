"""A fair, its rounds of one-to-one meetings, and the time and room that a round has."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


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


class Round(models.Model):
    """One round of meetings, over one or several days: asking, answering, planning, meeting."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        ASKING = "asking", _("open for requests")
        PLANNING = "planning", _("being planned")
        PUBLISHED = "published", _("plan published")
        ENDED = "ended", _("ended")

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    ask_until = models.DateTimeField(null=True, blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    most_requests = models.PositiveSmallIntegerField(default=10)  # that one participant may make
    least_meetings = models.PositiveSmallIntegerField(default=0)
    most_meetings = models.PositiveSmallIntegerField(null=True, blank=True)
    fairness = models.PositiveSmallIntegerField(default=2)
    rest_after = models.PositiveSmallIntegerField(null=True, blank=True)  # meetings in a row before a free slot
    grants_unanswered = models.BooleanField(default=True)  # whether a request nobody answered may be granted
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-fair__starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "name"], name="one_round_per_name"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "asking", "planning", "published", "ended"]), name="round_known_status"
            ),
            models.CheckConstraint(
                condition=Q(most_meetings__isnull=True) | Q(most_meetings__gte=F("least_meetings")),
                name="round_most_is_not_below_least",
            ),
            models.CheckConstraint(
                condition=Q(rest_after__isnull=True) | Q(rest_after__gte=1), name="round_rest_after_some"
            ),
            models.CheckConstraint(
                condition=Q(ask_until__isnull=True)
                | Q(answer_until__isnull=True)
                | Q(answer_until__gte=F("ask_until")),
                name="round_answers_after_requests",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair}: {self.name}"

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.fair.time_zone)

    @property
    def takes_requests(self) -> bool:
        return self.status == self.Status.ASKING and (self.ask_until is None or timezone.now() <= self.ask_until)

    @property
    def takes_answers(self) -> bool:
        until = self.answer_until or self.ask_until
        return self.status == self.Status.ASKING and (until is None or timezone.now() <= until)


class Slot(models.Model):
    """A time in which one meeting fits. Breaks and buffers are the time between slots."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_morning = models.BooleanField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_slot_per_number"),
            models.UniqueConstraint(fields=["round", "starts_at"], name="one_slot_per_start"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.round.zone)


class Zone(models.Model):
    """A part of the hall."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="zones")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="one_zone_per_name")]

    def __str__(self) -> str:
        return self.name


class Table(models.Model):
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField()
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="tables")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_table_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="tables_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
