"""Where facts come from: a source (an office's list, a survey, the firm itself) and its dated deliveries."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    class Kind(models.TextChoices):
        OFFICE = "office", _("local office")
        MINISTRY = "ministry", _("ministry")
        SURVEY = "survey", _("survey")
        FIRM = "firm", _("the firm itself")
        SYNTHETIC = "synthetic", _("made-up data")

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OFFICE)
    holder = models.CharField(max_length=160, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What pages call it: an office by its own name, the firms in the reader's language."""
        return gettext("The firm itself") if self.kind == self.Kind.FIRM else self.name


class Delivery(models.Model):
    """One file, or one batch of statements, that a source gave on a date.

    Facts name their delivery without a foreign key of the database (`db_constraint=False`): it would look the delivery
    up again for each of millions of rows, a fifth of the time of an import. Triggers do it once per statement instead:
    what names a delivery that is not there is refused, and so is deleting one that a fact names (migration 0003).
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("being taken in")
        DONE = "done", _("taken in")
        FAILED = "failed", _("stopped")

    class Mode(models.TextChoices):
        GOOD_ROWS = "good_rows", _("take the good rows")
        ALL_OR_NOTHING = "all_or_nothing", _("take all rows or none")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="deliveries")
    file_name = models.CharField(max_length=255, blank=True)
    stored_file = models.FileField(upload_to="deliveries/%Y/%m", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    as_of = models.DateField()
    data_year = models.PositiveSmallIntegerField()
    region_code = models.CharField(max_length=13, blank=True, default="")
    mapping = models.JSONField(default=dict)
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.GOOD_ROWS)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    # Rows up to `cursor` are in the register for good; a killed import goes on behind it.
    cursor = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(default=0)
    rows_taken = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256", "as_of"],
                condition=~models.Q(sha256=""),
                name="one_delivery_per_file",
            ),
            models.CheckConstraint(
                condition=models.Q(data_year__gte=1950, data_year__lte=2100), name="delivery_year_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.as_of:%Y-%m-%d}"


class RowProblem(models.Model):
    """What is wrong in one field of one row of a delivery: an error keeps the row out, a warning only tells."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="problems")
    row = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    is_error = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "row"])]

    def __str__(self) -> str:
        return f"{self.delivery_id}, row {self.row}: {self.reason}"
