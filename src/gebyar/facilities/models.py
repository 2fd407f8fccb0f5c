"""Facilities: their rules in versions, calls with a budget, applications from draft to follow-up."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.records.models import DecisionRecord
from gebyar.registry.models import Firm


class FacilityRules(models.Model):
    """A facility's whole document (gebyar.reference.facilities); a published one never changes, it is followed."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being written")
        PUBLISHED = "published", _("in force")
        RETIRED = "retired", _("no longer in force")

    key = models.CharField(max_length=40)  # the facility's id
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="one_rules_document_per_number"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(status="published"), name="one_rules_document_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Call(models.Model):
    """A facility that takes applications: its days, its budget, and the method by which it is allotted, said beforehand."""

    class Method(models.TextChoices):
        RANKED = "ranked", _("by points")
        LOTTERY = "lottery", _("by lot")
        FIRST_COME = "first_come", _("first come, first served")

    class Status(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("published")
        ALLOTTED = "allotted", _("allotted")
        ENDED = "ended", _("ended")

    rules = models.ForeignKey(FacilityRules, on_delete=models.PROTECT, related_name="calls")
    version = models.CharField(max_length=20)  # of the document's versions: the one whose conditions count
    name = models.CharField(max_length=160)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    budget = models.BigIntegerField(null=True, blank=True)  # rupiah
    places = models.PositiveIntegerField(null=True, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.RANKED)
    points = models.JSONField(
        default=dict, blank=True
    )  # what gives points: readiness, first_time, remote, women: weight
    reserves = models.JSONField(default=list, blank=True)  # [{group, least, most}]
    seed = models.BigIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    record = models.OneToOneField(DecisionRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(budget__isnull=False) | Q(places__isnull=False) | Q(status="draft"),
                name="a_call_has_a_budget_or_places",
            ),
            models.CheckConstraint(
                condition=~Q(status="allotted") | Q(record__isnull=False), name="an_allotted_call_has_a_record"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_applications(self) -> bool:
        return self.status == self.Status.OPEN and self.opens_at <= timezone.now() < self.closes_at


class Application(models.Model):
    """A firm applies. What the register knows is read from it and kept as it was on the day it was handed in."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("handed in")
        APPROVED = "approved", _("found fit by two officers")
        REJECTED = "rejected", _("not fit")
        ADMITTED = "admitted", _("granted")
        WAITING = "waiting", _("on the waiting list")
        REFUSED = "refused", _("not granted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    said = models.JSONField(default=dict, blank=True)  # condition id → what the applicant says: True, False
    facts = models.JSONField(default=dict, blank=True)  # of the register on the day it was handed in
    choice = models.CharField(max_length=40, blank=True)  # of the benefit's shares
    price = models.BigIntegerField(null=True, blank=True)
    amount = models.BigIntegerField(null=True, blank=True)  # asked, by the benefit's formula
    granted = models.BigIntegerField(null=True, blank=True)
    points = models.FloatField(null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    code = models.CharField(max_length=30, blank=True)  # reason of gebyar.methods.places
    parameters = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["call", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "firm"], condition=~Q(status="withdrawn"), name="one_open_application_per_firm"
            ),
            models.UniqueConstraint(fields=["call", "number"], name="one_application_per_number"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(number__isnull=False, submitted_at__isnull=False),
                name="a_handed_in_application_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}-{self.number or self.pk}"


class ApplicationDocument(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    key = models.CharField(max_length=40)
    file = models.FileField(upload_to="applications/%Y/%m")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    handed_in_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_application_document_per_key")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.key}"


class SiteVisit(models.Model):
    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="visit")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    visited_on = models.DateField()
    is_as_said = models.BooleanField()
    findings = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.application_id}: visit"


class Judgement(models.Model):
    """One officer's word on an application. Two who agree decide, a third where they do not."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="judgements")
    place = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_fit = models.BooleanField()
    findings = models.JSONField(default=dict, blank=True)  # condition id → met or not, and why
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["application", "place"], name="one_judgement_per_place"),
            models.UniqueConstraint(fields=["application", "officer"], name="an_officer_judges_once"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="judgement_place_one_to_three"),
            models.CheckConstraint(condition=Q(is_fit=True) | ~Q(note=""), name="unfit_is_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}.{self.place}"


class Disbursement(models.Model):
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="disbursements")
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    reference = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="disbursement_is_something"),
            models.UniqueConstraint(fields=["application", "reference"], name="one_disbursement_per_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.amount}"


class FollowUp(models.Model):
    """A year after: what became of workers, output and readiness, beside what they were before."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="follow_up")
    due_on = models.DateField()
    before = models.JSONField(default=dict, blank=True)  # workers, production_value, sales, index
    after = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.application_id}: follow-up"
