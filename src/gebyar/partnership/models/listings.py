"""What a firm needs or offers."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.registry.models import Firm


class Relation(models.TextChoices):
    """Kinds of business relation (a partnership may be a single purchase, or years of subcontracting)."""

    PURCHASE = "purchase", _("outright purchase")
    ORDER = "order", _("made to order")
    SUBCONTRACT = "subcontract", _("subcontracting")
    DISTRIBUTION = "distribution", _("distribution")
    FRANCHISE = "franchise", _("franchise")
    SERVICE = "service", _("service")


class Listing(models.Model):
    """A need or an offer. The price range is private: it is read by the firm and its officers, and never shown."""

    class Direction(models.TextChoices):
        NEED = "need", _("need")
        OFFER = "offer", _("offer")

    class Role(models.TextChoices):
        """What the firm is in this listing, or for a need, what it looks for."""

        SUPPLIER = "supplier", _("supplier")
        DISTRIBUTOR = "distributor", _("distributor")
        LOGISTICS = "logistics", _("logistics")
        BUYER = "buyer", _("buyer")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waiting for approval")
        APPROVED = "approved", _("shown")
        REJECTED = "rejected", _("sent back")
        CLOSED = "closed", _("closed")

    class Period(models.TextChoices):
        ONCE = "once", _("once")
        MONTH = "month", _("a month")
        QUARTER = "quarter", _("a quarter")
        YEAR = "year", _("a year")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="listings")
    direction = models.CharField(max_length=5, choices=Direction.choices)
    role = models.CharField(max_length=11, choices=Role.choices)
    relation = models.CharField(max_length=12, choices=Relation.choices, default=Relation.ORDER)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    kbli_codes = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    quantity = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    period = models.CharField(max_length=7, choices=Period.choices, default=Period.MONTH)
    price_low = models.BigIntegerField(null=True, blank=True)  # rupiah for one unit
    price_high = models.BigIntegerField(null=True, blank=True)
    certificates = ArrayField(models.CharField(max_length=10), default=list, blank=True)  # asked (need) or held (offer)
    regions = ArrayField(models.CharField(max_length=13), default=list, blank=True)  # served or wanted; empty: anywhere
    lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    routes = ArrayField(models.CharField(max_length=11), default=list, blank=True)  # "35.78>33.74"
    vehicles = models.CharField(max_length=200, blank=True)
    has_cold_chain = models.BooleanField(default=False)
    valid_until = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    decision_note = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    is_synthetic = models.BooleanField(default=False)
    # What the search looks through: title, description and the name of the firm. Triggers of the database write it when
    # any of them changes (migration 0003), whatever stands here.
    words = models.TextField(editable=False, default="", db_default="")

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "direction", "role"], name="listing_shown"),
            # It alone answers which listings are newest, and whether any has changed.
            models.Index(
                fields=["-decided_at", "-id"],
                include=["changed_at"],
                name="listing_newest",
                condition=Q(status="approved"),
            ),
            GinIndex(OpClass(Upper("words"), "gin_trgm_ops"), name="listing_words", condition=Q(status="approved")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="listing_has_a_title"),
            models.CheckConstraint(condition=Q(direction__in=["need", "offer"]), name="listing_known_direction"),
            models.CheckConstraint(
                condition=Q(role__in=["supplier", "distributor", "logistics", "buyer"]), name="listing_known_role"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "waiting", "approved", "rejected", "closed"]),
                name="listing_known_status",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="listing_quantity_above_0"
            ),
            models.CheckConstraint(
                condition=Q(price_low__isnull=True) | Q(price_low__gte=0), name="listing_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(price_low__isnull=True) | Q(price_high__isnull=True) | Q(price_high__gte=F("price_low")),
                name="listing_prices_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "rejected"]) | Q(decided_at__isnull=False),
                name="listing_decided_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.APPROVED and (
            self.valid_until is None or self.valid_until >= timezone.localdate()
        )


class ListingPhoto(models.Model):
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="listings/", max_length=200)
    thumbnail = models.FileField(upload_to="listings/", max_length=200)
    # Of the thumbnail, so that a page keeps its place free before it has come.
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    alternative = models.CharField(max_length=160)  # what the photo shows, for those who do not see it
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.alternative
