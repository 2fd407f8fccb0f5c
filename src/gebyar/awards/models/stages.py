"""What happens to entries in the stages: passages, checks, coaching, objections, prizes, stars."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.awards.models.editions import Stage
from gebyar.awards.models.entries import Entry


class Passage(models.Model):
    """An entry in a stage, and how it left it. `code` is a reason of `gebyar.awards.wording`."""

    class Outcome(models.TextChoices):
        IN = "in", _("in this stage")
        PASSED = "passed", _("passed")
        WAITING = "waiting", _("on the waiting list")
        FAILED = "failed", _("did not pass")
        WITHDRAWN = "withdrawn", _("withdrawn")

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="passages")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="passages")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.IN)
    code = models.CharField(max_length=30, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    points = models.FloatField(null=True, blank=True)
    # The choice of a curator where the gate is decided by hand, until the stage is decided.
    chosen = models.BooleanField(null=True, blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # The plenary may deviate from the ranking, only with its reason on record.
    deviates = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # What changed the outcome after the stage's own record: an objection, a place that became free.
    record = models.ForeignKey(
        "records.DecisionRecord", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)  # when its entrant was written to about this outcome

    class Meta:
        ordering = ["stage", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "entry"], name="an_entry_is_in_a_stage_once"),
            models.CheckConstraint(condition=Q(deviates=False) | ~Q(reason=""), name="deviation_has_a_reason"),
            models.CheckConstraint(condition=Q(chosen__isnull=True) | ~Q(reason=""), name="choice_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.stage_id}: {self.outcome}"


class Check(models.Model):
    """One officer's look at an entry. Two who agree decide; where they do not, a third one does."""

    class Verdict(models.TextChoices):
        IN_ORDER = "in_order", _("in order")
        NOT_IN_ORDER = "not_in_order", _("not in order")

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="checks")
    place = models.PositiveSmallIntegerField()  # first, second, third
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    region_code = models.CharField(max_length=5, blank=True)  # for which the officer looked; empty: for the centre
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    findings = models.JSONField(default=dict, blank=True)  # document or condition id → note, where not in order
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "place"], name="one_check_per_place"),
            models.UniqueConstraint(fields=["passage", "officer"], name="an_officer_checks_once"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="check_place_one_to_three"),
            models.CheckConstraint(
                condition=Q(verdict="in_order") | ~Q(note="") | ~Q(findings={}), name="a_finding_is_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage_id}.{self.place}: {self.verdict}"


class Proposal(models.Model):
    """A regency proposes a firm (OVOP); the entry is handed in once the firm has agreed."""

    class Status(models.TextChoices):
        ASKED = "asked", _("waiting for the firm")
        AGREED = "agreed", _("the firm agrees")
        DECLINED = "declined", _("the firm does not take part")

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="proposal")
    reason = models.TextField()  # why this firm, in the regency's words
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ASKED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="asked", answered_at__isnull=True)
                | (~Q(status="asked") & Q(answered_at__isnull=False)),
                name="an_answered_proposal_has_a_date",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_proposal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.status}"


class CoachingSession(models.Model):
    """A meeting of a coaching stage (food camp, mentoring, bootcamp)."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="coaching_sessions")
    title = models.CharField(max_length=160)
    mentor = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="coaching_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="attendances")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attendances")
    was_there = models.BooleanField()
    note = models.TextField(blank=True)  # of the mentor

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "entry"], name="one_attendance_per_session")]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.session_id}"


class Prototype(models.Model):
    """What an entry has made by a coaching stage: a word and a picture for each step."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="prototypes")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="prototypes")
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    file = models.FileField(upload_to="prototypes/%Y/%m", blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at"]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """*Sanggah*: an entrant contests how a stage ended, within its deadline; an officer who did not decide answers."""

    class Status(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        UPHELD = "upheld", _("upheld")
        REJECTED = "rejected", _("not upheld")
        WITHDRAWN = "withdrawn", _("withdrawn")

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="objections")
    text = models.TextField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["filed_at"]
        constraints = [
            models.UniqueConstraint(fields=["passage"], condition=Q(status="open"), name="one_open_objection"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "withdrawn"]) | ~Q(answer=""), name="an_objection_gets_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.passage_id}: {self.status}"


class Prize(models.Model):
    """What an entry won in the deciding stage. Its certificate is checked by `code`."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="prizes")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="prizes")
    position = models.PositiveSmallIntegerField()  # first prize = 1; for stars their order on the list
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40, unique=True)  # in the certificate's QR code
    given_at = models.DateTimeField(default=timezone.now)
    # A star can be lost, such as for a licence that ran out; the certificate's page then says so.
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "entry"], name="one_prize_per_entry"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""), name="a_lost_prize_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.name_en}"


class FollowUp(models.Model):
    """What a level of government did for a holder of stars, afterwards."""

    class Level(models.TextChoices):
        CENTRE = "centre", _("centre")
        PROVINCE = "province", _("province")
        REGENCY = "regency", _("regency")

    prize = models.ForeignKey(Prize, on_delete=models.CASCADE, related_name="follow_ups")
    level = models.CharField(max_length=8, choices=Level.choices)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.prize_id}: {self.level}"
