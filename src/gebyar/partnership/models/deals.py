"""What became of a meeting or a contact: a pipeline in which each side speaks for itself.

Committed (MoU, order) and realised (delivered and paid) are different things and are never added up together.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.partnership.models.listings import Listing, Relation
from gebyar.registry.models import Firm


class Deal(models.Model):
    """Two firms on the way to doing business. `seller` delivers goods or services, `buyer` pays."""

    seller = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="deals_as_seller")
    buyer = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="deals_as_buyer")
    relation = models.CharField(max_length=12, choices=Relation.choices, default=Relation.ORDER)
    title = models.CharField(max_length=120)
    listing = models.ForeignKey(Listing, null=True, blank=True, on_delete=models.SET_NULL, related_name="deals")
    origin = models.CharField(max_length=160, blank=True)  # in words: the round in which they met
    origin_date = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="deal_between_two_firms"),
            models.CheckConstraint(condition=~Q(title=""), name="deal_has_a_title"),
            # A form that is sent twice opens one deal.
            models.UniqueConstraint(
                fields=["seller", "buyer", "relation", "title", "origin", "origin_date", "listing"],
                name="one_deal_of_each_kind_and_day",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DealStatement(models.Model):
    """One side says where a deal stands. Statements are never changed: a wrong one is withdrawn and said anew."""

    class Side(models.TextChoices):
        SELLER = "seller", _("seller")
        BUYER = "buyer", _("buyer")

    class Stage(models.TextChoices):
        INTEREST = "interest", _("interest")
        SAMPLE = "sample", _("sample")
        QUOTATION = "quotation", _("quotation")
        MOU = "mou", _("MoU")
        ORDER = "order", _("order")
        REALISED = "realised", _("realised")
        ENDED = "ended", _("ended without business")

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="statements")
    side = models.CharField(max_length=6, choices=Side.choices)
    stage = models.CharField(max_length=9, choices=Stage.choices)
    amount = models.BigIntegerField(null=True, blank=True)  # rupiah of this step, whole
    on_date = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    evidence = models.FileField(upload_to="deals/", null=True, blank=True, max_length=200)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on_date", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=["seller", "buyer"]), name="statement_known_side"),
            models.CheckConstraint(
                condition=Q(stage__in=["interest", "sample", "quotation", "mou", "order", "realised", "ended"]),
                name="statement_known_stage",
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="statement_not_negative"),
            # An order or delivery without a sum would count as nothing in every total.
            models.CheckConstraint(
                condition=~Q(stage__in=["order", "realised"]) | Q(amount__isnull=False),
                name="statement_of_money_has_a_sum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.side} {self.stage}"


class Reminder(models.Model):
    """A side of a deal is asked how it stands, 1, 3, 6 and 12 months after the beginning."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="reminders")
    side = models.CharField(max_length=6, choices=DealStatement.Side.choices)
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "side", "months"], name="one_reminder_per_side_and_term"),
            models.CheckConstraint(condition=Q(months__in=[1, 3, 6, 12]), name="reminder_known_term"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.side}, {self.months}"
