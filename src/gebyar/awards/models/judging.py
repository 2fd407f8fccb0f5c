"""Judges, their ties to entrants, panels, scores and rankings."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.awards.models.editions import Edition, Stage
from gebyar.awards.models.entries import Entry
from gebyar.records.models import DecisionRecord
from gebyar.registry.models import Firm


class Judge(models.Model):
    """A person who judges in an edition: what they know, where they come from, how much they can take."""

    class Status(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("agreed to judge")
        DECLINED = "declined", _("does not judge")

    class Gender(models.TextChoices):
        FEMALE = "f", _("woman")
        MALE = "m", _("man")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="judges")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="judgeships")
    number = models.PositiveSmallIntegerField()  # how records name them
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.INVITED)
    gender = models.CharField(max_length=1, choices=Gender.choices, blank=True)
    region_code = models.CharField(max_length=13, blank=True)
    employer = models.CharField(max_length=160, blank=True)
    expertise = ArrayField(models.CharField(max_length=60), default=list, blank=True)  # KBLI prefixes or words
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    categories = models.ManyToManyField("Category", related_name="judges", blank=True)  # none: all
    least = models.PositiveSmallIntegerField(default=0)
    most = models.PositiveSmallIntegerField(default=30)
    declared_at = models.DateTimeField(null=True, blank=True)  # when they went through the list of entrants
    decline_reason = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="one_judgeship_per_edition"),
            models.UniqueConstraint(fields=["edition", "number"], name="one_judge_per_number"),
            models.CheckConstraint(condition=Q(most__gte=F("least")), name="judge_most_is_not_below_least"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: judge {self.number}"


class Conflict(models.Model):
    """Why a judge must not see an entry, or any entry of a firm."""

    class Kind(models.TextChoices):
        SAME_FIRM = "same_firm", _("acts for the firm")
        FAMILY = "family", _("family")
        EMPLOYER = "employer", _("employer")
        SUPPLY = "supply", _("supplies or buys")
        REGENCY = "regency", _("officer of the same regency")
        ENTRANT = "entrant", _("takes part in the award")
        OTHER = "other", _("other reason")

    class Source(models.TextChoices):
        DECLARED = "declared", _("declared by the judge")
        DETECTED = "detected", _("found in the register")
        ORGANISER = "organiser", _("entered by the organiser")

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="conflicts")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="conflicts")
    firm = models.ForeignKey(Firm, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    source = models.CharField(max_length=9, choices=Source.choices)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "entry", "kind"],
                condition=Q(lifted_at__isnull=True),
                name="one_open_conflict_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lifted_reason=""), name="a_lifted_conflict_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} and {self.entry_id}: {self.kind}"


class PanelPlan(models.Model):
    """One proposal of who judges what in a stage; at most one is in force."""

    class Status(models.TextChoices):
        RUNNING = "running", _("being made")
        OPTIMAL = "optimal", _("best possible, proven")
        FEASIBLE = "feasible", _("good, not proven best")
        INFEASIBLE = "infeasible", _("no assignment exists")
        UNKNOWN = "unknown", _("none found in the time given")

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="panel_plans")
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    seed = models.BigIntegerField(default=0)
    worst = models.FloatField(null=True)
    total = models.FloatField(null=True)
    worst_bound = models.FloatField(null=True)
    total_bound = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    needs = models.JSONField(default=list, blank=True)
    pairs = models.JSONField(default=list, blank=True)  # [entry's key, judge's key, affinity]
    connected = models.BooleanField(null=True)
    seconds = models.FloatField(null=True)
    progress = models.CharField(max_length=200, blank=True)  # what is being done, while it runs
    heard_at = models.DateTimeField(default=timezone.now)
    record = models.OneToOneField(DecisionRecord, null=True, on_delete=models.PROTECT, related_name="+")
    in_force_since = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="one_panel_plan_per_version"),
            models.UniqueConstraint(
                fields=["stage"], condition=Q(in_force_since__isnull=False), name="one_panel_plan_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id}, {self.version}"

    @property
    def is_usable(self) -> bool:
        return self.status in {self.Status.OPTIMAL, self.Status.FEASIBLE}


class Assignment(models.Model):
    """A judge looks at an entry in a stage. When `sent_at` is set the marks stand and the judge sees the others'."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("waiting for the judge's word")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="assignments")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assignments")
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="assignments")
    affinity = models.FloatField(default=0)
    by_hand = models.BooleanField(default=False)  # kept by every later proposal
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PROPOSED)
    decline_reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Sent marks that were opened again: the judge has seen the others' by then.
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["entry", "judge"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "entry", "judge"], name="a_judge_sees_an_entry_once"),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_reason=""), name="declining_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(status="accepted"), name="only_an_accepted_one_is_sent"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | ~Q(reopened_reason=""), name="opening_again_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} for {self.entry_id}"


class Score(models.Model):
    """A mark for one criterion; a draft until its assignment is sent."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=40)
    value = models.FloatField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(not_applicable=False), name="not_applicable_has_no_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.criterion}"


class ScoreChange(models.Model):
    """The history of a mark: only ever grows."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="changes")
    criterion = models.CharField(max_length=40)
    old = models.CharField(max_length=30, blank=True)
    new = models.CharField(max_length=30, blank=True)
    after_sending = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.criterion}"


class RankingVersion(models.Model):
    """A ranking of a stage by `gebyar.methods.judging`, with everything it said, and its decision record."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="rankings")
    version = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=6)
    seed = models.BigIntegerField(default=0)
    result = models.JSONField()  # records.result_of
    record = models.OneToOneField(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    is_final = models.BooleanField(default=False)  # what the gate of the stage used
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="one_ranking_per_version"),
            models.UniqueConstraint(fields=["stage"], condition=Q(is_final=True), name="one_final_ranking_per_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id}, {self.version}"
