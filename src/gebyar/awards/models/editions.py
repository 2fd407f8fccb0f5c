"""An award, its yearly editions, their rules in versions, and the stages that each category goes through."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One year of one award. From its publication its rules stand still: a trigger of the database holds them."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        PUBLISHED = "published", _("published")
        ENDED = "ended", _("ended")

    award = models.CharField(max_length=40)  # an id of gebyar.reference.awards, or of an award made on the screen
    year = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    version = models.ForeignKey("RulesVersion", null=True, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField(default=0)  # of every lot in this edition; published before the first entry
    is_synthetic = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-year", "title"]
        constraints = [
            models.UniqueConstraint(fields=["award", "year"], name="one_edition_per_award_and_year"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="edition_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | (~Q(status="draft") & Q(published_at__isnull=False, version__isnull=False)),
                name="a_published_edition_has_rules",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_entries(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.opens_at <= timezone.now() < self.closes_at


class RulesVersion(models.Model):
    """The whole rules of an edition as one document (gebyar.reference.awards.rules); never changed, only followed."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the canonical text
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="one_rules_version_per_number")]

    def __str__(self) -> str:
        return f"{self.edition_id}, {self.number}"


class Category(models.Model):
    """A category of a published edition; `key` names it in the rules."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="categories")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_category_per_key")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.key}"


class Stage(models.Model):
    """A stage of a category, as it runs. At most one of a category is active, which the database holds."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("not begun")
        ACTIVE = "active", _("under way")
        CLOSED = "closed", _("closed, waiting for its decision")
        DECIDED = "decided", _("decided")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="stages")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=14)
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)  # no score and no check is taken after it
    closed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    objections_until = models.DateTimeField(null=True, blank=True)
    record = models.OneToOneField(
        "records.DecisionRecord", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["category", "key"], name="one_stage_per_key"),
            models.UniqueConstraint(fields=["category", "position"], name="one_stage_per_position"),
            models.UniqueConstraint(
                fields=["category"], condition=Q(status__in=["active", "closed"]), name="one_active_stage_per_category"
            ),
            models.CheckConstraint(
                condition=Q(status="decided", record__isnull=False, decided_at__isnull=False) | ~Q(status="decided"),
                name="a_decided_stage_has_a_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}, {self.key}"
