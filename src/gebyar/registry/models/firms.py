"""Firms, what each source says of them year by year, and how their identity facts changed."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from gebyar.registry.models.sources import Delivery

# Province, regency, district, village. Compared with these, a code is checked in half the time of a regular expression.
REGION_SHAPES = ("00", "00.00", "00.00.00", "00.00.00.0000")


# Columns that count something and so are never below nothing. Net worth may be: debts can exceed assets.
NEVER_NEGATIVE = (
    "workers_male", "workers_female", "workers", "investment", "land_building_investment", "capital", "sales",
    "production_value", "raw_material_value", "production_quantity", "capacity", "installed_capacity",
    "water_m3", "fuel_litres", "electricity_kwh", "machines",
)  # fmt: skip


def _is_shaped(column: str, shapes: Sequence[str]) -> In:
    zeros = models.Func(
        F(column), Value("0123456789"), Value("0" * 10), function="translate", output_field=models.TextField()
    )
    return In(zeros, list(shapes))


def not_negative(column: str) -> models.CheckConstraint:
    condition = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gte": 0})
    return models.CheckConstraint(condition=condition, name=f"profile_{column}_not_negative")


class Firm(models.Model):
    """A business at one place: small industry, large firm or partner alike.

    Identity facts stand here; where they came from is `delivery` for the first statement and `FactChange` for each
    later one. Yearly facts stand in `Profile`.
    """

    class Kind(models.TextChoices):
        INDUSTRY = "industry", _("industry")
        PARTNER = "partner", _("partner")

    name = models.CharField(max_length=200)
    legal_form = models.CharField(max_length=20, blank=True, default="", db_default="")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.INDUSTRY, db_default="industry")
    nib = models.CharField(max_length=13, null=True, blank=True)
    npwp_sealed = models.BinaryField(null=True, blank=True)
    npwp_hash = models.BinaryField(null=True, blank=True)
    region_code = models.CharField(max_length=13)
    address = models.CharField(max_length=300, blank=True, default="", db_default="")
    postal_code = models.CharField(max_length=5, blank=True, default="", db_default="")
    kbli_code = models.CharField(max_length=5, null=True, blank=True)
    kbli_version = models.PositiveSmallIntegerField(null=True, blank=True)
    products = ArrayField(models.CharField(max_length=200), default=list, db_default=[], blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    started_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)
    is_synthetic = models.BooleanField(default=False, db_default=False)
    identity_key = models.BigIntegerField(null=True, blank=True)
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            # text_pattern_ops is not needed: the database is created with the C collation.
            models.Index(fields=["region_code", "id"], name="firm_region"),
            models.Index(fields=["identity_key"], name="firm_identity"),
            models.Index(fields=["npwp_hash"], name="firm_npwp", condition=Q(npwp_hash__isnull=False)),
        ]
        constraints = [
            # Not unique=True, which would add an index of text patterns that the C collation makes needless.
            models.UniqueConstraint(fields=["nib"], name="one_firm_per_nib"),
            models.CheckConstraint(condition=~Q(name=""), name="firm_has_a_name"),
            models.CheckConstraint(condition=Q(kind__in=["industry", "partner"]), name="firm_known_kind"),
            models.CheckConstraint(condition=Q(nib__isnull=True) | Q(nib__regex=r"^[0-9]{13}$"), name="firm_nib_form"),
            models.CheckConstraint(condition=_is_shaped("region_code", REGION_SHAPES), name="firm_region_form"),
            models.CheckConstraint(
                condition=Q(kbli_code__isnull=True, kbli_version__isnull=True)
                | Q(kbli_code__regex=r"^[0-9]{5}$", kbli_version__in=[2015, 2020, 2025]),
                name="firm_kbli_with_version",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-11.5, 6.5), longitude__range=(94.5, 141.5)),
                name="firm_lies_in_indonesia",
            ),
            models.CheckConstraint(
                condition=Q(npwp_sealed__isnull=True, npwp_hash__isnull=True)
                | Q(npwp_sealed__isnull=False, npwp_hash__isnull=False),
                name="firm_npwp_sealed_with_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FactChange(models.Model):
    """An identity fact of a firm got another value, on whose word and as of when."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    old_value = models.TextField(null=True, blank=True)
    new_value = models.TextField(null=True, blank=True)
    as_of = models.DateField()
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    correction = models.ForeignKey("Correction", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=False) | Q(correction__isnull=False), name="change_has_a_source"
            ),
            # One decision changes one fact once, whatever two officers press at the same moment.
            models.UniqueConstraint(
                fields=["correction"], condition=Q(correction__isnull=False), name="one_change_per_correction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id}.{self.field}"


class Profile(models.Model):
    """What one source says about one firm in one year: the 11 items of the yearly report and the offices' columns.

    Money in whole rupiah, water in m³, fuel in litres, electricity in kWh. NULL means "not said".
    """

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="profiles", db_index=False)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    year = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    row = models.BigIntegerField(null=True, blank=True)  # in the delivered file, as a person counts them there
    is_current = models.BooleanField(default=False, db_default=False)
    workers_male = models.IntegerField(null=True, blank=True)
    workers_female = models.IntegerField(null=True, blank=True)
    workers = models.IntegerField(null=True, blank=True)
    investment = models.BigIntegerField(null=True, blank=True)
    land_building_investment = models.BigIntegerField(null=True, blank=True)
    capital = models.BigIntegerField(null=True, blank=True)
    net_worth = models.BigIntegerField(null=True, blank=True)
    sales = models.BigIntegerField(null=True, blank=True)
    production_value = models.BigIntegerField(null=True, blank=True)
    raw_material_value = models.BigIntegerField(null=True, blank=True)
    production_quantity = models.FloatField(null=True, blank=True)
    capacity = models.FloatField(null=True, blank=True)
    installed_capacity = models.FloatField(null=True, blank=True)
    capacity_unit = models.CharField(max_length=40, blank=True, default="", db_default="")
    raw_materials = models.TextField(blank=True, default="", db_default="")
    water_m3 = models.FloatField(null=True, blank=True)
    fuel_litres = models.FloatField(null=True, blank=True)
    electricity_kwh = models.FloatField(null=True, blank=True)
    machines = models.IntegerField(null=True, blank=True)
    exports = models.BooleanField(null=True, blank=True)
    export_countries = models.TextField(blank=True, default="", db_default="")
    finance = models.TextField(blank=True, default="", db_default="")
    help_received = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "year", "delivery"], name="one_statement_per_year_and_delivery"),
            models.UniqueConstraint(fields=["firm"], condition=Q(is_current=True), name="one_current_profile_per_firm"),
            models.CheckConstraint(condition=Q(year__gte=1950, year__lte=2100), name="profile_year_plausible"),
            models.CheckConstraint(
                condition=Q(workers__isnull=True)
                | Q(workers_male__isnull=True)
                | Q(workers_female__isnull=True)
                | Q(workers=F("workers_male") + F("workers_female")),
                name="profile_workers_add_up",
            ),
            *map(not_negative, NEVER_NEGATIVE),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id}, {self.year}"
