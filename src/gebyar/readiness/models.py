"""Readiness: instruments in versions, assessments of firms, visits that verify them, workshops, and plans."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.registry.models import Firm


def new_join_code() -> str:
    """Return what a participant types or scans to join a workshop: short, without letters that are easily mistaken."""
    return "".join(secrets.choice("ACDEFHJKLMNPQRTUVWXY34679") for _place in range(6))


class InstrumentVersion(models.Model):
    """One version of an instrument as its whole document (gebyar.reference.instruments); a published one never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being written")
        PUBLISHED = "published", _("in use")
        RETIRED = "retired", _("no longer in use")

    key = models.CharField(max_length=40)  # the instrument's id
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the canonical text
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_instrument_version_per_number"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(status="published"), name="one_instrument_version_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Scored(models.Model):
    """Answers and what `gebyar.methods.readiness` made of them, by the version that was asked; kept as it was computed."""

    answers = models.JSONField(default=dict, blank=True)  # question id → text, as in a table's cell
    answered = models.PositiveSmallIntegerField(default=0)
    index = models.FloatField(null=True, blank=True)  # null while answers are missing
    index_low = models.FloatField(null=True, blank=True)
    index_high = models.FloatField(null=True, blank=True)
    level = models.CharField(max_length=40, blank=True)
    pillars = models.JSONField(default=dict, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    profiles = models.JSONField(default=dict, blank=True)  # profile id → {index, low, high, level, pillars}

    class Meta:
        abstract = True


class Workshop(models.Model):
    """A workshop in which firms assess themselves at the same time; results are shown for the group only."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    name = models.CharField(max_length=160)
    instrument = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="workshops")
    region_code = models.CharField(max_length=13, blank=True)
    place = models.CharField(max_length=160, blank=True)
    starts_at = models.DateTimeField()
    join_code = models.CharField(max_length=6, unique=True, default=new_join_code)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN)
    shows_results = models.BooleanField(default=False)  # the facilitator decides when the group sees itself
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_synthetic = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.name


class WorkshopSheet(Scored):
    """One participant's answers in a workshop. Known only by a token on their phone, or by the row of a paper sheet."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="sheets")
    token_hash = models.CharField(max_length=64, unique=True)
    row = models.PositiveIntegerField(null=True, blank=True)  # of the sheet of paper answers
    # Only if the participant wants to take the result home to a firm of theirs.
    firm = models.ForeignKey(Firm, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "row"], condition=Q(row__isnull=False), name="one_sheet_per_paper_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id}: {self.pk}"


class Assessment(Scored):
    """A firm's own answers to an instrument."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("begun")
        FINISHED = "finished", _("finished")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="assessments")
    instrument = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="assessments")
    occasion = models.CharField(max_length=20, blank=True)  # T0, T1, … where the instrument has them
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    is_candidate = models.BooleanField(default=False)  # reaches the index from which a visit verifies it
    workshop = models.ForeignKey(Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["status", "finished_at"], name="assessment_finished")]
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "instrument"], condition=Q(status="draft"), name="one_draft_per_firm_and_instrument"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(finished_at__isnull=False), name="a_finished_assessment_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.instrument_id}"


class Visit(Scored):
    """An assessor's answers to the same questions, with what they saw; several assessors may visit one firm."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("begun")
        FINISHED = "finished", _("finished")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="visits")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    visited_on = models.DateField(null=True, blank=True)
    notes = models.JSONField(default=dict, blank=True)  # question id → what was seen
    summary = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "assessor"], name="an_assessor_visits_once"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(visited_on__isnull=False, finished_at__isnull=False),
                name="a_finished_visit_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: visit"


class Evidence(models.Model):
    """A photograph or document that an assessor brings from a visit."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="evidence")
    question = models.CharField(max_length=40)
    file = models.FileField(upload_to="readiness/%Y/%m")
    caption = models.CharField(max_length=160, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.question}"


class PlanStep(models.Model):
    """A step that a firm means to take, from its gaps, with what helps and how far it is."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="plan_steps")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="steps")
    question = models.CharField(max_length=40)
    target = models.CharField(max_length=40)  # the option that is to be reached
    lift = models.FloatField()  # of the index, when it is reached
    help_by = models.CharField(max_length=40, blank=True)  # a facility's id, "workshop" or "partners"
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PLANNED)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-lift"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "question"],
                condition=~Q(status__in=["done", "dropped"]),
                name="one_open_step_per_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.question}"
